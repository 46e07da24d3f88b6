-- 哪些文件缺表，或只有表题没有数？
-- Which documents lack tables, or have the title of a table and nothing in it?
select
    card.file_name as 文件,
    card.table_absent_count as 没有的表,
    card.table_without_figures_count as 只有表题的表,
    string_agg(form.name_zh, '；' order by form.table_code) as 表名
from quality.disclosure_scorecard as card
inner join reference.table_codes as form on contains(card.lacking_table_codes, form.table_code)
where card.status <> 'rejected'
group by all
order by 文件
