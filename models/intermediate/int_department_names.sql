with recursive documents as (

    select * from {{ ref('stg_documents') }}

),

regions as (

    select * from {{ ref('int_document_regions') }}

),

rewrites as (

    select
        needs,
        pattern,
        coalesce(replacement, '') as replacement,
        row_number() over (order by rewrite_order) as step
    from {{ ref('department_name_rewrites') }}
    where stage = 'organ'

),

-- § stands for the region wherever the name prints it
placed as (

    select
        documents.document_id,
        documents.normalised_department_name,
        regions.printed_region,
        regions.full_region_name,
        case
            when regions.printed_region is null then documents.normalised_department_name
            else replace(documents.normalised_department_name, regions.printed_region, '§')
        end as printed_organ
    from documents
    left join regions on documents.document_id = regions.document_id
    where documents.normalised_department_name is not null

),

-- the rewritings in their order, each on what the one before it left; most are passed by without their pattern
rewritten as (

    select distinct
        printed_organ,
        printed_organ as organ,
        cast(0 as bigint) as step
    from placed

    union all

    select
        rewritten.printed_organ,
        case
            when contains(rewritten.organ, rewrites.needs)
                then regexp_replace(rewritten.organ, rewrites.pattern, rewrites.replacement)
            else rewritten.organ
        end,
        rewrites.step
    from rewritten
    inner join rewrites on rewritten.step + 1 = rewrites.step

),

organs as (

    select printed_organ, arg_max(organ, step) as organ
    from rewritten
    group by printed_organ

)

select
    placed.document_id,
    organs.organ,
    replace(
        organs.organ, '§', coalesce(placed.full_region_name, placed.printed_region, '')
    ) as canonical_department_name
from placed
inner join organs on placed.printed_organ = organs.printed_organ
