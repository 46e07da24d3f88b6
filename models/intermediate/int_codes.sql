with figures as (

    select * from {{ ref('int_figures') }}

),

functional_codes as (

    select * from {{ ref('functional_codes') }}

),

economic_codes as (

    select * from {{ ref('economic_codes') }}

),

government_economic_codes as (

    select * from {{ ref('government_economic_codes') }}

),

listed as (

    select 'functional' as classification, functional_code as code from functional_codes
    union all
    select 'economic', economic_code from economic_codes
    union all
    select 'economic', government_economic_code from government_economic_codes

),

printed as (

    select
        case when line_item like 'economic.%' then 'economic' else 'functional' end as classification,
        code,
        code_level,
        parent_code,
        -- the totals number their rows: 五、教育支出
        regexp_replace(row_label, '^[一二三四五六七八九十]+、', '') as row_label,
        figure_id,
        document_id
    from figures
    where source = 'table' and table_code like 'gk%' and code is not null

),

-- the label that most rows print names the code; of equals the last by alphabet
labels as (

    select classification, code, row_label, count(*) as row_count
    from printed
    group by classification, code, row_label

),

named as (

    select
        classification,
        code,
        arg_max(row_label, (row_count, row_label)) as name_zh
    from labels
    group by classification, code

)

select
    printed.classification,
    printed.code,
    any_value(printed.code_level) as code_level,
    any_value(printed.parent_code) as parent_code,
    any_value(named.name_zh) as name_zh,
    count(distinct printed.document_id) as document_count,
    count(*) as figure_count,
    min(printed.figure_id) as first_figure_id,
    bool_and(listed.code is not null) as is_listed
from printed
left join listed on printed.classification = listed.classification and printed.code = listed.code
left join named on printed.classification = named.classification and printed.code = named.code
group by printed.classification, printed.code
