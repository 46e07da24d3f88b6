with listed as (

    select * from {{ ref('functional_codes') }}

),

observed as (

    select * from {{ ref('int_codes') }}
    where classification = 'functional'

),

crosswalk as (

    select * from {{ ref('international_crosswalk') }}
    where standard = 'COFOG'

),

categories as (

    select * from {{ ref('international_categories') }}
    where standard = 'COFOG'

),

-- a code that a document prints and the list does not know is taken in as the document names it
all_codes as (

    select
        functional_code,
        level,
        parent_code,
        name_zh,
        valid_from,
        valid_to,
        former_name_zh,
        renamed_in,
        break_note,
        basis,
        true as is_listed
    from listed

    union all

    select
        code,
        code_level,
        parent_code,
        name_zh,
        null,
        null,
        null,
        null,
        null,
        'observed',
        false
    from observed
    where not is_listed

),

prefixes as (

    select distinct functional_code, left(functional_code, unnest([3, 5, 7])) as prefix from all_codes

),

-- the longest prefix decides, also when it says that there is no division
mapped as (

    select
        prefixes.functional_code,
        arg_max(
            struct_pack(
                prefix := crosswalk.code_prefix,
                category := crosswalk.category_code,
                confidence := crosswalk.confidence,
                basis := crosswalk.basis
            ),
            length(crosswalk.code_prefix)
        ) as found
    from prefixes
    inner join crosswalk on prefixes.prefix = crosswalk.code_prefix
    group by prefixes.functional_code

)

select
    all_codes.functional_code,
    all_codes.level,
    all_codes.parent_code,
    case when all_codes.level != 'total' then left(all_codes.functional_code, 3) end as class_code,
    case when all_codes.level in ('section', 'item') then left(all_codes.functional_code, 5) end as section_code,
    all_codes.name_zh,
    classes.name_zh as class_name_zh,
    sections.name_zh as section_name_zh,
    all_codes.valid_from,
    all_codes.valid_to,
    all_codes.former_name_zh,
    all_codes.renamed_in,
    all_codes.break_note,
    observed.name_zh as printed_name_zh,
    cast(coalesce(observed.document_count, 0) as integer) as document_count,
    divisions.category_code as cofog_division,
    divisions.name_zh as cofog_division_zh,
    divisions.name_en as cofog_division_en,
    groups.category_code as cofog_group,
    groups.name_zh as cofog_group_zh,
    groups.name_en as cofog_group_en,
    mapped.found.confidence as cofog_confidence,
    mapped.found.basis as cofog_basis,
    mapped.found.prefix as cofog_prefix,
    all_codes.basis,
    all_codes.is_listed
from all_codes
left join all_codes as classes
    on left(all_codes.functional_code, 3) = classes.functional_code and all_codes.level != 'total'
left join all_codes as sections
    on left(all_codes.functional_code, 5) = sections.functional_code and sections.level = 'section'
left join observed on all_codes.functional_code = observed.code
left join mapped on all_codes.functional_code = mapped.functional_code
left join categories as divisions on left(mapped.found.category, 2) = divisions.category_code
left join categories as groups on mapped.found.category = groups.category_code and groups.level = 'group'
order by all_codes.functional_code
