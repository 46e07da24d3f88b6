{# Where a line stands. A text dump has lines and no pages. #}
{% macro place_zh(page, line_no, has_pages) -%}
    (case when {{ has_pages }} then coalesce('第' || {{ page }} || '页', '') else '' end
    || coalesce('第' || nullif({{ line_no }}, 0) || '行', ''))
{%- endmacro %}

{% macro place_en(page, line_no, has_pages) -%}
    (concat_ws(
        ' ',
        case when {{ has_pages }} then 'page ' || {{ page }} end,
        'line ' || nullif({{ line_no }}, 0)
    ))
{%- endmacro %}

{# A value with the unit in which such values are told: money in 万元, rates in per cent. #}
{% macro quantity_zh(value, kind) -%}
    ({{ quantity(value, kind) }} || {{ quantity_unit_zh(kind) }})
{%- endmacro %}

{% macro quantity_en(value, kind) -%}
    ({{ quantity(value, kind) }} || case {{ kind }} when 'yuan' then ' ten thousand yuan' when 'percent' then '%' else '' end)
{%- endmacro %}

{# A sum as it is written out, “甲”1.20＋“乙”3.40－…, from rows of weight, value and a name. Six terms are named, a
   dozen written; of more the zeros are left out and the rest is counted. An aggregate over the rows that `such` names. #}
{% macro written_sum(name, position, kind, such='true') -%}
    regexp_replace(
        case
            when count(*) filter (value != 0 and {{ such }}) > 12
                then array_to_string(
                    (
                        list({{ signed_term("''", kind) }} order by {{ position }})
                        filter (value != 0 and {{ such }})
                    )[1:12],
                    ''
                ) || '＋…（共' || count(*) filter ({{ such }}) || '项）'
            when count(*) filter ({{ such }}) > 6 and count(*) filter (value != 0 and {{ such }}) > 0
                then string_agg({{ signed_term("''", kind) }}, '' order by {{ position }})
                    filter (value != 0 and {{ such }})
            else string_agg({{ signed_term(name, kind) }}, '' order by {{ position }}) filter ({{ such }})
        end,
        '^＋', ''
    )
{%- endmacro %}

{% macro signed_term(name, kind) -%}
    (case when weight * value < 0 then '－' else '＋' end || {{ name }} || {{ quantity('abs(value)', kind) }})
{%- endmacro %}

{# The same in English. #}
{% macro written_sum_en(written) -%}
    regexp_replace(
        regexp_replace(
            trim(replace(replace({{ written }}, '＋', ' + '), '－', ' - ')), '（共([0-9]+)项）', ' (\1 in all)'
        ),
        '”([0-9])', '” \1', 'g'
    )
{%- endmacro %}
