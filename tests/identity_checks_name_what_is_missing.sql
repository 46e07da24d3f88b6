-- Not checked is not passed: every check without a verdict says what it lacks, and no other check does.
select check_id, verdict, missing, page, line_no
from {{ ref('fct_identity_checks') }}
where (verdict = 'not_checkable') != (missing is not null)
