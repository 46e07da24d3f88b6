with checks as (

    select * from {{ ref('int_identity_checks') }}
    where verdict = 'violated'

),

terms as (

    select * from {{ ref('int_identity_terms') }}

),

names as (

    select * from {{ ref('int_figure_names') }}

),

placed as (

    select
        checks.check_id,
        checks.value_unit,
        terms.side,
        terms.term_no,
        terms.weight,
        terms.value,
        terms.figure_id,
        names.* exclude (figure_id, document_id, source, has_pages, thing_zh, column_zh),
        -- the parts of a row are told apart by their columns
        case
            when min(names.thing_zh) over of_check = max(names.thing_zh) over of_check
                then coalesce(names.column_zh, names.thing_zh)
            else names.thing_zh
        end as thing_zh
    from checks
    inner join terms
        on
            checks.document_id = terms.document_id
            and checks.identity_id = terms.identity_id
            and checks.instance_code is not distinct from terms.instance_code
            and checks.instance_measure is not distinct from terms.instance_measure
            and checks.instance_table_no is not distinct from terms.instance_table_no
    inner join names on terms.figure_id = names.figure_id
    window of_check as (partition by checks.check_id)

)

select
    check_id,
    count(*) filter (side = 'total') as n_totals,
    count(*) filter (side = 'part') as n_parts,
    min(figure_id) filter (side = 'total') as total_id,
    min(name_zh) filter (side = 'total') as total_zh,
    min(name_en) filter (side = 'total') as total_en,
    min(place_zh) filter (side = 'total') as total_place_zh,
    min(place_en) filter (side = 'total') as total_place_en,
    min(name_zh) filter (side = 'part') as part_zh,
    min(name_en) filter (side = 'part') as part_en,
    min(place_zh) filter (side = 'part') as part_place_zh,
    min(place_en) filter (side = 'part') as part_place_en,
    {{ written_sum("'“' || thing_zh || '”'", '(term_no, figure_id)', 'value_unit', "side = 'part'") }} as parts_zh
from placed
group by check_id
