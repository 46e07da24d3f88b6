{{ config(alias='部门收支总览') }}

with department_years as (

    select * from {{ ref('fct_department_year') }}

),

departments as (

    select * from {{ ref('dim_department') }}

),

regions as (

    select * from {{ ref('dim_region') }}

)

select
    departments.department_name as "部门",
    regions.region_name as "地区",
    department_years.fiscal_year as "年度",
    {%- for figure, label in [
        ('grand_total', '收支总计'), ('revenue_total', '本年收入合计'),
        ('fiscal_appropriation_revenue', '财政拨款收入'), ('other_revenue', '其他收入'),
        ('expenditure_total', '本年支出合计'), ('basic_expenditure', '基本支出'),
        ('project_expenditure', '项目支出'), ('opening_carryover', '年初结转和结余'),
        ('closing_carryover', '年末结转和结余'), ('general_public_budget_initial_budget', '一般公共预算年初预算'),
        ('general_public_budget_expenditure', '一般公共预算支出'), ('personnel_expenditure', '人员经费'),
        ('public_expenditure', '公用经费'), ('three_public_final', '三公经费决算'),
        ('agency_operating_expenses', '机关运行经费'), ('procurement_total', '政府采购支出')
    ] %}
    {{ in_ten_thousand("department_years." ~ figure ~ "_yuan") }} as "{{ label }}（万元）",
    {%- endfor %}
    department_years.vehicle_count as "车辆数（辆）",
    department_years.actual_staff_count as "在职人员数（人）",
    cast(department_years.performance_score as decimal(28, 2)) as "绩效得分（分）",
    {{ confidence_zh('department_years.least_sure_confidence') }} as "最低可信度",
    department_years.department_year_id as "部门年度编号"
from department_years
inner join departments on department_years.department_id = departments.department_id
left join regions on departments.region_id = regions.region_id
order by departments.department_name, department_years.fiscal_year
