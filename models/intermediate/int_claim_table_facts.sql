with claim_figures as (

    select * from {{ ref('claim_figures') }}
    where table_code is not null

),

facts as (

    select * from {{ ref('int_identity_facts') }}

),

figures as (

    select * from {{ ref('int_figures') }}

),

tables as (

    select * from {{ ref('stg_tables') }}

),

-- budgets and last year's accounts stand in columns named after those of the final accounts
phases as (

    select *
    from (values
        ('final', null), ('initial_budget', 'initial_budget'), ('adjusted_budget', 'adjusted_budget'),
        ('prior_year', 'prior_final')
    ) as t (measure, column_phase) -- noqa: AL05

),

wanted as (

    select
        claim_figures.* exclude (measure, figure_measure),
        phases.measure,
        case
            when phases.column_phase is null then claim_figures.figure_measure
            when claim_figures.figure_measure = 'final' then phases.column_phase
            when claim_figures.figure_measure like 'final.%'
                then replace(claim_figures.figure_measure, 'final', phases.column_phase)
            else phases.column_phase || '.' || claim_figures.figure_measure
        end as figure_measure
    from claim_figures
    cross join phases
    where claim_figures.measure = 'final' and claim_figures.table_code like 'gk%'

    union all

    select claim_figures.* exclude (measure, figure_measure), claim_figures.measure, claim_figures.figure_measure
    from claim_figures
    where claim_figures.measure != 'final' or claim_figures.table_code not like 'gk%'

),

-- a project's table is titled with its name, its row in a list labelled with it
annex_facts as (

    select
        figures.*,
        {{ project_key("coalesce(nullif(regexp_extract(tables.printed_title, '[：:](.+)$', 1), ''), figures.row_label)") }}
            as name_key
    from figures
    inner join tables on figures.document_id = tables.document_id and figures.table_no = tables.table_no
    where figures.table_code like 'pf%' and figures.amount_yuan is not null and figures.confidence != 'ambiguous'

)

select
    facts.document_id,
    wanted.subject,
    wanted.sections,
    wanted.measure,
    wanted.evidence,
    case
        when wanted.keyed_by in ('code', 'class_code') then facts.code
        when wanted.keyed_by = 'subject' then facts.line_item
    end as instance_key,
    wanted.keyed_by,
    cast(wanted.preference as integer) as preference,
    wanted.match,
    wanted.comparison,
    wanted.severity,
    facts.figure_id,
    facts.table_code,
    facts.line_item,
    facts.measure as figure_measure,
    facts.row_label,
    facts.value_text || coalesce(facts.unit_text, '') as printed_text,
    facts.page,
    facts.line_no,
    facts.value,
    facts.half_width,
    facts.is_conflicting,
    facts.confidence
from wanted
inner join facts
    on
        wanted.table_code = facts.table_code
        and wanted.figure_measure = facts.measure
        and facts.line_item like replace(wanted.line_item, '*', '%')
where
    wanted.table_code like 'gk%'
    and (wanted.keyed_by is not null or facts.line_item = wanted.line_item)
    and (wanted.keyed_by is distinct from 'code' or facts.code is not null)

union all

select
    annex_facts.document_id,
    wanted.subject,
    wanted.sections,
    wanted.measure,
    wanted.evidence,
    case wanted.keyed_by when 'name' then annex_facts.name_key end,
    wanted.keyed_by,
    cast(wanted.preference as integer),
    wanted.match,
    wanted.comparison,
    wanted.severity,
    annex_facts.figure_id,
    annex_facts.table_code,
    annex_facts.line_item,
    annex_facts.measure,
    annex_facts.row_label,
    annex_facts.value_text || coalesce(annex_facts.unit_text, ''),
    annex_facts.page,
    annex_facts.line_no,
    annex_facts.amount_yuan,
    annex_facts.half_width_yuan,
    false,
    annex_facts.confidence
from wanted
inner join annex_facts
    on
        wanted.table_code = annex_facts.table_code
        and wanted.figure_measure = annex_facts.measure
        and annex_facts.line_item like wanted.line_item
where wanted.table_code like 'pf%'
