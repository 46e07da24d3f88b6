{#- A table that is made and filled slice by slice of one of its own columns, whole numbers from 1 on, so that what is
    grouped at a time fits into memory, however many there are. The model is one select over everything; its slices
    are told by a condition on that column, which has to reach what the model reads: a key of every group and join.

    {{ config(materialized='sliced', slice_by='document_no', slice_size=2000, slice_of='int_identity_values') }}

    `slice_of` is the parent whose greatest `slice_by` tells how many slices there are; the last takes what is beyond. -#}
{% materialization sliced, adapter='duckdb' %}

  {%- set column, size = config.require('slice_by'), config.require('slice_size') -%}
  {%- set existing = load_cached_relation(this) -%}
  {%- set target = this.incorporate(type='table') -%}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {%- set most = run_query('select coalesce(max(' ~ column ~ '), 0) from ' ~ ref(config.require('slice_of'))) -%}
  {%- set most = most.columns[0].values()[0] | int -%}

  {{ drop_relation_if_exists(existing) }}
  {% call statement('main') -%}
    {{ create_table_as(False, target, compiled_code if most <= size else sliced(compiled_code, column, 1, size, most)) }}
  {%- endcall %}
  {% for first in range(size + 1, most + 1, size) %}
    {% call statement('slice') -%}
      insert into {{ target }} {{ sliced(compiled_code, column, first, size, most) }}
    {%- endcall %}
  {% endfor %}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {{ adapter.commit() }}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target]}) }}

{% endmaterialization %}


{% macro sliced(statement, column, first, size, most) -%}
    select * from (
    {{ statement }}
    ) where {{ column }} >= {{ first }} {% if first + size <= most %} and {{ column }} < {{ first + size }} {% endif %}
{%- endmacro %}
