{# Comments in the database say it in both languages: 中文 / English. The Chinese stands under config.meta.zh of a
   model or column; what has none (seeds) keeps its English. #}
{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) -%}
    {% if for_relation and config.persist_relation_docs() and model.description %}
        {% do run_query(alter_relation_comment(relation, in_both_languages(model))) %}
    {% endif %}
    {% if for_columns and config.persist_column_docs() and model.columns %}
        {% set columns = {} %}
        {% for name, column in model.columns.items() %}
            {% do columns.update({name: {'description': in_both_languages(column), 'quote': column.quote}}) %}
        {% endfor %}
        {% do run_query(alter_column_comment(relation, columns)) %}
    {% endif %}
{%- endmacro %}

{% macro in_both_languages(described) -%}
    {%- set zh, en = described.config.meta.zh, described.description | trim -%}
    {{- return(zh ~ ' / ' ~ en if zh else en) -}}
{%- endmacro %}
