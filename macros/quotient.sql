{# a / b to six decimals, cut off, in whole numbers: a division of decimals would go through a float. #}
{% macro quotient(a, b) -%}
    (cast(
        {{ ten_thousandths(a) }} * 1000000 // {{ ten_thousandths(b) }} as decimal(28, 0)
    ) * cast(0.000001 as decimal(7, 6)))
{%- endmacro %}

{% macro ten_thousandths(amount) -%}
    cast(cast({{ amount }} as decimal(30, 4)) * cast(10000 as decimal(5, 0)) as hugeint)
{%- endmacro %}
