with corrections as (

    select * from {{ ref('corrections') }}

),

figures as (

    select * from {{ ref('int_figures') }}

)

select
    corrections.figure_id,
    figures.document_id,
    figures.page,
    figures.line_no,
    figures.row_label,
    figures.value_text as printed_text,
    figures.unit_text as printed_unit,
    corrections.corrected_value_text,
    corrections.corrected_unit_text,
    figures.amount_yuan,
    corrections.reason,
    corrections.evidence,
    corrections.corrected_by,
    figures.figure_id is not null as is_applied
from corrections
left join figures on corrections.figure_id = figures.figure_id
order by corrections.figure_id
