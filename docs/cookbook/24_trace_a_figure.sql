-- 这个数字印在哪里？
-- Where does a figure stand?
select
    document.file_name as 文件,
    cell.line_no as 行,
    cell.row_label as 项目,
    cell.column_path as 栏,
    cell.value_text as 印为
from marts.fct_function_amounts as amount
inner join landing.landed_cells as cell
    on
        amount.document_id = cell.document_id
        and amount.figure_id = format('{}-t{:02d}-r{:03d}-c{:02d}', cell.document_id,
            cell.table_no::integer, cell.row_no::integer, cell.column_no::integer)
inner join marts.dim_document as document on amount.document_id = document.document_id
where amount.functional_code = '2013101' and amount.measure = 'expenditure.total' and amount.fund = 'all'
order by 文件, 行
