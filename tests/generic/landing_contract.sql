{#
  Every column of a landing file against what its YAML says under config.meta:
    required  the column is never empty
    pattern   a regular expression that a value matches wholly
    accepted  the only values allowed
  One row per breach: column, rule, value, and where it stands in the document.
#}
{% test landing_contract(model, place) %}

{%- set node = (graph.nodes.values() | selectattr('resource_type', 'equalto', 'seed')
    | selectattr('name', 'equalto', model.identifier) | list | first) if execute else none -%}
{%- set checks = [] -%}
{%- for column in (node.columns.values() if node else []) -%}
    {%- set rules = column.config.meta -%}
    {%- if rules.required -%}
        {%- do checks.append((column.name, 'required', column.name ~ ' is null')) -%}
    {%- endif -%}
    {%- if rules.pattern -%}
        {%- do checks.append((column.name, 'pattern',
            'not regexp_full_match(' ~ column.name ~ ", '" ~ rules.pattern ~ "')")) -%}
    {%- endif -%}
    {%- if rules.accepted -%}
        {%- do checks.append((column.name, 'accepted',
            column.name ~ " not in ('" ~ rules.accepted | join("', '") ~ "')")) -%}
    {%- endif -%}
{%- endfor %}

{%- for name, rule, breach in checks %}
select '{{ name }}' as column_name, '{{ rule }}' as rule, {{ name }} as landed_value
    {%- for part in place %}, {{ part }} as at_{{ part }}{% endfor %}
from {{ model }}
where {{ breach }}
{{ 'union all' if not loop.last }}
{%- else %}
select 1 as no_rules where false
{%- endfor %}

{% endtest %}
