{{ config(alias='公开记分卡') }}

with scorecards as (

    select * from {{ ref('disclosure_scorecard') }}

)

select
    department_name as "部门",
    fiscal_year as "年度",
    file_name as "文件",
    grade as "等级",
    grade_reason_zh as "评级原因",
    grade_rule_zh as "评级规则",
    critical_count as "严重问题",
    major_count as "重要问题",
    minor_count as "一般问题",
    exact_count as "表格相符",
    within_rounding_count as "表格尾差之内",
    violated_count as "表格不符",
    not_checkable_count as "表格无法核对",
    not_checkable_reasons_zh as "无法核对的原因",
    table_with_figures_count as "有数的表",
    table_declared_empty_count as "声明为空的表",
    table_without_figures_count as "只有标题的表",
    table_absent_count as "缺的表",
    cell_count as "表内数字",
    claim_count as "文字数字",
    claim_tied_count as "文字已核",
    claim_contradicted_count as "文字矛盾"
from scorecards
order by file_name, document_id
