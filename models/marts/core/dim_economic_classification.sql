with listed as (

    select * from {{ ref('economic_codes') }}

),

government_listed as (

    select * from {{ ref('government_economic_codes') }}

),

government_codes as (

    select * from {{ ref('economic_crosswalk') }}

),

observed as (

    select * from {{ ref('int_codes') }}
    where classification = 'economic'

),

crosswalk as (

    select * from {{ ref('international_crosswalk') }}
    where standard = 'GFSM 2014'

),

categories as (

    select * from {{ ref('international_categories') }}
    where standard = 'GFSM 2014'

),

-- a code that a document prints and the lists do not know is taken in as the document names it; its group
-- is its class's, if the list knows that
all_codes as (

    select
        economic_code,
        'department' as code_list,
        level,
        parent_code,
        name_zh,
        basic_expenditure_group,
        basis,
        true as is_listed
    from listed

    union all

    select
        government_economic_code,
        'government',
        level,
        parent_code,
        name_zh,
        null,
        basis,
        true
    from government_listed

    union all

    select
        observed.code,
        case when left(observed.code, 1) = '5' then 'government' else 'department' end,
        observed.code_level,
        observed.parent_code,
        observed.name_zh,
        classes.basic_expenditure_group,
        'observed',
        false
    from observed
    left join listed as classes on left(observed.code, 3) = classes.economic_code
    where not observed.is_listed

),

prefixes as (

    select distinct economic_code, left(economic_code, unnest([3, 5, 7])) as prefix from all_codes

),

mapped as (

    select
        prefixes.economic_code,
        arg_max(
            struct_pack(
                category := crosswalk.category_code,
                confidence := crosswalk.confidence,
                basis := crosswalk.basis
            ),
            length(crosswalk.code_prefix)
        ) as found
    from prefixes
    inner join crosswalk on prefixes.prefix = crosswalk.code_prefix
    group by prefixes.economic_code

),

-- the same spending is booked under one code of the government's list by an agency, another by an institution
corresponding as (

    select
        economic_code,
        any_value(government_economic_code) filter (where unit_kind in ('agency', 'any')) as agency_code,
        any_value(government_economic_code) filter (where unit_kind in ('institution', 'any')) as institution_code
    from government_codes
    group by economic_code

)

select
    all_codes.economic_code,
    all_codes.code_list,
    all_codes.level,
    all_codes.parent_code,
    case when all_codes.level in ('class', 'section') then left(all_codes.economic_code, 3) end as class_code,
    all_codes.name_zh,
    classes.name_zh as class_name_zh,
    all_codes.basic_expenditure_group,
    case all_codes.basic_expenditure_group when 'personnel' then '人员经费' when 'public' then '公用经费' end
        as basic_expenditure_group_zh,
    corresponding.agency_code as government_code_of_agencies,
    corresponding.institution_code as government_code_of_institutions,
    observed.name_zh as printed_name_zh,
    cast(coalesce(observed.document_count, 0) as integer) as document_count,
    categories.category_code as gfsm_category,
    categories.name_zh as gfsm_category_zh,
    categories.name_en as gfsm_category_en,
    left(categories.category_code, 2) as gfsm_class,
    mapped.found.confidence as gfsm_confidence,
    mapped.found.basis as gfsm_basis,
    all_codes.basis,
    all_codes.is_listed
from all_codes
left join all_codes as classes
    on left(all_codes.economic_code, 3) = classes.economic_code and classes.level = 'class'
left join observed on all_codes.economic_code = observed.code
left join corresponding on all_codes.economic_code = corresponding.economic_code
left join mapped on all_codes.economic_code = mapped.economic_code
left join categories on mapped.found.category = categories.category_code
order by all_codes.economic_code
