with measures as (

    select * from {{ ref('measures') }}

)

select
    measure,
    name_zh,
    name_en,
    sort_order,
    is_additive_over_measures,
    part_of,
    description
from measures
order by sort_order
