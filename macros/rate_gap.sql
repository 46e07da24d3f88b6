{# By how much (100 + sign·rate)·top exceeds rate·base; zero where the rate is exactly what the amounts give. #}
{% macro rate_gap(rate, top, base) -%}
    cast(100 + sign * {{ rate }} as decimal(14, 4)) * ({{ top }}) - {{ rate }} * ({{ base }})
{%- endmacro %}
