with form_columns as (

    select * from {{ ref('form_columns') }}

),

annex_columns as (

    select * from {{ ref('annex_columns') }}

)

select table_code, measure, min(header) as header
from (
    select table_code, measure, header from form_columns
    union all
    -- the annexes print the years; here they are named as seen from the document's own
    select table_code, measure, replace(replace(header, '<prior_year>年', '上年'), '<fiscal_year>年', '')
    from annex_columns
) as columns
group by table_code, measure
order by table_code, measure
