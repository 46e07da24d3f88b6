{# A checked value as text without its unit: money in 万元, a rate in per cent, a count or a score as it is. #}
{% macro quantity(value, unit) -%}
    (case
        when {{ unit }} = 'yuan' then {{ ten_thousand_yuan(value) }}
        else regexp_replace(cast(cast({{ value }} as decimal(28, 6)) as varchar), '\.?0+$', '')
    end)
{%- endmacro %}

{% macro quantity_unit_zh(unit) -%}
    (case {{ unit }} when 'yuan' then '万元' when 'percent' then '%' else '' end)
{%- endmacro %}
