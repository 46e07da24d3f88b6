-- Of the figures that a claim may repeat each has its own place in the order; the row says which tie is twice there.
select subject, sections, measure, evidence, preference, count(*) as ties
from {{ ref('claim_figures') }}
group by subject, sections, measure, evidence, preference
having count(*) > 1
