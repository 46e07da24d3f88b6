with identity_checks as (

    select * from {{ ref('int_identity_checks') }}
    where verdict = 'violated'

),

claim_checks as (

    select * from {{ ref('int_claim_checks') }}
    where verdict = 'violated'

),

conflicts as (

    select * from {{ ref('int_identity_facts') }}
    where is_conflicting

),

figures as (

    select * from {{ ref('int_figures') }}

),

documents as (

    select * from {{ ref('int_documents') }}

),

tables as (

    select * from {{ ref('stg_tables') }}

),

table_codes as (

    select * from {{ ref('table_codes') }}

),

columns as (

    select *, count(*) over (partition by table_code) as n_columns from {{ ref('int_column_names') }}

),

column_words as (

    select * from {{ ref('column_words') }}

),

line_items as (

    select * from {{ ref('line_items') }}

),

subjects as (

    select * from {{ ref('claim_subjects') }}

),

claim_measures as (

    select * from {{ ref('claim_measures') }}

),

claim_codes as (

    select * from {{ ref('int_claim_codes') }}

),

class_names as (

    select * from {{ ref('functional_class_names') }}

),

units as (

    select * from {{ ref('units') }}

),

wanted as (

    select unnest(string_split(figure_ids, ' ')) as figure_id from identity_checks
    union
    select unnest(figures) from claim_checks
    union
    select unnest(string_split(figure_ids, ' ')) from conflicts

),

chosen as (

    select figures.*, documents.page_count is not null as has_pages
    from figures
    inner join wanted on figures.figure_id = wanted.figure_id
    inner join documents on figures.document_id = documents.document_id

),

-- adjusted_budget.reception: full-year budget, official reception
measure_words as (

    select measure, string_agg(coalesce(column_words.name_en, replace(part, '_', ' ')), ', ' order by part_no) as name_en
    from (
        select
            measure,
            unnest(string_split(measure, '.')) as part,
            generate_subscripts(string_split(measure, '.'), 1) as part_no
        from (select distinct measure from chosen where source = 'table') as measures
    ) as parts
    left join column_words using (part)
    group by measure

),

of_tables as (

    select
        chosen.figure_id,
        -- a project's table is titled with its name
        coalesce(table_codes.official_no, table_codes.name_zh, '表')
        || coalesce('（' || nullif(regexp_extract(tables.printed_title, '[：:](.+)$', 1), '') || '）', '') as table_zh,
        coalesce('table ' || regexp_extract(table_codes.official_no, '[0-9]+'), table_codes.name_en, 'a table')
        || coalesce(' (“' || nullif(regexp_extract(tables.printed_title, '[：:](.+)$', 1), '') || '”)', '') as table_en,
        coalesce(
            regexp_replace(nullif(chosen.row_label, ''), '[:：\s]+$', ''), line_items.name_zh, chosen.code, '该行'
        ) as thing_zh,
        case when columns.n_columns = 1 then null else coalesce(columns.header, chosen.column_path) end as column_zh,
        case when columns.n_columns = 1 then null else measure_words.name_en end as column_en
    from chosen
    left join tables on chosen.document_id = tables.document_id and chosen.table_no = tables.table_no
    left join table_codes on chosen.table_code = table_codes.table_code
    left join line_items on chosen.line_item = line_items.line_item
    left join columns on chosen.table_code = columns.table_code and chosen.measure = columns.measure
    left join measure_words on chosen.measure = measure_words.measure
    where chosen.source = 'table'

),

-- a claim is called by its subject where its own words are short for it (资金, 基本支出)
of_claims as (

    select
        chosen.figure_id,
        case
            when chosen.functional_path is not null
                then array_to_string(
                    list_transform( -- noqa: LT01
                        string_split(chosen.functional_path, '/'), -- noqa: PRS
                        lambda name, no: name || ['（类）', '（款）', '（项）'][no]
                    ),
                    ''
                )
            when length(chosen.row_label) <= 4 and subjects.subject not in ('project', 'other_amount')
                then coalesce(subjects.name_zh, chosen.row_label)
            else coalesce(nullif(chosen.row_label, ''), subjects.name_zh)
        end as thing_zh,
        case
            when chosen.functional_path is not null
                then coalesce('functional class ' || class_names.functional_code || ' (' || class_names.name_en || ') ', '')
            when subjects.subject in ('project', 'other_amount') or subjects.subject like 'activity%' then ''
            else coalesce(lower(subjects.name_en[1]) || subjects.name_en[2:] || ' ', '')
        end as subject_en,
        coalesce(claim_measures.name_zh, '数额') as measure_zh,
        coalesce(claim_measures.name_en, 'amount') as measure_en
    from chosen
    left join subjects on chosen.line_item = subjects.subject
    left join claim_measures on chosen.measure = claim_measures.measure
    left join claim_codes on chosen.functional_path = claim_codes.functional_path
    left join class_names on claim_codes.class_code = class_names.functional_code
    where chosen.source = 'claim'

)

select
    chosen.figure_id,
    chosen.document_id,
    chosen.source,
    chosen.has_pages,
    coalesce(of_tables.thing_zh, of_claims.thing_zh) as thing_zh,
    of_tables.column_zh,
    case
        when chosen.source = 'table'
            then of_tables.table_zh || '“' || of_tables.thing_zh || '”' || coalesce('的“' || of_tables.column_zh || '”', '')
        else '“' || of_claims.thing_zh || '”的' || of_claims.measure_zh
    end as name_zh,
    case
        when chosen.source = 'table'
            then of_tables.table_en || ', row “' || of_tables.thing_zh || '”'
                || coalesce(', column “' || of_tables.column_en || '”', '')
        else of_claims.measure_en || ' of ' || of_claims.subject_en || '“' || of_claims.thing_zh || '”'
    end as name_en,
    chosen.value_text || coalesce(chosen.unit_text, '') as printed_zh,
    chosen.value_text || case
        when chosen.unit_text = '%' then '%'
        when units.kind = 'money' then ' ' || units.name_en
        else ''
    end as printed_en,
    {{ place_zh('chosen.page', 'chosen.line_no', 'chosen.has_pages') }} as place_zh,
    {{ place_en('chosen.page', 'chosen.line_no', 'chosen.has_pages') }} as place_en
from chosen
left join units on chosen.unit_text = units.unit
left join of_tables on chosen.figure_id = of_tables.figure_id
left join of_claims on chosen.figure_id = of_claims.figure_id
