{# Every row's key of several columns exists in the parent. Orphans are listed with their place. #}
{% test has_parent(model, to, columns, place=[]) %}

select distinct {{ (columns + place) | join(', ') }}
from {{ model }} as child
where not exists (
    select 1 from {{ to }} as parent
    where {% for column in columns %}parent.{{ column }} = child.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
)

{% endtest %}
