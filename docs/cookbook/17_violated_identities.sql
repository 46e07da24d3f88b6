-- 哪些勾稽关系不符，差多少？
-- Which identities are violated, and by how much?
select
    department.department_name as 部门,
    document.fiscal_year as 年度,
    checked.name_zh as 勾稽关系,
    checked.instance_code as 科目,
    checked.total_value as 合计,
    checked.parts_value as 分项之和,
    checked.difference_value as 差额,
    checked.tolerance_value as 允许误差,
    checked.value_unit as 单位
from quality.fct_identity_checks as checked
inner join marts.dim_document as document using (document_id)
left join marts.dim_department as department using (department_id)
where checked.verdict = 'violated'
order by 部门, 年度, 勾稽关系, 科目, checked.check_id
