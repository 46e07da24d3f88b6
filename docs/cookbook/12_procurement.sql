-- 政府采购花在什么上，多少授予中小企业？（空白为没有公开）
-- What did procurement buy, and how much went to small and medium enterprises? (Blank: not published.)
select
    department.department_name as 部门,
    account.fiscal_year as 年度,
    (account.procurement_total_yuan * 0.0001)::decimal(18, 2) as "采购（万元）",
    (account.procurement_goods_yuan * 0.0001)::decimal(18, 2) as "货物（万元）",
    (account.procurement_works_yuan * 0.0001)::decimal(18, 2) as "工程（万元）",
    (account.procurement_services_yuan * 0.0001)::decimal(18, 2) as "服务（万元）",
    (account.procurement_sme_yuan * 0.0001)::decimal(18, 2) as "中小企业（万元）"
from marts.fct_department_year as account
inner join marts.dim_department as department using (department_id)
where account.procurement_total_yuan is not null
order by account.procurement_total_yuan desc, 部门, 年度
