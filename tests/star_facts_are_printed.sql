-- Every fact of the stars is a figure of its document with the same amount; what is not is listed.
{%- for fact in ['fct_function_amounts', 'fct_economic_amounts', 'fct_three_public'] %}
select '{{ fact }}' as fact, facts.figure_id, facts.document_id, facts.amount_yuan, figures.page, figures.line_no
from {{ ref(fact) }} as facts
left join {{ ref('int_figures') }} as figures
    on
        facts.figure_id = figures.figure_id
        and facts.document_id = figures.document_id
        and facts.department_year_id = figures.department_year_id
        and facts.amount_yuan = figures.amount_yuan
where figures.figure_id is null
{{ 'union all' if not loop.last }}
{%- endfor %}
