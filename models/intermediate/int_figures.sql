with cells as (

    select * from {{ ref('stg_cells') }}

),

claims as (

    select * from {{ ref('stg_claims') }}

),

documents as (

    select * from {{ ref('int_documents') }}

),

units as (

    select * from {{ ref('units') }}

),

table_measures as (

    select * from {{ ref('table_measures') }}

),

corrections as (

    select * from {{ ref('corrections') }}

),

-- a claim stands in the pseudo-table `claim` and its subject is its line item
numbers as (

    select
        document_id,
        {{ figure_no('table_no', 'row_no', 'column_no') }} as figure_no,
        'table' as source,
        table_no,
        table_code,
        line_item,
        measure,
        row_no,
        column_no,
        page,
        line_no,
        row_label,
        column_path,
        cast(null as varchar) as section,
        cast(null as varchar) as functional_path,
        cast(null as varchar) as direction,
        value_text,
        unit,
        unit_kind,
        decimals,
        number_value,
        amount_yuan,
        confidence
    from cells

    union all

    select
        document_id,
        claim_no,
        'claim',
        null,
        'claim',
        subject,
        measure,
        claim_no,
        null,
        page,
        line_no,
        subject_text,
        null,
        section,
        functional_path,
        direction,
        value_text,
        unit,
        unit_kind,
        decimals,
        number_value,
        amount_yuan,
        confidence
    from claims

),

identified as (

    select {{ figure_id('document_id', 'figure_no') }} as figure_id, *
    from numbers

),

-- a correction changes what the figure counts as; what is printed stays beside it
corrected as (

    select
        identified.* exclude (unit_kind, decimals, number_value, amount_yuan),
        corrections.figure_id is not null as is_corrected,
        corrections.corrected_value_text,
        corrections.corrected_unit_text,
        coalesce(corrections.corrected_unit_text, identified.unit) as counted_unit,
        case when corrections.figure_id is null then identified.unit_kind else units.kind end as unit_kind,
        case
            when corrections.figure_id is null then identified.decimals
            else {{ printed_decimals('corrections.corrected_value_text') }}
        end as decimals,
        case
            when corrections.figure_id is null then identified.number_value
            else {{ printed_number('corrections.corrected_value_text') }}
        end as number_value,
        case
            when corrections.figure_id is null then identified.amount_yuan
            when units.kind = 'money'
                then cast({{ printed_number('corrections.corrected_value_text') }} * units.factor as decimal(28, 6))
        end as amount_yuan
    from identified
    left join corrections on identified.figure_id = corrections.figure_id
    left join units on corrections.corrected_unit_text = units.unit

),

coded as (

    select
        *,
        case
            when line_item in ('function.total', 'economic.total') then 'total'
            else nullif(regexp_extract(line_item, '^(?:function|economic|expenditure\.class)\.([0-9]+)$', 1), '')
        end as code
    from corrected

),

-- the finest decimals among the document's amounts in the same unit: what a whole number there is short of
finest as (

    select document_id, unit, max(decimals) as decimals
    from numbers
    where unit_kind = 'money'
    group by document_id, unit

),

precise as (

    select
        coded.*,
        units.factor,
        case
            when coded.decimals = 0 and coded.counted_unit != '元' then finest.decimals
            else coded.decimals
        end as effective_decimals
    from coded
    left join units on coded.counted_unit = units.unit
    left join finest on coded.document_id = finest.document_id and coded.counted_unit = finest.unit

)

select
    precise.figure_id,
    precise.document_id,
    precise.figure_no,
    documents.department_year_id,
    precise.source,
    precise.table_no,
    precise.table_code,
    precise.line_item,
    precise.code,
    case
        when precise.code = 'total' then 'total'
        when length(precise.code) = 3 then 'class'
        when length(precise.code) = 5 then 'section'
        when length(precise.code) = 7 then 'item'
    end as code_level,
    case
        when precise.code = 'total' then null
        when length(precise.code) = 3 then 'total'
        else left(precise.code, length(precise.code) - 2)
    end as parent_code,
    precise.measure,
    coalesce(table_measures.fund, 'all') as fund,
    coalesce(table_measures.phase, 'final') as phase,
    precise.row_no,
    precise.column_no,
    precise.page,
    precise.line_no,
    precise.row_label,
    precise.column_path,
    precise.section,
    precise.functional_path,
    precise.direction,
    precise.value_text,
    precise.unit as unit_text,
    precise.unit_kind,
    cast(precise.decimals as integer) as decimals,
    precise.amount_yuan,
    cast(precise.number_value as decimal(28, 6)) as number_value,
    case
        when precise.unit_kind = 'money'
            then cast(
                cast('0.' || repeat('0', precise.effective_decimals) || '5' as decimal(38, 12)) * precise.factor
                as decimal(28, 6)
            )
    end as half_width_yuan,
    precise.confidence,
    coalesce(precise.unit_kind = 'percent', false) as is_percent,
    precise.is_corrected,
    precise.corrected_value_text,
    precise.corrected_unit_text
from precise
inner join documents on precise.document_id = documents.document_id
left join table_measures
    on precise.table_code = table_measures.table_code and precise.measure = table_measures.landed_measure
