with keys as (

    select * from {{ ref('int_identity_keys') }}

),

identities as (

    select * from {{ ref('identities') }}

),

terms as (

    select * from {{ ref('identity_terms') }}

),

matched as (

    select
        terms.identity_id,
        terms.term_no,
        terms.side,
        terms.weight,
        terms.years_back,
        coalesce(terms.instance_table = 'table', false) as is_by_table,
        keys.key_no,
        keys.value_unit,
        coalesce(
            case terms.instance_code
                when 'code' then keys.code
                when 'parent_code' then keys.parent_code
                when 'line_item' then keys.line_item
            end,
            ''
        ) as code_key,
        case when terms.instance_measure = 'measure' then keys.measure else '' end as measure_key
    from terms
    inner join keys on terms.table_code = keys.table_code
    where
        keys.line_item like replace(terms.line_item, '_', '\_') escape '\'
        and keys.measure like replace(terms.measure, '_', '\_') escape '\'
        and (terms.code_level is null or terms.code_level = keys.code_level)

),

-- Of some instances all documents print one side only (a 项 has no parts below it) where their identity asks for both:
-- they are none (identities.when_parts_missing), and their figures need not be added up to see it.
two_sided as (

    select matched.*
    from matched
    inner join identities on matched.identity_id = identities.identity_id
    window same_instance as (partition by matched.identity_id, matched.code_key, matched.measure_key)
    qualify
        (
            coalesce(identities.when_parts_missing, '') not in ('skip', 'both')
            or bool_or(matched.side = 'part') over same_instance
        )
        and (
            coalesce(identities.when_parts_missing, '') not in ('zero', 'needs_total', 'both')
            or identities.constant_total is not null
            or bool_or(matched.side = 'total') over same_instance
        )

)

select
    *,
    cast(dense_rank() over (order by identity_id, code_key, measure_key) as integer) as check_no,
    cast(case when side = 'total' then weight else 0 end as decimal(1, 0)) as total_weight,
    cast(case when side = 'part' then weight else 0 end as decimal(1, 0)) as part_weight,
    cast(1 as bigint) << cast(term_no as bigint) as term_bit
from two_sided
order by check_no, term_no, key_no
