with listed as (

    select * from {{ ref('economic_codes') }}

),

observed as (

    select * from {{ ref('int_codes') }}
    where classification = 'economic' and not is_listed

),

-- a code that a document prints and the list does not know is taken in as the document names it; its group
-- is its class's, if the list knows that
all_codes as (

    select
        economic_code,
        level,
        parent_code,
        name_zh,
        basic_expenditure_group,
        basis,
        true as is_listed
    from listed

    union all

    select
        observed.code,
        observed.code_level,
        observed.parent_code,
        observed.name_zh,
        classes.basic_expenditure_group,
        'observed',
        false
    from observed
    left join listed as classes on left(observed.code, 3) = classes.economic_code

)

select
    economic_code,
    level,
    parent_code,
    case when level in ('class', 'section') then left(economic_code, 3) end as class_code,
    name_zh,
    basic_expenditure_group,
    basis,
    is_listed
from all_codes
order by economic_code
