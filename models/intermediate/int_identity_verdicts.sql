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

    select * from {{ ref('int_column_names') }}

),

-- the empty string stands for "one instance per document" or "all measures", so that keys can be joined
keyed as (

    select
        *,
        coalesce(instance_code, '') as code_key,
        coalesce(instance_measure, '') as measure_key,
        coalesce(instance_table_no, 0) as scope_no
    from terms

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

-- checks with a difference, a gap or a doubt; what came out exact is not looked at again
open_terms as (

    select keyed.*
    from keyed
    left join ambiguous
        on
            keyed.document_id = ambiguous.document_id
            and keyed.identity_id = ambiguous.identity_id
            and keyed.code_key = ambiguous.code_key
    where not keyed.is_ambiguous and (not keyed.is_settled or ambiguous.document_id is not null)

),

-- a figure printed to d decimals stands for half a unit of the last either way; cut off instead of rounded,
-- it stands for up to a whole unit more, away from zero, and a printed zero then stands for zero
printed as (

    select
        *,
        weight * value as weighted,
        case when side = 'total' then -value else weight * value end as moves,
        2 * abs(weight) * half_width as cut
    from open_terms

),

instances as (

    select
        document_id,
        department_year_id,
        identity_id,
        code_key,
        measure_key,
        scope_no,
        any_value(value_unit) as value_unit,
        count(*) filter (side = 'total') as n_printed_totals,
        count(*) filter (side = 'part') as n_printed_parts,
        count(*) as n_terms,
        list(term_no) as term_nos,
        sum(weighted) filter (side = 'total') as printed_total,
        sum(weighted) filter (side = 'part') as printed_parts,
        sum(weighted) filter (side = 'base') as base_value,
        coalesce(sum(abs(weighted)) filter (side = 'part'), 0) = 0 as is_zero_parts,
        sum(abs(weight) * half_width) as half_widths,
        coalesce(sum(half_width) filter (side = 'total'), 0) as total_half_width,
        coalesce(sum(half_width) filter (side = 'part'), 0) as parts_half_width,
        coalesce(sum(half_width) filter (side = 'base'), 0) as base_half_width,
        min(half_width) = max(half_width) as has_one_half_width,
        coalesce(sum(cut) filter (moves > 0), 0) as cut_up,
        coalesce(sum(cut) filter (moves < 0), 0) as cut_down,
        count(*) filter (confidence = 'inferred') as n_inferred,
        count(*) filter (confidence = 'ocr') as n_ocr,
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
    group by document_id, department_year_id, identity_id, code_key, measure_key, scope_no

),

-- the terms that an instance may have; of several rows that differ in the measure alone, the one of its measure
expected as (

    select
        measures.identity_id,
        measures.measure_key,
        list(identity_terms.term_no) filter (identity_terms.is_required) as required_term_nos,
        list(identity_terms.term_no) filter (identity_terms.side = 'part') as part_term_nos,
        list(identity_terms.term_no) filter (identity_terms.side = 'base') as base_term_nos,
        list(identity_terms.term_no) filter (identity_terms.side = 'part' and identity_terms.is_required)
            as required_part_term_nos
    from (select distinct identity_id, measure_key from instances) as measures
    inner join identity_terms on measures.identity_id = identity_terms.identity_id
    where
        identity_terms.instance_measure is null
        or measures.measure_key like replace(identity_terms.measure, '_', '~_') escape '~'
    group by measures.identity_id, measures.measure_key

),

-- a total that no form prints (100 points) and parts that a total cannot do without count as printed
completed as (

    select
        instances.* exclude (value_unit),
        case when identities.comparison = 'ratio' then 'percent' else instances.value_unit end as value_unit,
        identities.comparison,
        identities.severity,
        identities.source,
        identities.is_same_fact,
        identities.when_parts_missing,
        coalesce(identities.constant_total, instances.printed_total) as total_value,
        case
            when instances.n_printed_parts = 0 and identities.when_parts_missing = 'zero' then 0
            else instances.printed_parts
        end as parts_value,
        instances.n_printed_totals + coalesce(cast(identities.constant_total is not null as integer), 0) as n_totals,
        instances.n_printed_parts + cast(identities.when_parts_missing = 'zero' as integer) as n_parts
    from instances
    inner join identities on instances.identity_id = identities.identity_id

),

compared as (

    select
        completed.*,
        case
            when completed.comparison != 'ratio' then completed.total_value - completed.parts_value
        end as plain_difference,
        case
            when completed.comparison = 'ratio' and completed.base_value > 0
                then {{ percentage('completed.parts_value', 'completed.base_value') }}
        end as expected_rate,
        -- one fact rounded twice to the same decimals is the same figure; cut off once, it may be one unit off
        completed.is_same_fact and completed.has_one_half_width as is_same_print,
        ambiguous.figure_ids as ambiguous_figure_ids,
        -- what is not printed and needed: all required terms, and of the parts any
        list_filter(expected.required_term_nos, lambda term_no: not list_contains(completed.term_nos, term_no))
            as absent_term_nos,
        case when completed.n_parts > 0 then expected.base_term_nos else expected.part_term_nos end as any_of_term_nos
    from completed
    left join ambiguous
        on
            completed.document_id = ambiguous.document_id
            and completed.identity_id = ambiguous.identity_id
            and completed.code_key = ambiguous.code_key
    left join expected
        on completed.identity_id = expected.identity_id and completed.measure_key = expected.measure_key
    where
        case
            -- nothing that the identity needs is printed
            when
                completed.n_totals = 0
                and not list_has_any(completed.term_nos, expected.required_part_term_nos)
                then false
            when completed.n_totals = 0 and completed.when_parts_missing in ('zero', 'needs_total', 'both') then false
            -- nothing to be covered, or the form has no such parts
            when completed.n_parts = 0 and completed.when_parts_missing in ('skip', 'both') then false
            -- one side blank and the other zero
            when completed.when_parts_missing in ('skip', 'skip_zero')
                and (completed.n_parts = 0 or completed.n_totals = 0)
                then coalesce(completed.total_value, 0) != 0 or not completed.is_zero_parts
            else true
        end

),

-- A rate is judged by intervals too: what the printed rate stands for must meet what numerator over base can be.
-- Multiplied out, so that nothing is divided; cut off instead of rounded it reaches a whole unit up.
rated as (

    select
        *,
        coalesce(plain_difference, total_value - expected_rate) as difference_value,
        case when comparison = 'ratio' then total_half_width else half_widths end as tolerance_value,
        comparison = 'ratio' and base_value <= 0 as has_no_base,
        comparison = 'ratio'
        and {{ micros('parts_value - parts_half_width') }} * 100000000
            <= {{ micros('total_value + total_half_width') }} * {{ micros('base_value + base_half_width') }}
        and {{ micros('parts_value + parts_half_width') }} * 100000000
            >= {{ micros('total_value - total_half_width') }} * {{ micros('base_value - base_half_width') }}
            as is_rate_in_reach,
        comparison = 'ratio'
        and {{ micros('parts_value - parts_half_width') }} * 100000000
            < {{ micros('total_value + 2 * total_half_width') }} * {{ micros('base_value + base_half_width') }}
        and {{ micros('parts_value + parts_half_width') }} * 100000000
            >= {{ micros('total_value') }} * {{ micros('base_value - base_half_width') }}
            as is_rate_cut_off
    from compared

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
                or n_totals = 0
                or comparison = 'ratio' and base_value is null
                then 'not_checkable'
            -- nothing of nothing has no rate; something of nothing has none either, and yet one is printed
            when has_no_base and parts_value = 0 then 'not_checkable'
            when has_no_base then 'violated'
            when comparison = 'ratio' and abs(difference_value) <= total_half_width then 'exact'
            when comparison = 'ratio' and (is_rate_in_reach or is_rate_cut_off) then 'within_rounding'
            when comparison = 'ratio' then 'violated'
            when difference_value = 0 then 'exact'
            when comparison = 'at_least' and difference_value > 0 then 'exact'
            when comparison = 'at_least' and difference_value >= -tolerance_value then 'within_rounding'
            when comparison = 'equals' and abs(difference_value) <= tolerance_value then 'within_rounding'
            else 'violated'
        end as rounding_verdict,
        case
            when comparison = 'ratio' then is_rate_cut_off and not is_rate_in_reach
            else comparison = 'equals' and difference_value > -cut_down and difference_value < cut_up
        end as is_explained_by_truncation
    from rated

),

-- truncation is a habit of the office: one sum that rounding explains and truncation does not speaks against it
judged as (

    select
        *,
        (is_same_print and rounding_verdict = 'within_rounding')
        or comparison = 'ratio' and rounding_verdict = 'within_rounding' and is_explained_by_truncation
        or comparison != 'ratio'
        and rounding_verdict = 'violated'
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
        scope_no,
        len(absent_term_nos) = 0 as is_any,
        unnest(case when len(absent_term_nos) > 0 then absent_term_nos else any_of_term_nos end) as term_no
    from judged
    where
        rounding_verdict = 'not_checkable'
        and conflicting_figure_ids is null
        and ambiguous_figure_ids is null
        and not coalesce(has_no_base, false)

),

worded as (

    select
        lacking.*,
        case when identity_terms.years_back = 1 then 'prior-year ' else '' end
        || coalesce(
            'table ' || regexp_extract(table_codes.official_no, '[0-9]+'),
            table_codes.name_en,
            case identity_terms.table_code when 'claim' then 'the narrative' else identity_terms.table_code end
        )
        || ' '
        || case
            when identity_terms.instance_code = 'parent_code'
                then identity_terms.code_level || ' rows of ' || lacking.code_key
            when identity_terms.instance_code = 'code' and lacking.code_key = 'total' then 'total'
            when identity_terms.instance_code = 'code' then 'account ' || lacking.code_key
            when identity_terms.instance_code = 'line_item' then translate(lacking.code_key, '._', '  ')
            when identity_terms.code_level is not null then identity_terms.code_level || ' rows'
            else coalesce(line_items.name_en, translate(replace(identity_terms.line_item, '.%', ''), '._', '  '))
        end
        || ', '
        || translate(
            case when contains(identity_terms.measure, '%') then lacking.measure_key else identity_terms.measure end,
            '._', '  '
        ) as words_en,
        case when identity_terms.years_back = 1 then '上年' else '' end
        || coalesce(table_codes.official_no, table_codes.name_zh, '文字说明')
        || ' '
        || case
            when identity_terms.instance_code = 'parent_code'
                then lacking.code_key || '的' || {{ level_zh('identity_terms.code_level') }} || '级科目'
            when identity_terms.instance_code = 'line_item' then lacking.code_key
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
            and case when contains(identity_terms.measure, '%') then lacking.measure_key else identity_terms.measure end
            = columns.measure

),

named as (

    select
        document_id,
        identity_id,
        code_key,
        measure_key,
        scope_no,
        case when any_value(is_any) then 'any of ' else '' end
        || string_agg(words_en, '; ' order by term_no) as missing,
        case when any_value(is_any) then '以下任一：' else '' end
        || string_agg(words_zh, '；' order by term_no) as missing_zh
    from worded
    group by document_id, identity_id, code_key, measure_key, scope_no

)

select
    judged.document_id,
    judged.department_year_id,
    judged.identity_id,
    judged.code_key,
    judged.measure_key,
    judged.scope_no,
    judged.value_unit,
    judged.total_value,
    case when judged.comparison = 'ratio' then judged.expected_rate else judged.parts_value end as parts_value,
    judged.difference_value,
    judged.tolerance_value,
    case when judged.is_truncated then 'within_rounding' else judged.rounding_verdict end as verdict,
    judged.is_truncated,
    judged.n_terms,
    judged.n_inferred,
    judged.n_ocr,
    case
        when judged.conflicting_figure_ids is not null
            then 'which print holds of ' || judged.conflicting_figure_ids
        when judged.ambiguous_figure_ids is not null then 'the column of ' || judged.ambiguous_figure_ids
        when judged.has_no_base and judged.rounding_verdict = 'not_checkable' then 'a base other than zero'
        else named.missing
    end as missing,
    case
        when judged.conflicting_figure_ids is not null
            then '同一数字印得不同，以何者为准：' || judged.conflicting_figure_ids
        when judged.ambiguous_figure_ids is not null then '数字所在的栏：' || judged.ambiguous_figure_ids
        when judged.has_no_base and judged.rounding_verdict = 'not_checkable' then '不为零的基数'
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
        and judged.scope_no = named.scope_no
