{# The code of the city that a county belongs to by GB/T 2260: null under a municipality (11, 12, 31, 50), for a
   county that its province administers itself (third digit 9) and for what is no county. #}
{% macro city_of(code, level) -%}
    case
        when {{ level }} = 'county' and left({{ code }}, 2) not in ('11', '12', '31', '50')
            and substr({{ code }}, 3, 2) != '90'
            then left({{ code }}, 4) || '00'
    end
{%- endmacro %}

{# A city or province as it is said in short: 武汉 of 武汉市, 广西 of 广西壮族自治区. #}
{% macro short_place_name(name) -%}
    regexp_replace({{ name }}, '(?:市|地区|盟|省|特别行政区|(?:壮族|回族|维吾尔)?自治区)$', '')
{%- endmacro %}
