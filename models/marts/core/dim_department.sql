with documents as (

    select * from {{ ref('int_documents') }}
    where department_id is not null

),

regions as (

    select * from {{ ref('regions') }}

),

kinds as (

    select * from {{ ref('department_kinds') }}

),

-- what the newest document prints; a region once told holds for the documents that do not tell it
named as (

    select
        department_id,
        any_value(canonical_department_name) as canonical_name,
        any_value(organ) as organ,
        arg_max(normalised_department_name, (coalesce(fiscal_year, 0), file_name, document_id)) as department_name,
        string_agg(distinct normalised_department_name, '; ' order by normalised_department_name) as printed_names,
        arg_max(region_name, (coalesce(fiscal_year, 0), file_name, document_id)) as region_name,
        any_value(division_code) as division_code,
        max(region_basis) as region_basis,
        any_value(candidate_codes) as candidate_codes,
        min(fiscal_year) as first_fiscal_year,
        max(fiscal_year) as last_fiscal_year,
        bool_and(document_kind = 'unit_accounts') or ends_with(any_value(organ), '(本级)') as is_unit
    from documents
    group by department_id

),

-- the first pattern of the seed that fits; regions share their organs' names
organs as (

    select distinct organ from named

),

kind_of as (

    select
        organs.organ,
        arg_min(kinds.department_kind, kinds.priority) as department_kind,
        arg_min(kinds.name_zh, kinds.priority) as department_kind_zh,
        arg_min(kinds.name_en, kinds.priority) as department_kind_en
    from organs
    inner join kinds on regexp_matches(organs.organ, kinds.pattern)
    group by organs.organ

),

-- a unit's department: the name without (本级), or the longest name here that the unit's own begins with
superiors as (

    select
        units.department_id,
        arg_max(departments.department_id, length(departments.canonical_name)) as superior_department_id,
        arg_max(departments.canonical_name, length(departments.canonical_name)) as superior_name
    from named as units
    inner join named as departments
        on
            units.department_id != departments.department_id
            and starts_with(units.canonical_name, departments.canonical_name)
    where units.is_unit and not departments.is_unit
    group by units.department_id

)

select
    named.department_id,
    named.department_name,
    named.canonical_name,
    named.printed_names,
    kind_of.department_kind,
    kind_of.department_kind_zh,
    kind_of.department_kind_en,
    case when named.is_unit then 'unit' else 'department' end as entity_type,
    case
        when kind_of.department_kind in ('township', 'subdistrict') then 'township'
        else regions.level
    end as level,
    'region_' || coalesce(named.division_code, left(md5(named.region_name), 10)) as region_id,
    named.region_basis,
    named.candidate_codes as region_candidates,
    superiors.superior_department_id,
    coalesce(
        superiors.superior_name,
        case when ends_with(named.canonical_name, '(本级)') then regexp_replace(named.canonical_name, '\(本级\)$', '') end
    ) as superior_department_name,
    named.first_fiscal_year,
    named.last_fiscal_year
from named
left join regions on named.division_code = regions.division_code
left join kind_of on named.organ = kind_of.organ
left join superiors on named.department_id = superiors.department_id
order by named.department_id
