{#
  How a seed file is read: the dialect that flows/land.py writes, stated. The adapter's own macro lets DuckDB
  guess it from a sample, and a printed quotation mark or bracket in the sample can mislead the guess.
#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {% set sql %}
      copy {{ this.render() }} from '{{ adapter.get_seed_file_path(model) }}'
      (format csv, header true, auto_detect false, delimiter ',', quote '"', escape '"', nullstr '')
    {% endset %}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {{ return(sql) }}
{% endmacro %}
