with problems as (

    select * from {{ ref('stg_problems') }}

),

claims as (

    select * from {{ ref('stg_claims') }}
    where functional_path is not null

),

documents as (

    select * from {{ ref('int_documents') }}

),

figures as (

    select * from {{ ref('int_figures') }}

),

tables as (

    select * from {{ ref('stg_tables') }}

),

functional_codes as (

    select * from {{ ref('functional_codes') }}

),

-- 1. what extraction saw in the sentences: detail is what is printed and, after →, what was expected.
--    Words that a template spread over the document are one slip, what stands in one place is its own.
seen as (

    select
        document_id,
        problem_code,
        page,
        line_no,
        trim(string_split(detail, ' → ')[1]) as printed,
        trim(string_split(detail, ' → ')[2]) as expected,
        case
            when problem_code in ('residue_level', 'department_wrong', 'table_missing', 'residue_template', 'term_wrong') then ''
            when problem_code in ('residue_ellipsis', 'residue_doubled') then detail
            else page || '-' || line_no
        end as place
    from problems
    where stage = 'wording'

),

-- 2. paths of 类/款/项, each once a document, at the first figure stated under it
paths as (

    select
        document_id,
        functional_path,
        arg_min(page, claim_no) as page,
        arg_min(line_no, claim_no) as line_no,
        len(string_split(functional_path, '/')) as depth,
        {{ name_key("string_split(functional_path, '/')[1]") }} as class_key,
        {{ name_key("string_split(functional_path, '/')[2]") }} as section_key
    from claims
    group by document_id, functional_path

),

names as (

    {{ functional_names() }}

),

printed_sections as (

    select
        document_id,
        left(code, 5) as code,
        left(code, 3) as class_code,
        any_value(row_label) filter (where length(code) = 5) as name_zh
    from figures
    where
        source = 'table' and table_code like 'gk%' and line_item like 'function.%'
        and length(code) >= 5
    group by document_id, left(code, 5), left(code, 3)

),

placed as (

    select
        paths.*,
        classes.code as class_code,
        exists ( -- noqa: LT01, LT06
            select 1 from names
            where names.level = 'section' and names.name_key = paths.section_key
        ) as is_known_section,
        -- a name a few characters off is a way of writing it: 政府办公厅及相关机构事务. Both count bytes.
        exists ( -- noqa: LT01, LT06
            select 1 from names
            where
                names.level = 'section' and names.parent_code = classes.code
                and (
                    contains(names.name_key, paths.section_key)
                    or contains(paths.section_key, names.name_key)
                    or levenshtein(names.name_key, paths.section_key)
                    <= 0.34 * greatest(strlen(names.name_key), strlen(paths.section_key))
                )
        ) as is_like_a_section,
        (
            select min(names.code) from names
            where
                names.level = 'section' and names.name_key = paths.section_key
                and names.parent_code = classes.code
        ) as section_code
    from paths
    inner join names as classes on classes.level = 'class' and paths.class_key = classes.name_key
    where paths.depth >= 2

),

-- what the document's tables print under the class, where that is one section
expected_sections as (

    select
        document_id,
        class_code,
        case when count(distinct code) = 1 then any_value(name_zh) end as name_zh
    from printed_sections
    group by document_id, class_code

),

path_slips as (

    select
        placed.document_id,
        case
            when placed.section_code is null and placed.is_known_section then 'path_mismatched'
            else 'path_absent'
        end as problem_code,
        placed.page,
        placed.line_no,
        placed.functional_path as printed,
        expected_sections.name_zh as expected,
        placed.functional_path as place
    from placed
    left join expected_sections
        on placed.document_id = expected_sections.document_id and placed.class_code = expected_sections.class_code
    where
        -- one that belongs elsewhere is wrong, and so is one that neither a list nor a table knows
        (placed.section_code is null and (placed.is_known_section or not placed.is_like_a_section))
        or (
            placed.section_code is not null
            and placed.document_id in (select printed_sections.document_id from printed_sections)
            and not exists (
                select 1 from printed_sections
                where
                    printed_sections.document_id = placed.document_id
                    and printed_sections.code = placed.section_code
            )
        )

),

-- 3. names that an account had before it was renamed
renamed as (

    select
        paths.document_id,
        'account_renamed' as problem_code,
        paths.page,
        paths.line_no,
        string_split(paths.functional_path, '/')[1] as printed,
        codes.name_zh as expected,
        codes.functional_code as place
    from paths
    inner join documents on paths.document_id = documents.document_id
    inner join functional_codes as codes
        on
            codes.level = 'class'
            and paths.class_key = {{ name_key('codes.former_name_zh') }}
            and try_cast(documents.fiscal_year as integer) >= try_cast(codes.renamed_in as integer)

),

-- 4. a fund's table whose note says that there is nothing, and figures in it
contradicted as (

    select
        figures.document_id,
        'note_contradicted' as problem_code,
        min(figures.page) as page,
        arg_min(figures.line_no, struct_pack(a := figures.page, b := figures.line_no)) as line_no,
        any_value(tables.printed_title) as printed,
        cast(null as varchar) as expected,
        figures.table_code as place
    from figures
    inner join tables on figures.document_id = tables.document_id and figures.table_no = tables.table_no
    where
        figures.source = 'table' and tables.is_declared_empty
        and tables.table_code in ('gk07', 'gk08') and figures.amount_yuan != 0
    group by figures.document_id, figures.table_code

),

slips as (

    select document_id, problem_code, page, line_no, printed, expected, place from seen
    union all
    select document_id, problem_code, page, line_no, printed, expected, place from path_slips
    union all
    select document_id, problem_code, page, line_no, printed, expected, place from renamed
    union all
    select document_id, problem_code, page, line_no, printed, expected, place from contradicted

)

select
    document_id || '-' || problem_code || '-' || place as slip_id,
    document_id,
    problem_code,
    arg_min(page, struct_pack(a := page, b := line_no, c := printed)) as page,
    arg_min(line_no, struct_pack(a := page, b := line_no, c := printed)) as line_no,
    arg_min(printed, struct_pack(a := page, b := line_no, c := printed)) as printed,
    arg_min(expected, struct_pack(a := page, b := line_no, c := printed)) as expected,
    count(*) as n_places
from slips
group by document_id, problem_code, place
