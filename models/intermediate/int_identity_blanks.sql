with checks as (

    select * from {{ ref('int_identity_checks') }}

),

-- terms of the year before stand in another document
terms as (

    select * from {{ ref('identity_terms') }}
    where years_back = 0

),

printed_terms as (

    select * from {{ ref('int_identity_terms') }}

),

figures as (

    select * from {{ ref('int_figures') }}
    where source = 'table' and table_code like 'gk%' and line_item is not null

),

table_measures as (

    select * from {{ ref('table_measures') }}

),

-- 1. checks with a gap that one more figure would close: a sum that does not come out, or a side with nothing in it
doubtful as (

    select distinct document_id, identity_id, instance_code, instance_measure
    from printed_terms
    where is_conflicting or is_ambiguous

),

needs as (

    select
        checks.*,
        coalesce(checks.total_value, 0) - coalesce(checks.parts_value, 0) as gap_value,
        case when checks.verdict != 'violated' and checks.total_value is null then 'total' else 'part' end
            as lacking_side
    from checks
    left join doubtful
        on
            checks.document_id = doubtful.document_id
            and checks.identity_id = doubtful.identity_id
            and checks.instance_code is not distinct from doubtful.instance_code
            and checks.instance_measure is not distinct from doubtful.instance_measure
    where
        checks.comparison = 'equals'
        and checks.value_unit = 'yuan'
        and checks.verdict in ('violated', 'not_checkable')
        and abs(coalesce(checks.total_value, 0) - coalesce(checks.parts_value, 0)) > checks.tolerance_value
        and doubtful.document_id is null

),

printed_term_nos as (

    select document_id, identity_id, instance_code, instance_measure, list(distinct term_no) as term_nos
    from printed_terms
    where document_id in (select needs.document_id from needs)
    group by all

),

needed_terms as (

    select
        needs.check_id,
        needs.document_id,
        needs.verdict,
        needs.instance_code,
        needs.instance_measure,
        terms.side = needs.lacking_side as is_lacking_side,
        terms.table_code,
        terms.line_item,
        terms.code_level,
        terms.measure,
        terms.instance_code as keyed_by,
        terms.is_required and not coalesce(list_contains(printed_term_nos.term_nos, terms.term_no), false) as is_absent
    from needs
    inner join terms on needs.identity_id = terms.identity_id
    left join printed_term_nos
        on
            needs.document_id = printed_term_nos.document_id
            and needs.identity_id = printed_term_nos.identity_id
            and needs.instance_code is not distinct from printed_term_nos.instance_code
            and needs.instance_measure is not distinct from printed_term_nos.instance_measure
    where
        terms.instance_measure is null
        or needs.instance_measure like replace(terms.measure, '_', '~_') escape '~'

),

-- where two figures are lacking, neither can be told
lacking_terms as (

    select *
    from needed_terms
    qualify
        is_lacking_side
        and (verdict = 'violated' or is_absent or count(*) filter (is_absent) over (partition by check_id) = 0)
        and count(*) filter (is_absent) over (partition by check_id) <= 1

),

-- 2. the rows and columns that the tables print
rows as (

    select
        document_id,
        table_code,
        line_item,
        any_value(code_level) as code_level,
        any_value(parent_code) as parent_code,
        list(distinct measure) as measures,
        bool_or(confidence in ('ambiguous', 'ocr')) as is_doubtful
    from figures
    group by document_id, table_code, line_item

),

columns as (

    select distinct document_id, table_code, measure
    from figures
    where measure is not null

    union

    -- the one row of 公开09表 has its parts in columns: of a phase that it prints, all
    select distinct figures.document_id, figures.table_code, table_measures.landed_measure
    from figures
    inner join table_measures
        on
            figures.table_code = table_measures.table_code
            and split_part(figures.measure, '.', 1) = split_part(table_measures.landed_measure, '.', 1)
    where figures.table_code = 'gk09'

),

-- a number that was read from a picture, or that found no column, may be the one that seems to be missing
clear_tables as (

    select document_id, table_code
    from rows
    group by document_id, table_code
    having not bool_or(is_doubtful)

),

-- 3. the cells that the terms stand for
cells as (

    select
        check_id,
        document_id,
        table_code,
        case keyed_by
            when 'line_item' then instance_code
            else replace(line_item, '%', coalesce(instance_code, ''))
        end as line_item,
        case when contains(measure, '%') then instance_measure else measure end as measure
    from lacking_terms
    where keyed_by in ('code', 'line_item') or keyed_by is null and not contains(line_item, '%')

    union

    select
        lacking_terms.check_id,
        lacking_terms.document_id,
        lacking_terms.table_code,
        rows.line_item,
        case when contains(lacking_terms.measure, '%') then lacking_terms.instance_measure else lacking_terms.measure end
    from lacking_terms
    inner join rows
        on
            lacking_terms.document_id = rows.document_id
            and lacking_terms.table_code = rows.table_code
            and lacking_terms.code_level = rows.code_level
            and rows.line_item like replace(lacking_terms.line_item, '_', '~_') escape '~'
    where
        contains(lacking_terms.line_item, '%')
        and (
            lacking_terms.keyed_by is null
            or lacking_terms.keyed_by = 'parent_code' and rows.parent_code = lacking_terms.instance_code
        )

),

coded as (

    select
        *,
        nullif(regexp_extract(line_item, '^(?:function|economic|expenditure\.class)\.([0-9]+|total)$', 1), '') as code,
        case
            when line_item in ('function.total', 'economic.total') then 'total'
            else case length(nullif(regexp_extract(line_item, '^(?:function|economic|expenditure\.class)\.([0-9]+)$', 1), ''))
                when 3 then 'class' when 5 then 'section' when 7 then 'item'
            end
        end as code_level
    from cells

),

-- of the row or of the column something is printed, of its kind of rows the column, and of the cell nothing
blanks as (

    select coded.*
    from coded
    inner join clear_tables
        on coded.document_id = clear_tables.document_id and coded.table_code = clear_tables.table_code
    inner join columns
        on
            coded.document_id = columns.document_id
            and coded.table_code = columns.table_code
            and coded.measure = columns.measure
    left join rows
        on
            coded.document_id = rows.document_id
            and coded.table_code = rows.table_code
            and coded.line_item = rows.line_item
    where
        not coalesce(list_contains(rows.measures, coded.measure), false)
        -- rows of its kind print the column, or the row above it: some forms fill the columns of the parts in none of their totals
        and (
            exists (
                select 1 from rows as sisters
                where
                    coded.document_id = sisters.document_id
                    and coded.table_code = sisters.table_code
                    and list_contains(sisters.measures, coded.measure)
                    and (
                        coded.code_level is not distinct from sisters.code_level
                        or coded.code_level in ('section', 'item')
                        and sisters.line_item = left(coded.line_item, length(coded.line_item) - 2)
                        and rows.line_item is not null
                    )
            )
            or rows.line_item is not null and not exists (
                select 1 from rows as sisters
                where
                    coded.document_id = sisters.document_id
                    and coded.table_code = sisters.table_code
                    and coded.code_level is not distinct from sisters.code_level
                    and sisters.line_item != coded.line_item
            )
        )

),

-- 4. every check that the cell stands in: those that need it, and those that come out without it
placed as (

    select distinct
        blanks.document_id,
        blanks.table_code,
        blanks.line_item,
        blanks.measure,
        terms.identity_id,
        terms.side,
        terms.weight,
        coalesce(
            case terms.instance_code
                when 'code' then blanks.code
                when 'parent_code'
                    then case blanks.code_level when 'class' then 'total' else left(blanks.code, length(blanks.code) - 2) end
                when 'line_item' then blanks.line_item
            end,
            ''
        ) as code_key,
        case when terms.instance_measure = 'measure' then blanks.measure else '' end as measure_key
    from blanks
    inner join terms
        on
            blanks.table_code = terms.table_code
            and blanks.line_item like replace(terms.line_item, '_', '~_') escape '~'
            and blanks.measure like replace(terms.measure, '_', '~_') escape '~'
            and (terms.code_level is null or terms.code_level = blanks.code_level)

)

select
    placed.document_id || '-' || placed.table_code || '-' || placed.line_item || '-' || placed.measure as cell_id,
    placed.document_id,
    placed.table_code,
    placed.line_item,
    placed.measure,
    checks.check_id,
    placed.side,
    cast(placed.weight as integer) as weight,
    needs.check_id is not null as is_needed,
    cast(coalesce(needs.gap_value, checks.difference_value, 0) as decimal(28, 6)) as difference_value
from placed
inner join checks
    on
        placed.document_id = checks.document_id
        and placed.identity_id = checks.identity_id
        and placed.code_key = coalesce(checks.instance_code, '')
        and placed.measure_key = coalesce(checks.instance_measure, '')
left join needs on checks.check_id = needs.check_id
where needs.check_id is not null or checks.verdict in ('exact', 'within_rounding')
