{# A number with up to six decimals as a whole number of millionths, so that products stay exact. #}
{% macro micros(number) -%}
    cast(({{ number }}) * 1000000 as hugeint)
{%- endmacro %}

{# Numerator over a base above zero in per cent, rounded to four decimals without a division of fractions. #}
{% macro percentage(numerator, base) -%}
    cast(
        (2000000 * {{ micros(numerator) }} + {{ micros(base) }}) // (2 * {{ micros(base) }}) as decimal(24, 0)
    ) * 0.0001
{%- endmacro %}
