-- 支出按类的结构？
-- How is expenditure made up by class?
select
    department.department_name as 部门,
    amount.fiscal_year as 年度,
    code.name_zh as 类,
    (amount.amount_yuan * 0.0001)::decimal(18, 2) as "支出（万元）",
    (100 * amount.amount_yuan / sum(amount.amount_yuan) over (partition by amount.department_year_id))::decimal(9, 1)
        as "占比（%）"
from marts.fct_function_amounts as amount
inner join marts.dim_department as department using (department_id)
inner join marts.dim_functional_classification as code using (functional_code)
where
    amount.code_level = 'class'
    and amount.fund = 'general_public_budget'
    and amount.phase = 'final'
    and amount.measure = 'expenditure.total'
order by 部门, 年度, amount.amount_yuan desc, 类
