{# Every name of a functional code: the listed one, the one before a renaming, which narratives keep for years,
   and what the documents call a code that no list has, or an 项 whose listed name they do not use. A label that
   is the name of the code's neighbour names nothing. Columns: code, level, parent_code, name_key. #}
{% macro functional_names() -%}
    select functional_code as code, level, parent_code, {{ name_key('name_zh') }} as name_key
    from {{ ref('functional_codes') }}

    union

    select functional_code, level, parent_code, {{ name_key('former_name_zh') }}
    from {{ ref('functional_codes') }}
    where former_name_zh is not null

    union

    select code, code_level, parent_code, {{ name_key('name_zh') }}
    from {{ ref('int_codes') }} as observed
    where
        classification = 'functional'
        and (
            not is_listed
            or code_level = 'item'
            and not exists (
                select 1 from {{ ref('functional_codes') }} as listed
                where
                    listed.parent_code = observed.parent_code
                    and {{ name_key('listed.name_zh') }} = {{ name_key('observed.name_zh') }}
            )
        )
{%- endmacro %}
