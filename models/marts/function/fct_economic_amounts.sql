with figures as (

    select
        *,
        case line_item
            when 'economic.personnel_total' then 'personnel'
            when 'economic.public_total' then 'public'
            else code
        end as economic_code
    from {{ ref('int_figures') }}
    where table_code = 'gk06' and line_item like 'economic.%' and amount_yuan is not null

),

documents as (

    select * from {{ ref('int_star_documents') }}
    where document_role = 'accounts'

),

classification as (

    select * from {{ ref('dim_economic_classification') }}

),

table_measures as (

    select * from {{ ref('table_measures') }}

),

-- codes that contain another printed one: a class its sections, a group its classes
parents as (

    select distinct figures.document_id, left(figures.code, 3) as economic_code
    from figures
    where figures.code_level = 'section'

    union

    select distinct figures.document_id, classification.basic_expenditure_group
    from figures
    inner join classification on figures.code = classification.economic_code
    where figures.code_level in ('class', 'section') and classification.basic_expenditure_group is not null

    union

    select distinct figures.document_id, 'total'
    from figures
    where figures.economic_code != 'total'

),

facts as (

    select
        documents.department_year_id,
        documents.department_id,
        documents.fiscal_year,
        figures.economic_code,
        classification.level as code_level,
        parents.economic_code is null as is_leaf,
        figures.fund,
        figures.phase,
        table_measures.measure,
        figures.amount_yuan,
        figures.half_width_yuan,
        figures.row_label as printed_name,
        figures.value_text,
        figures.unit_text,
        figures.decimals,
        figures.confidence,
        figures.figure_id,
        figures.document_id,
        count(*) over same_fact as printed_times,
        min(figures.amount_yuan) over same_fact != max(figures.amount_yuan) over same_fact as is_conflicting,
        row_number() over (
            partition by documents.department_year_id, figures.economic_code, figures.fund, figures.phase
            order by {{ doubt_of('figures.confidence') }}, figures.table_no, figures.row_no, figures.column_no
        ) as occurrence
    from figures
    inner join documents on figures.document_id = documents.document_id
    inner join classification on figures.economic_code = classification.economic_code
    inner join table_measures
        on
            figures.table_code = table_measures.table_code
            and figures.measure = table_measures.landed_measure
            and table_measures.measure is not null
    left join parents
        on figures.document_id = parents.document_id and figures.economic_code = parents.economic_code
    window same_fact as (
        partition by documents.department_year_id, figures.economic_code, figures.fund, figures.phase
    )

)

select
    department_year_id,
    department_id,
    fiscal_year,
    economic_code,
    code_level,
    is_leaf,
    fund,
    phase,
    measure,
    amount_yuan,
    half_width_yuan,
    printed_name,
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
order by department_year_id, economic_code, fund, phase, measure
