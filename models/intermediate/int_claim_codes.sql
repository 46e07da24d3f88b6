with claims as (

    select distinct functional_path from {{ ref('stg_claims') }}
    where functional_path is not null

),

names as (

    {{ functional_names() }}

),

paths as (

    select
        functional_path,
        len(string_split(functional_path, '/')) as depth,
        {{ name_key("string_split(functional_path, '/')[1]") }} as class_key,
        {{ name_key("string_split(functional_path, '/')[2]") }} as section_key,
        {{ name_key("string_split(functional_path, '/')[3]") }} as item_key
    from claims

),

-- level by level, so that 行政运行 is the one of its own 款
resolved as (

    select
        paths.functional_path,
        paths.depth,
        classes.code as class_code,
        case paths.depth when 1 then classes.code when 2 then sections.code when 3 then items.code end as code
    from paths
    left join names as classes on classes.level = 'class' and paths.class_key = classes.name_key
    left join names as sections
        on sections.level = 'section' and classes.code = sections.parent_code and paths.section_key = sections.name_key
    left join names as items
        on items.level = 'item' and sections.code = items.parent_code and paths.item_key = items.name_key

)

select
    functional_path,
    case any_value(depth) when 1 then 'class' when 2 then 'section' when 3 then 'item' end as level,
    case when count(distinct code) = 1 then any_value(code) end as functional_code,
    case when count(distinct class_code) = 1 then any_value(class_code) end as class_code
from resolved
group by functional_path
