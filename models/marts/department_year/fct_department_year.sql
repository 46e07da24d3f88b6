{#- The figures of seeds/reference/headline_figures.csv: amounts, then counts, then scores. -#}
{%- set amounts = [
    'grand_total', 'revenue_total', 'fiscal_appropriation_revenue', 'other_revenue',
    'expenditure_total', 'basic_expenditure', 'project_expenditure', 'opening_carryover',
    'closing_carryover', 'fiscal_grand_total', 'fiscal_expenditure',
    'general_public_budget_expenditure', 'general_public_budget_initial_budget',
    'general_public_budget_basic', 'general_public_budget_project', 'personnel_expenditure',
    'public_expenditure', 'government_fund_expenditure', 'state_capital_expenditure',
    'three_public_final', 'three_public_budget', 'overseas_travel_final', 'overseas_travel_budget',
    'vehicles_final', 'vehicles_budget', 'vehicle_purchase_final', 'vehicle_purchase_budget',
    'vehicle_operation_final', 'vehicle_operation_budget', 'reception_final', 'reception_budget',
    'agency_operating_expenses', 'procurement_total', 'procurement_goods', 'procurement_works',
    'procurement_services', 'procurement_sme', 'meeting_expense', 'training_expense'
] -%}
{%- set counts = [
    'vehicle_count', 'official_vehicle_count', 'reception_group_count', 'reception_person_count',
    'authorised_staff_count', 'actual_staff_count', 'total_staff_count', 'retired_staff_count'
] -%}
{%- set scores = ['performance_score'] -%}

with documents as (

    select * from {{ ref('int_star_documents') }}

),

headlines as (

    select * from {{ ref('int_headline_figures') }}

),

-- a department-year without accounts is known from its performance report
department_years as (

    select
        department_year_id,
        any_value(department_id) as department_id,
        any_value(fiscal_year) as fiscal_year,
        any_value(document_id) filter (where document_role = 'accounts') as accounts_document_id,
        any_value(document_id) filter (where document_role = 'performance') as performance_document_id
    from documents
    group by department_year_id

),

-- one row a department-year: each figure with its evidence and the printed number it rests on
pivoted as (

    select
        department_year_id,
        count(*) as figure_count,
        {{ least_sure('confidence') }} as least_sure_confidence
        {%- for figure in amounts + counts + scores %},
        any_value(headline_value) filter (where figure = '{{ figure }}') as {{ figure }},
        any_value(evidence_kind) filter (where figure = '{{ figure }}') as {{ figure }}_evidence,
        any_value(confidence) filter (where figure = '{{ figure }}') as {{ figure }}_confidence,
        any_value(figure_id) filter (where figure = '{{ figure }}') as {{ figure }}_figure_id
        {%- endfor %}
    from headlines
    group by department_year_id

)

select
    department_years.department_year_id,
    department_years.department_id,
    department_years.fiscal_year,
    department_years.accounts_document_id,
    department_years.performance_document_id,
    cast(coalesce(pivoted.figure_count, 0) as integer) as figure_count,
    pivoted.least_sure_confidence
    {%- for figure in amounts %},
    pivoted.{{ figure }} as {{ figure }}_yuan,
    pivoted.{{ figure }}_evidence,
    pivoted.{{ figure }}_confidence,
    pivoted.{{ figure }}_figure_id
    {%- endfor %}
    {%- for figure in counts %},
    cast(pivoted.{{ figure }} as bigint) as {{ figure }},
    pivoted.{{ figure }}_evidence,
    pivoted.{{ figure }}_confidence,
    pivoted.{{ figure }}_figure_id
    {%- endfor %}
    {%- for figure in scores %},
    pivoted.{{ figure }},
    pivoted.{{ figure }}_evidence,
    pivoted.{{ figure }}_confidence,
    pivoted.{{ figure }}_figure_id
    {%- endfor %}
from department_years
left join pivoted on department_years.department_year_id = pivoted.department_year_id
order by department_years.department_year_id
