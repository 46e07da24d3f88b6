-- 每辆车的运行维护费？
-- What does a vehicle cost to run?
select
    department.department_name as 部门,
    ratio.fiscal_year as 年度,
    (ratio.numerator_value * 0.0001)::decimal(18, 2) as "运行维护费（万元）",
    ratio.denominator_value::integer as "车辆（辆）",
    (ratio.ratio_value * 0.0001)::decimal(18, 2) as "车均（万元）",
    ratio.comparability_note as 说明
from marts.fct_department_year_ratios as ratio
inner join marts.dim_department as department using (department_id)
where ratio.ratio = 'vehicle_operation_per_vehicle_held' and ratio.ratio_value is not null
order by ratio.ratio_value desc, 部门, 年度
