{# A department's name in one spelling: no blanks, ASCII brackets, no quotation marks. #}
{% macro one_spelling(name) -%}
    regexp_replace(
        translate({{ name }}, '（）〔〕', '()()'), '[\s　"''“”‘’]', '', 'g'
    )
{%- endmacro %}
