with ratios as (

    select * from {{ ref('ratios') }}

)

select
    ratio,
    sort_order,
    kind,
    numerator,
    denominator,
    years_back,
    unit,
    name_zh,
    name_en,
    notes
from ratios
order by sort_order
