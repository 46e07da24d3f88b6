with figures as (

    select
        *,
        case when line_item like 'economic.%' then 'economic' else 'functional' end as classification
    from {{ ref('int_figures') }}
    where source = 'table' and table_code like 'gk%' and code is not null

),

codes as (

    select * from {{ ref('int_codes') }}
    where not is_listed

)

select
    figures.document_id,
    figures.classification,
    figures.code,
    codes.code_level,
    arg_min(figures.row_label, figures.figure_id) as printed_name,
    arg_min(figures.page, figures.figure_id) as page,
    arg_min(figures.line_no, figures.figure_id) as line_no,
    cast(count(*) as integer) as figure_count,
    min(figures.figure_id) as first_figure_id
from figures
inner join codes on figures.classification = codes.classification and figures.code = codes.code
group by figures.document_id, figures.classification, figures.code, codes.code_level
order by figures.document_id, figures.classification, figures.code
