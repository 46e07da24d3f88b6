with keys as (

    select * from {{ ref('int_identity_keys') }}

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

)

select
    *,
    cast(dense_rank() over (order by identity_id, code_key, measure_key) as integer) as check_no,
    case when side = 'total' then weight else 0 end as total_weight,
    case when side = 'part' then weight else 0 end as part_weight,
    cast(1 as bigint) << cast(term_no as bigint) as term_bit
from matched
order by check_no, term_no, key_no
