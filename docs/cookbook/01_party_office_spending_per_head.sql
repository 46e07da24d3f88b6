-- 各区党委办公室人均支出是多少？
-- What did the party offices spend per head of staff?
select
    department.department_name as 部门,
    region.region_name as 地区,
    ratio.fiscal_year as 年度,
    (ratio.numerator_value * 0.0001)::decimal(18, 2) as "支出（万元）",
    ratio.denominator_value::integer as "在职人员（人）",
    (ratio.ratio_value * 0.0001)::decimal(18, 2) as "人均支出（万元）",
    ratio.confidence as 可信度,
    ratio.reason as 没有数值的原因
from marts.fct_department_year_ratios as ratio
inner join marts.dim_department as department using (department_id)
left join marts.dim_region as region using (region_id)
where ratio.ratio = 'expenditure_per_staff' and department.department_kind = 'party_office'
order by ratio.ratio_value desc nulls last, 部门, 年度
