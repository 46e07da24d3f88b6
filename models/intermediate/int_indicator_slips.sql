with figures as (

    select
        *,
        regexp_replace(coalesce(unit_text, ''), '^[≥≤＞＜><=＝]+', '') as unit,
        value_text || regexp_replace(coalesce(unit_text, ''), '^[≥≤＞＜><=＝]+', '') as printed
    from {{ ref('int_figures') }}
    where confidence != 'ambiguous'

),

common_indicators as (

    select * from {{ ref('annex_common_indicators') }}
    where amount_subject is not null

),

subjects as (

    select * from {{ ref('claim_subjects') }}

),

targets as (

    select * from figures
    where table_code in ('pf02', 'pf03') and line_item like 'indicator.%' and measure = 'target'

),

results as (

    select * from figures
    where table_code in ('pf02', 'pf03') and line_item like 'indicator.%' and measure = 'actual'

),

-- the funds that the table itself prints
funds as (

    select * from figures
    where table_code in ('pf02', 'pf03') and line_item = 'funds.total' and amount_yuan is not null

),

-- 1. a per cent against a number of something else
units_differ as (

    select
        'indicator_units_differ' as problem_code,
        results.document_id,
        results.page,
        results.line_no,
        results.figure_id,
        results.row_label,
        results.confidence,
        results.printed,
        cast(null as varchar) as expected,
        targets.printed as basis,
        '目标值' as basis_zh,
        'target' as basis_en,
        targets.figure_id || ' ' || results.figure_id as figure_ids
    from results
    inner join targets
        on
            results.document_id = targets.document_id
            and results.table_no = targets.table_no
            and results.row_no = targets.row_no
    where
        results.unit != '' and targets.unit != ''
        and (results.unit = '%') != (targets.unit = '%')

),

-- 2. an amount of the table's own funds without its unit
units_missing as (

    select
        'unit_missing' as problem_code,
        numbers.document_id,
        numbers.page,
        numbers.line_no,
        numbers.figure_id,
        numbers.row_label,
        numbers.confidence,
        numbers.printed,
        numbers.printed || funds.unit as expected,
        funds.printed as basis,
        '同表“' || funds.row_label || '”' as basis_zh,
        'row “' || funds.row_label || '” of the same table' as basis_en,
        numbers.figure_id || ' ' || funds.figure_id as figure_ids
    from (
        select * from targets
        union all
        select * from results
    ) as numbers
    inner join funds
        on
            numbers.document_id = funds.document_id
            and numbers.table_no = funds.table_no
            and numbers.number_value = funds.number_value
    where
        numbers.unit = ''
        -- a whole number counts meetings as well as money
        and (numbers.line_item like 'indicator.%cost.%' or numbers.decimals > 1)
        and numbers.number_value != 0
    qualify row_number() over (
        partition by numbers.document_id, numbers.table_no, numbers.row_no
        order by numbers.measure desc, funds.column_no
    ) = 1

),

-- 3. what was spent is the table's own, and what was planned has the digits of its budget in another order
transposed as (

    select
        'indicator_transposed' as problem_code,
        targets.document_id,
        targets.page,
        targets.line_no,
        targets.figure_id,
        targets.row_label,
        targets.confidence,
        targets.printed,
        budgets.value_text || targets.unit as expected,
        budgets.printed as basis,
        '同表“' || budgets.row_label || '”的预算数' as basis_zh,
        'budget in the row “' || budgets.row_label || '” of the same table' as basis_en,
        targets.figure_id || ' ' || budgets.figure_id as figure_ids
    from targets
    inner join results
        on
            targets.document_id = results.document_id
            and targets.table_no = results.table_no
            and targets.row_no = results.row_no
    inner join funds as spent
        on
            results.document_id = spent.document_id
            and results.table_no = spent.table_no
            and spent.measure = 'final'
            and results.amount_yuan = spent.amount_yuan
    inner join funds as budgets
        on
            targets.document_id = budgets.document_id
            and targets.table_no = budgets.table_no
            and budgets.measure != 'final'
            and targets.amount_yuan != budgets.amount_yuan
            and list_sort(string_split(replace(targets.value_text, '.', ''), ''))
            = list_sort(string_split(replace(budgets.value_text, '.', ''), ''))
    qualify row_number() over (partition by targets.figure_id order by budgets.column_no) = 1

),

-- 4. a rate of an amount that the document says is zero
stated_amounts as (

    select
        document_id,
        line_item,
        max(abs(amount_yuan)) as amount_yuan,
        arg_min(figure_id, struct_pack(a := page, b := line_no, c := figure_id)) as figure_id,
        arg_min(printed, struct_pack(a := page, b := line_no, c := figure_id)) as printed
    from figures
    where measure = 'final' and (source = 'claim' or table_code like 'gk%')
    group by document_id, line_item

),

rates_of_nothing as (

    select
        'indicator_rate_of_nothing' as problem_code,
        results.document_id,
        results.page,
        results.line_no,
        results.figure_id,
        results.row_label,
        results.confidence,
        results.printed,
        cast(null as varchar) as expected,
        stated_amounts.printed as basis,
        coalesce(subjects.name_zh, '相应金额') as basis_zh,
        coalesce(subjects.name_en, 'amount') as basis_en,
        results.figure_id || ' ' || stated_amounts.figure_id as figure_ids
    from results
    inner join common_indicators on results.row_label = common_indicators.label
    inner join stated_amounts
        on
            results.document_id = stated_amounts.document_id
            and common_indicators.amount_subject = stated_amounts.line_item
    left join subjects on common_indicators.amount_subject = subjects.subject
    where results.unit = '%' and results.number_value > 0 and stated_amounts.amount_yuan = 0

),

slips as (

    select * from units_differ
    union all
    select * from units_missing
    union all
    select * from transposed
    union all
    select * from rates_of_nothing

)

select
    figure_id || '-' || problem_code as slip_id,
    document_id,
    problem_code,
    page,
    line_no,
    figure_id,
    row_label,
    confidence,
    printed,
    expected,
    basis,
    basis_zh,
    basis_en,
    figure_ids
from slips
