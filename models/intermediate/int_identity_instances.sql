with key_terms as (

    select * from {{ ref('int_identity_key_terms') }}

),

identities as (

    select * from {{ ref('identities') }}

),

terms as (

    select * from {{ ref('identity_terms') }}

),

instances as (

    select check_no, identity_id, code_key, measure_key, min(value_unit) as value_unit
    from key_terms
    group by check_no, identity_id, code_key, measure_key

)

-- what an instance may have and must have, as bits; of terms that differ in the measure alone, the one of its measure
select
    instances.check_no,
    instances.identity_id,
    instances.code_key,
    instances.measure_key,
    instances.value_unit,
    identities.comparison,
    cast(identities.constant_total as decimal(18, 6)) as constant_total,
    identities.when_parts_missing,
    coalesce(identities.is_same_fact, false) as is_same_fact,
    coalesce(bit_or(cast(1 as bigint) << terms.term_no) filter (terms.is_required), 0) as required_bits,
    coalesce(bit_or(cast(1 as bigint) << terms.term_no) filter (terms.side = 'total'), 0) as total_bits,
    coalesce(bit_or(cast(1 as bigint) << terms.term_no) filter (terms.side = 'part'), 0) as part_bits,
    coalesce(bit_or(cast(1 as bigint) << terms.term_no) filter (terms.side = 'part' and terms.is_required), 0)
        as required_part_bits
from instances
inner join identities on instances.identity_id = identities.identity_id
inner join terms
    on
        instances.identity_id = terms.identity_id
        and (
            terms.instance_measure is null
            or instances.measure_key like replace(terms.measure, '_', '\_') escape '\'
        )
group by all
order by instances.check_no
