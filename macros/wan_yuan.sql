{# 元 as 万元, exactly: DuckDB divides decimals as floats, so it is multiplied. #}
{% macro wan_yuan(column) -%}
    cast({{ column }} * 0.0001 as decimal(28, 6))
{%- endmacro %}
