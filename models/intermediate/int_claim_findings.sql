with checks as (

    select * from {{ ref('int_claim_checks') }}

),

suspects as (

    select * from {{ ref('int_claim_suspects') }}

),

claims as (

    select * from {{ ref('int_claim_facts') }}

),

duplicates as (

    select * from {{ ref('int_claim_figures') }}

),

comparisons as (

    select * from {{ ref('int_claim_comparisons') }}

),

violated as (

    select * from checks
    where verdict = 'violated'

),

-- 1. an amount in another unit than the rest, where the unit of the rest makes the check come out
unit_slips as (

    select spread.check_id, spread.figure_id, 'unit ' || spread.figure_id as cause_id
    from (select check_id, unnest(figures) as figure_id from violated where is_settled_by_unit) as spread
    inner join claims on spread.figure_id = claims.figure_id and claims.is_unit_suspect

),

-- 2. one fact repeated with one wrong value is one cause, however often it is repeated
wrong_copies as (

    select
        violated.check_id,
        min(violated.figure_id) over copies as figure_id,
        'fact ' || duplicates.fact_id || ' ' || violated.printed_value as cause_id
    from violated
    inner join duplicates on violated.check_id = duplicates.check_id
    where not violated.is_settled_by_unit
    window copies as (partition by duplicates.fact_id, violated.printed_value)

),

-- 3. spending beyond its budget is said once, with the rate that shows it
overspent as (

    select violated.check_id, min(rates.figure_id) as figure_id
    from violated
    inner join violated as rates
        on
            violated.document_id = rates.document_id
            and violated.kind = 'other'
            and rates.kind = 'completion_rate'
            and list_has_all(rates.figures, violated.figures)
    group by violated.check_id

),

-- 4. of the rest: the figure whose one change would settle most, and that the fewest other checks confirm
open_suspects as (

    select suspects.*, violated.comparison, violated.document_id
    from suspects
    inner join violated on suspects.check_id = violated.check_id
    where
        not violated.is_settled_by_unit
        and suspects.check_id not in (select wrong_copies.check_id from wrong_copies)
        and suspects.check_id not in (select overspent.check_id from overspent)

),

supported as (

    select
        one.check_id,
        one.figure_id,
        one.role,
        one.target,
        one.comparison,
        count(*) as n_settled,
        min(other.check_id) as cluster_id
    from open_suspects as one
    inner join open_suspects as other
        on
            one.figure_id = other.figure_id
            and (one.check_id = other.check_id or one.low <= other.high and other.low <= one.high)
    group by all

),

confirmations as (

    select figure_id, count(*) as n_confirming
    from (
        select unnest(figures) as figure_id from checks
        where
            verdict in ('exact', 'within_rounding')
            and document_id in (select open_suspects.document_id from open_suspects)
    ) as confirmed
    group by figure_id

),

-- a violation that stands alone is laid at the door of the rate, or of the total; of what does not fit into a
-- whole, at that of the last part
accused as (

    select
        supported.*,
        supported.figure_id || ' ' || supported.cluster_id as cause_id
    from supported
    left join confirmations on supported.figure_id = confirmations.figure_id
    inner join claims on supported.figure_id = claims.figure_id
    qualify row_number() over (
        partition by supported.check_id
        order by
            supported.n_settled desc,
            case
                when supported.n_settled > 1 or supported.comparison = 'at_least'
                    then coalesce(confirmations.n_confirming, 0)
            end,
            case when supported.comparison = 'at_least' then -claims.claim_no end,
            supported.role,
            claims.claim_no
    ) = 1

),

accusations as (

    select check_id, figure_id, cause_id, 'unit' as cause_kind, cast(null as decimal(28, 6)) as target from unit_slips
    union all
    select wrong_copies.check_id, wrong_copies.figure_id, wrong_copies.cause_id, 'copy', suspects.target
    from wrong_copies
    left join suspects
        on wrong_copies.check_id = suspects.check_id and wrong_copies.figure_id = suspects.figure_id
    union all
    select check_id, figure_id, cause_id, 'arithmetic', target from accused
    union all
    select overspent.check_id, accused.figure_id, accused.cause_id, 'arithmetic', null
    from overspent
    inner join accused on overspent.figure_id = accused.figure_id

),

caused as (

    select
        accusations.*,
        violated.* exclude (check_id, figure_id),
        violated.figure_id as checked_figure_id,
        row_number() over (
            partition by accusations.cause_id
            order by
                case violated.severity when 'major' then 1 else 2 end,
                accusations.target is null,
                violated.kind = 'other',
                violated.tolerance,
                violated.check_id
        ) as place_in_cause
    from accusations
    inner join violated on accusations.check_id = violated.check_id

),

causes as (

    select cause_id, count(distinct check_id) as n_checks, string_agg(check_id, ' ' order by place_in_cause) as check_ids
    from caused
    group by cause_id

),

told as (

    select
        caused.*,
        causes.n_checks,
        causes.check_ids,
        claims.page as claim_page,
        claims.line_no as claim_line_no,
        claims.subject_text,
        claims.functional_path,
        claims.functional_code,
        claims.measure as claim_measure,
        claims.value_text,
        claims.unit_text,
        claims.evidence,
        claims.value,
        claims.other_value,
        claims.kind as claim_kind,
        claims.confidence,
        duplicates.other_figure_id,
        comparisons.top_yuan > comparisons.base_yuan as is_more,
        comparisons.top_yuan < comparisons.base_yuan as is_less,
        comparisons.direction,
        -- what the accused figure should be: a rate has what its amounts give
        case
            when caused.cause_kind = 'unit' then claims.other_value
            when caused.checked_figure_id = caused.figure_id then caused.expected_value
            else caused.target
        end as expected
    from caused
    inner join causes on caused.cause_id = causes.cause_id
    inner join claims on caused.figure_id = claims.figure_id
    left join duplicates on caused.check_id = duplicates.check_id
    left join comparisons on caused.check_id = comparisons.check_id
    where caused.place_in_cause = 1

),

valued as (

    select
        *,
        coalesce(nullif(functional_path, ''), subject_text) as thing,
        coalesce(value_text || coalesce(unit_text, ''), evidence) as printed_text,
        -- the opposite word before the same number, or the comparison with the word that the numbers bear out
        case
            when claim_kind = 'word'
                then regexp_replace(
                    evidence, '大于|高于|超过|多于|小于|低于|少于|等于|与',
                    case when is_more then '大于' when is_less then '小于' else '等于' end
                )
            when kind = 'direction'
                then case
                    when contains(evidence, '增加') or contains(evidence, '减少')
                        then case direction when 'increase' then '减少' else '增加' end
                    else case direction when 'increase' then '下降' else '增长' end
                end || value_text || coalesce(unit_text, '')
            when expected is null then null
            when claim_kind = 'money' then {{ ten_thousand_yuan('expected') }} || '万元'
            when claim_kind = 'percent' then cast(cast(expected as decimal(18, 2)) as varchar) || '%'
            else cast(cast(expected as decimal(28, 0)) as varchar) || coalesce(unit_text, '')
        end as expected_text
    from told

)

select
    case cause_kind when 'unit' then 'claim-unit-' || figure_id else 'claim-' || check_id end as finding_id,
    document_id,
    department_year_id,
    'contradicted_claim' as category,
    severity,
    case cause_kind when 'unit' then 'claim_unit' else rule_id end as rule,
    case cause_kind when 'unit' then 'unit' else kind end as kind,
    cause_kind,
    check_id,
    functional_code as instance_code,
    claim_measure as instance_measure,
    claim_page as page,
    claim_line_no as line_no,
    figure_id,
    checked_figure_id,
    thing as row_label,
    printed_text,
    expected_text,
    confidence,
    case when claim_kind = 'money' then value end as printed_yuan,
    case when claim_kind = 'money' then cast(expected as decimal(28, 6)) end as expected_yuan,
    case when claim_kind = 'money' then cast(expected - value as decimal(28, 6)) end as difference_yuan,
    n_checks,
    n_ocr,
    array_to_string(figures, ' ') as figure_ids,
    check_ids,
    other_figure_id
from valued
