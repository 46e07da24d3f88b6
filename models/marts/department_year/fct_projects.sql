with figures as (

    select * from {{ ref('int_figures') }}

),

documents as (

    select * from {{ ref('int_star_documents') }}

),

tables as (

    select * from {{ ref('stg_tables') }}
    where table_code = 'pf03'

),

-- a self-evaluation form a project; its name stands in the title, after the colon
of_annex as (

    select
        figures.*,
        'annex' as evidence_kind,
        coalesce(nullif(regexp_extract(tables.printed_title, '[：:]\s*(.+)$', 1), ''), '（未印名称）')
            as project_name,
        case figures.line_item when 'funds.total' then figures.measure else 'score' end as part
    from figures
    inner join tables on figures.document_id = tables.document_id and figures.table_no = tables.table_no
    where
        (
            figures.line_item = 'funds.total'
            and figures.measure in ('initial_budget', 'adjusted_budget', 'final', 'completion_rate')
        )
        or (figures.line_item = 'total_score' and figures.measure = 'score')

),

-- the parts of the narrative that report on projects; elsewhere projects are named as reasons, under other names
of_narrative as (

    select
        figures.*,
        'narrative' as evidence_kind,
        figures.row_label as project_name,
        figures.measure as part
    from figures
    where
        figures.source = 'claim'
        and figures.line_item = 'project'
        and figures.section in ('13', 'appendix')
        and figures.measure in ('initial_budget', 'adjusted_budget', 'final', 'completion_rate', 'score')

),

printed as (

    select * from of_annex

    union all

    select * from of_narrative

),

-- of each figure of a project the best evidence: its form before the narrative, of equals the first in the document
ranked as (

    select
        printed.*,
        documents.department_year_id as star_department_year_id,
        documents.department_id,
        documents.fiscal_year,
        {{ project_key('printed.project_name') }}
            || case when printed.project_name = '（未印名称）' then printed.table_no::varchar else '' end as project_key,
        row_number() over (
            partition by documents.department_year_id, project_key, printed.part
            order by
                printed.evidence_kind,
                {{ doubt_of('printed.confidence') }},
                printed.document_id,
                printed.line_no,
                printed.figure_id
        ) as occurrence
    from printed
    inner join documents on printed.document_id = documents.document_id

)

select
    star_department_year_id || '_' || left(md5(project_key), 10) as project_id,
    star_department_year_id as department_year_id,
    any_value(department_id) as department_id,
    any_value(fiscal_year) as fiscal_year,
    arg_min(project_name, (evidence_kind, line_no, figure_id)) as project_name,
    min(evidence_kind) as evidence_kind,
    {%- for part in ['initial_budget', 'adjusted_budget', 'final'] %}
    any_value(amount_yuan) filter (where part = '{{ part }}') as {{ part }}_yuan,
    any_value(figure_id) filter (where part = '{{ part }}') as {{ part }}_figure_id,
    {%- endfor %}
    any_value(number_value) filter (where part = 'completion_rate') as completion_rate_percent,
    any_value(figure_id) filter (where part = 'completion_rate') as completion_rate_figure_id,
    any_value(number_value) filter (where part = 'score') as score,
    any_value(figure_id) filter (where part = 'score') as score_figure_id,
    {{ least_sure('confidence') }} as least_sure_confidence,
    arg_min(document_id, (evidence_kind, line_no, figure_id)) as document_id
from ranked
where occurrence = 1
group by star_department_year_id, project_key
order by project_id
