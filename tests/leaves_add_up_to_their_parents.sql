-- Additive measures are additive: in a column that a table prints, every amount is the sum of the leaves below it,
-- within rounding or truncation (the half-widths of all of them, twice), unless a violated identity says that the
-- document itself does not add up there. What breaks this is listed.
with amounts as (

    select * from {{ ref('fct_function_amounts') }}
    where evidence_kind = 'table'

),

violated as (

    select distinct unnest(string_split(figure_ids, ' ')) as figure_id
    from {{ ref('fct_identity_checks') }}
    where verdict = 'violated'

),

sums as (

    select
        parents.figure_id,
        any_value(parents.document_id) as document_id,
        any_value(parents.functional_code) as functional_code,
        any_value(parents.measure) as measure,
        any_value(parents.amount_yuan) as amount_yuan,
        any_value(parents.half_width_yuan) + sum(leaves.half_width_yuan) as tolerance_yuan,
        sum(leaves.amount_yuan) as leaves_yuan,
        bool_or(violated.figure_id is not null) as is_violated
    from amounts as parents
    inner join amounts as leaves
        on
            parents.department_year_id = leaves.department_year_id
            and parents.fund = leaves.fund
            and parents.phase = leaves.phase
            and parents.measure = leaves.measure
            and leaves.is_leaf
            and not parents.is_leaf
            and (parents.functional_code = 'total' or starts_with(leaves.functional_code, parents.functional_code))
    left join violated on parents.figure_id = violated.figure_id or leaves.figure_id = violated.figure_id
    group by parents.figure_id

)

select *
from sums
where not is_violated and abs(amount_yuan - leaves_yuan) > 2 * tolerance_yuan
