with figures as not materialized (

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
        documents.document_no,
        case when figures.table_code like 'pf%' then figures.table_no else 0 end as scope_no,
        keys.key_no,
        figures.figure_no,
        figures.page,
        figures.line_no,
        figures.confidence,
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

-- a fact printed more than once speaks through its finest print, of equals through the surest
ranked as (

    select
        *,
        count(*) over same_fact as print_count,
        row_number() over (
            same_fact order by half_width, {{ doubt_of('confidence') }}, figure_no
        ) as print_no,
        first_value(value) over (
            same_fact order by half_width, {{ doubt_of('confidence') }}, figure_no
        ) as finest_value,
        first_value(half_width) over (same_fact order by half_width, figure_no) as finest_half_width
    from keyed
    where document_no in (select repeating.document_no from repeating)
    window same_fact as (partition by document_no, scope_no, key_no)

),

-- equal decimals must give equal figures, different decimals intervals that meet
compared as (

    select
        ranked.document_no,
        ranked.scope_no,
        ranked.key_no,
        bool_or(
            abs(ranked.value - ranked.finest_value)
            > case
                when ranked.half_width = ranked.finest_half_width then 0
                else ranked.half_width + ranked.finest_half_width
            end
        ) as is_conflicting,
        string_agg(figures.figure_id, ' ' order by ranked.print_no) as figure_ids
    from ranked
    inner join documents on ranked.document_no = documents.document_no
    inner join figures on documents.document_id = figures.document_id and ranked.figure_no = figures.figure_no
    where ranked.print_count > 1
    group by ranked.document_no, ranked.scope_no, ranked.key_no

),

facts as (

    select
        *,
        1 as print_count,
        false as is_conflicting,
        cast(null as varchar) as figure_ids
    from keyed
    where document_no not in (select repeating.document_no from repeating)

    union all by name

    select
        ranked.* exclude (print_no, finest_value, finest_half_width),
        coalesce(compared.is_conflicting, false) as is_conflicting,
        compared.figure_ids
    from ranked
    left join compared
        on
            ranked.document_no = compared.document_no
            and ranked.scope_no = compared.scope_no
            and ranked.key_no = compared.key_no
    where ranked.print_no = 1

)

select
    document_no,
    cast(scope_no as integer) as scope_no,
    key_no,
    figure_no,
    page,
    line_no,
    -- seventeen digits times a weight are a machine word; what is larger goes the longer way
    try_cast(value as decimal(17, 6)) as value,
    case when abs(value) >= 100000000000 then value end as large_value,
    cast(half_width as decimal(18, 6)) as half_width,
    -- four counters in one number, so that one sum counts the prints of each kind: all, inferred, recognised and
    -- in conflict or too large, sixteen bits each
    1
    + case confidence when 'inferred' then 65536 when 'ocr' then 4294967296 else 0 end
    + case when is_conflicting or abs(value) >= 100000000000 then 281474976710656 else 0 end as tally,
    cast(print_count as integer) as print_count,
    is_conflicting,
    figure_ids
from facts
