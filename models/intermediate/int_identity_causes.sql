with identities as (

    select * from {{ ref('identities') }}

),

waivers as (

    select * from {{ ref('waivers') }}

),

checks as (

    select
        checks.*,
        identities.constant_total is not null as has_constant_total,
        waivers.identity_id is not null as is_waived
    from {{ ref('int_identity_checks') }} as checks
    inner join identities on checks.identity_id = identities.identity_id
    left join waivers
        on
            checks.document_id = waivers.document_id
            and checks.identity_id = waivers.identity_id
            and checks.instance_code is not distinct from waivers.instance_code
            and checks.instance_measure is not distinct from waivers.instance_measure

),

terms as (

    select * from {{ ref('int_identity_terms') }}

),

facts as (

    select * from {{ ref('int_identity_facts') }}

),

blanks as (

    select * from {{ ref('int_identity_blanks') }}

),

figures as (

    select * from {{ ref('int_figures') }}

),

repeats as (

    select * from {{ ref('int_claim_figures') }}
    where other_figure_id is not null and value_kind = 'money' and comparison = 'equals'

),

open_checks as (

    select * from checks
    where
        verdict = 'violated' and not is_waived
        or not is_waived and check_id in (select blanks.check_id from blanks where blanks.is_needed)

),

-- what stands in the checks of a document in which one is open: printed figures, and blank cells that would close one
printed as (

    select distinct
        terms.document_id,
        terms.figure_id as suspect_id,
        false as is_blank,
        terms.side,
        terms.weight,
        checks.check_id,
        checks.verdict,
        checks.comparison,
        checks.has_constant_total,
        coalesce(checks.difference_value, 0) as difference_value,
        checks.tolerance_value
    from terms
    inner join checks
        on
            terms.document_id = checks.document_id
            and terms.identity_id = checks.identity_id
            and terms.instance_code is not distinct from checks.instance_code
            and terms.instance_measure is not distinct from checks.instance_measure
            and terms.instance_table_no is not distinct from checks.instance_table_no
    where
        checks.document_id in (select open_checks.document_id from open_checks)
        and checks.verdict in ('violated', 'exact', 'within_rounding')
        and not checks.is_waived

),

members as (

    select * from printed

    union all

    select
        blanks.document_id,
        blanks.cell_id,
        true,
        blanks.side,
        blanks.weight,
        blanks.check_id,
        case when blanks.is_needed then 'violated' else checks.verdict end,
        checks.comparison,
        checks.has_constant_total,
        blanks.difference_value,
        checks.tolerance_value
    from blanks
    inner join checks on blanks.check_id = checks.check_id
    where not checks.is_waived

),

-- 1. a table in another unit than it says: its figures are off from all others by one and the same power of ten
sides as (

    select
        terms.document_id,
        checks.check_id,
        terms.side,
        min(terms.table_code) as table_code,
        sum(terms.weight * terms.value) as value,
        sum(terms.half_width) as half_width
    from terms
    inner join checks
        on
            terms.document_id = checks.document_id
            and terms.identity_id = checks.identity_id
            and terms.instance_code is not distinct from checks.instance_code
            and terms.instance_measure is not distinct from checks.instance_measure
            and terms.instance_table_no is not distinct from checks.instance_table_no
    where
        checks.comparison = 'equals'
        and checks.value_unit = 'yuan'
        and checks.verdict in ('violated', 'exact', 'within_rounding')
        and checks.document_id in (select open_checks.document_id from open_checks)
        and terms.table_code like 'gk%'
    group by terms.document_id, checks.check_id, terms.side
    having min(terms.table_code) = max(terms.table_code)

),

ties as (

    select
        one.document_id,
        one.check_id,
        one.table_code,
        one.value,
        one.half_width,
        other.value as other_value,
        other.half_width as other_half_width
    from sides as one
    inner join sides as other
        on one.check_id = other.check_id and one.side != other.side and one.table_code != other.table_code
    where one.value != 0 and other.value != 0

    union all

    -- a sentence that repeats a figure ties its table too
    select
        repeats.document_id,
        repeats.check_id,
        facts.table_code,
        repeats.expected_value,
        facts.half_width,
        repeats.printed_value,
        repeats.tolerance
    from repeats
    inner join facts on repeats.other_figure_id = facts.figure_id
    where
        facts.table_code like 'gk%'
        and repeats.printed_value != 0 and repeats.expected_value != 0
        and repeats.document_id in (select open_checks.document_id from open_checks)

),

scaled as (

    select
        ties.*,
        factors.factor,
        case
            when ties.other_value = ties.value then 0
            -- printed as too small a unit, or as too large a one
            when abs(ties.value * factors.factor - ties.other_value)
                <= ties.half_width * factors.factor + ties.other_half_width
                then 1
            when abs(ties.value - ties.other_value * factors.factor)
                <= ties.half_width + ties.other_half_width * factors.factor
                then -1
        end as power
    from ties
    cross join (select unnest([1000, 10000, 100000000]) as factor) as factors

),

wrong_units as (

    select document_id, table_code, factor, max(power) filter (power != 0) as power, count(*) as n_ties
    from scaled
    group by document_id, table_code, factor
    -- one tie that holds, or that is off by anything else, and the unit is not what is wrong
    having
        count(*) filter (power in (-1, 1)) >= 2
        and count(*) filter (power in (-1, 1)) * 4 >= count(*) * 3
        and count(*) filter (power = 0) = 0
        and min(power) filter (power != 0) = max(power) filter (power != 0)

),

-- of two tables of which one must be wrong, the one with more ties to others is
by_unit as (

    select scaled.document_id, scaled.check_id, scaled.table_code, scaled.factor, scaled.power
    from scaled
    inner join wrong_units
        on
            scaled.document_id = wrong_units.document_id
            and scaled.table_code = wrong_units.table_code
            and scaled.factor = wrong_units.factor
            and scaled.power = wrong_units.power
    qualify
        row_number() over (partition by scaled.check_id order by wrong_units.n_ties desc, scaled.table_code) = 1

),

-- what else holds the table against others breaks with its unit
tables_off as (

    select document_id, table_code, any_value(factor) as factor, any_value(power) as power
    from by_unit
    group by document_id, table_code

),

unit_causes as (

    select
        printed.document_id,
        printed.check_id,
        'unit ' || printed.document_id || ' ' || tables_off.table_code as cause_id,
        'unit' as kind,
        min(facts.figure_id) filter (facts.table_code = tables_off.table_code) as figure_id,
        tables_off.table_code,
        tables_off.factor,
        tables_off.power
    from printed
    inner join facts on printed.suspect_id = facts.figure_id
    inner join tables_off on printed.document_id = tables_off.document_id
    where printed.verdict = 'violated'
    group by printed.document_id, printed.check_id, tables_off.table_code, tables_off.factor, tables_off.power
    having
        bool_or(facts.table_code = tables_off.table_code) and bool_or(facts.table_code != tables_off.table_code)
    qualify row_number() over (partition by printed.check_id order by tables_off.table_code) = 1

),

-- 2. two figures of neighbouring columns exchanged: back in their places, they settle every check that they are in
placed as (

    select distinct
        members.document_id,
        members.suspect_id,
        facts.value,
        figures.table_no,
        figures.row_no,
        figures.column_no
    from members
    inner join facts on members.suspect_id = facts.figure_id
    inner join figures on members.suspect_id = figures.figure_id
    where
        members.verdict = 'violated'
        and members.comparison = 'equals'
        and facts.source = 'table'
        and facts.value_unit = 'yuan'
        and members.check_id not in (select unit_causes.check_id from unit_causes)

),

pairs as (

    select
        one.document_id,
        one.suspect_id as left_id,
        other.suspect_id as right_id,
        other.value - one.value as change_value
    from placed as one
    inner join placed as other
        on
            one.document_id = other.document_id
            and one.table_no = other.table_no
            and one.row_no = other.row_no
            and one.column_no < other.column_no
            and one.value != other.value
    -- nothing else is printed between them
    where not exists (
        select 1 from figures as between_them
        where
            between_them.document_id = one.document_id
            and between_them.table_no = one.table_no
            and between_them.row_no = one.row_no
            and between_them.column_no > one.column_no
            and between_them.column_no < other.column_no
    )

),

exchanged as (

    select
        pairs.left_id,
        pairs.right_id,
        pairs.change_value,
        members.check_id,
        any_value(members.verdict) as verdict,
        any_value(members.tolerance_value) as tolerance_value,
        any_value(members.comparison) as comparison,
        any_value(members.difference_value)
        + sum(
            case when members.suspect_id = pairs.left_id then pairs.change_value else -pairs.change_value end
            * case when members.side = 'total' then 1 else -members.weight end
        ) as new_difference
    from pairs
    inner join members on members.suspect_id in (pairs.left_id, pairs.right_id)
    where not members.is_blank
    group by pairs.left_id, pairs.right_id, pairs.change_value, members.check_id

),

-- the sentences that repeat one of the two say the other
swaps_said as (

    select pairs.left_id, pairs.right_id, count(*) as n_said
    from pairs
    inner join repeats
        on
            repeats.other_figure_id in (pairs.left_id, pairs.right_id)
            and repeats.verdict = 'violated'
            and abs(
                repeats.printed_value - repeats.expected_value
                - case when repeats.other_figure_id = pairs.left_id then pairs.change_value else -pairs.change_value end
            ) <= repeats.tolerance
    group by pairs.left_id, pairs.right_id

),

swaps as (

    select
        exchanged.left_id,
        exchanged.right_id,
        count(*) filter (exchanged.verdict = 'violated') + any_value(coalesce(swaps_said.n_said, 0)) as n_settled
    from exchanged
    left join swaps_said on exchanged.left_id = swaps_said.left_id and exchanged.right_id = swaps_said.right_id
    group by exchanged.left_id, exchanged.right_id
    having
        count(*) filter (exchanged.verdict = 'violated') + any_value(coalesce(swaps_said.n_said, 0)) >= 2
        and bool_and(
            case comparison
                when 'equals' then abs(new_difference) <= tolerance_value
                when 'at_least' then new_difference >= -tolerance_value
                else false
            end
        )

),

-- 3. one figure that would settle the most checks and break the fewest
suspicions as (

    select
        members.*,
        case when side = 'total' then -difference_value else weight * difference_value end as change_value
    from members
    where
        verdict = 'violated'
        -- a rate is settled by the printed rate alone
        and (comparison != 'ratio' or side = 'total')
        and check_id not in (select unit_causes.check_id from unit_causes)

),

supported as (

    select
        one.check_id,
        one.suspect_id,
        one.is_blank,
        one.side,
        one.change_value,
        one.tolerance_value,
        count(*) as n_settled,
        min(other.check_id) as cluster_id
    from suspicions as one
    inner join suspicions as other
        on
            one.suspect_id = other.suspect_id
            -- a sum that has to make 100 says that something is wrong, not what
            and (one.check_id = other.check_id or not other.has_constant_total)
            and abs(one.change_value - other.change_value) <= one.tolerance_value + other.tolerance_value
    group by all

),

-- a check that comes out and would not any more, or that needs another number in the same blank cell
broken as (

    select supported.check_id, supported.suspect_id, count(*) as n_broken
    from supported
    inner join members on supported.suspect_id = members.suspect_id
    where
        (members.verdict in ('exact', 'within_rounding') or members.is_blank)
        and case members.comparison
            when 'equals'
                then abs(
                    members.difference_value
                    + supported.change_value * case when members.side = 'total' then 1 else -members.weight end
                ) > members.tolerance_value
            when 'at_least'
                then members.difference_value
                    + supported.change_value * case when members.side = 'total' then 1 else -members.weight end
                    < -members.tolerance_value
            else true
        end
    group by supported.check_id, supported.suspect_id

),

-- what the sentences say of the figure: as it is printed, or as it should be
said as (

    select
        supported.check_id,
        supported.suspect_id,
        bool_or(
            repeats.verdict = 'violated'
            and abs(repeats.printed_value - repeats.expected_value - supported.change_value)
            <= repeats.tolerance + supported.tolerance_value
        ) as is_borne_out,
        bool_or(
            repeats.verdict in ('exact', 'within_rounding') and abs(supported.change_value) > repeats.tolerance
        ) as is_gainsaid
    from supported
    inner join repeats on supported.suspect_id = repeats.other_figure_id
    group by supported.check_id, supported.suspect_id

),

-- a change of the amount that is that of one printed digit: k·10^m, what rounding allows left out, and the digit in
-- that place stays one. In 分, so that nothing is a float.
digits as (

    select
        *,
        (size + place // 2) // place as digit
    from (
        select
            supported.check_id,
            supported.suspect_id,
            cast(abs(facts.value) * 100 as hugeint) as amount,
            cast(abs(supported.change_value) * 100 as hugeint) as size,
            cast(supported.tolerance_value * 100 as hugeint) as slack,
            case when (supported.change_value > 0) = (facts.value >= 0) then 1 else -1 end as direction,
            cast(
                '1' || repeat(
                    '0',
                    length(cast(cast((abs(supported.change_value) + supported.tolerance_value) * 100 as hugeint) as varchar)) - 1
                ) as hugeint
            ) as place
        from supported
        inner join facts on supported.suspect_id = facts.figure_id
        where facts.value_unit = 'yuan'
    ) as measured

),

slips_of_a_digit as (

    select check_id, suspect_id from digits
    where
        digit between 1 and 9
        and abs(size - digit * place) <= slack
        -- the first digit is none but zero
        and amount >= place
        and (amount // place) % 10 + direction * digit between case when amount // place < 10 then 1 else 0 end and 9

),

weighed as (

    select
        supported.*,
        supported.n_settled
        + coalesce(cast(said.is_borne_out as integer), 0)
        - coalesce(cast(said.is_gainsaid as integer), 0)
        - coalesce(broken.n_broken, 0)
        -- alone, and neither a wrong digit nor borne out by a sentence: then the total is named, whatever holds it
        - cast(
            supported.n_settled = 1 and supported.side != 'total' and not supported.is_blank
            and slips_of_a_digit.check_id is null and not coalesce(said.is_borne_out, false) as integer
        ) as score,
        -- a figure that would become negative is not the wrong one; a wrong digit is likelier than another number
        case
            when facts.value >= 0 and facts.value + supported.change_value < -supported.tolerance_value then 3
            when slips_of_a_digit.check_id is not null then 1
            else 2
        end as likelihood
    from supported
    left join broken on supported.check_id = broken.check_id and supported.suspect_id = broken.suspect_id
    left join said on supported.check_id = said.check_id and supported.suspect_id = said.suspect_id
    left join slips_of_a_digit
        on supported.check_id = slips_of_a_digit.check_id and supported.suspect_id = slips_of_a_digit.suspect_id
    left join facts on supported.suspect_id = facts.figure_id

),

-- where several would do, the total is named first, and the others with it
chosen as (

    select
        *,
        list(suspect_id) over (
            partition by check_id, score, n_settled, likelihood
            order by is_blank, side desc, suspect_id
            rows between unbounded preceding and unbounded following
        ) as candidates
    from weighed
    where not is_blank or score >= 1
    qualify
        row_number() over (
            partition by check_id
            order by score desc, n_settled desc, likelihood, is_blank, side desc, suspect_id
        ) = 1

),

swapped as (

    select
        exchanged.check_id,
        'swap ' || exchanged.left_id as cause_id,
        exchanged.left_id,
        exchanged.right_id,
        exchanged.change_value
    from exchanged
    inner join swaps on exchanged.left_id = swaps.left_id and exchanged.right_id = swaps.right_id
    left join chosen on exchanged.check_id = chosen.check_id
    -- one wrong figure is likelier than two
    where exchanged.verdict = 'violated' and swaps.n_settled > coalesce(chosen.score, 0)
    qualify
        row_number() over (partition by exchanged.check_id order by swaps.n_settled desc, exchanged.left_id) = 1

)

select
    check_id,
    document_id,
    cause_id,
    kind,
    figure_id,
    cast(null as varchar) as other_figure_id,
    table_code,
    cast(null as varchar) as line_item,
    cast(null as varchar) as measure,
    cast(null as decimal(28, 6)) as change_value,
    cast(case power when 1 then factor else -factor end as integer) as unit_factor,
    cast(null as varchar[]) as candidates
from unit_causes

union all

select
    swapped.check_id,
    facts.document_id,
    swapped.cause_id,
    'swap',
    swapped.left_id,
    swapped.right_id,
    facts.table_code,
    facts.line_item,
    facts.measure,
    swapped.change_value,
    null,
    null
from swapped
inner join facts on swapped.left_id = facts.figure_id

union all

select
    chosen.check_id,
    open_checks.document_id,
    chosen.suspect_id || ' ' || chosen.cluster_id,
    case when chosen.is_blank then 'blank' else 'figure' end,
    case when not chosen.is_blank then chosen.suspect_id end,
    null,
    coalesce(facts.table_code, cells.table_code),
    coalesce(facts.line_item, cells.line_item),
    coalesce(facts.measure, cells.measure),
    chosen.change_value,
    null,
    case when len(chosen.candidates) > 1 then chosen.candidates end
from chosen
inner join open_checks on chosen.check_id = open_checks.check_id
left join facts on chosen.suspect_id = facts.figure_id
left join (select distinct cell_id, table_code, line_item, measure from blanks) as cells
    on chosen.suspect_id = cells.cell_id
where chosen.check_id not in (select swapped.check_id from swapped)
