-- 支出中用于人的占多少？
-- Which share of spending is on people?
select
    department.department_name as 部门,
    account.fiscal_year as 年度,
    (account.personnel_expenditure_yuan * 0.0001)::decimal(18, 2) as "人员经费（万元）",
    of_basic.ratio_value::decimal(9, 1) as "占基本支出（%）",
    of_all.ratio_value::decimal(9, 1) as "占支出合计（%）",
    account.personnel_expenditure_evidence as 出处,
    of_all.confidence as 可信度
from marts.fct_department_year as account
inner join marts.dim_department as department using (department_id)
inner join marts.fct_department_year_ratios as of_all using (department_year_id)
inner join marts.fct_department_year_ratios as of_basic using (department_year_id)
where of_all.ratio = 'personnel_share' and of_basic.ratio = 'personnel_share_of_basic'
order by of_all.ratio_value desc nulls last, 部门, 年度
