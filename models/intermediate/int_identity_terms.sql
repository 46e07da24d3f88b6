{#- The terms of checks that came out exact, or within rounding, explain nothing that the sums do not. Above some ten
    thousand documents they are most of the warehouse; `--vars 'list_settled_terms: false'` leaves them out. -#}
with facts as not materialized (

    select * from {{ ref('int_identity_values') }}

),

key_terms as (

    select * from {{ ref('int_identity_key_terms') }}

),

documents as (

    select * from {{ ref('int_identity_documents') }}

),

sums as not materialized (

    select * from {{ ref('int_identity_sums') }}

),

keys as (

    select * from {{ ref('int_identity_keys') }}

),

figures as (

    select * from {{ ref('int_figures') }}

),

terms as (

    select * from {{ ref('identity_terms') }}

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

),

-- Cutting off explains a violation only where no sum of the document was rounded: in a document with a check that is
-- open, what is within rounding is looked at too.
open_documents as (

    select distinct document_no
    from sums
    where not is_exact and not is_rounded

),

listed as (

    select document_no, scope_no, check_no, false as is_settled
    from sums
    where
        not is_exact
        and (not is_rounded or document_no in (select open_documents.document_no from open_documents))

    union all

    select document_no, scope_no, check_no, true
    from sums
    where
        (is_exact or is_rounded and document_no not in (select open_documents.document_no from open_documents))
        {% if not var('list_settled_terms', true) -%}
        -- what is settled may yet be in doubt for an ambiguous figure of its row
        and (document_no, check_no) in (
            select documents.document_no, key_terms.check_no
            from ambiguous
            inner join documents on ambiguous.document_id = documents.document_id
            inner join key_terms
                on
                    ambiguous.identity_id = key_terms.identity_id
                    and coalesce(ambiguous.instance_code, '') = key_terms.code_key
        )
        {%- endif %}

),

-- every fact that may go into one of these checks is looked for, not every fact looked at for its checks
wanted as (

    select
        listed.document_no as judged_document_no,
        case key_terms.years_back when 1 then documents.prior_document_no else listed.document_no end as document_no,
        listed.scope_no,
        listed.is_settled,
        key_terms.*
    from listed
    inner join key_terms on listed.check_no = key_terms.check_no
    inner join documents on listed.document_no = documents.document_no

),

placed as (

    select
        wanted.*,
        facts.* exclude (document_no, scope_no, key_no)
    from facts
    inner join wanted
        on
            facts.document_no = wanted.document_no
            and facts.key_no = wanted.key_no
            and case when wanted.is_by_table then facts.scope_no else 0 end = wanted.scope_no

)

select
    judged.document_id,
    judged.department_year_id,
    judged.document_no,
    placed.check_no,
    placed.identity_id,
    nullif(placed.code_key, '') as instance_code,
    nullif(placed.measure_key, '') as instance_measure,
    nullif(placed.scope_no, 0) as instance_table_no,
    placed.term_no,
    placed.side,
    cast(placed.weight as integer) as weight,
    {{ figure_id('printed_in.document_id', 'placed.figure_no') }} as figure_id,
    keys.table_code,
    keys.line_item,
    keys.measure,
    placed.page,
    placed.line_no,
    placed.value_unit,
    coalesce(placed.large_value, placed.value) as value,
    cast(placed.half_width as decimal(28, 6)) as half_width,
    case
        when (placed.tally >> 16) & 65535 > 0 then 'inferred'
        when (placed.tally >> 32) & 65535 > 0 then 'ocr'
        else 'certain'
    end as confidence,
    placed.is_conflicting,
    false as is_ambiguous,
    placed.is_settled,
    coalesce(placed.figure_ids, {{ figure_id('printed_in.document_id', 'placed.figure_no') }}) as figure_ids
from placed
inner join documents as judged on placed.judged_document_no = judged.document_no
inner join documents as printed_in on placed.document_no = printed_in.document_no
inner join keys on placed.key_no = keys.key_no

union all

select
    ambiguous.document_id,
    ambiguous.department_year_id,
    documents.document_no,
    null,
    ambiguous.identity_id,
    ambiguous.instance_code,
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
    'yuan',
    amount_yuan,
    half_width_yuan,
    confidence,
    false,
    true,
    false,
    figure_id
from ambiguous
inner join documents on ambiguous.document_id = documents.document_id
