with claims as (

    select * from {{ ref('int_claim_facts') }}

),

bases as (

    select * from {{ ref('claim_bases') }}

),

relations as (

    select * from {{ ref('claim_relations') }}

),

table_facts as (

    select * from {{ ref('int_claim_table_facts') }}
    where not is_conflicting

),

-- what the sentences before a claim said last of the same thing: its amounts and its change
linked as (

    select
        *,
        last_value(case when measure = 'final' then claim_no end ignore nulls) over before as final_no,
        last_value(case when measure = 'initial_budget' then claim_no end ignore nulls) over before as initial_no,
        last_value(case when measure = 'adjusted_budget' then claim_no end ignore nulls) over before as adjusted_no,
        last_value(case when measure = 'prior_year' then claim_no end ignore nulls) over before as prior_no,
        last_value(case when measure = 'change' then claim_no end ignore nulls) over before as change_no,
        -- 增长18.6%，增加157.45万元: the rate before its change
        first_value(case when measure = 'change' then claim_no end ignore nulls) over after as next_change_no
    from claims
    window
        before as (
            partition by document_id, section, topic_key order by claim_no
            rows between unbounded preceding and 1 preceding
        ),
        after as (
            partition by document_id, section, topic_key order by claim_no rows between 1 following and 1 following
        )

),

-- the rule of each claim that is measured against something: what is named before what is understood. Sentences
-- differ in little but their numbers, so that the patterns are matched against few of them.
phrased as (

    select *, regexp_replace(evidence, '[0-9.,，]+', '0', 'g') as phrase from linked
    where measure in (select bases.measure from bases)

),

phrases as (

    select keys.*, arg_min(rules.rule_id, (rules.priority, rules.rule_id)) as rule_id
    from (select distinct measure, subject, section, phrase from phrased) as keys
    inner join (
        select distinct rule_id, measure, subject, sections, evidence, priority from bases
        where match != 'explanation'
    ) as rules
        on
            keys.measure = rules.measure
            and (rules.subject is null or regexp_full_match(keys.subject, rules.subject))
            and (rules.sections is null or regexp_full_match(keys.section, rules.sections))
            and (rules.evidence is null or regexp_matches(keys.phrase, rules.evidence))
    group by all

),

ruled as (

    select phrased.*, phrases.rule_id
    from phrased
    inner join phrases
        on
            phrased.measure = phrases.measure
            and phrased.subject = phrases.subject
            and phrased.section = phrases.section
            and phrased.phrase is not distinct from phrases.phrase

),

-- with it the other bases, which only explain how a wrong rate came about
based as (

    select
        ruled.* exclude (rule_id),
        ruled.rule_id,
        bases.match,
        cast(bases.preference as integer) as preference,
        bases.base_subject,
        bases.base_measure,
        bases.base_evidence,
        bases.numerator_subject,
        bases.given_equal,
        bases.form,
        bases.kind as check_kind,
        bases.severity,
        bases.name_zh,
        bases.name_en,
        case bases.base_measure
            when 'initial_budget' then ruled.initial_no
            when 'adjusted_budget' then ruled.adjusted_no
            when 'prior_year' then ruled.prior_no
            when 'change' then ruled.final_no
        end as same_no
    from ruled
    inner join bases
        on
            ruled.measure = bases.measure
            and (bases.rule_id = ruled.rule_id or bases.match = 'explanation')
            and (bases.subject is null or regexp_full_match(ruled.subject, bases.subject))

),

amounts as (

    select *, value_text || coalesce(unit_text, '') as printed_text from claims
    where measure in ('final', 'initial_budget', 'adjusted_budget', 'prior_year', 'change') and kind = 'money'

),

-- the amount that a base is: said of the same thing, or of another in the same section, or anywhere, or in a table
base_claims as (

    select
        based.figure_id as rate_id,
        based.match,
        based.preference,
        amounts.figure_id,
        amounts.subject_text as name,
        amounts.printed_text,
        amounts.evidence,
        amounts.value,
        amounts.half_width,
        amounts.other_value,
        amounts.other_half_width,
        amounts.is_unit_suspect,
        amounts.confidence
    from based
    inner join amounts
        on
            based.document_id = amounts.document_id
            and (
                based.base_subject = 'same'
                and amounts.claim_no = based.same_no
                and based.claim_no - amounts.claim_no <= 15
                or based.base_subject != 'same'
                and amounts.subject = based.base_subject
                and amounts.measure = based.base_measure
            )
    where based.base_evidence is null or regexp_matches(amounts.evidence, based.base_evidence)
    qualify row_number() over (
        partition by based.figure_id, based.match, based.preference
        order by
            amounts.section != based.section,
            amounts.claim_no > based.claim_no,
            abs(amounts.claim_no - based.claim_no)
    ) = 1

),

base_tables as (

    select
        based.figure_id as rate_id,
        based.match,
        based.preference,
        table_facts.figure_id,
        table_facts.row_label as name,
        table_facts.printed_text,
        table_facts.value,
        table_facts.half_width,
        table_facts.confidence
    from based
    inner join table_facts
        on
            based.document_id = table_facts.document_id
            and table_facts.subject
            = case when based.base_subject = 'same' then based.subject else based.base_subject end
            and table_facts.measure = based.base_measure
            and table_facts.match = 'first'
            and table_facts.comparison = 'equals'
            and (table_facts.sections is null or regexp_full_match(based.section, table_facts.sections))
            and (
                table_facts.keyed_by is null
                or table_facts.keyed_by = 'code' and table_facts.instance_key = based.functional_code
                or table_facts.keyed_by = 'name' and table_facts.instance_key = based.name_key
            )
    where based.base_evidence is null
    qualify row_number() over (
        partition by based.figure_id, based.match, based.preference
        order by table_facts.preference, table_facts.figure_id
    ) = 1

),

-- 货物采购授予中小企业: all goods where all procurement was awarded to small and medium enterprises
given as (

    select based.figure_id as rate_id, numerators.figure_id, numerators.claim_no
    from based
    inner join amounts as numerators
        on
            based.document_id = numerators.document_id
            and based.numerator_subject = numerators.subject
            and based.section = numerators.section
            and numerators.measure = 'final'
    inner join amounts as one
        on
            based.document_id = one.document_id
            and based.section = one.section
            and one.measure = 'final'
            and one.subject = split_part(based.given_equal, '=', 1)
    inner join amounts as other
        on
            based.document_id = other.document_id
            and based.section = other.section
            and other.measure = 'final'
            and other.subject = split_part(based.given_equal, '=', 2)
    where one.value = other.value
    qualify row_number() over (partition by based.figure_id order by numerators.claim_no) = 1

),

-- the rate or change, what it is of and what it is measured against
pairs as (

    select
        based.*,
        tops.figure_id as top_id,
        tops.subject_text as top_name,
        tops.printed_text as top_text,
        tops.value as top_value,
        tops.half_width as top_half_width,
        tops.other_value as top_other_value,
        tops.other_half_width as top_other_half_width,
        tops.is_unit_suspect as is_top_suspect,
        tops.direction as top_direction,
        tops.confidence as top_confidence,
        coalesce(base_claims.figure_id, base_tables.figure_id) as base_id,
        coalesce(base_claims.name, base_tables.name) as base_name,
        coalesce(base_claims.printed_text, base_tables.printed_text) as base_text,
        coalesce(base_claims.value, base_tables.value) as base_value,
        coalesce(base_claims.half_width, base_tables.half_width) as base_half_width,
        coalesce(base_claims.other_value, base_tables.value) as base_other_value,
        coalesce(base_claims.other_half_width, base_tables.half_width) as base_other_half_width,
        coalesce(base_claims.is_unit_suspect, false) as is_base_suspect,
        coalesce(base_claims.confidence, base_tables.confidence) as base_confidence,
        coalesce(
            based.form = 'growth'
            and based.direction in ('increase', 'decrease')
            and tops.direction in ('increase', 'decrease')
            and based.direction != tops.direction,
            false
        ) as is_unlike
    from based
    left join given on based.figure_id = given.rate_id and based.given_equal is not null
    left join amounts as tops
        on
            based.document_id = tops.document_id
            and tops.claim_no = case
                when based.form = 'growth'
                    then case
                        when based.change_no is not null and based.claim_no - based.change_no <= 15
                            and based.change_no >= coalesce(based.final_no, 0)
                            then based.change_no
                        else coalesce(based.next_change_no, based.change_no)
                    end
                when based.given_equal is not null then given.claim_no
                when based.form = 'limit' then based.claim_no
                when based.claim_no - based.final_no <= 15 then based.final_no
            end
    left join base_claims
        on
            based.figure_id = base_claims.rate_id
            and based.match = base_claims.match
            and based.preference = base_claims.preference
    left join base_tables
        on
            based.figure_id = base_tables.rate_id
            and based.match = base_tables.match
            and based.preference = base_tables.preference

),

-- Amounts are wider than eighteen digits so that their products with rates are computed in whole numbers that hold
-- them. `sign` says what a rate is of: the base itself, or the final amount less or plus its change.
read as (

    select
        pairs.* exclude (form, match, value, half_width, direction),
        forms.form,
        case when forms.is_open then 'any' else pairs.match end as match,
        direction,
        readings.is_other_unit,
        cast(case when kind = 'percent' then value end as decimal(14, 4)) as rate,
        cast(case when kind = 'percent' then half_width end as decimal(14, 4)) as rate_half_width,
        cast(case when is_other_unit then other_value else value end as decimal(22, 4)) as own_value,
        cast(case when is_other_unit then other_half_width else half_width end as decimal(22, 4)) as own_half_width,
        cast(case when is_other_unit then top_other_value else top_value end as decimal(22, 4)) as top,
        cast(case when is_other_unit then top_other_half_width else top_half_width end as decimal(22, 4)) as top_half,
        cast(case when is_other_unit then base_other_value else base_value end as decimal(22, 4)) as base,
        cast(case when is_other_unit then base_other_half_width else base_half_width end as decimal(22, 4)) as base_half
    from pairs
    -- where the change is called one way and its rate the other, the rate may be either
    inner join (
        select *
        from (values
            ('growth', 'increase', 'growth', false), ('growth', 'decrease', 'decline', false),
            ('growth', 'unlike', 'growth', true), ('growth', 'unlike', 'decline', true),
            ('ratio', null, 'ratio', false), ('difference', null, 'difference', false), ('limit', null, 'limit', false),
            ('direction', null, 'direction', false)
        ) as t (rule_form, ways, form, is_open) -- noqa: AL05
    ) as forms
        on
            pairs.form = forms.rule_form
            and (
                forms.ways is null
                or forms.ways = case
                    when is_unlike then 'unlike'
                    when coalesce(top_direction, direction) = 'decrease' then 'decrease'
                    else 'increase'
                end
            )
    inner join (select unnest([false, true]) as is_other_unit) as readings
        on
            not readings.is_other_unit
            or pairs.is_unit_suspect or coalesce(pairs.is_top_suspect, false) or pairs.is_base_suspect

),

bounded as (

    select
        *,
        case form when 'ratio' then 0 when 'growth' then 1 else -1 end as sign,
        cast(rate - rate_half_width as decimal(14, 4)) as lowest,
        cast(rate + rate_half_width as decimal(14, 4)) as highest,
        -- cut off instead of rounded, a rate stands for up to a whole unit more
        cast(rate + 2 * rate_half_width as decimal(14, 4)) as highest_if_cut,
        case form when 'ratio' then base when 'growth' then base - top when 'decline' then base + top end as whole
    from read
    where form in ('ratio', 'growth', 'decline')

),

-- (100 + sign·rate)·top against rate·base, at both ends of what the figures stand for
measured as (

    select
        *,
        {{ rate_gap('lowest', 'top + top_half', 'base - base_half') }} as most,
        {{ rate_gap('highest', 'top - top_half', 'base + base_half') }} as least,
        {{ rate_gap('rate', 'top + 2 * top_half', 'base - base_half') }} as most_if_cut,
        {{ rate_gap('highest_if_cut', 'top - top_half', 'base + 2 * base_half') }} as least_if_cut,
        {{ rate_gap('rate', 'top', 'base') }} as gap
    from bounded

),

rates as (

    select
        *,
        case
            when top is null or base is null then 'not_checkable'
            when whole = 0 and top = 0 then 'not_checkable'
            -- a base that is printed as zero may be a little more, of which a huge rate may be right
            when whole = 0 then case when most >= 0 and least <= 0 then 'within_rounding' else 'violated' end
            when gap = 0 then 'exact'
            when most >= 0 and least <= 0 then 'within_rounding'
            -- cut off to whole percents a rate is off by up to one point, which is no habit of rounding
            when decimals > 0 and most_if_cut >= 0 and least_if_cut < 0 then 'within_rounding'
            else 'violated'
        end as verdict,
        (most < 0 or least > 0) as is_cut,
        whole = 0 and top != 0 and not (most >= 0 and least <= 0) as is_zero_base,
        case when whole > 0 then {{ quotient('100 * top', 'whole') }} end as expected,
        rate_half_width as allowed
    from measured

),

amount_checks as (

    select
        *,
        case
            when form = 'limit' then own_value - base
            when direction is null then abs(top - base) - own_value
            else (top - base) * case direction when 'decrease' then -1 else 1 end - own_value
        end as gap,
        case form
            when 'limit' then own_half_width + base_half
            else top_half + base_half + own_half_width
        end as allowed
    from read
    where form in ('difference', 'limit')

),

amount_verdicts as (

    select
        *,
        case
            when base is null or top is null then 'not_checkable'
            when form = 'limit' and gap <= 0 then 'exact'
            when form = 'limit' and gap > allowed then 'violated'
            when form = 'limit' then 'within_rounding'
            when gap = 0 then 'exact'
            when abs(gap) <= allowed then 'within_rounding'
            else 'violated'
        end as verdict,
        case form when 'limit' then base else abs(top - base) end as expected
    from amount_checks

),

directions as (

    select
        *,
        case
            when base is null or top is null then 'not_checkable'
            when direction = case when top > base then 'increase' when top < base then 'decrease' else 'flat' end
                then 'exact'
            -- one unit in the last place may lie either way
            when abs(top - base) <= top_half + base_half and top != base then 'within_rounding'
            else 'violated'
        end as verdict
    from read
    where form = 'direction'

),

judged as (

    select
        figure_id, document_id, department_year_id, rule_id, match, preference, form, check_kind, severity, name_zh,
        name_en, base_subject, base_measure, kind as value_kind, measure, value_text, confidence, direction, decimals,
        top_id, top_name, top_text, top, top_half, top_confidence,
        base_id, base_name, base_text, base, base_half, base_confidence,
        is_other_unit, is_unit_suspect, is_top_suspect, is_base_suspect,
        rate as printed_value, expected, allowed as tolerance, verdict, is_cut, is_zero_base, whole
    from rates
    union all
    select
        figure_id, document_id, department_year_id, rule_id, match, preference, form, check_kind, severity, name_zh,
        name_en, base_subject, base_measure, kind, measure, value_text, confidence, direction, decimals,
        top_id, top_name, top_text, top, top_half, top_confidence,
        base_id, base_name, base_text, base, base_half, base_confidence,
        is_other_unit, is_unit_suspect, is_top_suspect, is_base_suspect,
        own_value, expected, allowed, verdict, false, false, null
    from amount_verdicts
    union all
    select
        figure_id, document_id, department_year_id, rule_id, match, preference, form, check_kind, severity, name_zh,
        name_en, base_subject, base_measure, kind, measure, value_text, confidence, direction, decimals,
        top_id, top_name, top_text, top, top_half, top_confidence,
        base_id, base_name, base_text, base, base_half, base_confidence,
        is_other_unit, is_unit_suspect, is_top_suspect, is_base_suspect,
        null, null, null, verdict, false, false, null
    from directions

),

-- a base that the sentence does not name is the one that fits; one that it names is the first that is printed
chosen as (

    select *
    from judged
    where match != 'explanation'
    qualify row_number() over (
        partition by figure_id, is_other_unit
        order by
            verdict = 'not_checkable',
            case
                when match != 'any' then 0
                when verdict = 'exact' then 1 when verdict = 'within_rounding' then 2
                else 3
            end,
            preference
    ) = 1

),

-- a wrong rate that fits another base was taken of that
explanations as (

    select figure_id, base_subject, base_measure, base_name, base_text, base_id
    from judged
    where match = 'explanation' and not is_other_unit and verdict in ('exact', 'within_rounding') and not is_cut
    qualify row_number() over (partition by figure_id order by preference) = 1

),

-- the word that the rate does not bear out is the wrong one; where it bears out neither, that of the rate
unlike as (

    select
        pairs.*,
        case
            when chosen.verdict in ('exact', 'within_rounding')
                and chosen.form = case pairs.direction when 'increase' then 'growth' else 'decline' end
                then pairs.top_id
            else pairs.figure_id
        end as wrong_id,
        relations.name_zh as relation_zh,
        relations.name_en as relation_en
    from pairs
    inner join chosen on pairs.figure_id = chosen.figure_id and not chosen.is_other_unit
    inner join relations on relations.relation_id = 'claim_rate_direction'
    where pairs.is_unlike and pairs.match != 'explanation'

)

select
    printed.figure_id || '-' || printed.rule_id as check_id,
    printed.document_id,
    printed.department_year_id,
    case when printed.is_zero_base then 'claim_zero_base' else printed.rule_id end as rule_id,
    case
        when printed.is_zero_base then 'zero_base_rate'
        -- the amounts differ by what is printed, the other way round
        when
            printed.form = 'difference' and printed.verdict = 'violated'
            and abs(abs(printed.top - printed.base) - printed.printed_value) <= printed.tolerance
            then 'direction'
        else printed.check_kind
    end as kind,
    printed.severity,
    printed.form,
    printed.name_zh,
    printed.name_en,
    printed.figure_id,
    printed.value_kind,
    printed.measure,
    printed.direction,
    printed.top_id,
    printed.top_name,
    printed.top_text,
    printed.top as top_yuan,
    printed.top_half,
    printed.base_id,
    -- what the base is called: a budget of the same thing is known by its measure
    case when printed.base_subject = 'same' then printed.base_measure end as base_measure,
    printed.base_name,
    printed.base_text,
    printed.base as base_yuan,
    printed.base_half,
    cast(printed.printed_value as decimal(28, 6)) as printed_value,
    cast(printed.expected as decimal(28, 6)) as expected_value,
    cast(printed.tolerance as decimal(28, 6)) as tolerance,
    printed.verdict,
    coalesce(printed.verdict = 'within_rounding' and printed.is_cut, false) as is_truncated,
    coalesce(
        printed.verdict = 'violated' and other_unit.verdict in ('exact', 'within_rounding'), false
    ) as is_settled_by_unit,
    case
        when printed.verdict != 'not_checkable' then null
        when printed.whole = 0 then 'a base that is not zero'
        when printed.top is null then 'the amount that it is of'
        else 'its base'
    end as missing,
    case
        when printed.verdict != 'not_checkable' then null
        when printed.whole = 0 then '基数为零'
        when printed.top is null then '所对应的金额'
        else '基数'
    end as missing_zh,
    case when explanations.base_subject = 'same' then explanations.base_measure end as fits_measure,
    explanations.base_name as fits_name,
    explanations.base_text as fits_text,
    cast((printed.confidence = 'ocr') as integer)
    + cast(coalesce(printed.top_confidence = 'ocr', false) as integer)
    + cast(coalesce(printed.base_confidence = 'ocr', false) as integer) as n_ocr
from chosen as printed
left join chosen as other_unit on printed.figure_id = other_unit.figure_id and other_unit.is_other_unit
left join explanations on printed.figure_id = explanations.figure_id and explanations.base_id != printed.base_id
where
    not printed.is_other_unit
    -- a limit that is not printed limits nothing, and a change of plan is measured against nothing
    and not (printed.verdict = 'not_checkable' and printed.form in ('limit'))

union all

select
    wrong_id || '-claim_rate_direction',
    document_id,
    department_year_id,
    'claim_rate_direction',
    'direction',
    'minor',
    'direction',
    relation_zh,
    relation_en,
    wrong_id,
    case wrong_id when figure_id then 'percent' else 'money' end,
    measure,
    case wrong_id when figure_id then direction else top_direction end,
    top_id,
    top_name,
    top_text,
    top_value,
    top_half_width,
    base_id,
    null,
    base_name,
    base_text,
    base_value,
    base_half_width,
    null,
    null,
    null,
    'violated',
    false,
    false,
    null,
    null,
    null,
    null,
    null,
    cast((confidence = 'ocr') as integer)
from unlike
