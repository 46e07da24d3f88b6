with documents as (

    select distinct region_name from {{ ref('int_documents') }}
    where region_name is not null

),

regions as (

    select * from {{ ref('regions') }}

),

-- spellings of one region meet in its code; a region that the list does not know keeps its printed name
keyed as (

    select
        'region_' || coalesce(regions.division_code, left(md5(documents.region_name), 10)) as region_id,
        documents.region_name as printed_name,
        regions.division_code,
        coalesce(regions.region_name, documents.region_name) as region_name,
        regions.city_name,
        regions.province_name,
        regions.level,
        coalesce(regions.basis, 'observed') as basis
    from documents
    left join regions on documents.region_name = regions.printed_name

)

select
    region_id,
    any_value(division_code) as division_code,
    any_value(region_name) as region_name,
    any_value(city_name) as city_name,
    any_value(province_name) as province_name,
    any_value(level) as level,
    string_agg(distinct printed_name, '; ' order by printed_name) as printed_names,
    min(basis) as basis
from keyed
group by region_id
order by region_id
