with documents as (

    select * from {{ ref('int_documents') }}

),

-- large joins and groups run on a number; it means nothing outside one build
numbered as (

    select *, cast(row_number() over (order by document_id) as integer) as document_no
    from documents

)

select
    this_year.document_no,
    this_year.document_id,
    this_year.department_year_id,
    year_before.document_no as prior_document_no,
    year_before.document_id as prior_document_id
from numbered as this_year
left join numbered as year_before
    on
        this_year.is_current
        and year_before.is_current
        and this_year.document_role = year_before.document_role
        and this_year.department_id = year_before.department_id
        and this_year.fiscal_year = year_before.fiscal_year + 1
order by this_year.document_no
