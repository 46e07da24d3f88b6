with terms as (

    select * from {{ ref('int_identity_terms') }}

),

identities as (

    select * from {{ ref('identities') }}

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

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
        sum(weighted_yuan) filter (side = 'total') as total_yuan,
        sum(weighted_yuan) filter (side = 'part') as parts_yuan,
        coalesce(sum(abs(weighted_yuan)) filter (side = 'part'), 0) = 0 as is_zero_parts,
        sum(abs(weight) * half_width_yuan) as half_widths_yuan,
        count(distinct half_width_yuan) as n_half_widths,
        coalesce(sum(cut_yuan) filter (moves > 0), 0) as cut_up_yuan,
        coalesce(sum(cut_yuan) filter (moves < 0), 0) as cut_down_yuan,
        count(*) filter (confidence = 'inferred') as n_inferred,
        string_agg(figure_ids, ', ' order by figure_id) filter (is_conflicting) as conflicting_figure_ids,
        string_agg(figure_id, ' ' order by side desc, term_no, figure_id) as figure_ids,
        arg_min(figure_id, struct_pack(a := side != 'total', b := term_no, c := figure_id)) as first_figure_id,
        arg_min(page, struct_pack(a := side != 'total', b := term_no, c := figure_id)) as page,
        arg_min(line_no, struct_pack(a := side != 'total', b := term_no, c := figure_id)) as line_no
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

-- each term of each instance in words, so that a missing one can be named
expected_terms as (

    select
        instances.document_id,
        instances.identity_id,
        instances.code_key,
        instances.measure_key,
        identity_terms.term_no,
        identity_terms.side,
        identity_terms.is_required,
        identity_terms.table_code
        || ' '
        || case
            when identity_terms.instance_code = 'parent_code'
                then identity_terms.code_level || ' rows of ' || instances.code_key
            when identity_terms.instance_code = 'code'
                then replace(identity_terms.line_item, '%', instances.code_key)
            when identity_terms.code_level is not null then identity_terms.code_level || ' rows'
            else replace(identity_terms.line_item, '%', '*')
        end
        || ' '
        || case
            when identity_terms.measure = '%' then instances.measure_key
            else identity_terms.measure
        end as term_text
    from instances
    inner join identity_terms on instances.identity_id = identity_terms.identity_id
    where
        -- of several rows that differ in the measure alone, the one of this instance
        identity_terms.instance_measure is null
        or identity_terms.measure in ('%', instances.measure_key)

),

absent as (

    select
        expected_terms.document_id,
        expected_terms.identity_id,
        expected_terms.code_key,
        expected_terms.measure_key,
        string_agg(expected_terms.term_text, '; ' order by expected_terms.term_no)
            filter (expected_terms.is_required) as required_terms,
        string_agg(expected_terms.term_text, '; ' order by expected_terms.term_no)
            filter (expected_terms.side = 'part') as part_terms,
        count(*) filter (expected_terms.is_required and expected_terms.side = 'part') as n_required_parts
    from expected_terms
    left join
        (select distinct document_id, identity_id, code_key, measure_key, term_no from printed) as found
        on
            expected_terms.document_id = found.document_id
            and expected_terms.identity_id = found.identity_id
            and expected_terms.code_key = found.code_key
            and expected_terms.measure_key = found.measure_key
            and expected_terms.term_no = found.term_no
    where found.term_no is null
    group by
        expected_terms.document_id,
        expected_terms.identity_id,
        expected_terms.code_key,
        expected_terms.measure_key

),

required_parts as (

    select identity_id, count(*) as n_required_parts
    from identity_terms
    where side = 'part' and is_required
    group by identity_id

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
        identities.is_same_fact and instances.n_half_widths = 1 as is_same_print,
        case
            when instances.conflicting_figure_ids is not null
                then 'which print holds of ' || instances.conflicting_figure_ids
            when ambiguous.figure_ids is not null then 'the column of ' || ambiguous.figure_ids
            when absent.required_terms is not null then absent.required_terms
            when instances.n_parts = 0 then 'any of ' || absent.part_terms
        end as missing
    from instances
    inner join identities on instances.identity_id = identities.identity_id
    left join ambiguous
        on
            instances.document_id = ambiguous.document_id
            and instances.identity_id = ambiguous.identity_id
            and instances.code_key = ambiguous.code_key
    left join absent
        on
            instances.document_id = absent.document_id
            and instances.identity_id = absent.identity_id
            and instances.code_key = absent.code_key
            and instances.measure_key = absent.measure_key
    left join required_parts on instances.identity_id = required_parts.identity_id
    where
        case
            -- nothing that the identity needs is printed
            when
                instances.n_totals = 0
                and required_parts.n_required_parts > 0
                and coalesce(absent.n_required_parts, 0) = required_parts.n_required_parts
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
            when missing is not null then 'not_checkable'
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

)

select
    document_id
    || '-' || identity_id
    || case when code_key != '' then '-' || code_key else '' end
    || case when measure_key != '' then '-' || measure_key else '' end as check_id,
    document_id,
    department_year_id,
    identity_id,
    nullif(code_key, '') as instance_code,
    nullif(measure_key, '') as instance_measure,
    severity,
    source,
    comparison,
    cast(total_yuan as decimal(28, 6)) as total_yuan,
    cast(parts_yuan as decimal(28, 6)) as parts_yuan,
    cast(difference_yuan as decimal(28, 6)) as difference_yuan,
    cast(tolerance_yuan as decimal(28, 6)) as tolerance_yuan,
    case when is_truncated then 'within_rounding' else rounding_verdict end as verdict,
    is_truncated,
    cast(n_totals + n_parts as integer) as n_terms,
    cast(n_inferred as integer) as n_inferred,
    missing,
    first_figure_id,
    page,
    line_no,
    figure_ids
from judged
order by check_id
