{{ config(alias='三公经费') }}

with three_public as (

    select * from {{ ref('fct_three_public') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

departments as (

    select * from {{ ref('dim_department') }}

),

-- budget and final account of one part side by side
parts as (

    select
        department_id,
        fiscal_year,
        measure,
        {%- for phase, part in [("phase != 'final'", 'budget'), ("phase = 'final'", 'final')] %}
        any_value(amount_yuan) filter (where {{ phase }}) as {{ part }}_yuan,
        any_value(phase) filter (where {{ phase }}) as {{ part }}_phase,
        any_value(evidence_kind) filter (where {{ phase }}) as {{ part }}_evidence,
        any_value(confidence) filter (where {{ phase }}) as {{ part }}_confidence,
        any_value(figure_id) filter (where {{ phase }}) as {{ part }}_figure_id
        {{- ',' if not loop.last }}
        {%- endfor %}
    from three_public
    group by department_id, fiscal_year, measure

)

select
    departments.department_name as "部门",
    parts.fiscal_year as "年度",
    measures.name_zh as "项目",
    {{ in_ten_thousand('parts.budget_yuan') }} as "预算（万元）",
    case parts.budget_phase when 'adjusted_budget' then '全年预算' when 'initial_budget' then '年初预算' end as "预算口径",
    {{ in_ten_thousand('parts.final_yuan') }} as "决算（万元）",
    {{ in_ten_thousand('(parts.final_yuan - parts.budget_yuan)') }} as "决算减预算（万元）",
    case parts.final_evidence when 'table' then '表格' when 'narrative' then '文字说明' when 'annex' then '附件' end
        as "决算出处",
    {{ confidence_zh('parts.budget_confidence') }} as "预算可信度",
    {{ confidence_zh('parts.final_confidence') }} as "决算可信度",
    parts.budget_figure_id as "预算数字编号",
    parts.final_figure_id as "决算数字编号"
from parts
inner join measures on parts.measure = measures.measure
inner join departments on parts.department_id = departments.department_id
order by departments.department_name, parts.fiscal_year, measures.sort_order
