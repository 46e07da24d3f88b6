{#
  A figure's id is its document and its place there: table, row and column, or for a claim its number. The place is
  also one number, in the same order: sixteen bits of column, twenty-four of row, and the table above; a claim's own
  number is less than any of these.
#}
{% macro figure_no(table_no, row_no, column_no) -%}
    (cast({{ table_no }} as bigint) << 40) + (cast({{ row_no }} as bigint) << 16) + {{ column_no }}
{%- endmacro %}

{% macro figure_id(document_id, figure_no) -%}
    case
        when {{ figure_no }} >> 40 = 0 then {{ document_id }} || '-n' || format('{:04d}', {{ figure_no }})
        else
            {{ document_id }} || '-t' || format('{:02d}', {{ figure_no }} >> 40)
            || '-r' || format('{:03d}', ({{ figure_no }} >> 16) & 16777215)
            || '-c' || format('{:02d}', {{ figure_no }} & 65535)
    end
{%- endmacro %}
