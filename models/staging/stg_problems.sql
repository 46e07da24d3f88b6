with landed as (

    select * from {{ ref('landed_problems') }}

)

select
    document_id,
    try_cast(page as integer) as page,
    try_cast(line_no as integer) as line_no,
    stage,
    code as problem_code,
    detail
from landed
