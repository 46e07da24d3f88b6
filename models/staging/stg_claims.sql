with landed as (

    select * from {{ ref('landed_claims') }}

),

units as (

    select * from {{ ref('units') }}

)

select
    landed.document_id,
    cast(landed.claim_no as integer) as claim_no,
    try_cast(landed.page as integer) as page,
    try_cast(landed.line_no as integer) as line_no,
    landed.section,
    landed.subject_text,
    landed.subject,
    landed.functional_path,
    landed.measure,
    landed.value_text,
    landed.unit_text as unit,
    units.kind as unit_kind,
    {{ printed_decimals('landed.value_text') }} as decimals,
    {{ printed_number('landed.value_text') }} as number_value,
    case
        when units.kind = 'money'
            then cast({{ printed_number('landed.value_text') }} * units.factor as decimal(28, 6))
    end as amount_yuan,
    landed.direction,
    landed.evidence,
    landed.confidence
from landed
left join units on landed.unit_text = units.unit
