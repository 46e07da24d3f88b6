with documents as (

    select * from {{ ref('int_documents') }}

),

star_documents as (

    select * from {{ ref('int_star_documents') }}

),

quarantined as (

    select * from {{ ref('int_quarantined_documents') }}

)

select
    documents.document_id,
    documents.file_name,
    documents.media_type,
    documents.byte_size,
    documents.page_count,
    documents.reader,
    documents.title,
    documents.department_id,
    documents.fiscal_year,
    documents.department_year_id,
    documents.document_kind,
    documents.document_role,
    documents.amount_unit,
    documents.status,
    documents.status_reason,
    documents.version_no,
    documents.is_current,
    quarantined.document_id is not null as is_quarantined,
    star_documents.document_id is not null as is_in_stars
from documents
left join star_documents on documents.document_id = star_documents.document_id
left join quarantined on documents.document_id = quarantined.document_id
order by documents.document_id
