-- 年初预算与决算差距最大的在哪里，数字有多可靠？
-- Where are the largest gaps between 年初预算 and 决算, and how sure is each figure?
with gaps as (
    -- by 项, as the narrative reports them
    select
        budget.department_id,
        budget.fiscal_year,
        code.functional_code,
        code.name_zh,
        budget.amount_yuan as budget_yuan,
        final.amount_yuan as final_yuan,
        budget.confidence as budget_confidence,
        final.confidence as final_confidence,
        [budget.figure_id, final.figure_id] as figure_ids
    from marts.fct_function_amounts as budget
    inner join marts.fct_function_amounts as final
        using (department_year_id, functional_code, fund, measure)
    inner join marts.dim_functional_classification as code using (functional_code)
    where budget.phase = 'initial_budget' and final.phase = 'final' and budget.is_leaf
    union all
    -- of the whole department
    select
        department_id,
        fiscal_year,
        '',
        '一般公共预算支出合计',
        general_public_budget_initial_budget_yuan,
        general_public_budget_expenditure_yuan,
        general_public_budget_initial_budget_confidence,
        general_public_budget_expenditure_confidence,
        [general_public_budget_initial_budget_figure_id, general_public_budget_expenditure_figure_id]
    from marts.fct_department_year
)

select
    department.department_name as 部门,
    gaps.fiscal_year as 年度,
    gaps.functional_code as 编码,
    gaps.name_zh as 科目,
    (gaps.budget_yuan * 0.0001)::decimal(18, 2) as "年初预算（万元）",
    (gaps.final_yuan * 0.0001)::decimal(18, 2) as "决算（万元）",
    ((gaps.final_yuan - gaps.budget_yuan) * 0.0001)::decimal(18, 2) as "差（万元）",
    gaps.budget_confidence || ' / ' || gaps.final_confidence as 可信度,
    (
        select string_agg(finding.message_zh, '；' order by finding.finding_id)
        from quality.fct_findings as finding
        where list_contains(gaps.figure_ids, finding.figure_id)
    ) as 问题
from gaps
inner join marts.dim_department as department using (department_id)
where gaps.final_yuan <> gaps.budget_yuan
order by abs(gaps.final_yuan - gaps.budget_yuan) desc, 部门, 编码
limit 12
