with checks as (

    select * from {{ ref('int_identity_checks') }}

),

identities as (

    select * from {{ ref('identities') }}

),

-- the column's name on the form of the identity's total
measures as (

    select identity_terms.identity_id, columns.measure, columns.header
    from {{ ref('identity_terms') }} as identity_terms
    inner join {{ ref('int_column_names') }} as columns on identity_terms.table_code = columns.table_code
    where identity_terms.term_no = 1

),

waivers as (

    select * from {{ ref('waivers') }}

)

select
    checks.check_id,
    checks.document_id,
    checks.department_year_id,
    checks.identity_id,
    identities.name_zh,
    identities.name_en,
    identities.formula_text,
    checks.instance_code,
    checks.instance_measure,
    checks.instance_table_no,
    coalesce(measures.header, checks.instance_measure) as measure_zh,
    checks.severity,
    checks.source,
    checks.comparison,
    checks.value_unit,
    checks.total_value,
    checks.parts_value,
    checks.difference_value,
    checks.tolerance_value,
    identities.constant_total is not null as has_constant_total,
    checks.total_yuan,
    checks.parts_yuan,
    checks.difference_yuan,
    checks.tolerance_yuan,
    checks.verdict,
    checks.is_truncated,
    waivers.identity_id is not null as is_waived,
    waivers.reason as waiver_reason,
    checks.n_terms,
    checks.n_inferred,
    checks.n_ocr,
    checks.missing,
    checks.missing_zh,
    checks.first_figure_id,
    checks.page,
    checks.line_no,
    checks.figure_ids
from checks
inner join identities on checks.identity_id = identities.identity_id
left join measures
    on checks.identity_id = measures.identity_id and checks.instance_measure = measures.measure
left join waivers
    on
        checks.document_id = waivers.document_id
        and checks.identity_id = waivers.identity_id
        and checks.instance_code is not distinct from waivers.instance_code
        and checks.instance_measure is not distinct from waivers.instance_measure
order by checks.check_id
