-- 基本支出与项目支出各占多少？
-- How do basic and project expenditure divide?
select
    department.department_name as 部门,
    account.fiscal_year as 年度,
    round(100 * account.basic_expenditure_yuan / account.expenditure_total_yuan, 1) as "基本支出占比（%）",
    round(100 * account.project_expenditure_yuan / account.expenditure_total_yuan, 1) as "项目支出占比（%）"
from marts.fct_department_year as account
inner join marts.dim_department as department using (department_id)
where account.expenditure_total_yuan > 0
order by 部门
