-- 哪些部门“三公”经费决算超过预算？
-- Which departments spent more on the three public expenses than they budgeted?
select
    department.department_name as 部门,
    account.fiscal_year as 年度,
    (account.three_public_budget_yuan * 0.0001)::decimal(18, 2) as "预算（万元）",
    (account.three_public_final_yuan * 0.0001)::decimal(18, 2) as "决算（万元）",
    ((account.three_public_final_yuan - account.three_public_budget_yuan) * 0.0001)::decimal(18, 2) as "超过（万元）",
    account.three_public_final_evidence as 决算出处,
    account.three_public_final_figure_id as 决算数字编号
from marts.fct_department_year as account
inner join marts.dim_department as department using (department_id)
where account.three_public_final_yuan > account.three_public_budget_yuan
order by "超过（万元）" desc, 部门, 年度
