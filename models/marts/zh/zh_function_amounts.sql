{{ config(alias='功能分类支出明细') }}

with amounts as (

    select * from {{ ref('fct_function_amounts') }}
    where measure like 'expenditure.%'

),

codes as (

    select * from {{ ref('dim_functional_classification') }}

),

departments as (

    select * from {{ ref('dim_department') }}

),

funds as (

    select * from {{ ref('dim_fund') }}

),

phases as (

    select * from {{ ref('dim_phase') }}

),

findings as (

    select figure_id, string_agg(message_zh, ' ' order by finding_id) as messages_zh
    from {{ ref('fct_findings') }}
    where figure_id is not null
    group by figure_id

),

-- one row per code, fund and phase: the parts of the expenditure side by side
expenditures as (

    select
        department_id,
        fiscal_year,
        functional_code,
        code_level,
        bool_and(is_leaf) as is_leaf,
        fund,
        phase,
        any_value(evidence_kind) filter (where measure = 'expenditure.total') as evidence_kind,
        document_id,
        {%- for part in ['total', 'basic', 'project', 'remitted_to_superior', 'operating', 'subsidy_to_affiliated'] %}
        any_value(amount_yuan) filter (where measure = 'expenditure.{{ part }}') as {{ part }}_yuan,
        {%- endfor %}
        {{ least_sure('confidence') }} as confidence,
        any_value(figure_id) filter (where measure = 'expenditure.total') as total_figure_id
    from amounts
    group by department_id, fiscal_year, functional_code, code_level, fund, phase, document_id

)

select
    departments.department_name as "部门",
    expenditures.fiscal_year as "年度",
    funds.name_zh as "资金来源",
    phases.name_zh as "阶段",
    case when expenditures.code_level = 'total' then '合计' else expenditures.functional_code end as "科目编码",
    codes.name_zh as "科目名称",
    {{ level_zh('expenditures.code_level') }} as "科目级次",
    expenditures.is_leaf as "是否末级",
    {{ in_ten_thousand('expenditures.total_yuan') }} as "支出合计（万元）",
    {{ in_ten_thousand('expenditures.basic_yuan') }} as "基本支出（万元）",
    {{ in_ten_thousand('expenditures.project_yuan') }} as "项目支出（万元）",
    {{ in_ten_thousand('expenditures.remitted_to_superior_yuan') }} as "上缴上级支出（万元）",
    {{ in_ten_thousand('expenditures.operating_yuan') }} as "经营支出（万元）",
    {{ in_ten_thousand('expenditures.subsidy_to_affiliated_yuan') }} as "对附属单位补助支出（万元）",
    case expenditures.evidence_kind when 'table' then '表格' when 'narrative' then '文字说明' end as "出处",
    {{ confidence_zh('expenditures.confidence') }} as "可信度",
    findings.messages_zh as "支出合计的问题",
    expenditures.total_figure_id as "支出合计数字编号",
    expenditures.document_id as "文件编号"
from expenditures
inner join departments on expenditures.department_id = departments.department_id
inner join codes on expenditures.functional_code = codes.functional_code
inner join funds on expenditures.fund = funds.fund
inner join phases on expenditures.phase = phases.phase
left join findings on expenditures.total_figure_id = findings.figure_id
order by
    departments.department_name,
    expenditures.fiscal_year,
    funds.sort_order,
    phases.sort_order,
    expenditures.functional_code
