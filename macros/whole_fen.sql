{# 元 to the 分, as the books have them; tests/amounts_are_whole_fen.sql proves that nothing is rounded away. #}
{% macro whole_fen(amount) -%}
    cast({{ amount }} as decimal(28, 2))
{%- endmacro %}
