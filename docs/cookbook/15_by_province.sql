-- 各省汇总？
-- What are the totals by province?
select
    region.province_name as 省,
    account.fiscal_year as 年度,
    count(*) as 部门数,
    count(account.expenditure_total_yuan) as 有支出数的部门,
    (sum(account.expenditure_total_yuan) * 0.0001)::decimal(18, 2) as "支出（万元）"
from marts.fct_department_year as account
inner join marts.dim_department using (department_id)
left join marts.dim_region as region using (region_id)
group by all
order by 省 nulls last, 年度
