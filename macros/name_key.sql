{# The comparable form of an account's name: no blanks, ASCII brackets, without (类), (款), (项) and a last 支出. #}
{% macro name_key(text) -%}
    regexp_replace(
        regexp_replace(translate({{ text }}, '（）〔〕', '()()'), '[\s　]|\([类款项]\)', '', 'g'), '支出$', ''
    )
{%- endmacro %}
