with identities as (

    select * from {{ ref('identities') }}

),

checks as (

    select * from {{ ref('fct_identity_checks') }}

)

select
    identities.identity_id,
    identities.name_zh,
    identities.name_en,
    identities.severity,
    identities.source,
    identities.applies_when,
    cast(count(distinct checks.document_id) filter (checks.verdict != 'not_checkable') as integer) as document_count,
    cast(count(checks.check_id) as integer) as check_count,
    cast(count(*) filter (checks.verdict = 'exact') as integer) as exact_count,
    cast(count(*) filter (checks.verdict = 'within_rounding') as integer) as within_rounding_count,
    cast(count(*) filter (checks.verdict = 'violated') as integer) as violated_count,
    cast(count(*) filter (checks.verdict = 'not_checkable') as integer) as not_checkable_count,
    count(*) filter (checks.verdict != 'not_checkable') = 0 as is_dead
from identities
left join checks on identities.identity_id = checks.identity_id
group by
    identities.identity_id,
    identities.name_zh,
    identities.name_en,
    identities.severity,
    identities.source,
    identities.applies_when
order by identities.identity_id
