with waivers as (

    select * from {{ ref('waivers') }}

),

identity_checks as (

    select * from {{ ref('int_identity_checks') }}
    where verdict = 'violated'

),

found as (

    select finding_id from {{ ref('int_claim_findings') }}
    union all
    select 'wording-' || slip_id from {{ ref('int_wording_slips') }}
    union all
    select 'indicator-' || slip_id from {{ ref('int_indicator_slips') }}
    union all
    select 'conflict-' || figure_id from {{ ref('int_identity_facts') }}
    where is_conflicting and source = 'table'
    union all
    select distinct 'problem-' || document_id || '-' || problem_code from {{ ref('stg_problems') }}

)

select
    coalesce(
        waivers.finding_id,
        concat_ws(
            '-', waivers.document_id, waivers.identity_id, waivers.instance_code, waivers.instance_measure
        )
    ) as waiver,
    waivers.document_id,
    waivers.identity_id,
    waivers.instance_code,
    waivers.instance_measure,
    waivers.finding_id,
    waivers.reason,
    waivers.evidence,
    case
        when waivers.finding_id is not null
            then waivers.finding_id in (select found.finding_id from found)
        else exists (
                select 1
                from identity_checks
                where
                    waivers.document_id = identity_checks.document_id
                    and waivers.identity_id = identity_checks.identity_id
                    and waivers.instance_code is not distinct from identity_checks.instance_code
                    and waivers.instance_measure is not distinct from identity_checks.instance_measure
            )
    end as is_applied
from waivers
order by waiver
