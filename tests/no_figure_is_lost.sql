-- Every landed number is a figure; the lost ones with the place where they stand.
select cells.document_id, cells.table_no, cells.row_no, cells.column_no, cells.page, cells.line_no, cells.value_text
from {{ ref('landed_cells') }} as cells
left join {{ ref('int_figures') }} as figures
    on
        cells.document_id = figures.document_id
        and cast(cells.table_no as integer) = figures.table_no
        and cast(cells.row_no as integer) = figures.row_no
        and cast(cells.column_no as integer) = figures.column_no
        and figures.source = 'table'
where figures.figure_id is null or figures.number_value is null

union all

select claims.document_id, null, claims.claim_no, null, claims.page, claims.line_no, claims.value_text
from {{ ref('landed_claims') }} as claims
left join {{ ref('int_figures') }} as figures
    on
        claims.document_id = figures.document_id
        and cast(claims.claim_no as integer) = figures.row_no
        and figures.source = 'claim'
-- only a comparison in words has no number
where figures.figure_id is null or figures.number_value is null and claims.measure != 'comparison'
