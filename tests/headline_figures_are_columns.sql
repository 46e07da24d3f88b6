-- Every headline figure of the seed is a column of fct_department_year, and its amount column says 元.
select headline_figures.figure, headline_figures.kind
from {{ ref('headline_figures') }} as headline_figures
where not exists (
    select 1
    from information_schema.columns
    where
        table_schema = '{{ ref("fct_department_year").schema }}'
        and table_name = '{{ ref("fct_department_year").identifier }}'
        and column_name = headline_figures.figure || case when headline_figures.kind = 'money' then '_yuan' else '' end
)
