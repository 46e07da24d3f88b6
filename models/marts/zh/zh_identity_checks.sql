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
    case when checks.instance_code = 'total' then '合计' else checks.instance_code end as "科目编码",
    checks.measure_zh as "栏目",
    case checks.severity when 'critical' then '严重' when 'major' then '重要' when 'minor' then '一般' end as "级别",
    case
        when checks.verdict = 'exact' and checks.comparison = 'at_least' then '不小于，符合'
        when checks.verdict = 'exact' then '完全相符'
        when checks.verdict = 'within_rounding' then '在尾数误差内'
        when checks.verdict = 'violated' then '不符'
        when checks.verdict = 'not_checkable' then '无法核对'
    end as "结论",
    {{ in_ten_thousand('checks.total_yuan') }} as "合计数（万元）",
    {{ in_ten_thousand('checks.parts_yuan') }} as "分项之和（万元）",
    {{ in_ten_thousand('checks.difference_yuan') }} as "差额（万元）",
    -- half a 分 for a figure printed in 元
    cast(cast(checks.tolerance_yuan as decimal(28, 6)) * 0.0001 as decimal(28, 7)) as "允许误差（万元）",
    checks.n_ocr as "图像识别的数字（个）",
    checks.missing_zh as "缺少",
    checks.waiver_reason as "豁免理由",
    checks.page as "页",
    checks.line_no as "行",
    checks.first_figure_id as "数字编号",
    documents.file_name as "文件"
from checks
inner join documents on checks.document_id = documents.document_id
left join departments on documents.department_id = departments.department_id
order by documents.file_name, checks.check_id
