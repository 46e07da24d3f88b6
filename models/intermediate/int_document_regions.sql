with documents as (

    select * from {{ ref('stg_documents') }}

),

claims as (

    select * from {{ ref('stg_claims') }}

),

regions as (

    select * from {{ ref('regions') }}

),

rewrites as (

    select * from {{ ref('department_name_rewrites') }}
    where stage = 'head'

),

-- 1. every way to print a region in full: alone, behind its city, behind its province
placed as (

    select
        regions.*,
        {{ city_of('regions.division_code', 'regions.level') }} as city_code,
        left(regions.division_code, 2) || '0000' as province_code
    from regions

),

with_parents as (

    select
        placed.*,
        cities.region_name as city_name,
        coalesce(cities.short_name, {{ short_place_name('cities.region_name') }}) as city_short_name,
        provinces.region_name as province_name,
        {{ short_place_name('provinces.region_name') }} as province_short_name
    from placed
    left join regions as cities on placed.city_code = cities.division_code and placed.level = 'county'
    left join regions as provinces on placed.province_code = provinces.division_code and placed.level != 'province'

),

named as (

    select *, unnest(list_filter([region_name, former_name, short_name], own_name -> own_name is not null)) as own_name
    from with_parents

),

spelled as (

    select
        *,
        unnest(
            list_distinct(
                list_transform(
                    list_filter(
                        [
                            '', city_name, city_short_name, province_name, province_short_name,
                            province_name || city_name, province_short_name || city_name,
                            province_name || city_short_name, province_short_name || city_short_name
                        ],
                        above -> above is not null
                    ),
                    above -> above || own_name
                )
            )
        ) as spelling
    from named

),

-- 城区, 郊区 and 矿区 alone are common nouns
spellings as (

    select distinct spelling, division_code from spelled
    where not regexp_full_match(spelling, '.区')

),

-- 2. the longest spelling that a department's name begins with, behind 中共 and the like
names as (

    select distinct normalised_department_name as department_name from documents
    where normalised_department_name is not null

),

bodies as (

    select department_name, department_name as body from names

    union

    select
        names.department_name,
        regexp_replace(names.department_name, rewrites.pattern, coalesce(rewrites.replacement, ''))
    from names
    cross join rewrites

),

beginnings as (

    select department_name, left(body, unnest(generate_series(2, 30))) as beginning from bodies

),

matched as (

    select
        beginnings.department_name,
        spellings.spelling,
        spellings.division_code,
        rank() over (partition by beginnings.department_name order by length(spellings.spelling) desc) as nearness
    from beginnings
    inner join spellings on beginnings.beginning = spellings.spelling

),

-- 3. the candidates of a document: those valid in its year where there are any, and of a county that was made
--    anew in that year under its old name the new one
candidates as (

    select
        documents.document_id,
        documents.title,
        documents.file_name,
        matched.spelling,
        with_parents.*,
        coalesce(
            documents.fiscal_year
            between coalesce(with_parents.valid_from, 0) and coalesce(with_parents.valid_to, 9999),
            true
        ) as is_valid
    from documents
    inner join matched on documents.normalised_department_name = matched.department_name and matched.nearness = 1
    inner join with_parents on matched.division_code = with_parents.division_code

),

valid as (

    select * from candidates
    qualify is_valid = bool_or(is_valid) over (partition by document_id)

),

current_ones as (

    select
        valid.*,
        count(*) over (partition by valid.document_id) as candidate_count
    from valid
    where
        not exists (
            select 1 from valid as newer
            where valid.document_id = newer.document_id and valid.successor_code = newer.division_code
        )

),

-- 4. of several the one whose city or province the document names, if it names no other's
texts as (

    select
        document_id,
        string_agg(concat_ws(' ', subject_text, evidence), ' ') as claim_text
    from claims
    where document_id in (select document_id from current_ones where candidate_count > 1)
    group by document_id

),

told as (

    select
        current_ones.*,
        concat_ws(' ', current_ones.title, current_ones.file_name, texts.claim_text) as printed,
        coalesce(contains(printed, current_ones.city_short_name), false)
            or coalesce(contains(printed, current_ones.province_short_name), false) as is_told
    from current_ones
    left join texts on current_ones.document_id = texts.document_id

),

settled as (

    select
        document_id,
        any_value(spelling) as spelling,
        count(*) as candidate_count,
        count(*) filter (where is_told) as told_count,
        string_agg(division_code, ' ' order by division_code) as candidate_codes,
        any_value(division_code) as only_code,
        any_value(division_code) filter (where is_told) as told_code
    from told
    group by document_id

),

resolved as (

    select
        document_id,
        spelling,
        candidate_codes,
        case
            when candidate_count = 1 then only_code
            when told_count = 1 then told_code
        end as division_code,
        case
            when candidate_count = 1 then 'name'
            when told_count = 1 then 'name and text'
            else 'ambiguous'
        end as region_basis
    from settled

)

-- a city stands for itself, 上海市普陀区 and 随州市曾都区 with what is above, 仙桃市 under no city alone
select
    documents.document_id,
    coalesce(resolved.spelling, documents.region_name) as printed_region,
    resolved.division_code,
    case
        when regions.level = 'county'
            then coalesce(regions.city_name, case when left(regions.division_code, 2) in ('11', '12', '31', '50')
                then regions.province_name end, '')
            || regions.region_name
        else regions.region_name
    end as full_region_name,
    resolved.candidate_codes,
    resolved.region_basis
from documents
left join resolved on documents.document_id = resolved.document_id
left join with_parents as regions on resolved.division_code = regions.division_code
