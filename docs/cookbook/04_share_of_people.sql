-- 基本支出中人员经费占多少？
-- Which share of basic expenditure is spent on people?
select
    department.department_name as 部门,
    account.fiscal_year as 年度,
    round(account.personnel_expenditure_yuan / 10000, 2) as "人员经费（万元）",
    round(account.public_expenditure_yuan / 10000, 2) as "公用经费（万元）",
    round(100 * account.personnel_expenditure_yuan
        / (account.personnel_expenditure_yuan + account.public_expenditure_yuan), 1) as "人员经费占比（%）",
    account.personnel_expenditure_evidence as 出处
from marts.fct_department_year as account
inner join marts.dim_department as department using (department_id)
where account.personnel_expenditure_yuan + account.public_expenditure_yuan > 0
order by "人员经费占比（%）" desc
