{{ config(alias='勾稽检查结果') }}

with checks as (

    select * from {{ ref('fct_identity_checks') }}

),

documents as (

    select * from {{ ref('dim_document') }}

),

departments as (

    select * from {{ ref('dim_department') }}

)

select
    departments.department_name as "部门",
    documents.fiscal_year as "年度",
    checks.name_zh as "勾稽关系",
    checks.formula_text as "公式",
    checks.instance_code as "科目编码",
    checks.instance_measure as "栏目",
    case checks.severity when 'critical' then '严重' when 'major' then '重要' when 'minor' then '一般' end as "级别",
    case checks.verdict
        when 'exact' then '完全相符'
        when 'within_rounding' then '在尾数误差内'
        when 'violated' then '不符'
        when 'not_checkable' then '无法核对'
    end as "结论",
    {{ wan_yuan('checks.total_yuan') }} as "合计数（万元）",
    {{ wan_yuan('checks.parts_yuan') }} as "分项之和（万元）",
    {{ wan_yuan('checks.difference_yuan') }} as "差额（万元）",
    {{ wan_yuan('checks.tolerance_yuan') }} as "允许误差（万元）",
    checks.missing as "缺少",
    checks.waiver_reason as "豁免理由",
    checks.page as "页",
    checks.line_no as "行",
    checks.first_figure_id as "数字编号",
    documents.file_name as "文件"
from checks
inner join documents on checks.document_id = documents.document_id
left join departments on documents.department_id = departments.department_id
order by documents.file_name, checks.check_id
