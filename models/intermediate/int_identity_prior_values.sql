-- A document's year before may stand anywhere. What identities take from it is little: it is fetched once and laid
-- down in the order of the documents that are judged by it.
with facts as (

    select * from {{ ref('int_identity_values') }}

),

key_terms as (

    select * from {{ ref('int_identity_key_terms') }}

),

documents as (

    select * from {{ ref('int_identity_documents') }}

),

wanted as (

    select distinct key_no
    from key_terms
    where years_back = 1

)

select
    documents.document_no,
    facts.scope_no,
    facts.key_no,
    facts.value,
    facts.half_width,
    facts.tally
from facts
inner join documents on facts.document_no = documents.prior_document_no
inner join wanted on facts.key_no = wanted.key_no
order by documents.document_no
