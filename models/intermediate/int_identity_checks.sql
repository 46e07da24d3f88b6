with terms as (

    select * from {{ ref('int_identity_terms') }}

),

identities as (

    select * from {{ ref('identities') }}

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

table_codes as (

    select * from {{ ref('table_codes') }}

),

line_items as (

    select * from {{ ref('line_items') }}

),

columns as (

    select table_code, measure, min(header) as header
    from {{ ref('form_columns') }}
    group by table_code, measure

),

-- the empty string stands for "one instance per document" or "all measures", so that keys can be joined
keyed as (

    select
        *,
        coalesce(instance_code, '') as code_key,
        coalesce(instance_measure, '') as measure_key
    from terms

),

-- a figure printed to d decimals stands for half a unit of the last either way; cut off instead of rounded,
-- it stands for up to a whole unit more, away from zero, and a printed zero then stands for zero
printed as (

    select
        *,
        weight * amount_yuan as weighted_yuan,
        case when side = 'total' then -amount_yuan else weight * amount_yuan end as moves,
        2 * abs(weight) * half_width_yuan as cut_yuan
    from keyed
    where not is_ambiguous

),

instances as (

    select
        document_id,
        department_year_id,
        identity_id,
        code_key,
        measure_key,
        count(*) filter (side = 'total') as n_totals,
        count(*) filter (side = 'part') as n_parts,
        list(term_no) as term_nos,
        sum(weighted_yuan) filter (side = 'total') as total_yuan,
        sum(weighted_yuan) filter (side = 'part') as parts_yuan,
        coalesce(sum(abs(weighted_yuan)) filter (side = 'part'), 0) = 0 as is_zero_parts,
        sum(abs(weight) * half_width_yuan) as half_widths_yuan,
        min(half_width_yuan) = max(half_width_yuan) as has_one_half_width,
        coalesce(sum(cut_yuan) filter (moves > 0), 0) as cut_up_yuan,
        coalesce(sum(cut_yuan) filter (moves < 0), 0) as cut_down_yuan,
        count(*) filter (confidence = 'inferred') as n_inferred,
        string_agg(figure_ids, ', ' order by figure_id) filter (is_conflicting) as conflicting_figure_ids,
        -- the total first, then the parts by their terms
        list_sort(
            list(
                struct_pack(
                    is_part := side != 'total',
                    term_no := term_no,
                    figure_id := figure_id,
                    page := page,
                    line_no := line_no
                )
            )
        ) as prints
    from printed
    group by document_id, department_year_id, identity_id, code_key, measure_key

),

ambiguous as (

    select
        document_id,
        identity_id,
        code_key,
        string_agg(distinct figure_id, ' ' order by figure_id) as figure_ids
    from keyed
    where is_ambiguous
    group by document_id, identity_id, code_key

),

-- the terms that an instance may have; of several rows that differ in the measure alone, the one of its measure
expected as (

    select
        measures.identity_id,
        measures.measure_key,
        list(identity_terms.term_no) filter (identity_terms.is_required) as required_term_nos,
        list(identity_terms.term_no) filter (identity_terms.side = 'part') as part_term_nos,
        list(identity_terms.term_no) filter (identity_terms.side = 'part' and identity_terms.is_required)
            as required_part_term_nos
    from (select distinct identity_id, measure_key from instances) as measures
    inner join identity_terms on measures.identity_id = identity_terms.identity_id
    where
        identity_terms.instance_measure is null
        or identity_terms.measure in ('%', measures.measure_key)
    group by measures.identity_id, measures.measure_key

),

compared as (

    select
        instances.*,
        identities.comparison,
        identities.severity,
        identities.source,
        instances.total_yuan - instances.parts_yuan as difference_yuan,
        instances.half_widths_yuan as tolerance_yuan,
        -- one fact rounded twice to the same decimals is the same figure; cut off once, it may be one unit off
        identities.is_same_fact and instances.has_one_half_width as is_same_print,
        ambiguous.figure_ids as ambiguous_figure_ids,
        -- what is not printed and needed: all required terms, and of the parts any
        list_filter(expected.required_term_nos, lambda term_no: not list_contains(instances.term_nos, term_no))
            as absent_term_nos,
        expected.part_term_nos
    from instances
    inner join identities on instances.identity_id = identities.identity_id
    left join ambiguous
        on
            instances.document_id = ambiguous.document_id
            and instances.identity_id = ambiguous.identity_id
            and instances.code_key = ambiguous.code_key
    left join expected
        on instances.identity_id = expected.identity_id and instances.measure_key = expected.measure_key
    where
        case
            -- nothing that the identity needs is printed
            when
                instances.n_totals = 0
                and not list_has_any(instances.term_nos, expected.required_part_term_nos)
                then false
            -- nothing to be covered, or the form has no such parts
            when instances.n_parts = 0 and identities.when_parts_missing = 'skip' then false
            -- one side blank and the other zero
            when identities.when_parts_missing != 'not_checkable'
                and (instances.n_parts = 0 or instances.n_totals = 0)
                then coalesce(instances.total_yuan, 0) != 0 or not instances.is_zero_parts
            else true
        end

),

rounded as (

    select
        *,
        case
            when
                conflicting_figure_ids is not null
                or ambiguous_figure_ids is not null
                or len(absent_term_nos) > 0
                or n_parts = 0
                then 'not_checkable'
            when difference_yuan = 0 then 'exact'
            when comparison = 'at_least' and difference_yuan > 0 then 'exact'
            when comparison = 'at_least' and difference_yuan >= -tolerance_yuan then 'within_rounding'
            when comparison = 'equals' and abs(difference_yuan) <= tolerance_yuan then 'within_rounding'
            else 'violated'
        end as rounding_verdict,
        comparison = 'equals' and difference_yuan > -cut_down_yuan and difference_yuan < cut_up_yuan
            as is_explained_by_truncation
    from compared

),

-- truncation is a habit of the office: one sum that rounding explains and truncation does not speaks against it
judged as (

    select
        *,
        (is_same_print and rounding_verdict = 'within_rounding')
        or rounding_verdict = 'violated'
        and is_explained_by_truncation
        and not bool_or(rounding_verdict = 'within_rounding' and comparison = 'equals'
            and not is_explained_by_truncation)
            over (partition by document_id) as is_truncated
    from rounded

),

-- what a check lacks in words, spelt out only where something is missing
lacking as (

    select
        document_id,
        identity_id,
        code_key,
        measure_key,
        len(absent_term_nos) = 0 as is_any,
        unnest(case when len(absent_term_nos) > 0 then absent_term_nos else part_term_nos end) as term_no
    from judged
    where
        rounding_verdict = 'not_checkable'
        and conflicting_figure_ids is null
        and ambiguous_figure_ids is null

),

worded as (

    select
        lacking.*,
        identity_terms.table_code
        || ' '
        || case
            when identity_terms.instance_code = 'parent_code'
                then identity_terms.code_level || ' rows of ' || lacking.code_key
            when identity_terms.instance_code = 'code'
                then replace(identity_terms.line_item, '%', lacking.code_key)
            when identity_terms.code_level is not null then identity_terms.code_level || ' rows'
            else replace(identity_terms.line_item, '%', '*')
        end
        || ' '
        || case when identity_terms.measure = '%' then lacking.measure_key else identity_terms.measure end
            as words_en,
        coalesce(table_codes.official_no, identity_terms.table_code)
        || ' '
        || case
            when identity_terms.instance_code = 'parent_code'
                then lacking.code_key || '的' || {{ level_zh('identity_terms.code_level') }} || '级科目'
            when identity_terms.instance_code = 'code' and lacking.code_key = 'total' then '合计'
            when identity_terms.instance_code = 'code' then '科目' || lacking.code_key
            when identity_terms.code_level is not null
                then '各' || {{ level_zh('identity_terms.code_level') }} || '级科目'
            else coalesce(line_items.name_zh, identity_terms.line_item)
        end
        || ' '
        || coalesce(columns.header, identity_terms.measure) as words_zh
    from lacking
    inner join identity_terms
        on lacking.identity_id = identity_terms.identity_id and lacking.term_no = identity_terms.term_no
    left join table_codes on identity_terms.table_code = table_codes.table_code
    left join line_items on identity_terms.line_item = line_items.line_item
    left join columns
        on
            identity_terms.table_code = columns.table_code
            and case when identity_terms.measure = '%' then lacking.measure_key else identity_terms.measure end
            = columns.measure

),

named as (

    select
        document_id,
        identity_id,
        code_key,
        measure_key,
        case when any_value(is_any) then 'any of ' else '' end
        || string_agg(words_en, '; ' order by term_no) as missing,
        case when any_value(is_any) then '以下任一：' else '' end
        || string_agg(words_zh, '；' order by term_no) as missing_zh
    from worded
    group by document_id, identity_id, code_key, measure_key

)

select
    judged.document_id
    || '-' || judged.identity_id
    || case when judged.code_key != '' then '-' || judged.code_key else '' end
    || case when judged.measure_key != '' then '-' || judged.measure_key else '' end as check_id,
    judged.document_id,
    judged.department_year_id,
    judged.identity_id,
    nullif(judged.code_key, '') as instance_code,
    nullif(judged.measure_key, '') as instance_measure,
    judged.severity,
    judged.source,
    judged.comparison,
    cast(judged.total_yuan as decimal(28, 6)) as total_yuan,
    cast(judged.parts_yuan as decimal(28, 6)) as parts_yuan,
    cast(judged.difference_yuan as decimal(28, 6)) as difference_yuan,
    cast(judged.tolerance_yuan as decimal(28, 6)) as tolerance_yuan,
    case when judged.is_truncated then 'within_rounding' else judged.rounding_verdict end as verdict,
    judged.is_truncated,
    cast(judged.n_totals + judged.n_parts as integer) as n_terms,
    cast(judged.n_inferred as integer) as n_inferred,
    case
        when judged.conflicting_figure_ids is not null
            then 'which print holds of ' || judged.conflicting_figure_ids
        when judged.ambiguous_figure_ids is not null then 'the column of ' || judged.ambiguous_figure_ids
        else named.missing
    end as missing,
    case
        when judged.conflicting_figure_ids is not null
            then '同一数字印得不同，以何者为准：' || judged.conflicting_figure_ids
        when judged.ambiguous_figure_ids is not null then '数字所在的栏：' || judged.ambiguous_figure_ids
        else named.missing_zh
    end as missing_zh,
    judged.prints[1].figure_id as first_figure_id,
    judged.prints[1].page as page,
    judged.prints[1].line_no as line_no,
    array_to_string(list_transform(judged.prints, lambda print: print.figure_id), ' ') as figure_ids
from judged
left join named
    on
        judged.document_id = named.document_id
        and judged.identity_id = named.identity_id
        and judged.code_key = named.code_key
        and judged.measure_key = named.measure_key
order by check_id
