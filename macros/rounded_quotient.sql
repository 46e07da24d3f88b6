{# a / b for b above zero, half up to six decimals, in whole numbers: a division of decimals would be a float. #}
{% macro rounded_quotient(a, b) -%}
    cast(
        cast(
            sign({{ a }})
            * ((2000000 * abs({{ micros(a) }}) + {{ micros(b) }}) // (2 * {{ micros(b) }})) as decimal(28, 0)
        ) * cast(0.000001 as decimal(7, 6)) as decimal(28, 6)
    )
{%- endmacro %}
