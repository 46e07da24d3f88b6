with documents as (

    select * from {{ ref('dim_document') }}

),

tables as (

    select
        document_id,
        count(*) as table_count,
        count(*) filter (where table_code = 'unknown') as unknown_table_count,
        count(*) filter (where is_declared_empty) as declared_empty_table_count
    from {{ ref('stg_tables') }}
    group by document_id

),

figures as (

    select
        document_id,
        count(*) filter (where source = 'table') as cell_count,
        count(*) filter (where source = 'claim') as claim_count,
        count(*) filter (where source = 'table' and confidence = 'certain') as certain_count,
        count(*) filter (where source = 'table' and confidence = 'inferred') as inferred_count,
        count(*) filter (where source = 'table' and confidence = 'ocr') as ocr_count,
        count(*) filter (where source = 'table' and confidence = 'ambiguous') as ambiguous_count,
        count(*) filter (where source = 'claim' and confidence = 'ocr') as ocr_claim_count,
        count(*) filter (where source = 'table' and (line_item is null or measure is null)) as unplaced_count,
        -- an official table's amount without a unit has no 元 and so no place in the stars
        count(*) filter (where table_code like 'gk%' and measure is not null and amount_yuan is null)
            as without_unit_count
    from {{ ref('int_figures') }}
    group by document_id

),

-- recognised figures that stand in a sum that comes out and in none that does not
judged as (

    select distinct document_id, verdict, unnest(string_split(figure_ids, ' ')) as figure_id
    from {{ ref('fct_identity_checks') }}
    where comparison = 'equals' and verdict != 'not_checkable' and n_ocr > 0

),

proved as (

    select figures.document_id, count(*) as ocr_proved_count
    from {{ ref('int_figures') }} as figures
    inner join (
        select figure_id
        from judged
        group by figure_id
        having bool_and(verdict != 'violated')
    ) as held on figures.figure_id = held.figure_id
    where figures.confidence = 'ocr'
    group by figures.document_id

),

problems as (

    select
        document_id,
        count(*) as problem_count,
        count(*) filter (where problem_code = 'ocr_corrected') as ocr_corrected_count,
        count(*) filter (where problem_code in ('ocr_uncertain', 'ocr_unproved')) as ocr_doubt_count
    from {{ ref('stg_problems') }}
    group by document_id

)

select
    documents.document_id,
    documents.file_name,
    documents.department_year_id,
    documents.status,
    documents.status_reason,
    documents.is_current,
    documents.is_quarantined,
    documents.is_in_stars,
    case
        when documents.is_in_stars then null
        when documents.status = 'rejected' then 'rejected'
        when documents.department_year_id is null then 'no department or fiscal year'
        when not documents.is_current then 'older version'
        when documents.is_quarantined then 'critical identity violated'
        else 'no figure'
    end as held_out_reason,
    cast(coalesce(tables.table_count, 0) as integer) as table_count,
    cast(coalesce(tables.unknown_table_count, 0) as integer) as unknown_table_count,
    cast(coalesce(tables.declared_empty_table_count, 0) as integer) as declared_empty_table_count,
    cast(coalesce(figures.cell_count, 0) as integer) as cell_count,
    cast(coalesce(figures.certain_count, 0) as integer) as certain_count,
    cast(coalesce(figures.inferred_count, 0) as integer) as inferred_count,
    cast(coalesce(figures.ocr_count, 0) as integer) as ocr_count,
    cast(coalesce(proved.ocr_proved_count, 0) as integer) as ocr_proved_count,
    cast(coalesce(problems.ocr_corrected_count, 0) as integer) as ocr_corrected_count,
    cast(coalesce(problems.ocr_doubt_count, 0) as integer) as ocr_doubt_count,
    cast(coalesce(figures.ambiguous_count, 0) as integer) as ambiguous_count,
    cast(coalesce(figures.unplaced_count, 0) as integer) as unplaced_count,
    cast(coalesce(figures.without_unit_count, 0) as integer) as without_unit_count,
    cast(coalesce(figures.claim_count, 0) as integer) as claim_count,
    cast(coalesce(figures.ocr_claim_count, 0) as integer) as ocr_claim_count,
    cast(coalesce(problems.problem_count, 0) as integer) as problem_count,
    case
        when figures.document_id is null then null
        when documents.status = 'partial' or figures.ambiguous_count > 0 or problems.ocr_doubt_count > 0 then 'C'
        when figures.ocr_count > coalesce(proved.ocr_proved_count, 0) or figures.ocr_claim_count > 0 then 'B'
        else 'A'
    end as reading_grade
from documents
left join tables on documents.document_id = tables.document_id
left join figures on documents.document_id = figures.document_id
left join proved on documents.document_id = proved.document_id
left join problems on documents.document_id = problems.document_id
order by documents.document_id
