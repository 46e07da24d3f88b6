with figures as (

    select * from {{ ref('int_figures') }}

),

keys as (

    select * from {{ ref('int_identity_keys') }}

),

documents as (

    select * from {{ ref('int_identity_documents') }}

),

-- A fact of the standard tables holds for the document, a fact of an annex for its table: a department
-- evaluates several projects on the same form. Whole numbers that are no money are counts and full scores: exact.
keyed as (

    select
        figures.*,
        documents.document_no,
        keys.key_no,
        keys.value_unit,
        case when figures.table_code like 'pf%' then figures.table_no else 0 end as scope_no,
        case when keys.value_unit = 'yuan' then figures.amount_yuan else figures.number_value end as value,
        case
            when keys.value_unit = 'yuan' then figures.half_width_yuan
            when keys.value_unit = 'number' and figures.decimals = 0 then 0
            else cast(cast('0.' || repeat('0', least(figures.decimals, 5)) || '5' as decimal(28, 6)) as decimal(28, 6))
        end as half_width
    from figures
    inner join keys
        on
            figures.table_code = keys.table_code
            and figures.line_item = keys.line_item
            and figures.measure = keys.measure
    inner join documents on figures.document_id = documents.document_id
    where
        figures.confidence != 'ambiguous'
        and (figures.source = 'table' or figures.functional_path is null)
        and case keys.value_unit
            when 'yuan' then figures.amount_yuan is not null
            when 'percent' then figures.is_percent
            else not figures.is_percent and figures.number_value is not null
        end

),

-- Documents that print some fact twice, told without grouping every figure: each key sets a bit, and there are
-- fewer bits than figures. Keys that share a bit only make a document take the longer way.
repeating as (

    select document_no
    from keyed
    group by document_no
    having bit_count(bitstring_agg(key_no % 8192, 0, 8191)) < count(*)

),

printed_once as (

    select
        *,
        1 as print_no,
        1 as print_count,
        false as is_conflicting,
        figure_id as figure_ids
    from keyed
    where document_no not in (select repeating.document_no from repeating)

),

-- a fact printed more than once speaks through its finest print, of equals through the surest
ranked as (

    select
        *,
        count(*) over same_fact as print_count,
        row_number() over (
            same_fact order by half_width, {{ doubt_of('confidence') }}, figure_id
        ) as print_no,
        first_value(value) over (
            same_fact order by half_width, {{ doubt_of('confidence') }}, figure_id
        ) as finest_value,
        first_value(half_width) over (same_fact order by half_width, figure_id) as finest_half_width
    from keyed
    where document_no in (select repeating.document_no from repeating)
    window same_fact as (partition by document_no, scope_no, key_no)

),

-- equal decimals must give equal figures, different decimals intervals that meet
compared as (

    select
        document_no,
        scope_no,
        key_no,
        bool_or(
            abs(value - finest_value)
            > case when half_width = finest_half_width then 0 else half_width + finest_half_width end
        ) as is_conflicting,
        string_agg(figure_id, ' ' order by print_no) as figure_ids
    from ranked
    group by document_no, scope_no, key_no

),

facts as (

    select * from printed_once

    union all by name

    select
        ranked.* exclude (finest_value, finest_half_width),
        compared.is_conflicting,
        compared.figure_ids
    from ranked
    inner join compared
        on
            ranked.document_no = compared.document_no
            and ranked.scope_no = compared.scope_no
            and ranked.key_no = compared.key_no
    where ranked.print_no = 1

)

select
    facts.figure_id,
    facts.document_no,
    facts.document_id,
    facts.department_year_id,
    cast(facts.table_no as integer) as table_no,
    cast(facts.scope_no as integer) as scope_no,
    facts.key_no,
    facts.source,
    facts.table_code,
    facts.line_item,
    facts.code,
    facts.code_level,
    facts.parent_code,
    facts.measure,
    facts.page,
    facts.line_no,
    facts.row_label,
    facts.value_text,
    facts.unit_text,
    facts.value_unit,
    cast(facts.value as decimal(28, 6)) as value,
    cast(facts.half_width as decimal(28, 6)) as half_width,
    facts.amount_yuan,
    facts.half_width_yuan,
    facts.confidence,
    -- four counters in one number, so that one sum counts the prints of each kind: all, inferred, recognised and
    -- in conflict, sixteen bits each
    1
    + case facts.confidence when 'inferred' then 65536 when 'ocr' then 4294967296 else 0 end
    + case when facts.is_conflicting then 281474976710656 else 0 end as tally,
    cast(facts.print_count as integer) as print_count,
    facts.is_conflicting,
    facts.figure_ids
from facts
