-- An instance with two totals would add them up: the terms' patterns are then too wide.
select
    document_id,
    identity_id,
    instance_code,
    instance_measure,
    instance_table_no,
    string_agg(figure_id, ' ' order by figure_id) as total_figure_ids
from {{ ref('int_identity_terms') }}
where side = 'total' and not is_ambiguous
group by document_id, identity_id, instance_code, instance_measure, instance_table_no
having count(*) > 1
