-- 政府采购授予中小企业多少？
-- How much procurement went to small and medium enterprises?
select
    department.department_name as 部门,
    account.fiscal_year as 年度,
    round(account.procurement_total_yuan / 10000, 2) as "采购（万元）",
    round(account.procurement_sme_yuan / 10000, 2) as "中小企业（万元）"
from marts.fct_department_year as account
inner join marts.dim_department as department using (department_id)
where account.procurement_total_yuan is not null
order by account.procurement_total_yuan desc
