with landed as (

    select * from {{ ref('landed_cells') }}

),

tables as (

    select * from {{ ref('landed_tables') }}

),

documents as (

    select * from {{ ref('landed_documents') }}

),

table_measures as (

    select * from {{ ref('table_measures') }}

),

units as (

    select * from {{ ref('units') }}

),

-- The unit nearest to the number holds: the cell's, and for a column of money the table's, then the
-- document's. A column that is not known to hold money (a score, a count, an unknown table) gets no unit.
with_unit as (

    select
        landed.*,
        tables.table_code,
        coalesce(
            landed.unit_text,
            case when table_measures.is_money then coalesce(tables.printed_unit, documents.amount_unit) end
        ) as unit
    from landed
    inner join tables
        on landed.document_id = tables.document_id and landed.table_no = tables.table_no
    inner join documents on landed.document_id = documents.document_id
    left join table_measures
        on tables.table_code = table_measures.table_code and landed.measure = table_measures.landed_measure

)

select
    with_unit.document_id,
    cast(with_unit.table_no as integer) as table_no,
    cast(with_unit.row_no as integer) as row_no,
    cast(with_unit.column_no as integer) as column_no,
    with_unit.table_code,
    try_cast(with_unit.page as integer) as page,
    try_cast(with_unit.line_no as integer) as line_no,
    with_unit.row_code,
    with_unit.row_label,
    with_unit.line_item,
    with_unit.column_path,
    with_unit.measure,
    with_unit.value_text,
    with_unit.unit,
    units.kind as unit_kind,
    {{ printed_decimals('with_unit.value_text') }} as decimals,
    {{ printed_number('with_unit.value_text') }} as number_value,
    case
        when units.kind = 'money'
            then cast({{ printed_number('with_unit.value_text') }} * units.factor as decimal(28, 6))
    end as amount_yuan,
    with_unit.method,
    with_unit.confidence,
    with_unit.box
from with_unit
left join units on with_unit.unit = units.unit
