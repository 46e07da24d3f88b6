{{ config(materialized='view') }}

with facts as (

    select * from {{ ref('int_identity_values') }}

),

documents as (

    select * from {{ ref('int_identity_documents') }}

),

keys as (

    select * from {{ ref('int_identity_keys') }}

),

figures as (

    select * from {{ ref('int_figures') }}

)

select
    figures.figure_id,
    facts.document_no,
    figures.document_id,
    figures.department_year_id,
    cast(figures.table_no as integer) as table_no,
    facts.scope_no,
    facts.key_no,
    figures.source,
    figures.table_code,
    figures.line_item,
    figures.code,
    figures.code_level,
    figures.parent_code,
    figures.measure,
    figures.page,
    figures.line_no,
    figures.row_label,
    figures.value_text,
    figures.unit_text,
    keys.value_unit,
    case when keys.value_unit = 'yuan' then figures.amount_yuan else figures.number_value end as value,
    cast(facts.half_width as decimal(28, 6)) as half_width,
    figures.amount_yuan,
    figures.half_width_yuan,
    figures.confidence,
    facts.tally,
    facts.print_count,
    facts.is_conflicting,
    coalesce(facts.figure_ids, figures.figure_id) as figure_ids
from facts
inner join documents on facts.document_no = documents.document_no
inner join keys on facts.key_no = keys.key_no
inner join figures on documents.document_id = figures.document_id and facts.figure_no = figures.figure_no
