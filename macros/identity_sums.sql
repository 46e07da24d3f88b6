{#
  All identities over all facts at once: one row per document, table (annexes) and instance of an identity. A macro,
  so that tests/corpus/bench_identities.py measures the very statement that the model runs. Strings are joined
  nowhere: which term a figure is and to which instance it belongs was settled once per key.
#}
{% macro identity_sums(facts, key_terms, documents, identities, terms) %}
with placed as (

    select
        facts.document_no,
        case when key_terms.is_by_table then facts.scope_no else 0 end as scope_no,
        key_terms.check_no,
        key_terms.total_weight * facts.value as total_value,
        key_terms.part_weight * facts.value as part_value,
        facts.half_width,
        key_terms.term_bit,
        facts.tally
    from {{ facts }} as facts
    inner join {{ key_terms }} as key_terms on facts.key_no = key_terms.key_no
    where key_terms.years_back = 0

    union all

    select
        documents.document_no,
        0,
        key_terms.check_no,
        key_terms.total_weight * facts.value,
        key_terms.part_weight * facts.value,
        facts.half_width,
        key_terms.term_bit,
        facts.tally
    from {{ facts }} as facts
    inner join {{ key_terms }} as key_terms on facts.key_no = key_terms.key_no
    inner join {{ documents }} as documents on facts.document_no = documents.prior_document_no
    where key_terms.years_back = 1

),

sums as (

    select
        document_no,
        scope_no,
        check_no,
        sum(total_value) as total_value,
        sum(part_value) as parts_value,
        sum(half_width) as half_widths,
        bit_or(term_bit) as term_bits,
        cast(sum(tally) as bigint) as tally
    from placed
    group by document_no, scope_no, check_no

),

-- what the instances of an identity may have and must have, as the same bits
checks as (

    select
        instances.check_no,
        instances.identity_id,
        instances.code_key,
        instances.measure_key,
        instances.value_unit,
        any_value(identities.comparison) as comparison,
        any_value(identities.constant_total) as constant_total,
        any_value(identities.when_parts_missing) as when_parts_missing,
        coalesce(bit_or(cast(1 as bigint) << terms.term_no) filter (terms.is_required), 0) as required_bits,
        coalesce(bit_or(cast(1 as bigint) << terms.term_no) filter (terms.side = 'total'), 0) as total_bits,
        coalesce(bit_or(cast(1 as bigint) << terms.term_no) filter (terms.side = 'part'), 0) as part_bits,
        coalesce(
            bit_or(cast(1 as bigint) << terms.term_no) filter (terms.side = 'part' and terms.is_required), 0
        ) as required_part_bits
    from (
        select check_no, identity_id, code_key, measure_key, min(value_unit) as value_unit
        from {{ key_terms }}
        group by check_no, identity_id, code_key, measure_key
    ) as instances
    inner join {{ identities }} as identities on instances.identity_id = identities.identity_id
    inner join {{ terms }} as terms
        on
            instances.identity_id = terms.identity_id
            and (
                terms.instance_measure is null
                or instances.measure_key like replace(terms.measure, '_', '\_') escape '\'
            )
    group by all

),

known as (

    select
        sums.*,
        checks.* exclude (check_no),
        (sums.term_bits & checks.total_bits) != 0 or checks.constant_total is not null as has_total,
        (sums.term_bits & checks.part_bits) != 0 as has_parts
    from sums
    inner join checks on sums.check_no = checks.check_no

)

select
    known.document_no,
    known.scope_no,
    known.check_no,
    known.identity_id,
    known.code_key,
    known.measure_key,
    known.value_unit,
    coalesce(known.constant_total, known.total_value) as total_value,
    known.parts_value,
    known.half_widths,
    known.term_bits,
    known.tally & 65535 as n_terms,
    (known.tally >> 16) & 65535 as n_inferred,
    (known.tally >> 32) & 65535 as n_ocr,
    -- nothing missing, nothing in conflict and no difference: the verdict is exact and nobody has to look closer
    known.comparison != 'ratio'
    and (known.term_bits & known.required_bits) = known.required_bits
    and known.has_parts
    and known.has_total
    and (known.tally >> 48) = 0
    and (
        coalesce(known.constant_total, known.total_value) = known.parts_value
        or known.comparison = 'at_least' and known.total_value >= known.parts_value
    ) as is_settled
from known
-- instances of which a form rightly prints one side only are none (identities.when_parts_missing)
where
    case
        when not known.has_total and (known.term_bits & known.required_part_bits) = 0 then false
        when not known.has_total and known.when_parts_missing in ('zero', 'needs_total', 'both') then false
        when not known.has_parts and known.when_parts_missing in ('skip', 'both') then false
        when known.when_parts_missing in ('skip', 'skip_zero') and not (known.has_total and known.has_parts)
            then known.total_value != 0 or known.parts_value != 0
        else true
    end
{% endmacro %}
