{# 元 as a number in 万元, as the forms print it, exact to the 分: tests/amounts_are_whole_fen.sql proves that nothing
   is rounded away. #}
{% macro in_ten_thousand(amount) -%}
    cast(cast({{ amount }} as decimal(28, 6)) * 0.0001 as decimal(28, 6))
{%- endmacro %}
