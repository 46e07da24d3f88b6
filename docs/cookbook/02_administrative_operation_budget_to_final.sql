-- 行政运行从预算到决算怎么变？
-- How did 行政运行 (administrative operation) move between budget and final account?
pivot (
    select
        department.department_name as 部门,
        amount.fiscal_year as 年度,
        amount.functional_code as 科目,
        amount.phase,
        amount.amount_yuan / 10000 as amount
    from marts.fct_function_amounts as amount
    inner join marts.dim_department as department using (department_id)
    inner join marts.dim_functional_classification as code using (functional_code)
    where
        code.name_zh = '行政运行'
        and amount.fund = 'general_public_budget'
        and amount.measure = 'expenditure.total'
)
on phase in ('initial_budget' as 年初预算, 'adjusted_budget' as 全年预算, 'final' as 决算)
using round(any_value(amount), 2)
order by 部门, 科目
