with figures as (

    select * from {{ ref('int_figures') }}

),

documents as (

    select * from {{ ref('int_star_documents') }}

),

headlines as (

    select * from {{ ref('headline_figures') }}

),

evidence as (

    select * from {{ ref('headline_evidence') }}

),

-- every printed number that could serve as a headline figure, with the kind of evidence that it is
candidates as (

    select
        documents.department_year_id,
        documents.document_role,
        evidence.figure,
        evidence.evidence_order,
        headlines.kind,
        figures.*,
        case
            when figures.table_code like 'gk%' then 'table'
            when figures.source = 'claim' and coalesce(figures.section, '') != 'appendix' then 'narrative'
            else 'annex'
        end as evidence_kind
    from figures
    inner join documents on figures.document_id = documents.document_id
    inner join evidence
        on
            figures.table_code = evidence.table_code
            and figures.line_item = evidence.line_item
            and figures.measure = evidence.measure
    inner join headlines on evidence.figure = headlines.figure
    where
        case headlines.kind
            when 'money' then figures.amount_yuan is not null
            when 'count' then figures.decimals = 0 and coalesce(figures.unit_kind, '') not in ('money', 'percent')
            when 'score' then coalesce(figures.unit_kind, '') not in ('money', 'percent')
        end

),

-- table before narrative before annex, but of the accounts what is printed as text before what was recognised
-- in a picture; the accounts before a performance report; within an annex its table before its sentences; a
-- figure whose column is ambiguous after all that are not; then the order of the seed
ranked as (

    select
        *,
        rank() over (
            partition by department_year_id, figure
            order by
                confidence = 'ambiguous',
                evidence_kind = 'annex',
                confidence = 'ocr',
                evidence_kind != 'table',
                document_role,
                source != 'table',
                evidence_order
        ) as evidence_rank
    from candidates

),

-- of equals the first in the document
best as (

    select
        *,
        row_number() over (same_figure order by table_no, row_no, column_no, figure_id) as preference,
        min(number_value) over same_figure != max(number_value) over same_figure as is_disputed
    from ranked
    where evidence_rank = 1
    window same_figure as (partition by department_year_id, figure)

)

select
    department_year_id,
    figure,
    kind,
    phase,
    amount_yuan,
    number_value,
    case when kind = 'money' then amount_yuan else number_value end as headline_value,
    evidence_kind,
    figure_id,
    document_id,
    confidence,
    value_text,
    unit_text
from best
where
    preference = 1
    -- persons or vehicles counted twice and not alike are those of single units, and none is the department's
    and not (kind = 'count' and is_disputed)
