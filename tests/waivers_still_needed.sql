-- A waiver of a check that is not violated (any more) hides the next error of that check.
{{ config(severity='warn') }}

select waivers.document_id, waivers.identity_id, waivers.instance_code, waivers.instance_measure, checks.verdict
from {{ ref('waivers') }} as waivers
inner join {{ ref('fct_identity_checks') }} as checks
    on
        waivers.document_id = checks.document_id
        and waivers.identity_id = checks.identity_id
        and waivers.instance_code is not distinct from checks.instance_code
        and waivers.instance_measure is not distinct from checks.instance_measure
where checks.verdict != 'violated'
