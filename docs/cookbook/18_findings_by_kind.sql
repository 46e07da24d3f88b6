-- 问题有多少，分哪几类？
-- How many findings are there, of which kinds?
select severity as 级别, category as 类别, count(*) as 问题数
from quality.fct_findings
where category <> 'rejected_document'
group by severity, category
order by list_position(['critical', 'major', 'minor'], severity), 问题数 desc, 类别
