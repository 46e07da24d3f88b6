{# How sure a figure is: 1 certain, 2 inferred column, 3 recognised in a picture, 4 ambiguous column. #}
{% macro doubt_of(confidence) -%}
    case {{ confidence }} when 'certain' then 1 when 'inferred' then 2 when 'ocr' then 3 when 'ambiguous' then 4 end
{%- endmacro %}

{# The confidence of what is made of several figures: that of the least sure. An aggregate. #}
{% macro least_sure(confidence) -%}
    arg_max({{ confidence }}, {{ doubt_of(confidence) }})
{%- endmacro %}

{# The confidence in the words of a finance officer. #}
{% macro confidence_zh(confidence) -%}
    case {{ confidence }}
        when 'certain' then '印刷文字' when 'inferred' then '推定栏次' when 'ocr' then '图像识别' when 'ambiguous' then '栏次不定'
    end
{%- endmacro %}
