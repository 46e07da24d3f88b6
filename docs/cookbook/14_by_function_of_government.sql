-- 按政府职能分类（COFOG）支出如何？（空白为没有对应）
-- How is expenditure divided by function of government (COFOG)? (Blank: no division fits.)
select
    code.cofog_division as cofog,
    code.cofog_division_zh as 职能,
    code.cofog_division_en as division,
    count(distinct amount.department_year_id) as 部门年度数,
    (sum(amount.amount_yuan) * 0.0001)::decimal(18, 2) as "支出（万元）"
from marts.fct_function_amounts as amount
inner join marts.dim_functional_classification as code using (functional_code)
where
    amount.is_leaf
    and amount.fund = 'general_public_budget'
    and amount.phase = 'final'
    and amount.measure = 'expenditure.total'
group by all
order by cofog nulls last
