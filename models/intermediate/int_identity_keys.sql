with figures as (

    select * from {{ ref('int_figures') }}

),

table_measures as (

    select * from {{ ref('table_measures') }}

),

-- what the documents print, apart from how often: terms are matched on this small set and nowhere else
printed as (

    select distinct table_code, line_item, measure, code, code_level, parent_code
    from figures
    where
        line_item is not null
        and measure is not null
        and confidence != 'ambiguous'
        and table_code != 'unknown'
        -- of the narrative only what it says of the year before; what it says of its own tables is another check
        and (source = 'table' or measure = 'prior_year' and functional_path is null)

)

select
    cast(row_number() over (order by printed.table_code, printed.line_item, printed.measure) as integer) as key_no,
    printed.*,
    case
        when table_measures.is_money or printed.table_code = 'claim' then 'yuan'
        when printed.measure like '%\_rate' escape '\' or printed.measure = 'weight' then 'percent'
        else 'number'
    end as value_unit
from printed
left join table_measures
    on printed.table_code = table_measures.table_code and printed.measure = table_measures.landed_measure
order by key_no
