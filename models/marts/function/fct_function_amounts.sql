with figures as (

    select * from {{ ref('int_figures') }}
    where amount_yuan is not null

),

documents as (

    select * from {{ ref('int_star_documents') }}
    where document_role = 'accounts'

),

table_measures as (

    select * from {{ ref('table_measures') }}

),

claim_codes as (

    select * from {{ ref('int_claim_codes') }}
    where functional_code is not null

),

sections as (

    select * from {{ ref('outline_sections') }}
    where fund is not null

),

of_tables as (

    select
        figures.*,
        'table' as evidence_kind,
        table_measures.measure as star_measure
    from figures
    inner join table_measures
        on figures.table_code = table_measures.table_code and figures.measure = table_measures.landed_measure
    where figures.table_code in ('gk02', 'gk03', 'gk05', 'gk07', 'gk08') and figures.code is not null

),

-- sentences that name a code, in the part of the narrative that is about one fund: budgets, which no table of the
-- form prints, and final accounts where the tables are pictures. Never beside a table's column of the same kind:
-- the narrative names some codes only, and the sum of both would be of neither.
of_narrative as (

    select
        figures.* replace (
            claim_codes.functional_code as code,
            claim_codes.level as code_level,
            sections.fund as fund
        ),
        'narrative' as evidence_kind,
        'expenditure.total' as star_measure
    from figures
    inner join claim_codes on figures.functional_path = claim_codes.functional_path
    inner join sections on figures.section = sections.section
    where
        figures.source = 'claim'
        and figures.line_item = 'function'
        and figures.measure in ('final', 'initial_budget', 'adjusted_budget', 'prior_year')
        and not exists (
            select 1 from of_tables
            where
                of_tables.document_id = figures.document_id
                and of_tables.fund = sections.fund
                and of_tables.phase = figures.phase
                and of_tables.star_measure = 'expenditure.total'
        )

),

printed as (

    select * from of_tables

    union all

    select * from of_narrative

),

-- codes under which the same column prints a longer one: their amounts contain the longer one's
parents as (

    select distinct document_id, fund, phase, star_measure, 'total' as code
    from printed
    where code_level != 'total'

    union

    select distinct document_id, fund, phase, star_measure, left(code, 3)
    from printed
    where code_level in ('section', 'item')

    union

    select distinct document_id, fund, phase, star_measure, left(code, 5)
    from printed
    where code_level = 'item'

),

facts as (

    select
        documents.department_year_id,
        documents.department_id,
        documents.fiscal_year,
        printed.evidence_kind,
        printed.code as functional_code,
        printed.code_level,
        parents.code is null as is_leaf,
        printed.fund,
        printed.phase,
        printed.star_measure as measure,
        printed.table_code,
        printed.amount_yuan,
        printed.half_width_yuan,
        printed.row_label as printed_name,
        printed.value_text,
        printed.unit_text,
        printed.decimals,
        printed.confidence,
        printed.figure_id,
        printed.document_id,
        count(*) over same_fact as printed_times,
        min(printed.amount_yuan) over same_fact != max(printed.amount_yuan) over same_fact as is_conflicting,
        -- a row printed twice counts once: the surest, of equals the first in the document
        row_number() over (
            partition by
                documents.department_year_id, printed.code, printed.fund, printed.phase, printed.star_measure
            order by {{ doubt_of('printed.confidence') }}, printed.table_no, printed.row_no, printed.column_no
        ) as occurrence
    from printed
    inner join documents on printed.document_id = documents.document_id
    left join parents
        on
            printed.document_id = parents.document_id
            and printed.fund = parents.fund
            and printed.phase = parents.phase
            and printed.star_measure = parents.star_measure
            and printed.code = parents.code
    window same_fact as (
        partition by
            documents.department_year_id, printed.code, printed.fund, printed.phase, printed.star_measure
    )

)

select
    department_year_id,
    department_id,
    fiscal_year,
    functional_code,
    code_level,
    is_leaf,
    fund,
    phase,
    measure,
    evidence_kind,
    table_code,
    amount_yuan,
    half_width_yuan,
    printed_name,
    value_text,
    unit_text,
    decimals,
    confidence,
    cast(printed_times as integer) as printed_times,
    is_conflicting,
    figure_id,
    document_id
from facts
where occurrence = 1
order by department_year_id, functional_code, fund, phase, measure
