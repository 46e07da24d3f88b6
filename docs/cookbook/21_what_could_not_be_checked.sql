-- 什么没有核对，为什么？
-- What could not be checked, and why?
select missing_zh as 缺什么, count(*) as 核对数, count(distinct document_id) as 文件数
from quality.fct_identity_checks
where verdict = 'not_checkable'
group by all
order by 核对数 desc, 缺什么
limit 10
