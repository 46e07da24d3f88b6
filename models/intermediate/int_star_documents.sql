with documents as (

    select * from {{ ref('int_documents') }}

),

-- a blank form names a department and says nothing of it
with_figures as (

    select distinct document_id from {{ ref('int_figures') }}

),

quarantined as (

    select * from {{ ref('int_quarantined_documents') }}

)

select
    documents.document_id,
    documents.department_id,
    documents.fiscal_year,
    documents.department_year_id,
    documents.document_role
from documents
inner join with_figures on documents.document_id = with_figures.document_id
where
    documents.is_current
    and not exists (select 1 from quarantined where quarantined.document_id = documents.document_id)
