with checks as (

    select * from {{ ref('fct_identity_checks') }}

),

identity_causes as (

    select * from {{ ref('int_identity_causes') }}

),

line_items as (

    select * from {{ ref('line_items') }}

),

tables as (

    select * from {{ ref('stg_tables') }}

),

units as (

    select * from {{ ref('units') }}
    where kind = 'money'

),

columns as (

    select * from {{ ref('int_column_names') }}

),

facts as (

    select * from {{ ref('int_identity_facts') }}

),

problems as (

    select * from {{ ref('stg_problems') }}

),

problem_codes as (

    select * from {{ ref('problem_codes') }}

),

slips as (

    select * from {{ ref('int_wording_slips') }}

),

table_codes as (

    select * from {{ ref('table_codes') }}

),

documents as (

    select * from {{ ref('int_documents') }}

),

contradictions as (

    select found.*, sentences.message_zh, sentences.message_en
    from {{ ref('int_claim_findings') }} as found
    inner join {{ ref('int_claim_sentences') }} as sentences on found.finding_id = sentences.finding_id

),

indicator_slips as (

    select * from {{ ref('int_indicator_slips') }}

),

figure_names as (

    select * from {{ ref('int_figure_names') }}

),

check_sums as (

    select * from {{ ref('int_identity_written') }}

),

-- checks of the tables are waived one by one (is_waived), everything else by its finding
waivers as (

    select * from {{ ref('waivers') }}
    where finding_id is not null

),

-- 1. violated identities. One wrong figure breaks every identity it stands in: its violations are one finding, and
--    so are those of a blank cell, of two exchanged figures and of a table in another unit than it says
violated as (

    select * from checks
    where verdict = 'violated' and not is_waived

),

-- the scores of a table do not make 100 by just as much as its groups are wrong: said with them
echoes as (

    select constants.check_id, min(others.check_id) as said_with
    from violated as constants
    inner join violated as others
        on
            constants.document_id = others.document_id
            and constants.instance_table_no is not distinct from others.instance_table_no
            and constants.value_unit = others.value_unit
            and not others.has_constant_total
            and others.comparison = 'equals'
    where constants.has_constant_total
    group by constants.check_id, constants.difference_value
    having sum(others.difference_value) = constants.difference_value

),

clustered as (

    select
        checks.*,
        identity_causes.cause_id,
        identity_causes.kind,
        identity_causes.figure_id,
        identity_causes.other_figure_id,
        identity_causes.table_code,
        identity_causes.line_item,
        identity_causes.measure,
        identity_causes.change_value,
        identity_causes.unit_factor,
        identity_causes.candidates,
        row_number() over (
            partition by identity_causes.cause_id
            order by
                case checks.verdict when 'violated' then 1 else 2 end,
                case checks.severity when 'critical' then 1 when 'major' then 2 else 3 end,
                checks.tolerance_value,
                checks.check_id
        ) as place_in_cause
    from checks
    inner join identity_causes on checks.check_id = identity_causes.check_id
    where checks.check_id not in (select echoes.check_id from echoes)

),

causes as (

    select
        clustered.cause_id,
        count(*) as n_checks,
        string_agg(clustered.check_id, ' ' order by clustered.place_in_cause)
        || coalesce(' ' || string_agg(echoes.check_id, ' ' order by echoes.check_id), '') as check_ids,
        string_agg(clustered.figure_ids, ' ' order by clustered.place_in_cause) as figure_ids
    from clustered
    left join echoes on clustered.check_id = echoes.said_with
    group by clustered.cause_id

),

-- the other figures that may be the wrong one, where nothing printed tells which
rivals as (

    select
        clustered.cause_id,
        string_agg(
            coalesce(figure_names.name_zh, '“' || facts.row_label || '”'), '、' order by facts.figure_id
        ) as names_zh,
        string_agg(coalesce(figure_names.name_en, '“' || facts.row_label || '”'), '; ' order by facts.figure_id) as names_en
    from (
        select cause_id, figure_id, unnest(candidates[:6]) as candidate
        from clustered
        -- of a sum that has to make 100 it may be any
        where place_in_cause = 1 and not has_constant_total
    ) as clustered
    inner join facts on clustered.candidate = facts.figure_id and clustered.candidate is distinct from clustered.figure_id
    left join figure_names on facts.figure_id = figure_names.figure_id
    group by clustered.cause_id

),

identity_findings as (

    select
        'identity-' || clustered.check_id as finding_id,
        clustered.document_id,
        clustered.department_year_id,
        'violated_identity' as category,
        clustered.severity,
        clustered.identity_id as rule,
        clustered.instance_code,
        clustered.instance_measure,
        facts.page,
        facts.line_no,
        facts.figure_id,
        facts.row_label,
        -- where a sum must make 100 no one figure is wrong: it is the sum that is printed
        case
            when clustered.has_constant_total then {{ quantity('clustered.parts_value', 'clustered.value_unit') }}
            else facts.value_text
        end as printed_text,
        case
            when clustered.has_constant_total then {{ quantity('clustered.total_value', 'clustered.value_unit') }}
            when clustered.parts_value is not null
                then {{ quantity('(facts.value + clustered.change_value)', 'clustered.value_unit') }} || {{ quantity_unit_zh('clustered.value_unit') }}
        end as expected_text,
        facts.confidence,
        facts.amount_yuan as printed_yuan,
        case when clustered.value_unit = 'yuan' then facts.amount_yuan + clustered.change_value end as expected_yuan,
        case when clustered.value_unit = 'yuan' then clustered.change_value end as difference_yuan,
        causes.n_checks,
        -- which figure, what it should be, and by what it shows
        case
            when clustered.has_constant_total then ''
            else coalesce(figure_names.name_zh, facts.row_label, '') || '印为' || facts.value_text || coalesce(facts.unit_text, '')
                || case
                    when clustered.parts_value is null then ''
                    else case
                            when clustered.comparison = 'at_least' and check_sums.total_id = facts.figure_id then '，应不小于'
                            when clustered.comparison = 'at_least' then '，应不大于'
                            else '，应为'
                        end
                        || {{ quantity_zh('(facts.value + clustered.change_value)', 'clustered.value_unit') }}
                end || '。'
        end
        || replace(clustered.name_zh, '（各栏）', '') || '（' || clustered.formula_text || '）：'
        || case
            when clustered.has_constant_total
                then '须为' || {{ quantity_zh('clustered.total_value', 'clustered.value_unit') }} || '，实为'
                    || check_sums.parts_zh || '＝' || {{ quantity_zh('clustered.parts_value', 'clustered.value_unit') }}
            else case
                    when check_sums.total_id is null or check_sums.n_totals = 1 and check_sums.total_id = facts.figure_id then ''
                    when check_sums.n_totals > 1 then '前者合计' || {{ quantity_zh('clustered.total_value', 'clustered.value_unit') }} || '，'
                    else coalesce(check_sums.total_zh || '（' || check_sums.total_place_zh || '）', '')
                        || {{ quantity_zh('clustered.total_value', 'clustered.value_unit') }} || '，'
                end
                || case
                    when clustered.parts_value is null then '基数为零，没有数值'
                    when clustered.comparison = 'ratio' then '按各数应为' || {{ quantity_zh('clustered.parts_value', 'clustered.value_unit') }}
                    when check_sums.n_parts = 1
                        then check_sums.part_zh || '（' || check_sums.part_place_zh || '）' || {{ quantity_zh('clustered.parts_value', 'clustered.value_unit') }}
                    else '各项之和' || coalesce(check_sums.parts_zh || '＝', '') || coalesce({{ quantity_zh('clustered.parts_value', 'clustered.value_unit') }}, '—')
                end
        end
        || coalesce('，相差' || {{ quantity_zh('abs(clustered.difference_value)', 'clustered.value_unit') }}, '')
        || case
            when clustered.tolerance_value > 0
                then '，舍入允许' || {{ quantity_zh('clustered.tolerance_value', 'clustered.value_unit') }}
            else ''
        end
        || case
            when causes.n_checks = 2 and second_sums.n_totals = 1 and second_sums.n_parts > 1
                then '。另一项核对也指向这个数字：' || replace(second.name_zh, '（各栏）', '') || '，而'
                    || second_sums.total_zh || '（' || second_sums.total_place_zh || '）'
                    || {{ quantity_zh('second.total_value', 'second.value_unit') }} || '，各项之和' || second_sums.parts_zh
                    || '＝' || {{ quantity_zh('second.parts_value', 'second.value_unit') }}
            when causes.n_checks > 1 then '。另有' || (causes.n_checks - 1) || '项核对也指向这个数字'
            else ''
        end
        || coalesce('。错在何处无从判断，也可能是' || rivals.names_zh, '')
        || case
            when clustered.n_ocr > 0 then '。其中' || clustered.n_ocr || '个数字由图像识别，请先与原件核对'
            else ''
        end as message_zh,
        case
            when clustered.has_constant_total then ''
            else upper(coalesce(figure_names.name_en, 'A figure')[1]) || coalesce(figure_names.name_en, 'A figure')[2:]
                || ' is printed as ' || coalesce(figure_names.printed_en, facts.value_text)
                || case
                    when clustered.parts_value is null then ''
                    else case
                            when clustered.comparison = 'at_least' and check_sums.total_id = facts.figure_id
                                then ' and should be at least '
                            when clustered.comparison = 'at_least' then ' and should be at most '
                            else ' and should be '
                        end
                        || {{ quantity_en('(facts.value + clustered.change_value)', 'clustered.value_unit') }}
                end || '. '
        end
        || clustered.name_en || ': '
        || case
            when clustered.has_constant_total
                then 'required ' || {{ quantity_en('clustered.total_value', 'clustered.value_unit') }} || ', found '
                    || {{ written_sum_en('check_sums.parts_zh') }} || ' = '
                    || {{ quantity_en('clustered.parts_value', 'clustered.value_unit') }}
            else case
                    when check_sums.total_id is null or check_sums.n_totals = 1 and check_sums.total_id = facts.figure_id then ''
                    when check_sums.n_totals > 1 then 'the one side is ' || {{ quantity_en('clustered.total_value', 'clustered.value_unit') }} || ', '
                    else coalesce(check_sums.total_en || ' (' || check_sums.total_place_en || ') ', '')
                        || {{ quantity_en('clustered.total_value', 'clustered.value_unit') }} || ', '
                end
                || case
                    when clustered.parts_value is null then 'the base is zero, and there is no value'
                    when clustered.comparison = 'ratio' then 'the figures give ' || {{ quantity_en('clustered.parts_value', 'clustered.value_unit') }}
                    when check_sums.n_parts = 1
                        then check_sums.part_en || ' (' || check_sums.part_place_en || ') ' || {{ quantity_en('clustered.parts_value', 'clustered.value_unit') }}
                    else 'the parts are ' || coalesce({{ written_sum_en('check_sums.parts_zh') }} || ' = ', '') || coalesce({{ quantity_en('clustered.parts_value', 'clustered.value_unit') }}, '—')
                end
        end
        || coalesce(', difference ' || {{ quantity_en('abs(clustered.difference_value)', 'clustered.value_unit') }}, '')
        || case
            when clustered.tolerance_value > 0
                then ', rounding allows ' || {{ quantity_en('clustered.tolerance_value', 'clustered.value_unit') }}
            else ''
        end
        || case
            when causes.n_checks = 2 and second_sums.n_totals = 1 and second_sums.n_parts > 1
                then '. Another check points at it too. ' || second.name_en || ': ' || second_sums.total_en || ' ('
                    || second_sums.total_place_en || ') ' || {{ quantity_en('second.total_value', 'second.value_unit') }}
                    || ', the parts are ' || {{ written_sum_en('second_sums.parts_zh') }} || ' = '
                    || {{ quantity_en('second.parts_value', 'second.value_unit') }}
            when causes.n_checks = 1 then ''
            when causes.n_checks = 2 then '. One more check points at this figure'
            else '. ' || (causes.n_checks - 1) || ' more checks point at this figure'
        end
        || coalesce('. Nothing printed tells which figure is wrong; it may as well be ' || rivals.names_en, '')
        || case
            when clustered.n_ocr > 0
                then '; ' || clustered.n_ocr || ' of the figures read by OCR: compare them with the page first'
            else ''
        end as message_en,
        clustered.figure_ids,
        causes.check_ids
    from clustered
    inner join causes on clustered.cause_id = causes.cause_id
    inner join facts on clustered.figure_id = facts.figure_id
    left join figure_names on clustered.figure_id = figure_names.figure_id
    left join check_sums on clustered.check_id = check_sums.check_id
    left join clustered as second on clustered.cause_id = second.cause_id and second.place_in_cause = 2
    left join check_sums as second_sums on second.check_id = second_sums.check_id
    left join rivals on clustered.cause_id = rivals.cause_id
    where clustered.kind = 'figure' and clustered.place_in_cause = 1

),

-- 2. a cell that is blank where the figures around it need a number: it has no place but that of its row
neighbours as (

    select clustered.cause_id, facts.*
    from clustered
    inner join facts on clustered.document_id = facts.document_id and clustered.table_code = facts.table_code
    where clustered.kind = 'blank' and clustered.place_in_cause = 1 and facts.source = 'table'
    qualify
        row_number() over (
            partition by clustered.cause_id
            order by
                facts.line_item != clustered.line_item,
                facts.measure != clustered.measure,
                not contains(clustered.figure_ids, facts.figure_id),
                facts.figure_id
        ) = 1

),

blank_findings as (

    select
        'blank-' || clustered.check_id as finding_id,
        clustered.document_id,
        clustered.department_year_id,
        'missing_figure' as category,
        clustered.severity,
        clustered.identity_id as rule,
        clustered.instance_code,
        clustered.instance_measure,
        neighbours.page,
        neighbours.line_no,
        neighbours.figure_id,
        case when neighbours.line_item = clustered.line_item then neighbours.row_label else line_items.name_zh end
            as row_label,
        cast(null as varchar) as printed_text,
        {{ quantity('clustered.change_value', 'clustered.value_unit') }}
        || {{ quantity_unit_zh('clustered.value_unit') }} as expected_text,
        neighbours.confidence,
        cast(null as decimal(28, 6)) as printed_yuan,
        clustered.change_value as expected_yuan,
        clustered.change_value as difference_yuan,
        causes.n_checks,
        coalesce(table_codes.official_no, table_codes.name_zh, clustered.table_code)
        || '“' || case
            when neighbours.line_item = clustered.line_item then coalesce(neighbours.row_label, clustered.line_item)
            else coalesce(line_items.name_zh, clustered.line_item)
        end
        || '”的“' || coalesce(columns.header, clustered.measure) || '”空白，按' || causes.n_checks || '项核对应有'
        || {{ quantity('clustered.change_value', 'clustered.value_unit') }}
        || {{ quantity_unit_zh('clustered.value_unit') }}
        || case
            when len(clustered.candidates) > 1
                then '，或在另' || len(clustered.candidates) - 1 || '个空格之一'
            else ''
        end
        || '；首项：' || clustered.name_zh || '（' || clustered.formula_text || '）' as message_zh,
        coalesce('Table ' || regexp_extract(table_codes.official_no, '[0-9]+'), table_codes.name_en, 'A table')
        || ', row “' || case
            when neighbours.line_item = clustered.line_item then coalesce(neighbours.row_label, clustered.line_item)
            else coalesce(line_items.name_zh, clustered.line_item)
        end || '”, column “' || coalesce(columns.header, clustered.measure) || '” is blank; by ' || causes.n_checks || case causes.n_checks when 1 then ' check' else ' checks' end
        || ' it should be ' || {{ quantity_en('clustered.change_value', 'clustered.value_unit') }}
        || case
            when len(clustered.candidates) > 1
                then ', or one of ' || len(clustered.candidates) - 1 || ' other blank cells should'
            else ''
        end
        || '; the first: ' || clustered.name_en as message_en,
        causes.figure_ids,
        causes.check_ids
    from clustered
    inner join causes on clustered.cause_id = causes.cause_id
    left join neighbours on clustered.cause_id = neighbours.cause_id
    left join table_codes on clustered.table_code = table_codes.table_code
    left join columns on clustered.table_code = columns.table_code and clustered.measure = columns.measure
    left join line_items on clustered.line_item = line_items.line_item
    where clustered.kind = 'blank' and clustered.place_in_cause = 1

),

-- 3. two figures that stand in each other's columns
swap_findings as (

    select
        'swap-' || clustered.check_id as finding_id,
        clustered.document_id,
        clustered.department_year_id,
        'violated_identity' as category,
        clustered.severity,
        clustered.identity_id as rule,
        clustered.instance_code,
        clustered.instance_measure,
        facts.page,
        facts.line_no,
        facts.figure_id,
        facts.row_label,
        facts.value_text as printed_text,
        {{ quantity('others.value', 'clustered.value_unit') }}
        || {{ quantity_unit_zh('clustered.value_unit') }} as expected_text,
        facts.confidence,
        facts.amount_yuan as printed_yuan,
        others.amount_yuan as expected_yuan,
        others.amount_yuan - facts.amount_yuan as difference_yuan,
        causes.n_checks,
        coalesce(table_codes.official_no, table_codes.name_zh, facts.table_code)
        || '“' || coalesce(facts.row_label, facts.line_item)
        || '”的“' || coalesce(columns.header, facts.measure) || '”印为' || facts.value_text
        || '、“' || coalesce(other_columns.header, others.measure) || '”印为' || others.value_text
        || '，互换后' || causes.n_checks || '项核对都相符；首项：'
        || clustered.name_zh || '（' || clustered.formula_text || '）' as message_zh,
        coalesce('Table ' || regexp_extract(table_codes.official_no, '[0-9]+'), table_codes.name_en, 'A table') || ', row “' || coalesce(facts.row_label, '') || '”: “'
        || coalesce(columns.header, facts.measure) || '” is printed as ' || facts.value_text || ' and “'
        || coalesce(other_columns.header, others.measure) || '” as '
        || others.value_text || '; exchanged, ' || causes.n_checks || ' checks come out; the first: '
        || clustered.name_en as message_en,
        causes.figure_ids || ' ' || others.figure_id as figure_ids,
        causes.check_ids
    from clustered
    inner join causes on clustered.cause_id = causes.cause_id
    inner join facts on clustered.figure_id = facts.figure_id
    inner join facts as others on clustered.other_figure_id = others.figure_id
    left join table_codes on facts.table_code = table_codes.table_code
    left join columns on facts.table_code = columns.table_code and facts.measure = columns.measure
    left join columns as other_columns
        on others.table_code = other_columns.table_code and others.measure = other_columns.measure
    where clustered.kind = 'swap' and clustered.place_in_cause = 1

),

-- 4. a table whose unit is not the one that its figures are in
unit_findings as (

    select
        'unit-' || facts.document_id || '-' || facts.table_code as finding_id,
        clustered.document_id,
        clustered.department_year_id,
        'violated_identity' as category,
        clustered.severity,
        'table_unit' as rule,
        cast(null as varchar) as instance_code,
        cast(null as varchar) as instance_measure,
        facts.page,
        facts.line_no,
        facts.figure_id,
        tables.printed_title as row_label,
        coalesce(tables.printed_unit, facts.unit_text) as printed_text,
        right_units.unit as expected_text,
        facts.confidence,
        cast(null as decimal(28, 6)) as printed_yuan,
        cast(null as decimal(28, 6)) as expected_yuan,
        cast(null as decimal(28, 6)) as difference_yuan,
        causes.n_checks,
        coalesce(table_codes.official_no, table_codes.name_zh, facts.table_code) || '的计量单位印为'
        || coalesce(tables.printed_unit, facts.unit_text, '—') || '，应为' || coalesce(right_units.unit, '另一单位')
        || '：表中数字与其他各表的' || causes.n_checks || '项核对都相差'
        || abs(clustered.unit_factor) || '倍；首项：' || clustered.name_zh || '（' || clustered.formula_text || '）'
            as message_zh,
        coalesce('Table ' || regexp_extract(table_codes.official_no, '[0-9]+'), table_codes.name_en, 'A table') || ' is printed in ' || coalesce(tables.printed_unit, facts.unit_text, '—')
        || ' and should be in ' || coalesce(right_units.unit, 'another unit') || ': by ' || causes.n_checks
        || ' checks against other tables its figures are off by a factor of ' || abs(clustered.unit_factor)
        || '; the first: ' || clustered.name_en as message_en,
        causes.figure_ids,
        causes.check_ids
    from clustered
    inner join causes on clustered.cause_id = causes.cause_id
    inner join facts on clustered.figure_id = facts.figure_id
    left join tables on facts.document_id = tables.document_id and facts.table_no = tables.table_no
    left join units on facts.unit_text = units.unit
    left join units as right_units
        on
            length(right_units.unit) > 1 or right_units.unit = '元'
    left join table_codes on facts.table_code = table_codes.table_code
    where clustered.kind = 'unit' and clustered.place_in_cause = 1
        and right_units.factor * case when clustered.unit_factor < 0 then -clustered.unit_factor else 1 end
            = units.factor * case when clustered.unit_factor > 0 then clustered.unit_factor else 1 end

),

broken_identities as (

    select * from identity_findings
    union all
    select * from blank_findings
    union all
    select * from swap_findings
    union all
    select * from unit_findings

),

-- 5. one fact printed twice with values that cannot both hold
prints as (

    select
        spread.figure_id,
        string_agg(names.printed_zh || '（' || names.place_zh || '）', '、' order by spread.print_id) as prints_zh,
        string_agg(names.printed_en || ' (' || names.place_en || ')', ', ' order by spread.print_id) as prints_en
    from (
        select figure_id, unnest(string_split(figure_ids, ' ')) as print_id
        from facts
        where is_conflicting
    ) as spread
    inner join figure_names as names on spread.print_id = names.figure_id
    group by spread.figure_id

),

conflict_findings as (

    select
        'conflict-' || facts.figure_id as finding_id,
        facts.document_id,
        facts.department_year_id,
        'conflicting_prints' as category,
        'major' as severity,
        facts.table_code || '.' || facts.line_item || '.' || facts.measure as rule,
        facts.code as instance_code,
        facts.measure as instance_measure,
        facts.page,
        facts.line_no,
        facts.figure_id,
        facts.row_label,
        facts.value_text as printed_text,
        cast(null as varchar) as expected_text,
        facts.confidence,
        facts.amount_yuan as printed_yuan,
        cast(null as decimal(28, 6)) as expected_yuan,
        cast(null as decimal(28, 6)) as difference_yuan,
        cast(null as bigint) as n_checks,
        coalesce(figure_names.name_zh, facts.row_label, '同一数字') || '印了不止一次且不相同：' || coalesce(prints.prints_zh, '')
        || '。请核对以何者为准'
        || case when facts.confidence = 'ocr' then '。数字由图像识别，请先与原件核对' else '' end as message_zh,
        upper(coalesce(figure_names.name_en, 'One figure')[1]) || coalesce(figure_names.name_en, 'One figure')[2:]
        || ' is printed more than once with values that cannot both hold: ' || coalesce(prints.prints_en, '')
        || case when facts.confidence = 'ocr' then '; read by OCR: compare it with the page first' else '' end
            as message_en,
        facts.figure_ids,
        cast(null as varchar) as check_ids
    from facts
    left join figure_names on facts.figure_id = figure_names.figure_id
    left join prints on facts.figure_id = prints.figure_id
    where facts.is_conflicting and facts.source = 'table'

),

-- 6. what was printed and could not be read, one finding per document and kind
problem_groups as (

    select
        document_id,
        problem_code,
        count(*) as n_problems,
        arg_min(page, struct_pack(a := page, b := line_no, c := detail)) as page,
        arg_min(line_no, struct_pack(a := page, b := line_no, c := detail)) as line_no,
        arg_min(detail, struct_pack(a := page, b := line_no, c := detail)) as first_detail
    from problems
    where stage not in ('claims', 'wording')
    group by document_id, problem_code

),

-- the reader calls tables by their keys
details as (

    select
        problem_groups.document_id,
        problem_groups.problem_code,
        list_reduce( -- noqa: PRS
            list_prepend(problem_groups.first_detail, called.pairs),
            lambda text, pair: replace(text, split_part(pair, '|', 1), split_part(pair, '|', 2))
        ) as in_words,
        '，' || coalesce(table_codes.official_no, table_codes.name_zh)
        || '第' || regexp_extract(problem_groups.first_detail, 'column ([0-9]+)$', 1) || '列' as place_zh,
        ', ' || coalesce('table ' || regexp_extract(table_codes.official_no, '[0-9]+'), table_codes.name_en)
        || ' column ' || regexp_extract(problem_groups.first_detail, 'column ([0-9]+)$', 1) as place_en
    from problem_groups
    left join table_codes -- noqa: AL04
        on regexp_extract(problem_groups.first_detail, ' · ([a-z0-9]+) column [0-9]+$', 1) = table_codes.table_code
    cross join (
        select
            list(
                table_code || '|' || coalesce('table ' || regexp_extract(official_no, '[0-9]+'), name_en, 'a table')
                order by table_code
            ) as pairs
        from table_codes
    ) as called

),

problem_findings as (

    select
        'problem-' || problem_groups.document_id || '-' || problem_groups.problem_code as finding_id,
        problem_groups.document_id,
        documents.department_year_id,
        'not_understood' as category,
        coalesce(problem_codes.severity, 'minor') as severity,
        problem_groups.problem_code as rule,
        cast(null as varchar) as instance_code,
        cast(null as varchar) as instance_measure,
        problem_groups.page,
        problem_groups.line_no,
        cast(null as varchar) as figure_id,
        cast(null as varchar) as row_label,
        cast(null as varchar) as printed_text,
        cast(null as varchar) as expected_text,
        cast(null as varchar) as confidence,
        cast(null as decimal(28, 6)) as printed_yuan,
        cast(null as decimal(28, 6)) as expected_yuan,
        cast(null as decimal(28, 6)) as difference_yuan,
        cast(null as bigint) as n_checks,
        coalesce(problem_codes.name_zh, '读取时遇到的问题')
        || '（' || problem_groups.n_problems || '处），首处：'
        || {{ place_zh('problem_groups.page', 'problem_groups.line_no', 'documents.page_count is not null') }}
        || case
            when problem_codes.detail_is_printed then '“' || problem_groups.first_detail || '”'
            -- 0.00 · 合计 · gk03 column 9; other details are the reader's own words, in English
            when contains(problem_groups.first_detail, ' · ')
                then '的“' || split_part(problem_groups.first_detail, ' · ', 1) || '”，在“'
                    || split_part(problem_groups.first_detail, ' · ', 2) || '”一行' || coalesce(details.place_zh, '')
            else ''
        end as message_zh,
        upper(coalesce(problem_codes.name_en, 'a problem of reading')[1])
        || coalesce(problem_codes.name_en, 'a problem of reading')[2:]
        || ' (' || problem_groups.n_problems || case problem_groups.n_problems when 1 then ' place' else ' places' end
        || '), the first: '
        || {{ place_en('problem_groups.page', 'problem_groups.line_no', 'documents.page_count is not null') }} || ', '
        || case
            when problem_codes.detail_is_printed then '“' || problem_groups.first_detail || '”'
            when contains(problem_groups.first_detail, ' · ')
                then '“' || split_part(problem_groups.first_detail, ' · ', 1) || '” in the row “'
                    || split_part(problem_groups.first_detail, ' · ', 2) || '”' || coalesce(details.place_en, '')
            else coalesce(details.in_words, problem_groups.first_detail)
        end as message_en,
        cast(null as varchar) as figure_ids,
        cast(null as varchar) as check_ids
    from problem_groups
    inner join documents on problem_groups.document_id = documents.document_id
    left join problem_codes on problem_groups.problem_code = problem_codes.problem_code
    left join details
        on
            problem_groups.document_id = details.document_id
            and problem_groups.problem_code = details.problem_code
    where
        documents.status != 'rejected'
        and coalesce(problem_codes.is_finding, true)

),

-- 7. documents of which nothing could be landed
rejection_findings as (

    select
        'rejected-' || document_id as finding_id,
        document_id,
        department_year_id,
        'rejected_document' as category,
        'major' as severity,
        'rejected' as rule,
        cast(null as varchar) as instance_code,
        cast(null as varchar) as instance_measure,
        cast(null as integer) as page,
        cast(null as integer) as line_no,
        cast(null as varchar) as figure_id,
        cast(null as varchar) as row_label,
        cast(null as varchar) as printed_text,
        cast(null as varchar) as expected_text,
        cast(null as varchar) as confidence,
        cast(null as decimal(28, 6)) as printed_yuan,
        cast(null as decimal(28, 6)) as expected_yuan,
        cast(null as decimal(28, 6)) as difference_yuan,
        cast(null as bigint) as n_checks,
        '文件“' || file_name || '”未能入库：' || coalesce(status_reason, '') as message_zh,
        'The file ' || file_name || ' was not landed: ' || coalesce(status_reason, '') as message_en,
        cast(null as varchar) as figure_ids,
        cast(null as varchar) as check_ids
    from documents
    where status = 'rejected'

),

-- 8. wording that changes a figure, and what a template left behind
wording_findings as (

    select
        'wording-' || slips.slip_id as finding_id,
        slips.document_id,
        documents.department_year_id,
        'wording' as category,
        coalesce(problem_codes.severity, 'minor') as severity,
        slips.problem_code as rule,
        cast(null as varchar) as instance_code,
        cast(null as varchar) as instance_measure,
        slips.page,
        slips.line_no,
        cast(null as varchar) as figure_id,
        cast(null as varchar) as row_label,
        slips.printed as printed_text,
        slips.expected as expected_text,
        cast(null as varchar) as confidence,
        cast(null as decimal(28, 6)) as printed_yuan,
        cast(null as decimal(28, 6)) as expected_yuan,
        cast(null as decimal(28, 6)) as difference_yuan,
        cast(null as bigint) as n_checks,
        coalesce(problem_codes.name_zh, '文字有误') || '：印为“' || slips.printed || '”'
        || coalesce('，应为“' || slips.expected || '”', '')
        || case when slips.n_places > 1 then '（共' || slips.n_places || '处，此为首处）' else '' end as message_zh,
        upper(coalesce(problem_codes.name_en, 'a slip')[1]) || coalesce(problem_codes.name_en, 'a slip')[2:]
        || ': printed “' || slips.printed || '”' || coalesce(', expected “' || slips.expected || '”', '')
        || case when slips.n_places > 1 then ' (the first of ' || slips.n_places || ' places)' else '' end
            as message_en,
        cast(null as varchar) as figure_ids,
        cast(null as varchar) as check_ids
    from slips
    inner join documents on slips.document_id = documents.document_id
    left join problem_codes on slips.problem_code = problem_codes.problem_code
    where documents.status != 'rejected'

),

-- 9. sentences that contradict a table, each other or their own arithmetic; what only repeats a figure that a
--    table's identities have found wrong is an echo of that
settled as (

    select figure_id from clustered where kind in ('figure', 'swap')
    union
    select other_figure_id from clustered where kind = 'swap'

),

figures_off as (

    select facts.figure_id
    from facts
    inner join clustered
        on facts.document_id = clustered.document_id and facts.table_code = clustered.table_code and clustered.kind = 'unit'

),

claim_findings as (

    select
        finding_id,
        document_id,
        department_year_id,
        category,
        severity,
        rule,
        instance_code,
        instance_measure,
        page,
        line_no,
        figure_id,
        row_label,
        printed_text,
        expected_text,
        confidence,
        printed_yuan,
        expected_yuan,
        difference_yuan,
        n_checks,
        message_zh,
        message_en,
        figure_ids,
        check_ids
    from contradictions
    where
        other_figure_id is null
        or other_figure_id not in (select settled.figure_id from settled)
        and other_figure_id not in (select figures_off.figure_id from figures_off)

),

-- 10. slips in the indicators of a self-evaluation
indicator_findings as (

    select
        'indicator-' || slips.slip_id as finding_id,
        slips.document_id,
        documents.department_year_id,
        case when slips.problem_code in ('indicator_transposed', 'indicator_rate_of_nothing') then 'contradicted_claim' else 'wording' end
            as category,
        coalesce(problem_codes.severity, 'minor') as severity,
        slips.problem_code as rule,
        cast(null as varchar) as instance_code,
        cast(null as varchar) as instance_measure,
        slips.page,
        slips.line_no,
        slips.figure_id,
        slips.row_label,
        slips.printed as printed_text,
        slips.expected as expected_text,
        slips.confidence,
        cast(null as decimal(28, 6)) as printed_yuan,
        cast(null as decimal(28, 6)) as expected_yuan,
        cast(null as decimal(28, 6)) as difference_yuan,
        cast(null as bigint) as n_checks,
        coalesce(problem_codes.name_zh, '绩效指标有误') || '：“' || slips.row_label || '”印为' || slips.printed
        || coalesce('，应为' || slips.expected, '') || '，而' || slips.basis_zh || '为' || slips.basis as message_zh,
        upper(coalesce(problem_codes.name_en, 'a slip')[1]) || coalesce(problem_codes.name_en, 'a slip')[2:]
        || ': “' || slips.row_label || '” is printed as “' || slips.printed || '”'
        || coalesce(', expected “' || slips.expected || '”', '') || ', but the ' || slips.basis_en || ' is “'
        || slips.basis || '”' as message_en,
        slips.figure_ids,
        cast(null as varchar) as check_ids
    from indicator_slips as slips
    inner join documents on slips.document_id = documents.document_id
    left join problem_codes on slips.problem_code = problem_codes.problem_code

),

findings as (

    select * from broken_identities
    union all
    select * from conflict_findings
    union all
    select * from problem_findings
    union all
    select * from rejection_findings
    union all
    -- a unit that the sums and rates of the text prove wrong is told with them
    select wording_findings.* from wording_findings
    left join claim_findings as proved
        on
            wording_findings.rule = 'unit_wrong'
            and proved.rule = 'claim_unit'
            and wording_findings.document_id = proved.document_id
            and wording_findings.page is not distinct from proved.page
            and wording_findings.line_no = proved.line_no
            and wording_findings.printed_text = proved.printed_text
    where proved.finding_id is null
    union all
    select * from claim_findings
    union all
    select * from indicator_findings

)

select
    finding_id,
    document_id,
    department_year_id,
    category,
    severity,
    rule,
    instance_code,
    instance_measure,
    page,
    line_no,
    figure_id,
    row_label,
    printed_text,
    expected_text,
    confidence,
    cast(printed_yuan as decimal(28, 6)) as printed_yuan,
    cast(expected_yuan as decimal(28, 6)) as expected_yuan,
    cast(difference_yuan as decimal(28, 6)) as difference_yuan,
    cast(n_checks as integer) as n_checks,
    message_zh,
    message_en,
    figure_ids,
    check_ids
from findings
where finding_id not in (select waivers.finding_id from waivers)
order by document_id, finding_id
