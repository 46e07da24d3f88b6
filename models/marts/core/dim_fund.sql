with funds as (

    select * from {{ ref('funds') }}

)

select
    fund,
    name_zh,
    name_en,
    sort_order,
    description
from funds
order by sort_order
