-- 行政运行从预算到决算怎么变？
-- How did 行政运行 (administrative operation) move between the budget and the final account?
with amounts as (
    select
        amount.department_id,
        amount.fiscal_year,
        amount.functional_code,
        any_value(amount.amount_yuan) filter (where amount.phase = 'initial_budget') as initial_yuan,
        any_value(amount.amount_yuan) filter (where amount.phase = 'adjusted_budget') as adjusted_yuan,
        any_value(amount.amount_yuan) filter (where amount.phase = 'final') as final_yuan
    from marts.fct_function_amounts as amount
    inner join marts.dim_functional_classification as code using (functional_code)
    where
        code.name_zh = '行政运行'
        and amount.fund = 'general_public_budget'
        and amount.measure = 'expenditure.total'
    group by all
)

select
    department.department_name as 部门,
    amounts.fiscal_year as 年度,
    amounts.functional_code as 科目,
    (amounts.initial_yuan * 0.0001)::decimal(18, 2) as "年初预算（万元）",
    (amounts.adjusted_yuan * 0.0001)::decimal(18, 2) as "全年预算（万元）",
    (amounts.final_yuan * 0.0001)::decimal(18, 2) as "决算（万元）",
    ((amounts.final_yuan - amounts.initial_yuan) * 0.0001)::decimal(18, 2) as "比年初预算增减（万元）",
    (100 * amounts.final_yuan / nullif(amounts.initial_yuan, 0))::decimal(9, 1) as "完成年初预算（%）"
from amounts
inner join marts.dim_department as department using (department_id)
order by 部门, 年度, 科目
