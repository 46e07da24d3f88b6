-- Every violated check of a claim belongs to a finding; the row says which claim says what.
select checks.document_id, checks.page, checks.line_no, checks.rule_id, checks.figure_id, checks.check_id
from {{ ref('int_claim_checks') }} as checks
where
    checks.verdict = 'violated'
    and checks.check_id not in (
        select unnest(string_split(check_ids, ' ')) from {{ ref('int_claim_findings') }}
    )
