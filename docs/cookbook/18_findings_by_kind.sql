-- 问题有多少，分哪几类？
-- How many findings are there, of which kinds?
select severity, category, count(*) as findings
from quality.fct_findings
where category not in ('rejected_document')
group by all
order by list_position(['critical', 'major', 'minor'], severity), findings desc, category
