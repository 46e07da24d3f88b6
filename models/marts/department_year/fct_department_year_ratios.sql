with headlines as (

    select * from {{ ref('int_headline_figures') }}

),

department_years as (

    select distinct department_year_id, department_id, fiscal_year from {{ ref('int_star_documents') }}

),

ratios as (

    select * from {{ ref('dim_ratio') }}

),

figures as (

    select
        department_years.department_id,
        department_years.fiscal_year,
        headlines.figure,
        headlines.phase,
        headlines.evidence_kind,
        cast(headlines.headline_value as decimal(28, 6)) as headline_value,
        headlines.confidence,
        headlines.figure_id
    from headlines
    inner join department_years on headlines.department_year_id = department_years.department_year_id

),

-- every ratio of every department-year, with its two terms where they are known
termed as (

    select
        department_years.department_year_id,
        department_years.department_id,
        department_years.fiscal_year,
        ratios.ratio,
        ratios.kind,
        ratios.unit,
        ratios.numerator,
        ratios.denominator,
        ratios.years_back,
        above.headline_value as numerator_value,
        above.confidence as numerator_confidence,
        above.evidence_kind as numerator_evidence,
        above.figure_id as numerator_figure_id,
        below.headline_value as denominator_value,
        below.confidence as denominator_confidence,
        below.evidence_kind as denominator_evidence,
        below.phase as denominator_phase,
        below.figure_id as denominator_figure_id
    from department_years
    cross join ratios
    left join figures as above
        on
            department_years.department_id = above.department_id
            and department_years.fiscal_year = above.fiscal_year
            and ratios.numerator = above.figure
    left join figures as below
        on
            department_years.department_id = below.department_id
            and department_years.fiscal_year = below.fiscal_year + ratios.years_back
            and ratios.denominator = below.figure

),

judged as (

    select
        *,
        case
            when numerator_value is null and denominator_value is null then 'both_terms_missing'
            when numerator_value is null then 'numerator_missing'
            when denominator_value is null and years_back = 1 then 'prior_year_missing'
            when denominator_value is null then 'denominator_missing'
            when denominator_value <= 0 then 'base_not_positive'
        end as reason
    from termed

)

select
    department_year_id,
    department_id,
    fiscal_year,
    ratio,
    unit,
    case
        when reason is not null then null
        when kind = 'growth'
            then {{ rounded_quotient('100 * (numerator_value - denominator_value)', 'denominator_value') }}
        when unit = 'percent' then {{ rounded_quotient('100 * numerator_value', 'denominator_value') }}
        else {{ rounded_quotient('numerator_value', 'denominator_value') }}
    end as ratio_value,
    reason,
    numerator_value,
    denominator_value,
    case
        when reason is not null then null
        when {{ doubt_of('numerator_confidence') }} > {{ doubt_of('denominator_confidence') }}
            then numerator_confidence
        else denominator_confidence
    end as confidence,
    numerator_evidence,
    denominator_evidence,
    denominator_phase,
    case
        when reason is not null then null
        when numerator_evidence = 'annex' and denominator_evidence != 'annex'
            or denominator_evidence = 'annex' and numerator_evidence != 'annex'
            then 'one term is from an annex, which may cover other units or funds'
        when kind = 'execution' and denominator_phase = 'initial_budget'
            then 'against the budget at the beginning of the year'
        when kind = 'execution' and denominator_phase = 'adjusted_budget'
            then 'against the budget of the whole year'
        when numerator_evidence != denominator_evidence
            then 'the terms are from different parts of the accounts: ' || numerator_evidence || ', ' || denominator_evidence
    end as comparability_note,
    numerator_figure_id,
    denominator_figure_id
from judged
order by department_year_id, ratio
