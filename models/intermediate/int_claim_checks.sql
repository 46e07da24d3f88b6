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

    select figure_id from duplicates
    where verdict = 'violated' and not is_settled_by_unit

),

echoes as (

    select spread.check_id, min(spread.figure_id) as disputed_figure_id
    from (select check_id, unnest(figures) as figure_id from checks where verdict = 'violated' and kind != 'duplicate')
        as spread
    inner join disputed on spread.figure_id = disputed.figure_id
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
    case when echoes.check_id is not null then 'not_checkable' else checks.verdict end as verdict,
    checks.is_truncated,
    checks.is_settled_by_unit and echoes.check_id is null as is_settled_by_unit,
    coalesce('which holds of ' || echoes.disputed_figure_id || ' and what it repeats', checks.missing) as missing,
    coalesce('与其他处不一致的数字以何者为准：' || echoes.disputed_figure_id, checks.missing_zh) as missing_zh,
    checks.figures,
    cast(len(checks.figures) as integer) as n_terms,
    cast(checks.n_ocr as integer) as n_ocr
from checks
inner join claims on checks.figure_id = claims.figure_id
left join echoes on checks.check_id = echoes.check_id
