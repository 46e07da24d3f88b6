with checks as (

    select * from {{ ref('int_claim_checks') }}
    where verdict = 'violated'

),

comparisons as (

    select * from {{ ref('int_claim_comparisons') }}

),

sums as (

    select * from {{ ref('int_claim_sums') }}

),

claims as (

    select * from {{ ref('int_claim_facts') }}

),

-- the claim that repeats a figure would have to be that figure
of_duplicates as (

    select
        check_id,
        figure_id,
        1 as role,
        case comparison when 'at_most' then cast(0 as decimal(28, 6)) else expected_value - tolerance end as low,
        expected_value + tolerance as high,
        expected_value as target
    from checks
    where kind = 'duplicate' and value_kind = 'money' and expected_value is not null

),

-- an amount of a sum would have to make good the difference
of_totals as (

    select
        check_id,
        figure_id,
        1 as role,
        case comparison when 'at_most' then cast(0 as decimal(28, 6)) else expected_value - tolerance end as low,
        case comparison when 'at_least' then 999999999999999 else expected_value + tolerance end as high,
        expected_value as target
    from checks
    where rule_id in (select sums.rule_id from sums) and kind = 'sum'

),

of_parts as (

    select
        checks.check_id,
        spread.part.figure_id,
        2 as role,
        claims.value + spread.part.weight * checks.difference - checks.tolerance as low,
        claims.value + spread.part.weight * checks.difference + checks.tolerance as high,
        claims.value + spread.part.weight * checks.difference as target
    from checks
    inner join (select check_id, unnest(parts) as part from sums) as spread on checks.check_id = spread.check_id
    inner join claims on spread.part.figure_id = claims.figure_id
    where checks.kind = 'sum'

),

rates as (

    select
        comparisons.*,
        cast(comparisons.printed_value as decimal(14, 4)) as rate,
        cast(comparisons.printed_value - comparisons.tolerance as decimal(14, 4)) as lowest,
        cast(comparisons.printed_value + comparisons.tolerance as decimal(14, 4)) as highest,
        -- of a growth the rate is of the final amount less the change, of a decline of both
        cast(
            100 + case comparisons.form when 'growth' then 1 when 'decline' then -1 else 0 end * comparisons.printed_value
            as decimal(14, 4)
        ) as of_top
    from comparisons
    inner join checks on comparisons.check_id = checks.check_id
    where checks.kind in ('share', 'completion_rate', 'change_rate')

),

of_rates as (

    select check_id, figure_id, 0 as role, cast(null as decimal(28, 6)) as low, cast(null as decimal(28, 6)) as high,
        cast(null as decimal(28, 6)) as target
    from rates

    union all

    -- an amount would have to give the rate
    select
        check_id,
        top_id,
        2,
        {{ quotient('lowest * (base_yuan - base_half)', 'of_top') }},
        {{ quotient('highest * (base_yuan + base_half)', 'of_top') }},
        null
    from rates
    where top_id != base_id and of_top > 0

    union all

    select
        check_id,
        base_id,
        3,
        {{ quotient('(top_yuan - top_half) * of_top', 'highest') }},
        {{ quotient('(top_yuan + top_half) * of_top', 'lowest') }},
        null
    from rates
    where top_id != base_id and lowest > 0 and of_top > 0

),

of_others as (

    select check_id, figure_id, 0 as role, cast(null as decimal(28, 6)) as low, cast(null as decimal(28, 6)) as high,
        cast(null as decimal(28, 6)) as target
    from checks
    where
        kind in ('zero_base_rate', 'direction', 'other', 'arithmetic_change')
        or kind = 'duplicate' and (value_kind != 'money' or expected_value is null)

),

suspects as (

    select * from of_duplicates
    union all
    select * from of_totals
    union all
    select * from of_parts
    union all
    select * from of_rates
    union all
    select * from of_others

)

select
    check_id,
    figure_id,
    cast(role as integer) as role,
    cast(low as decimal(28, 6)) as low,
    cast(high as decimal(28, 6)) as high,
    cast(target as decimal(28, 6)) as target
from suspects
