with figures as (

    select *
    from {{ ref('int_figures') }}
    where
        source = 'table'
        and table_code like 'gk%'
        and line_item is not null
        and measure is not null
        and amount_yuan is not null
        and confidence != 'ambiguous'

),

-- a fact printed more than once speaks through its finest print
ranked as (

    select
        *,
        count(*) over same_fact as print_count,
        row_number() over (same_fact order by half_width_yuan, figure_id) as print_no,
        first_value(amount_yuan) over (same_fact order by half_width_yuan, figure_id) as finest_amount_yuan,
        first_value(half_width_yuan) over (same_fact order by half_width_yuan, figure_id)
            as finest_half_width_yuan
    from figures
    window same_fact as (partition by document_id, table_code, line_item, measure)

),

-- equal decimals must give equal figures, different decimals intervals that meet
compared as (

    select
        document_id,
        table_code,
        line_item,
        measure,
        bool_or(
            abs(amount_yuan - finest_amount_yuan)
            > case
                when half_width_yuan = finest_half_width_yuan then 0
                else half_width_yuan + finest_half_width_yuan
            end
        ) as is_conflicting,
        string_agg(figure_id, ' ' order by print_no) as figure_ids
    from ranked
    group by document_id, table_code, line_item, measure

)

select
    ranked.figure_id,
    ranked.document_id,
    ranked.department_year_id,
    ranked.table_code,
    ranked.line_item,
    ranked.code,
    ranked.code_level,
    ranked.parent_code,
    ranked.measure,
    ranked.page,
    ranked.line_no,
    ranked.row_label,
    ranked.value_text,
    ranked.unit_text,
    ranked.amount_yuan,
    ranked.half_width_yuan,
    ranked.confidence,
    cast(ranked.print_count as integer) as print_count,
    compared.is_conflicting,
    compared.figure_ids
from ranked
inner join compared
    on
        ranked.document_id = compared.document_id
        and ranked.table_code = compared.table_code
        and ranked.line_item = compared.line_item
        and ranked.measure = compared.measure
where ranked.print_no = 1
order by ranked.figure_id
