with claims as (

    select * from {{ ref('int_claim_facts') }}

),

claim_figures as (

    select * from {{ ref('claim_figures') }}

),

table_facts as (

    select * from {{ ref('int_claim_table_facts') }}

),

tables as (

    select document_id, table_code, bool_or(is_declared_empty) as is_declared_empty
    from {{ ref('stg_tables') }}
    group by document_id, table_code

),

table_codes as (

    select * from {{ ref('table_codes') }}

),

-- which figure a subject repeats, by subject and measure; what the seed says of the final accounts holds of budgets
tied_subjects as (

    select subjects.subject, subjects.measure, claim_figures.* exclude (subject, measure)
    from (select distinct subject, measure from claims) as subjects
    inner join claim_figures
        on
            subjects.subject like replace(claim_figures.subject, '_', '\_') escape '\'
            and (
                subjects.measure = claim_figures.measure
                or claim_figures.measure = 'final'
                and claim_figures.table_code like 'gk%'
                and subjects.measure in ('initial_budget', 'adjusted_budget', 'prior_year')
            )

),

tied as (

    select
        claims.*,
        cast(tied_subjects.preference as integer) as preference,
        -- any comes before first: beside a figure that it may be too, the first decides no more
        min(tied_subjects.match) over (partition by claims.figure_id) as match,
        min(tied_subjects.match) over (partition by claims.figure_id)
        != max(tied_subjects.match) over (partition by claims.figure_id) as is_either,
        tied_subjects.comparison,
        tied_subjects.severity,
        tied_subjects.table_code,
        tied_subjects.keyed_by,
        tied_subjects.sections,
        tied_subjects.line_item as tied_line_item,
        case tied_subjects.keyed_by
            when 'code' then coalesce(claims.functional_code, claims.functional_path)
            when 'class_code' then coalesce(claims.class_code, claims.functional_path)
            when 'subject' then claims.subject
            when 'name' then claims.name_key
        end as instance_key,
        -- what may repeat any of several figures is a fact of its own
        case
            when bool_or(tied_subjects.match = 'any') over (partition by claims.figure_id) then tied_subjects.subject
            else concat_ws(' ', tied_subjects.table_code, tied_subjects.line_item, tied_subjects.figure_measure)
        end as fact
    from claims
    inner join tied_subjects
        on
            claims.subject = tied_subjects.subject
            and claims.measure = tied_subjects.measure
            and (tied_subjects.sections is null or regexp_full_match(claims.section, tied_subjects.sections))
            and (tied_subjects.evidence is null or regexp_matches(claims.evidence, tied_subjects.evidence))

),

-- a claim's first tie names the fact; sentences that state one fact state it alike
facts as (

    select
        *,
        document_id || ' ' || fact || ' ' || measure || coalesce(' ' || instance_key, '') as fact_id
    from tied
    qualify row_number() over (partition by figure_id order by preference, table_code) = 1

),

candidates as (

    select
        tied.figure_id,
        tied.preference,
        tied.match,
        tied.comparison,
        tied.severity,
        table_facts.figure_id as other_figure_id,
        table_facts.table_code,
        table_facts.row_label,
        table_facts.page as other_page,
        table_facts.line_no as other_line_no,
        table_facts.value as stated_value,
        table_facts.half_width as stated_half_width,
        table_facts.is_conflicting,
        table_facts.confidence as other_confidence,
        'claim_repeats_table' as rule_id
    from tied
    inner join table_facts
        on
            tied.document_id = table_facts.document_id
            and tied.table_code = table_facts.table_code
            and tied.subject like replace(table_facts.subject, '_', '\_') escape '\'
            and tied.measure = table_facts.measure
            and tied.preference = table_facts.preference
            and tied.sections is not distinct from table_facts.sections
            and tied.instance_key is not distinct from table_facts.instance_key
            and tied.keyed_by is not distinct from table_facts.keyed_by

),

untold as (

    select * from facts
    where figure_id not in (select candidates.figure_id from candidates)

),

-- of what no table prints, the value stated most often is held against the others; of equals the first
usual as (

    select
        fact_id,
        value,
        arg_min(figure_id, claim_no) as figure_id,
        arg_min(half_width, claim_no) as half_width,
        arg_min(page, claim_no) as page,
        arg_min(line_no, claim_no) as line_no,
        arg_min(confidence, claim_no) as confidence,
        count(*) as n_prints,
        min(claim_no) as first_claim_no
    from untold
    group by fact_id, value
    qualify row_number() over (partition by fact_id order by n_prints desc, first_claim_no) = 1

),

repeated as (

    select
        untold.figure_id,
        1 as preference,
        'first' as match,
        'equals' as comparison,
        untold.severity,
        usual.figure_id as other_figure_id,
        cast(null as varchar) as table_code,
        cast(null as varchar) as row_label,
        usual.page as other_page,
        usual.line_no as other_line_no,
        usual.value as stated_value,
        usual.half_width as stated_half_width,
        false as is_conflicting,
        usual.confidence as other_confidence,
        'claim_repeats_claim' as rule_id
    from untold
    inner join usual on untold.fact_id = usual.fact_id and untold.figure_id != usual.figure_id

),

compared as (

    select
        facts.*,
        pairs.* exclude (figure_id, preference, match, comparison, severity, table_code),
        pairs.preference as candidate_preference,
        pairs.match as candidate_match,
        pairs.comparison as candidate_comparison,
        pairs.severity as candidate_severity,
        pairs.table_code as other_table_code,
        readings.is_other_unit,
        case when readings.is_other_unit then facts.other_value else facts.value end - pairs.stated_value
            as difference,
        case when readings.is_other_unit then facts.other_half_width else facts.half_width end + pairs.stated_half_width
            as tolerance,
        case when readings.is_other_unit then facts.other_half_width else facts.half_width end = pairs.stated_half_width
            as is_same_print
    from facts
    inner join (
        select * from candidates
        union all
        select * from repeated
    ) as pairs
        on facts.figure_id = pairs.figure_id
    inner join (select unnest([false, true]) as is_other_unit) as readings
        on not readings.is_other_unit or facts.is_unit_suspect

),

judged as (

    select
        *,
        case
            when is_conflicting then 'not_checkable'
            when difference = 0 or candidate_comparison = 'at_most' and difference < 0 then 'exact'
            when candidate_comparison = 'at_most' and difference <= tolerance then 'within_rounding'
            -- equal decimals must be equal figures; one unit off, one of the two is cut off
            when candidate_comparison = 'equals' and abs(difference) <= tolerance then 'within_rounding'
            when candidate_comparison = 'equals' and abs(difference) < 2 * greatest(half_width, stated_half_width)
                then 'within_rounding'
            else 'violated'
        end as verdict,
        candidate_comparison = 'equals'
        and difference != 0
        and (is_same_print or abs(difference) > tolerance) as is_cut
    from compared

),

-- of a claim that may repeat any of several figures, the one that agrees best; else the first that is printed,
-- or the nearer where either may be meant
chosen as (

    select *
    from judged
    qualify row_number() over (
        partition by figure_id, is_other_unit
        order by
            case
                when candidate_match != 'any' then 0
                when verdict = 'exact' then 1 when verdict = 'within_rounding' then 2
                else 3
            end,
            case when is_either then abs(difference) end,
            candidate_preference,
            other_figure_id
    ) = 1

),

checked as (

    select
        printed.*,
        coalesce(other_unit.verdict in ('exact', 'within_rounding'), false) as is_settled_by_unit
    from chosen as printed
    left join chosen as other_unit on printed.figure_id = other_unit.figure_id and other_unit.is_other_unit
    where not printed.is_other_unit

),

-- tied to a table that does not print it
untied as (

    select
        facts.*,
        coalesce(tables.is_declared_empty, false) as is_declared_empty,
        tables.table_code is not null as is_table_there,
        coalesce(table_codes.official_no, facts.table_code) as official_no
    from facts
    left join tables on facts.document_id = tables.document_id and facts.table_code = tables.table_code
    left join table_codes on facts.table_code = table_codes.table_code
    where
        facts.table_code is not null
        and facts.figure_id not in (select checked.figure_id from checked)

)

select
    checked.figure_id || '-' || checked.rule_id as check_id,
    checked.document_id,
    checked.department_year_id,
    checked.rule_id,
    'duplicate' as kind,
    checked.candidate_severity as severity,
    checked.candidate_comparison as comparison,
    checked.fact_id,
    checked.figure_id,
    checked.other_figure_id,
    checked.kind as value_kind,
    checked.value as printed_value,
    checked.stated_value as expected_value,
    checked.difference,
    checked.tolerance,
    checked.verdict,
    checked.verdict = 'within_rounding' and checked.is_cut as is_truncated,
    checked.verdict = 'violated' and checked.is_settled_by_unit as is_settled_by_unit,
    case when checked.is_conflicting then 'which print holds of ' || checked.other_figure_id end as missing,
    case
        when checked.is_conflicting then '同一数字印得不同，以何者为准：' || checked.other_figure_id
    end as missing_zh,
    cast((checked.confidence = 'ocr') as integer) + cast((checked.other_confidence = 'ocr') as integer) as n_ocr
from checked

union all

select
    figure_id || '-claim_repeats_table',
    document_id,
    department_year_id,
    'claim_repeats_table',
    'duplicate',
    severity,
    comparison,
    fact_id,
    figure_id,
    null,
    kind,
    value,
    null,
    null,
    null,
    'not_checkable',
    false,
    false,
    case
        when is_declared_empty then table_code || ' is declared empty'
        when is_table_there then 'no such figure in ' || table_code
        else table_code
    end,
    case
        when is_declared_empty then official_no || '注明为空表'
        when is_table_there then official_no || '没有这一数字'
        else official_no
    end,
    cast((confidence = 'ocr') as integer)
from untied
