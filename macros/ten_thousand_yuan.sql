{# An amount in 元 as text in 万元: two decimals as the forms print them, more where the amount needs them. #}
{% macro ten_thousand_yuan(amount) -%}
    (case
        when {{ amount }} % 100 = 0
            then cast(cast(cast({{ amount }} as decimal(28, 6)) * 0.0001 as decimal(28, 2)) as varchar)
        else rtrim(rtrim(cast(cast({{ amount }} as decimal(28, 6)) * 0.0001 as varchar), '0'), '.')
    end)
{%- endmacro %}
