-- The semantic layer joins metrics to a calendar of days.
with years as (

    select
        min(first_day) as first_day,
        max(last_day) as last_day
    from {{ ref('dim_fiscal_year') }}

)

select
    days.day::date as date_day,
    extract(year from days.day)::integer as fiscal_year
from years
cross join unnest(generate_series(years.first_day::timestamp, years.last_day::timestamp, interval 1 day)) as days (day)
order by date_day
