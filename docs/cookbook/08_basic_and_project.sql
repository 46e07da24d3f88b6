-- 基本支出与项目支出各占多少？
-- How do basic and project expenditure divide?
select
    department.department_name as 部门,
    ratio.fiscal_year as 年度,
    any_value(ratio.ratio_value) filter (where ratio.ratio = 'basic_share')::decimal(9, 1) as "基本支出占比（%）",
    any_value(ratio.ratio_value) filter (where ratio.ratio = 'project_share')::decimal(9, 1) as "项目支出占比（%）"
from marts.fct_department_year_ratios as ratio
inner join marts.dim_department as department using (department_id)
where ratio.ratio in ('basic_share', 'project_share') and ratio.ratio_value is not null
group by department.department_name, ratio.fiscal_year
order by 部门, 年度
