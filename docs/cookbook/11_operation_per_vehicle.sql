-- 每辆公务用车的运行维护费？
-- What does an official vehicle cost to run?
select
    department.department_name as 部门,
    ratio.fiscal_year as 年度,
    round(ratio.ratio_value / 10000, 2) as "车均运行维护费（万元）",
    ratio.numerator_figure_id as 费用数字编号,
    ratio.denominator_figure_id as 车辆数字编号
from marts.fct_department_year_ratios as ratio
inner join marts.dim_department as department using (department_id)
where ratio.ratio = 'vehicle_operation_per_vehicle' and ratio.ratio_value is not null
order by ratio.ratio_value desc
