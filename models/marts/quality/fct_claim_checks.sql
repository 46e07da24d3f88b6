with checks as (

    select * from {{ ref('int_claim_checks') }}

),

rules as (

    select relation_id as rule_id, name_zh, name_en, formula_text from {{ ref('claim_relations') }}
    union all
    select rule_id, arg_min(name_zh, preference), arg_min(name_en, preference), cast(null as varchar)
    from {{ ref('claim_bases') }}
    group by rule_id

),

-- the checks that a waived finding explains
waived as (

    select spread.check_id, any_value(waivers.reason) as reason
    from (
        select finding_id, unnest(string_split(check_ids, ' ')) as check_id
        from {{ ref('int_claim_findings') }}
    ) as spread
    inner join {{ ref('waivers') }} as waivers on spread.finding_id = waivers.finding_id
    group by spread.check_id

)

select
    checks.check_id,
    checks.document_id,
    checks.department_year_id,
    checks.rule_id,
    rules.name_zh,
    rules.name_en,
    rules.formula_text,
    checks.kind,
    checks.severity,
    checks.comparison,
    checks.figure_id,
    checks.section,
    checks.page,
    checks.line_no,
    checks.value_kind,
    checks.printed_value,
    checks.expected_value,
    checks.difference,
    checks.tolerance,
    checks.verdict,
    checks.is_truncated,
    checks.is_settled_by_unit,
    waived.check_id is not null as is_waived,
    waived.reason as waiver_reason,
    checks.missing,
    checks.missing_zh,
    checks.n_terms,
    checks.n_ocr,
    array_to_string(checks.figures, ' ') as figure_ids
from checks
inner join rules on checks.rule_id = rules.rule_id
left join waived on checks.check_id = waived.check_id
order by checks.check_id
