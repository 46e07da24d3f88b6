{{ config(alias='项目绩效') }}

with projects as (

    select * from {{ ref('fct_projects') }}

),

departments as (

    select * from {{ ref('dim_department') }}

)

select
    departments.department_name as "部门",
    projects.fiscal_year as "年度",
    projects.project_name as "项目",
    {{ in_ten_thousand('projects.initial_budget_yuan') }} as "年初预算（万元）",
    {{ in_ten_thousand('projects.adjusted_budget_yuan') }} as "全年预算（万元）",
    {{ in_ten_thousand('projects.final_yuan') }} as "全年执行（万元）",
    cast(projects.completion_rate_percent as decimal(28, 2)) as "执行率（%）",
    cast(projects.score as decimal(28, 2)) as "得分（分）",
    case projects.evidence_kind when 'annex' then '附件' when 'narrative' then '文字说明' end as "出处",
    {{ confidence_zh('projects.least_sure_confidence') }} as "可信度",
    projects.final_figure_id as "全年执行数字编号",
    projects.document_id as "文件编号"
from projects
inner join departments on projects.department_id = departments.department_id
order by departments.department_name, projects.fiscal_year, projects.project_name
