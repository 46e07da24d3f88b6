with phases as (

    select * from {{ ref('phases') }}

)

select
    phase,
    name_zh,
    name_en,
    sort_order,
    description
from phases
order by sort_order
