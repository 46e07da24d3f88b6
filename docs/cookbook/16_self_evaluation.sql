-- 整体支出绩效自评得多少分，预算执行了多少？
-- What score did the self-evaluation of all spending give, and how much of the initial budget was spent?
select
    department.department_name as 部门,
    account.fiscal_year as 年度,
    account.performance_score::decimal(9, 2) as 得分,
    account.performance_score_evidence as 得分出处,
    execution.ratio_value::decimal(9, 1) as "完成年初预算（%）"
from marts.fct_department_year as account
inner join marts.dim_department as department using (department_id)
left join marts.fct_department_year_ratios as execution
    on account.department_year_id = execution.department_year_id and execution.ratio = 'budget_execution'
where account.performance_score is not null
order by account.performance_score desc, 部门, 年度
