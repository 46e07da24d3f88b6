{#
  dbt's own macro without its `write`. dbt records the SQL of a seed under target/run/ at the seed's path, and
  os.path.join with an absolute path is that path: the landing of another warehouse would be overwritten with
  SQL. Only seeds use this macro.
#}
{% macro noop_statement(name=none, message=none, code=none, rows_affected=none, res=none) %}
    {%- set sql = caller() -%}
    {%- if name is not none -%}
        {{ store_raw_result(name, message=message, code=code, rows_affected=rows_affected, agate_table=res) }}
    {%- endif -%}
{% endmacro %}
