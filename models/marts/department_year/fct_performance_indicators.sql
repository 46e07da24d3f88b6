with figures as (

    select * from {{ ref('int_figures') }}
    where table_code in ('pf02', 'pf03') and line_item like 'indicator.%'

),

documents as (

    select * from {{ ref('int_star_documents') }}

),

tables as (

    select * from {{ ref('stg_tables') }}

),

-- 绩效指标 stand in a row each: what was planned, what was reached, the points there are and those given
rows_of_forms as (

    select
        document_id,
        table_no,
        row_no,
        any_value(table_code) as table_code,
        any_value(split_part(line_item, '.', 2)) as indicator_kind,
        any_value(row_label) as indicator_name,
        {%- for part in ['target', 'actual'] %}
        any_value(number_value) filter (where measure = '{{ part }}') as {{ part }}_value,
        any_value(value_text) filter (where measure = '{{ part }}') as {{ part }}_text,
        any_value(unit_text) filter (where measure = '{{ part }}') as {{ part }}_unit,
        any_value(figure_id) filter (where measure = '{{ part }}') as {{ part }}_figure_id,
        {%- endfor %}
        any_value(number_value) filter (where measure = 'full_score') as full_score,
        any_value(number_value) filter (where measure = 'score') as score,
        any_value(figure_id) filter (where measure = 'score') as score_figure_id,
        {{ least_sure('confidence') }} as least_sure_confidence
    from figures
    group by document_id, table_no, row_no

)

select
    rows_of_forms.document_id || '-t' || lpad(rows_of_forms.table_no::varchar, 2, '0')
    || '-r' || lpad(rows_of_forms.row_no::varchar, 3, '0') as indicator_id,
    documents.department_year_id,
    documents.department_id,
    documents.fiscal_year,
    rows_of_forms.table_code,
    nullif(regexp_extract(tables.printed_title, '[：:]\s*(.+)$', 1), '') as project_name,
    rows_of_forms.indicator_kind,
    rows_of_forms.indicator_name,
    rows_of_forms.target_value,
    rows_of_forms.target_text,
    rows_of_forms.target_unit,
    rows_of_forms.actual_value,
    rows_of_forms.actual_text,
    rows_of_forms.actual_unit,
    rows_of_forms.full_score,
    rows_of_forms.score,
    rows_of_forms.target_figure_id,
    rows_of_forms.actual_figure_id,
    rows_of_forms.score_figure_id,
    rows_of_forms.least_sure_confidence,
    rows_of_forms.document_id
from rows_of_forms
inner join documents on rows_of_forms.document_id = documents.document_id
inner join tables
    on rows_of_forms.document_id = tables.document_id and rows_of_forms.table_no = tables.table_no
order by indicator_id
