-- An expected disclosure names a department or a region.
select expected_no, fiscal_year, notes
from {{ ref('expected_disclosures') }}
where department_name is null and region_name is null
