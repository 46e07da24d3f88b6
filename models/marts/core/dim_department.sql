with documents as (

    select * from {{ ref('int_documents') }}
    where department_id is not null

),

regions as (

    select * from {{ ref('regions') }}

),

-- the spelling of the newest document; a later year's name and region replace an earlier one's
named as (

    select
        department_id,
        arg_max(normalised_department_name, (coalesce(fiscal_year, 0), file_name, document_id)) as department_name,
        arg_max(region_name, (coalesce(fiscal_year, 0), file_name, document_id)) as region_name,
        min(fiscal_year) as first_fiscal_year,
        max(fiscal_year) as last_fiscal_year
    from documents
    group by department_id

)

select
    named.department_id,
    named.department_name,
    'region_' || coalesce(regions.division_code, left(md5(named.region_name), 10)) as region_id,
    named.first_fiscal_year,
    named.last_fiscal_year
from named
left join regions on named.region_name = regions.printed_name
order by named.department_id
