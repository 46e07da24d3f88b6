-- 哪些文件缺表？
-- Which documents lack tables?
select file_name as 文件, table_absent_count as 缺的表, lacking_table_codes as 表
from quality.disclosure_scorecard
where table_absent_count > 0 and status <> 'rejected' and document_kind = 'department_accounts'
order by file_name
