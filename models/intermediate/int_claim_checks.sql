with duplicates as (

    select * from {{ ref('int_claim_figures') }}

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

problems as (

    select * from {{ ref('stg_problems') }}

),

checks as (

    select
        check_id, document_id, department_year_id, rule_id, kind, severity, comparison, figure_id, value_kind,
        printed_value, expected_value, difference, tolerance, verdict, is_truncated, is_settled_by_unit, missing,
        missing_zh, n_ocr,
        list_filter([figure_id, other_figure_id], lambda id: id is not null) as figures
    from duplicates

    union all

    select
        check_id, document_id, department_year_id, rule_id, kind, severity,
        case form when 'limit' then 'at_most' else 'equals' end,
        figure_id, value_kind, printed_value, expected_value, printed_value - expected_value, tolerance, verdict,
        is_truncated, is_settled_by_unit, missing, missing_zh, n_ocr,
        list_distinct(list_filter([figure_id, top_id, base_id], lambda id: id is not null))
    from comparisons

    union all

    select
        check_id, document_id, department_year_id, rule_id, kind, severity, comparison, figure_id, value_kind,
        printed_value, expected_value, difference, tolerance, verdict, is_truncated, is_settled_by_unit, missing,
        missing_zh, n_ocr,
        list_prepend(figure_id, list_transform(parts, lambda part: part.figure_id))
    from sums

),

-- an amount that contradicts its own fact decides nothing else: the contradiction is reported, not its echoes
disputed as (

    select figure_id, any_value(expected_value) as expected_value
    from duplicates
    where verdict = 'violated' and not is_settled_by_unit
    group by figure_id

),

-- a rate that is off by more than a point whichever of the two amounts holds is wrong on its own
wrong_either_way as (

    select comparisons.check_id
    from comparisons
    left join disputed as tops on comparisons.top_id = tops.figure_id
    left join disputed as bases on comparisons.base_id = bases.figure_id
    where
        comparisons.form = 'ratio'
        and comparisons.verdict = 'violated'
        and comparisons.value_kind = 'percent'
        and abs(comparisons.printed_value - comparisons.expected_value) > 1
        and case
            when coalesce(bases.expected_value, comparisons.base_yuan) > 0
                then abs(
                    comparisons.printed_value
                    - {{ percentage(
                        'coalesce(tops.expected_value, comparisons.top_yuan)',
                        'coalesce(bases.expected_value, comparisons.base_yuan)'
                    ) }}
                ) > 1
            else false
        end

),

-- a blank that nobody filled in may be the part that a sum lacks
unfilled as (

    select distinct claims.document_id, claims.section
    from (
        select document_id, section, min((page, line_no)) as first_place, max((page, line_no)) as last_place
        from claims
        group by document_id, section
    ) as claims
    inner join problems
        on
            claims.document_id = problems.document_id
            and (problems.page, problems.line_no) between claims.first_place and claims.last_place
    where problems.problem_code = 'residue_blank'

),

echoes as (

    select spread.check_id, min(spread.figure_id) as disputed_figure_id
    from (select check_id, unnest(figures) as figure_id from checks where verdict = 'violated' and kind != 'duplicate')
        as spread
    inner join disputed on spread.figure_id = disputed.figure_id
    where spread.check_id not in (select wrong_either_way.check_id from wrong_either_way)
    group by spread.check_id

)

select
    checks.check_id,
    checks.document_id,
    checks.department_year_id,
    checks.rule_id,
    checks.kind,
    checks.severity,
    checks.comparison,
    checks.figure_id,
    claims.page,
    claims.line_no,
    claims.section,
    checks.value_kind,
    cast(checks.printed_value as decimal(28, 6)) as printed_value,
    cast(checks.expected_value as decimal(28, 6)) as expected_value,
    cast(checks.difference as decimal(28, 6)) as difference,
    cast(checks.tolerance as decimal(28, 6)) as tolerance,
    case
        when echoes.check_id is not null then 'not_checkable'
        when unfilled.document_id is not null and checks.verdict = 'violated' then 'not_checkable'
        else checks.verdict
    end as verdict,
    checks.is_truncated,
    checks.is_settled_by_unit and echoes.check_id is null and unfilled.document_id is null as is_settled_by_unit,
    coalesce(
        'which holds of ' || echoes.disputed_figure_id || ' and what it repeats',
        case when unfilled.document_id is not null and checks.verdict = 'violated' then 'the number of a blank in the text' end,
        checks.missing
    ) as missing,
    coalesce(
        '与其他处不一致的数字以何者为准：' || echoes.disputed_figure_id,
        case when unfilled.document_id is not null and checks.verdict = 'violated' then '文字中未填写的数字' end,
        checks.missing_zh
    ) as missing_zh,
    checks.figures,
    cast(len(checks.figures) as integer) as n_terms,
    cast(checks.n_ocr as integer) as n_ocr
from checks
inner join claims on checks.figure_id = claims.figure_id
left join echoes on checks.check_id = echoes.check_id
left join unfilled
    on checks.document_id = unfilled.document_id and claims.section = unfilled.section and checks.kind = 'sum'
