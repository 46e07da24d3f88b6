-- 每份文件的数字有多少不是明确的印刷文字？
-- How many figures of each document are not printed text in a certain column?
select
    file_name as 文件,
    cell_count as 表内数字,
    certain_count as 印刷文字,
    inferred_count as 推定栏次,
    ocr_count as 图像识别,
    ambiguous_count as 栏次不定,
    grade as 等级
from quality.disclosure_scorecard
where status <> 'rejected'
order by 文件
