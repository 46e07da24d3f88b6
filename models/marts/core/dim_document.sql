with documents as (

    select * from {{ ref('int_documents') }}

),

star_documents as (

    select * from {{ ref('int_star_documents') }}

),

quarantined as (

    select * from {{ ref('int_quarantined_documents') }}

),

versions as (

    select
        department_year_id,
        document_role,
        count(*) as version_count,
        any_value(document_id) filter (where is_current) as current_document_id
    from documents
    group by department_year_id, document_role

)

select
    documents.document_id,
    documents.file_name,
    documents.media_type,
    documents.byte_size,
    documents.page_count,
    documents.reader,
    documents.title,
    documents.department_name as printed_department_name,
    documents.department_id,
    documents.fiscal_year,
    documents.department_year_id,
    documents.document_kind,
    documents.document_role,
    documents.amount_unit,
    documents.status,
    documents.status_reason,
    documents.version_no,
    cast(versions.version_count as integer) as version_count,
    documents.is_current,
    versions.current_document_id,
    quarantined.document_id is not null as is_quarantined,
    star_documents.document_id is not null as is_in_stars
from documents
left join star_documents on documents.document_id = star_documents.document_id
left join versions
    on
        documents.department_year_id = versions.department_year_id
        and documents.document_role = versions.document_role
left join quarantined on documents.document_id = quarantined.document_id
order by documents.document_id
