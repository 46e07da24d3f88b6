{#
  A printed number as an exact decimal: thousands separators dropped, full-width digits and signs made ASCII; what is
  printed in brackets or with a triangle is negative.
  Twelve decimals, so that a figure in 亿元 keeps every digit it prints when it becomes 元. Null for what is
  no number. `printed_decimals` counts the digits printed after the point.
#}
{% macro ascii_number(text) -%}
    replace(translate({{ text }}, '０１２３４５６７８９．，−－–—△▲()', '0123456789.,-------'), ',', '')
{%- endmacro %}

{% macro printed_number(text) -%}
    try_cast({{ ascii_number(text) }} as decimal(38, 12))
{%- endmacro %}

{% macro printed_decimals(text) -%}
    length(regexp_extract({{ ascii_number(text) }}, '\.([0-9]*)$', 1))
{%- endmacro %}
