{#- The terms of checks that came out exact explain nothing that the sums do not. Above some ten thousand documents
    they are most of the warehouse; `--vars 'list_exact_terms: false'` leaves them out. -#}
with facts as (

    select * from {{ ref('int_identity_facts') }}

),

key_terms as (

    select * from {{ ref('int_identity_key_terms') }}

),

documents as (

    select * from {{ ref('int_identity_documents') }}

),

sums as (

    select * from {{ ref('int_identity_sums') }}
    {% if not var('list_exact_terms', true) %}
    where not is_settled
    {% endif %}

),

figures as (

    select * from {{ ref('int_figures') }}

),

terms as (

    select * from {{ ref('identity_terms') }}

),

placed as (

    select facts.*, facts.document_no as judged_document_no, key_terms.* exclude (key_no, value_unit)
    from facts
    inner join key_terms on facts.key_no = key_terms.key_no and key_terms.years_back = 0

    union all

    select facts.*, documents.document_no, key_terms.* exclude (key_no, value_unit)
    from facts
    inner join key_terms on facts.key_no = key_terms.key_no and key_terms.years_back = 1
    inner join documents on facts.document_no = documents.prior_document_no

),

-- a figure that may stand in several columns has a row and no measure
ambiguous as (

    select
        figures.*,
        terms.identity_id,
        terms.term_no,
        terms.side,
        terms.weight,
        case terms.instance_code
            when 'code' then figures.code
            when 'parent_code' then figures.parent_code
            when 'line_item' then figures.line_item
        end as instance_code
    from figures
    inner join terms on figures.table_code = terms.table_code
    where
        figures.source = 'table'
        and figures.confidence = 'ambiguous'
        and figures.line_item is not null
        and terms.years_back = 0
        and figures.line_item like replace(terms.line_item, '_', '\_') escape '\'
        and (terms.code_level is null or terms.code_level = figures.code_level)

)

select
    documents.document_id,
    documents.department_year_id,
    placed.identity_id,
    nullif(placed.code_key, '') as instance_code,
    nullif(placed.measure_key, '') as instance_measure,
    nullif(sums.scope_no, 0) as instance_table_no,
    placed.term_no,
    placed.side,
    cast(placed.weight as integer) as weight,
    placed.figure_id,
    placed.table_code,
    placed.line_item,
    placed.measure,
    placed.page,
    placed.line_no,
    placed.row_label,
    placed.value_text,
    placed.unit_text,
    placed.value_unit,
    placed.value,
    placed.half_width,
    placed.confidence,
    placed.is_conflicting,
    false as is_ambiguous,
    sums.is_settled,
    placed.figure_ids
from placed
inner join documents on placed.judged_document_no = documents.document_no
inner join sums
    on
        placed.judged_document_no = sums.document_no
        and placed.check_no = sums.check_no
        and case when placed.is_by_table then placed.scope_no else 0 end = sums.scope_no

union all

select
    document_id,
    department_year_id,
    identity_id,
    instance_code,
    null,
    null,
    term_no,
    side,
    weight,
    figure_id,
    table_code,
    line_item,
    null,
    page,
    line_no,
    row_label,
    value_text,
    unit_text,
    'yuan',
    amount_yuan,
    half_width_yuan,
    confidence,
    false,
    true,
    false,
    figure_id
from ambiguous
