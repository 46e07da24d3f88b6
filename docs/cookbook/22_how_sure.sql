-- 各部门的数字有多少不是印刷文字？
-- How many figures of each document are not printed text in a certain column?
select
    document.file_name as 文件,
    card.cell_count as 表内数字,
    card.certain_count as 印刷文字,
    card.inferred_count as 推定栏次,
    card.ocr_count as 图像识别,
    card.ambiguous_count as 栏次不定,
    card.grade as 等级
from quality.disclosure_scorecard as card
inner join marts.dim_document as document using (document_id)
where card.status <> 'rejected'
order by document.file_name
