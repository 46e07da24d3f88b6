-- All identities over all facts at once. Only numbers are read, joined and written here: which term a figure is and to
-- which instance it belongs was settled once per key, and nothing is said in words of what comes out exact.
with facts as not materialized (

    select * from {{ ref('int_identity_values') }}

),

key_terms as (

    select * from {{ ref('int_identity_key_terms') }}

),

instances as (

    select * from {{ ref('int_identity_instances') }}

),

documents as (

    select * from {{ ref('int_identity_documents') }}

),

placed as (

    select
        facts.document_no,
        case when key_terms.is_by_table then facts.scope_no else 0 end as scope_no,
        key_terms.check_no,
        key_terms.total_weight * facts.value as total_value,
        key_terms.part_weight * facts.value as part_value,
        facts.half_width,
        key_terms.term_bit,
        facts.tally
    from facts
    inner join key_terms on facts.key_no = key_terms.key_no
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
    from facts
    inner join key_terms on facts.key_no = key_terms.key_no
    inner join documents on facts.document_no = documents.prior_document_no
    where key_terms.years_back = 1

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
        instances.comparison,
        instances.is_same_fact,
        instances.when_parts_missing,
        instances.required_bits,
        instances.required_part_bits,
        (sums.term_bits & instances.total_bits) != 0 or instances.constant_total is not null as has_total,
        (sums.term_bits & instances.part_bits) != 0 as has_parts
    from sums
    inner join instances on sums.check_no = instances.check_no

)

select
    document_no,
    scope_no,
    check_no,
    total_value,
    parts_value,
    half_widths,
    tally,
    -- Nothing missing and nothing in conflict: where D is zero, or within what rounding explains, nobody has to look
    -- closer. What nobody settles here is judged by its terms.
    case
        when
            comparison = 'ratio'
            or is_doubtful
            or not has_total
            or not has_parts
            or (term_bits & required_bits) != required_bits
            then null
        when total_value = parts_value or comparison = 'at_least' and total_value > parts_value then 'exact'
        -- one fact printed twice may be rounded once and cut off once
        when is_same_fact then null
        when abs(total_value - parts_value) <= half_widths then 'within_rounding'
    end as settled_as
from known
-- instances of which a form rightly prints one side only are none (identities.when_parts_missing)
where
    case
        when not has_total and (term_bits & required_part_bits) = 0 then false
        when not has_total and when_parts_missing in ('zero', 'needs_total', 'both') then false
        when not has_parts and when_parts_missing in ('skip', 'both') then false
        when when_parts_missing in ('skip', 'skip_zero') and not (has_total and has_parts)
            then is_doubtful or total_value != 0 or parts_value != 0
        else true
    end
