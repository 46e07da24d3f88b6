with headlines as (

    select * from {{ ref('int_headline_figures') }}

),

documents as (

    select distinct department_year_id, department_id, fiscal_year
    from {{ ref('int_star_documents') }}

),

-- which headline figure is which part: three_public_final is the total of what was spent. A budget keeps the
-- phase that its document prints, 全年预算 or 年初预算.
parts as (

    select
        *,
        'three_public.'
            || replace(regexp_replace(figure, '_(final|budget)$', ''), 'three_public', 'total') as measure
    from headlines
    where regexp_full_match(
        figure,
        '(three_public|overseas_travel|vehicles|vehicle_purchase|vehicle_operation|reception)_(final|budget)'
    )

)

select
    parts.department_year_id,
    documents.department_id,
    documents.fiscal_year,
    parts.measure,
    parts.phase,
    parts.amount_yuan,
    parts.value_text,
    parts.unit_text,
    parts.evidence_kind,
    parts.confidence,
    parts.figure_id,
    parts.document_id
from parts
inner join documents on parts.department_year_id = documents.department_year_id
order by parts.department_year_id, parts.measure, parts.phase
