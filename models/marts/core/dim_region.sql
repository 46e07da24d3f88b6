with documents as (

    select distinct region_name, division_code, candidate_codes from {{ ref('int_documents') }}
    where region_name is not null

),

listed as (

    select
        *,
        left(division_code, 2) || '0000' as province_code,
        case when level = 'city' then division_code else {{ city_of('division_code', 'level') }} end as city_code
    from {{ ref('regions') }}

),

printed as (

    select division_code, string_agg(distinct region_name, '; ' order by region_name) as printed_names
    from documents
    where division_code is not null
    group by division_code

),

-- a region that the list does not know, or knows more than once, keeps its printed name
unresolved as (

    select
        region_name,
        string_agg(distinct candidate_codes, '; ' order by candidate_codes) as candidate_codes
    from documents
    where division_code is null
    group by region_name

)

select
    'region_' || listed.division_code as region_id,
    listed.division_code,
    listed.region_name,
    listed.level,
    listed.city_code,
    cities.region_name as city_name,
    listed.province_code,
    provinces.region_name as province_name,
    listed.valid_from,
    listed.valid_to,
    listed.former_name,
    listed.renamed_in,
    listed.successor_code,
    printed.division_code is not null as is_observed,
    printed.printed_names,
    cast(null as varchar) as candidate_codes,
    'GB/T 2260' as basis
from listed
left join listed as cities on listed.city_code = cities.division_code
left join listed as provinces on listed.province_code = provinces.division_code
left join printed on listed.division_code = printed.division_code

union all

select
    'region_' || left(md5(region_name), 10),
    null,
    region_name,
    case when regexp_matches(region_name, '[区县旗]$') then 'county' when ends_with(region_name, '省') then 'province' end,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    true,
    region_name,
    candidate_codes,
    'observed'
from unresolved
order by region_id
