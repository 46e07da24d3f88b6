-- The Chinese views show 万元 to the 分, and scores to two decimals: what is finer would be rounded there, and is
-- listed.
{%- for fact in ['fct_function_amounts', 'fct_economic_amounts', 'fct_three_public'] %}
select '{{ fact }}' as fact, document_id, figure_id, amount_yuan
from {{ ref(fact) }}
where amount_yuan % 0.01 != 0

union all
{% endfor %}
select 'int_headline_figures', document_id, figure_id, headline_value
from {{ ref('int_headline_figures') }}
where headline_value % 0.01 != 0

union all

select 'fct_identity_checks', document_id, first_figure_id, total_yuan
from {{ ref('fct_identity_checks') }}
where total_yuan % 0.01 != 0 or parts_yuan % 0.01 != 0
