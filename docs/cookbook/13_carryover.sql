-- 年初和年末各结转多少？
-- How much was carried over at the beginning and the end of the year?
select
    department.department_name as 部门,
    account.fiscal_year as 年度,
    (account.opening_carryover_yuan * 0.0001)::decimal(18, 2) as "年初结转和结余（万元）",
    (account.closing_carryover_yuan * 0.0001)::decimal(18, 2) as "年末结转和结余（万元）"
from marts.fct_department_year as account
inner join marts.dim_department as department using (department_id)
where account.opening_carryover_yuan is not null or account.closing_carryover_yuan is not null
order by 部门, 年度
