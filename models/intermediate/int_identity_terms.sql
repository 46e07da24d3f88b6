with facts as (

    select * from {{ ref('int_identity_facts') }}

),

figures as (

    select * from {{ ref('int_figures') }}

),

terms as (

    select * from {{ ref('identity_terms') }}

),

-- a figure that may stand in several columns has a row and no measure
candidates as (

    select
        document_id, department_year_id, figure_id, table_code, line_item, code, code_level, parent_code,
        measure, page, line_no, row_label, value_text, unit_text, amount_yuan, half_width_yuan, confidence,
        is_conflicting, figure_ids,
        false as is_ambiguous
    from facts

    union all

    select
        document_id, department_year_id, figure_id, table_code, line_item, code, code_level, parent_code,
        null, page, line_no, row_label, value_text, unit_text, amount_yuan, half_width_yuan, confidence,
        false, figure_id,
        true
    from figures
    where
        source = 'table'
        and confidence = 'ambiguous'
        and line_item is not null

),

-- what the documents print, apart from how often: patterns are matched on this small set and nowhere else
keys as (

    select distinct table_code, line_item, code_level, measure
    from candidates

),

matched_keys as (

    select
        terms.identity_id,
        terms.term_no,
        terms.side,
        terms.weight,
        terms.instance_code,
        terms.instance_measure,
        keys.table_code,
        keys.line_item,
        keys.measure
    from terms
    inner join keys on terms.table_code = keys.table_code
    where
        keys.line_item like replace(terms.line_item, '_', '\_') escape '\'
        and (keys.measure is null or keys.measure like replace(terms.measure, '_', '\_') escape '\')
        and (terms.code_level is null or terms.code_level = keys.code_level)

)

select
    candidates.document_id,
    candidates.department_year_id,
    matched_keys.identity_id,
    case matched_keys.instance_code
        when 'code' then candidates.code
        when 'parent_code' then candidates.parent_code
    end as instance_code,
    case when matched_keys.instance_measure = 'measure' then candidates.measure end as instance_measure,
    matched_keys.term_no,
    matched_keys.side,
    matched_keys.weight,
    candidates.figure_id,
    candidates.table_code,
    candidates.line_item,
    candidates.measure,
    candidates.page,
    candidates.line_no,
    candidates.row_label,
    candidates.value_text,
    candidates.unit_text,
    candidates.amount_yuan,
    candidates.half_width_yuan,
    candidates.confidence,
    candidates.is_conflicting,
    candidates.is_ambiguous,
    candidates.figure_ids
from candidates
inner join matched_keys
    on
        candidates.table_code = matched_keys.table_code
        and candidates.line_item = matched_keys.line_item
        and candidates.measure is not distinct from matched_keys.measure
order by
    candidates.document_id,
    matched_keys.identity_id,
    matched_keys.term_no,
    candidates.figure_id
