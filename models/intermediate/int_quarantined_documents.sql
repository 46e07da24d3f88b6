with checks as (

    select * from {{ ref('int_identity_checks') }}

),

waivers as (

    select * from {{ ref('waivers') }}

),

violated as (

    select checks.*
    from checks
    where
        checks.verdict = 'violated'
        and checks.severity = 'critical'
        and not exists (
            select 1
            from waivers
            where
                waivers.document_id = checks.document_id
                and waivers.identity_id = checks.identity_id
                and waivers.instance_code is not distinct from checks.instance_code
                and waivers.instance_measure is not distinct from checks.instance_measure
        )

)

-- under the policy `flag` such a document keeps its place in the stars, with its grade
select
    document_id,
    cast(count(*) as integer) as n_violated,
    string_agg(check_id, ' ' order by check_id) as check_ids
from violated
where '{{ var("policy", "quarantine") }}' != 'flag'
group by document_id
order by document_id
