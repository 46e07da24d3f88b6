with figures as (

    select * from {{ ref('int_figures') }}
    where source = 'claim'

),

documents as (

    select * from {{ ref('int_star_documents') }}

),

claims as (

    select * from {{ ref('stg_claims') }}

),

claim_codes as (

    select * from {{ ref('int_claim_codes') }}

)

select
    figures.figure_id,
    figures.document_id,
    documents.department_year_id,
    documents.department_id,
    documents.fiscal_year,
    claims.claim_no,
    figures.page,
    figures.line_no,
    figures.section,
    figures.line_item as subject,
    figures.row_label as subject_text,
    figures.functional_path,
    claim_codes.functional_code,
    figures.measure,
    figures.phase,
    figures.direction,
    figures.amount_yuan,
    figures.half_width_yuan,
    figures.number_value,
    figures.value_text,
    figures.unit_text,
    figures.decimals,
    figures.confidence,
    claims.evidence
from figures
inner join documents on figures.document_id = documents.document_id
inner join claims on figures.document_id = claims.document_id and figures.row_no = claims.claim_no
left join claim_codes on figures.functional_path = claim_codes.functional_path
order by figures.figure_id
