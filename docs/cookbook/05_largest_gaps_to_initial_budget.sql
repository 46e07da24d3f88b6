-- 年初预算与决算差距最大的在哪里，数字有多可靠？
-- Where are the largest gaps between 年初预算 and 决算, and how sure is each figure?
select
    department.department_name as 部门,
    code.name_zh as 科目,
    budget.functional_code as 编码,
    round(budget.amount_yuan / 10000, 2) as "年初预算（万元）",
    round(final.amount_yuan / 10000, 2) as "决算（万元）",
    round((final.amount_yuan - budget.amount_yuan) / 10000, 2) as "差（万元）",
    budget.confidence || ' / ' || final.confidence as 可信度,
    exists (
        select 1 from quality.fct_findings as finding
        where finding.figure_id in (budget.figure_id, final.figure_id)
    ) as 有问题
from marts.fct_function_amounts as budget
inner join marts.fct_function_amounts as final
    using (department_year_id, functional_code, fund, measure)
inner join marts.dim_department as department on budget.department_id = department.department_id
inner join marts.dim_functional_classification as code using (functional_code)
where budget.phase = 'initial_budget' and final.phase = 'final' and budget.is_leaf
order by abs(final.amount_yuan - budget.amount_yuan) desc, 部门, 编码
limit 10
