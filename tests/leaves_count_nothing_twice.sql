-- Among the amounts of one fund and measure no leaf contains another row, and every other row contains a leaf;
-- what breaks this is listed.
with amounts as (

    select * from {{ ref('fct_function_amounts') }}

)

select amounts.figure_id, amounts.document_id, amounts.functional_code, amounts.measure, amounts.is_leaf
from amounts
where
    amounts.is_leaf = exists (
        select 1
        from amounts as finer
        where
            amounts.department_year_id = finer.department_year_id
            and amounts.fund = finer.fund
            and amounts.phase = finer.phase
            and amounts.measure = finer.measure
            and amounts.functional_code != finer.functional_code
            and (amounts.functional_code = 'total' or starts_with(finer.functional_code, amounts.functional_code))
    )
