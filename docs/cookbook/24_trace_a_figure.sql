-- 行政运行的支出数印在哪里？
-- Where does the figure of 行政运行 (2013101) stand in the document?
select
    document.file_name as 文件,
    cell.page::integer as 页,
    cell.line_no::integer as 行,
    cell.row_label as 项目,
    cell.column_path as 栏,
    cell.value_text as 印为,
    amount.figure_id as 数字编号
from marts.fct_function_amounts as amount
inner join marts.dim_document as document using (document_id)
inner join landing.landed_cells as cell
    on amount.figure_id = format(
        '{}-t{:02d}-r{:03d}-c{:02d}',
        cell.document_id, cell.table_no::integer, cell.row_no::integer, cell.column_no::integer
    )
where amount.functional_code = '2013101' and amount.measure = 'expenditure.total' and amount.phase = 'final'
order by 文件, 页, 行
