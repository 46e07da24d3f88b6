{# The comparable form of a project's name: no blanks, ASCII brackets, without a last 项目. #}
{% macro project_key(text) -%}
    regexp_replace(regexp_replace(translate({{ text }}, '（）〔〕', '()()'), '[\s　]', '', 'g'), '项目$', '')
{%- endmacro %}
