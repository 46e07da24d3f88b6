-- 基本支出最大的五个经济科目？
-- Which five economic items are the largest in basic expenditure?
select
    department.department_name as 部门,
    amount.fiscal_year as 年度,
    item.economic_code as 编码,
    item.name_zh as 经济科目,
    (amount.amount_yuan * 0.0001)::decimal(18, 2) as "决算（万元）"
from marts.fct_economic_amounts as amount
inner join marts.dim_department as department using (department_id)
inner join marts.dim_economic_classification as item using (economic_code)
where amount.is_leaf and amount.phase = 'final'
qualify row_number() over (partition by amount.department_year_id order by amount.amount_yuan desc, economic_code) <= 5
order by 部门, 年度, amount.amount_yuan desc, 编码
