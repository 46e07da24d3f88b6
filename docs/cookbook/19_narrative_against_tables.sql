-- 文字说明中哪些数字与表格或自身矛盾？
-- Where does the narrative contradict the tables or itself?
select
    department.department_name as 部门,
    finding.page as 页,
    finding.line_no as 行,
    finding.message_zh as 说明
from quality.fct_findings as finding
inner join marts.dim_document using (document_id)
inner join marts.dim_department as department using (department_id)
where finding.category = 'contradicted_claim'
order by 部门, 页, 行, 说明
