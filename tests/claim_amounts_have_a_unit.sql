-- Every unit of money that the narrative is parsed for has its factor, or its amounts would have no 元.
select claim_units.unit, claim_units.name_en
from {{ ref('claim_units') }} as claim_units
left join {{ ref('units') }} as units on claim_units.unit = units.unit and units.kind = 'money'
where claim_units.kind = 'amount' and units.unit is null
