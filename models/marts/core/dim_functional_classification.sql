with listed as (

    select * from {{ ref('functional_codes') }}

),

observed as (

    select * from {{ ref('int_codes') }}
    where classification = 'functional' and not is_listed

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
        'observed',
        false
    from observed

)

select
    functional_code,
    level,
    parent_code,
    case when level != 'total' then left(functional_code, 3) end as class_code,
    case when level in ('section', 'item') then left(functional_code, 5) end as section_code,
    name_zh,
    valid_from,
    valid_to,
    former_name_zh,
    renamed_in,
    basis,
    is_listed
from all_codes
order by functional_code
