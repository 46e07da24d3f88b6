{{ config(alias='问题清单') }}

with findings as (

    select * from {{ ref('fct_findings') }}

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
    case findings.severity when 'critical' then '严重' when 'major' then '重要' when 'minor' then '一般' end as "级别",
    findings.message_zh as "问题",
    findings.row_label as "项目",
    findings.printed_text as "公开数",
    {{ confidence_zh('findings.confidence') }} as "可信度",
    {{ in_ten_thousand('findings.printed_yuan') }} as "公开数（万元）",
    {{ in_ten_thousand('findings.expected_yuan') }} as "应为（万元）",
    {{ in_ten_thousand('findings.difference_yuan') }} as "差额（万元）",
    findings.page as "页",
    findings.line_no as "行",
    findings.figure_id as "数字编号",
    documents.file_name as "文件"
from findings
inner join documents on findings.document_id = documents.document_id
left join departments on documents.department_id = departments.department_id
order by
    documents.file_name,
    case findings.severity when 'critical' then 1 when 'major' then 2 else 3 end,
    findings.finding_id
