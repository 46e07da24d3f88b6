-- 各省汇总？
-- What are the totals by province?
select
    region.province_name as 省,
    count(*) as 部门年度数,
    round(sum(account.expenditure_total_yuan) / 10000, 2) as "支出（万元）"
from marts.fct_department_year as account
inner join marts.dim_department as department using (department_id)
left join marts.dim_region as region using (region_id)
group by all
order by "支出（万元）" desc
