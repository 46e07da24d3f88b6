with documents as (

    select distinct fiscal_year from {{ ref('int_documents') }}
    where fiscal_year is not null

)

select
    fiscal_year,
    fiscal_year || '年度' as name_zh,
    make_date(fiscal_year, 1, 1) as first_day,
    make_date(fiscal_year, 12, 31) as last_day
from documents
order by fiscal_year
