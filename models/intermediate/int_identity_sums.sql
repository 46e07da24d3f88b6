{#- A hash table of a few hundred thousand groups stays in the processor's cache; one of fifty million does not fit into
    memory. -#}
{{
    config(
        materialized='sliced',
        slice_by='document_no',
        slice_size=var('documents_at_a_time', 2000),
        slice_of='int_identity_values',
    )
}}

-- All identities over all facts. Only numbers are read, joined and written here: which term a figure is and to
-- which instance it belongs was settled once per key, and nothing is said in words of what comes out exact.
with facts as (

    select * from {{ ref('int_identity_values') }}

),

key_terms as (

    select * from {{ ref('int_identity_key_terms') }}

),

-- what is asked of every check is told once for its instance
instances as (

    select
        *,
        comparison != 'ratio' as is_sum,
        comparison = 'at_least' as is_at_least,
        when_parts_missing in ('zero', 'needs_total', 'both') as needs_total,
        when_parts_missing in ('skip', 'both') as needs_parts,
        when_parts_missing in ('skip', 'skip_zero') as may_lack_zeros
    from {{ ref('int_identity_instances') }}

),

prior_facts as (

    select * from {{ ref('int_identity_prior_values') }}

),

placed as (
    {% for years_back, source in ((0, 'facts'), (1, 'prior_facts')) %}
    select
        {{ source }}.document_no,
        case when key_terms.is_by_table then {{ source }}.scope_no else 0 end as scope_no,
        key_terms.check_no,
        key_terms.total_weight * {{ source }}.value as total_value,
        key_terms.part_weight * {{ source }}.value as part_value,
        {{ source }}.half_width,
        key_terms.term_bit,
        {{ source }}.tally
    from {{ source }}
    inner join key_terms on {{ source }}.key_no = key_terms.key_no
    where key_terms.years_back = {{ years_back }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- a sum beyond eighteen digits becomes null and settles nothing
sums as (

    select
        document_no,
        scope_no,
        check_no,
        try_cast(sum(total_value) as decimal(18, 6)) as total_value,
        try_cast(sum(part_value) as decimal(18, 6)) as parts_value,
        try_cast(sum(half_width) as decimal(18, 6)) as half_widths,
        bit_or(term_bit) as term_bits,
        cast(sum(tally) as bigint) as tally
    from placed
    group by document_no, scope_no, check_no

),

known as (

    select
        sums.document_no,
        sums.scope_no,
        sums.check_no,
        coalesce(instances.constant_total, sums.total_value) as total_value,
        sums.parts_value,
        sums.half_widths,
        sums.term_bits,
        sums.tally,
        sums.tally >> 48 > 0 or sums.total_value is null or sums.parts_value is null as is_doubtful,
        instances.is_sum,
        instances.is_at_least,
        instances.is_same_fact,
        instances.needs_total,
        instances.needs_parts,
        instances.may_lack_zeros,
        instances.required_bits,
        instances.required_part_bits,
        (sums.term_bits & instances.total_bits) != 0 or instances.constant_total is not null as has_total,
        (sums.term_bits & instances.part_bits) != 0 as has_parts
    from sums
    inner join instances on sums.check_no = instances.check_no

),

-- Nothing missing and nothing in conflict: where D is zero, or within what rounding explains, nobody has to look
-- closer. What is neither is judged by its terms (int_identity_verdicts).
complete as (

    select
        *,
        is_sum
        and not is_doubtful
        and has_total
        and has_parts
        and (term_bits & required_bits) = required_bits as is_complete
    from known

)

select
    document_no,
    scope_no,
    check_no,
    total_value,
    parts_value,
    half_widths,
    tally,
    is_complete
    and (total_value = parts_value or is_at_least and total_value > parts_value) as is_exact,
    -- one fact printed twice may be rounded once and cut off once: its terms tell
    is_complete
    and not is_same_fact
    and total_value != parts_value
    and not (is_at_least and total_value > parts_value)
    and abs(total_value - parts_value) <= half_widths as is_rounded
from complete
-- instances of which a form rightly prints one side only are none (identities.when_parts_missing)
where
    case
        when not has_total and (term_bits & required_part_bits) = 0 then false
        when not has_total and needs_total then false
        when not has_parts and needs_parts then false
        when may_lack_zeros and not (has_total and has_parts)
            then is_doubtful or total_value != 0 or parts_value != 0
        else true
    end
