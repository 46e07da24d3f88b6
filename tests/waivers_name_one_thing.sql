-- A waiver names a check of the tables by its identity, or a finding of another kind by its id, and not both.
select document_id, identity_id, finding_id, reason
from {{ ref('waivers') }}
where
    (identity_id is null) = (finding_id is null)
    or finding_id like 'identity-%'
    or finding_id is not null and not contains(finding_id, document_id)
