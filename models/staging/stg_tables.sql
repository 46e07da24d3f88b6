with landed as (

    select * from {{ ref('landed_tables') }}

)

select
    document_id,
    try_cast(table_no as integer) as table_no,
    table_code,
    printed_title,
    printed_unit,
    try_cast(first_page as integer) as first_page,
    try_cast(last_page as integer) as last_page,
    try_cast(row_count as integer) as row_count,
    try_cast(column_count as integer) as column_count,
    is_declared_empty = 'true' as is_declared_empty,
    method
from landed
