{{ config(alias='经济分类支出明细') }}

with amounts as (

    select * from {{ ref('fct_economic_amounts') }}

),

codes as (

    select * from {{ ref('dim_economic_classification') }}

),

departments as (

    select * from {{ ref('dim_department') }}

)

select
    departments.department_name as "部门",
    amounts.fiscal_year as "年度",
    case when amounts.code_level in ('class', 'section') then amounts.economic_code else codes.name_zh end as "科目编码",
    codes.name_zh as "科目名称",
    case amounts.code_level
        when 'total' then '合计' when 'group' then '经费' when 'class' then '类' when 'section' then '款'
    end as "科目级次",
    amounts.is_leaf as "是否末级",
    case codes.basic_expenditure_group
        when 'personnel' then '人员经费' when 'public' then '公用经费'
    end as "经费类别",
    {{ in_ten_thousand('amounts.amount_yuan') }} as "基本支出决算（万元）",
    {{ confidence_zh('amounts.confidence') }} as "可信度",
    amounts.figure_id as "数字编号",
    amounts.document_id as "文件编号"
from amounts
inner join codes on amounts.economic_code = codes.economic_code
inner join departments on amounts.department_id = departments.department_id
order by departments.department_name, amounts.fiscal_year, amounts.economic_code
