with figures as (

    select * from {{ ref('int_figures') }}
    where source = 'claim' and line_item not like 'activity\_%' escape '\'

),

claims as (

    select * from {{ ref('stg_claims') }}

),

codes as (

    select * from {{ ref('int_claim_codes') }}

),

units as (

    select * from {{ ref('units') }}

),

bases as (

    select distinct evidence, priority, base_measure from {{ ref('claim_bases') }}
    where measure = 'change'

),

-- the unit in which most amounts of the document's sentences are printed
main_units as (

    select document_id, arg_max(factor, (n_claims, factor)) as factor
    from (
        select figures.document_id, units.factor, count(*) as n_claims
        from figures
        inner join units on figures.unit_text = units.unit and units.kind = 'money'
        group by figures.document_id, units.factor
    ) as counted
    group by document_id

),

-- what a change is measured against, by the words before it: 比年初预算数, 比上年
change_bases as (

    select claims.document_id, claims.claim_no, arg_min(bases.base_measure, bases.priority) as change_base
    from claims
    inner join bases on bases.evidence is null or regexp_matches(claims.evidence, bases.evidence)
    where claims.measure = 'change'
    group by claims.document_id, claims.claim_no

),

typed as (

    select
        figures.*,
        claims.claim_no,
        claims.evidence,
        codes.functional_code,
        codes.class_code,
        codes.level,
        change_bases.change_base,
        -- a project or a thing that is no account is known by its name alone
        case
            when figures.line_item in ('project', 'other_amount', 'economic.unlisted')
                then {{ project_key('figures.row_label') }}
        end as name_key,
        case
            when figures.measure = 'comparison' then 'word'
            when figures.unit_kind in ('money', 'percent') then figures.unit_kind
            -- 年初预算为26.53: an amount whose unit is left out
            when
                figures.unit_kind is null
                and figures.measure in ('initial_budget', 'adjusted_budget', 'final', 'prior_year', 'change')
                and units.kind is null
                then 'money'
            else 'count'
        end as kind,
        coalesce(units.factor, main_units.factor) as factor,
        main_units.factor as main_factor,
        units.factor != main_units.factor
        and figures.unit_kind = 'money'
        and figures.number_value != 0
        and abs(figures.number_value) < 1000000 as is_unit_suspect
    from figures
    inner join claims on figures.document_id = claims.document_id and figures.row_no = claims.claim_no
    left join codes on figures.functional_path = codes.functional_path
    left join units on figures.unit_text = units.unit
    left join main_units on figures.document_id = main_units.document_id
    left join change_bases
        on figures.document_id = change_bases.document_id and claims.claim_no = change_bases.claim_no

),

valued as (

    select
        *,
        line_item || coalesce('|' || functional_path, '') || coalesce('|' || name_key, '') as topic_key,
        cast(
            case kind
                when 'money' then coalesce(amount_yuan, number_value * factor)
                else number_value
            end as decimal(28, 6)
        ) as value,
        cast(
            case kind
                when 'money' then coalesce(half_width_yuan, cast(0.005 as decimal(12, 6)) * factor)
                when 'percent' then cast('0.' || repeat('0', decimals) || '5' as decimal(28, 6))
                else 0
            end as decimal(28, 6)
        ) as half_width,
        case when coalesce(is_unit_suspect, false) then cast(main_factor as decimal(12, 0)) end as suspect_factor
    from typed

)

select
    figure_id,
    document_id,
    department_year_id,
    cast(claim_no as integer) as claim_no,
    page,
    line_no,
    section,
    line_item as subject,
    row_label as subject_text,
    name_key,
    functional_path,
    functional_code,
    class_code,
    level,
    topic_key,
    measure,
    direction,
    change_base,
    evidence,
    value_text,
    unit_text,
    kind,
    decimals,
    value,
    half_width,
    coalesce(is_unit_suspect, false) as is_unit_suspect,
    -- the same digits in the unit of the other sentences; the printed amount where that is its unit
    cast(coalesce(number_value * suspect_factor, value) as decimal(28, 6)) as other_value,
    cast(
        case when suspect_factor is null then half_width else half_width * suspect_factor / factor end
        as decimal(28, 6)
    ) as other_half_width,
    confidence,
    -- 项目的执行数 with an execution rate is an item of the list of projects, not an example in a reason
    bool_or(measure = 'completion_rate') over (partition by document_id, section, topic_key) as is_evaluated
from valued
-- what is larger is no amount of a department and no rate, but digits run together; a word has no digits
where kind = 'word' or abs(value) < case kind when 'percent' then 1000000000 else 100000000000000 end
