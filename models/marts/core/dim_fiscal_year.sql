with documents as (

    select
        fiscal_year,
        count(*) as document_count,
        count(distinct department_id) as department_count
    from {{ ref('int_documents') }}
    where fiscal_year is not null
    group by fiscal_year

)

select
    fiscal_year,
    fiscal_year || '年度' as name_zh,
    'fiscal year ' || fiscal_year as name_en,
    fiscal_year - 1 as prior_fiscal_year,
    make_date(fiscal_year, 1, 1) as first_day,
    make_date(fiscal_year, 12, 31) as last_day,
    cast(document_count as integer) as document_count,
    cast(department_count as integer) as department_count
from documents
order by fiscal_year
