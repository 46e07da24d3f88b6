{# The level of a code as the budget names it. #}
{% macro level_zh(level) -%}
    case {{ level }} when 'total' then '合计' when 'class' then '类' when 'section' then '款' when 'item' then '项' end
{%- endmacro %}
