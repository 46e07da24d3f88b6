-- The seeds of the dimensions have keys and fit each other: a prefix or code stands in its list, a category is
-- named, a region's city, province and successor exist. What does not is listed.
with codes as (

    select functional_code as code, 'COFOG' as standard from {{ ref('functional_codes') }}
    union all
    select economic_code, 'GFSM 2014' from {{ ref('economic_codes') }}
    union all
    select government_economic_code, 'GFSM 2014' from {{ ref('government_economic_codes') }}

),

keys as (

    select 'international_crosswalk' as seed, standard || ' ' || code_prefix as row_key
    from {{ ref('international_crosswalk') }}
    union all
    select 'international_categories', standard || ' ' || category_code from {{ ref('international_categories') }}
    union all
    select 'economic_crosswalk', economic_code || ' ' || unit_kind from {{ ref('economic_crosswalk') }}
    union all
    select 'government_economic_codes', government_economic_code from {{ ref('government_economic_codes') }}
    union all
    select 'department_name_rewrites', cast(rewrite_order as varchar) from {{ ref('department_name_rewrites') }}
    union all
    select 'department_kinds', cast(priority as varchar) from {{ ref('department_kinds') }}

)

select seed, row_key, 'printed twice, or no key' as what_is_wrong
from keys
group by seed, row_key
having count(*) > 1 or row_key is null

union all

select 'international_crosswalk', standard || ' ' || code_prefix, 'no list has the prefix'
from {{ ref('international_crosswalk') }} as crosswalk
where not exists (
    select 1 from codes where codes.standard = crosswalk.standard and codes.code = crosswalk.code_prefix
)

union all

select 'international_crosswalk', standard || ' ' || code_prefix, 'no such category, or no confidence'
from {{ ref('international_crosswalk') }} as crosswalk
where
    (category_code is null) != (confidence is null)
    or coalesce(confidence, 'high') not in ('high', 'medium', 'low')
    or category_code is not null and not exists (
        select 1 from {{ ref('international_categories') }} as categories
        where categories.standard = crosswalk.standard and categories.category_code = crosswalk.category_code
    )

union all

select 'economic_crosswalk', economic_code || ' ' || unit_kind, 'a code that its list has not'
from {{ ref('economic_crosswalk') }} as crosswalk
where
    unit_kind not in ('agency', 'institution', 'any')
    or not exists (select 1 from {{ ref('economic_codes') }} as listed
        where listed.economic_code = crosswalk.economic_code)
    or not exists (select 1 from {{ ref('government_economic_codes') }} as listed
        where listed.government_economic_code = crosswalk.government_economic_code)

union all

select 'ratios', ratio, 'a term that is no headline figure'
from {{ ref('ratios') }} as ratios
where
    not exists (select 1 from {{ ref('headline_figures') }} as headlines where headlines.figure = ratios.numerator)
    or not exists (
        select 1 from {{ ref('headline_figures') }} as headlines where headlines.figure = ratios.denominator
    )

union all

select 'regions', division_code, 'no such city, province or successor, or no such level'
from {{ ref('regions') }}
where
    level not in ('province', 'city', 'county')
    or (valid_to is null and successor_code is not null)
    or exists (
        select 1
        from (values ({{ city_of('division_code', 'level') }}), (left(division_code, 2) || '0000'), (successor_code))
            as named (code)
        where
            named.code is not null
            and not exists (select 1 from {{ ref('regions') }} as others where others.division_code = named.code)
    )
