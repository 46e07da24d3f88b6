with landed as (

    select * from {{ ref('landed_documents') }}

)

select
    document_id,
    file_name,
    media_type,
    try_cast(byte_size as bigint) as byte_size,
    try_cast(page_count as integer) as page_count,
    reader,
    title,
    department_name,
    {{ one_spelling('department_name') }} as normalised_department_name,
    region_name,
    try_cast(fiscal_year as integer) as fiscal_year,
    document_kind,
    amount_unit,
    status,
    status_reason
from landed
