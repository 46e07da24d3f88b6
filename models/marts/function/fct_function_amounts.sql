with figures as (

    select * from {{ ref('int_figures') }}
    where table_code in ('gk02', 'gk03', 'gk05', 'gk07', 'gk08') and code is not null and amount_yuan is not null

),

documents as (

    select * from {{ ref('int_star_documents') }}
    where document_role = 'accounts'

),

table_measures as (

    select * from {{ ref('table_measures') }}

),

-- codes under which the same column of the table prints a longer one: their amounts contain the longer one's
parents as (

    select distinct document_id, table_code, measure, 'total' as code
    from figures
    where code_level != 'total'

    union

    select distinct document_id, table_code, measure, left(code, 3)
    from figures
    where code_level in ('section', 'item')

    union

    select distinct document_id, table_code, measure, left(code, 5)
    from figures
    where code_level = 'item'

),

facts as (

    select
        documents.department_year_id,
        documents.department_id,
        documents.fiscal_year,
        figures.code as functional_code,
        figures.code_level,
        parents.code is null as is_leaf,
        figures.fund,
        figures.phase,
        table_measures.measure,
        figures.table_code,
        figures.amount_yuan,
        figures.half_width_yuan,
        figures.value_text,
        figures.unit_text,
        figures.decimals,
        figures.confidence,
        figures.figure_id,
        figures.document_id,
        count(*) over same_fact as printed_times,
        min(figures.amount_yuan) over same_fact != max(figures.amount_yuan) over same_fact as is_conflicting,
        -- a row printed twice counts once: the surest, of equals the first in the document
        row_number() over (
            partition by
                documents.department_year_id, figures.code, figures.fund, figures.phase, table_measures.measure
            order by {{ doubt_of('figures.confidence') }}, figures.table_no, figures.row_no, figures.column_no
        ) as occurrence
    from figures
    inner join documents on figures.document_id = documents.document_id
    inner join table_measures
        on figures.table_code = table_measures.table_code and figures.measure = table_measures.landed_measure
    left join parents
        on
            figures.document_id = parents.document_id
            and figures.table_code = parents.table_code
            and figures.measure = parents.measure
            and figures.code = parents.code
    window same_fact as (
        partition by
            documents.department_year_id, figures.code, figures.fund, figures.phase, table_measures.measure
    )

)

select
    department_year_id,
    department_id,
    fiscal_year,
    functional_code,
    code_level,
    is_leaf,
    fund,
    phase,
    measure,
    table_code,
    amount_yuan,
    half_width_yuan,
    value_text,
    unit_text,
    decimals,
    confidence,
    cast(printed_times as integer) as printed_times,
    is_conflicting,
    figure_id,
    document_id
from facts
where occurrence = 1
order by department_year_id, functional_code, fund, phase, measure
