with checks as (

    select * from {{ ref('fct_identity_checks') }}

),

terms as (

    select * from {{ ref('int_identity_terms') }}

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

columns as (

    select * from {{ ref('int_column_names') }}

),

documents as (

    select * from {{ ref('int_documents') }}

),

contradictions as (

    select * from {{ ref('int_claim_findings') }}

),

-- 1. violated identities. One wrong figure breaks every identity it stands in, each time by the same amount:
--    the figure whose one change would settle the most of them, and that the fewest others confirm, is
--    taken for the cause, and its violations are one finding.
violated as (

    select * from checks
    where verdict = 'violated' and not is_waived

),

check_figures as (

    select distinct
        terms.document_id,
        terms.identity_id,
        terms.figure_id,
        terms.side,
        terms.weight,
        checks.check_id,
        checks.verdict,
        checks.comparison,
        checks.has_constant_total,
        coalesce(checks.difference_value, 0) as difference_value,
        checks.tolerance_value
    from terms
    inner join checks
        on
            terms.document_id = checks.document_id
            and terms.identity_id = checks.identity_id
            and terms.instance_code is not distinct from checks.instance_code
            and terms.instance_measure is not distinct from checks.instance_measure
            and terms.instance_table_no is not distinct from checks.instance_table_no
    where checks.document_id in (select violated.document_id from violated)

),

-- by how much the figure would have to change to settle this violation alone
suspicions as (

    select
        *,
        case when side = 'total' then -difference_value else weight * difference_value end as change_value
    from check_figures
    where check_id in (select violated.check_id from violated)
        -- a rate is settled by the printed rate alone
        and (comparison != 'ratio' or side = 'total')

),

confirmations as (

    select figure_id, count(*) as n_confirming
    from check_figures
    where verdict in ('exact', 'within_rounding')
    group by figure_id

),

supported as (

    select
        one.check_id,
        one.figure_id,
        one.side,
        one.change_value,
        count(*) as n_settled,
        min(other.check_id) as cluster_id
    from suspicions as one
    inner join suspicions as other
        on
            one.figure_id = other.figure_id
            -- a sum that has to make 100 says that something is wrong, not what
            and (one.check_id = other.check_id or not other.has_constant_total)
            and abs(one.change_value - other.change_value) <= one.tolerance_value + other.tolerance_value
    group by one.check_id, one.figure_id, one.side, one.change_value

),

-- a violation that stands alone is laid at its total's door
suspected as (

    select
        supported.*,
        row_number() over (
            partition by supported.check_id
            order by
                supported.n_settled desc,
                case when supported.n_settled > 1 then coalesce(confirmations.n_confirming, 0) end,
                supported.side desc,
                supported.figure_id
        ) as choice
    from supported
    left join confirmations on supported.figure_id = confirmations.figure_id

),

clustered as (

    select
        violated.*,
        suspected.figure_id,
        suspected.change_value,
        suspected.figure_id || ' ' || suspected.cluster_id as cause_id,
        row_number() over (
            partition by suspected.figure_id, suspected.cluster_id
            order by
                case violated.severity when 'critical' then 1 when 'major' then 2 else 3 end,
                violated.tolerance_value,
                violated.check_id
        ) as place_in_cause
    from violated
    inner join suspected on violated.check_id = suspected.check_id and suspected.choice = 1

),

causes as (

    select
        cause_id,
        count(*) as n_checks,
        string_agg(check_id, ' ' order by place_in_cause) as check_ids
    from clustered
    group by cause_id

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
        facts.value_text as printed_text,
        case
            when clustered.parts_value is not null
                then {{ quantity('(facts.value + clustered.change_value)', 'clustered.value_unit') }} || {{ quantity_unit_zh('clustered.value_unit') }}
        end as expected_text,
        facts.confidence,
        facts.amount_yuan as printed_yuan,
        case when clustered.value_unit = 'yuan' then facts.amount_yuan + clustered.change_value end as expected_yuan,
        case when clustered.value_unit = 'yuan' then clustered.change_value end as difference_yuan,
        causes.n_checks,
        case
            when causes.n_checks > 1
                then coalesce(table_codes.official_no, table_codes.name_zh, facts.table_code)
                    || '“' || coalesce(facts.row_label, facts.line_item)
                    || '”的“' || coalesce(columns.header, facts.measure)
                    || '”印为' || facts.value_text || coalesce(facts.unit_text, '')
                    || '，按' || causes.n_checks || '项核对应为'
                    || {{ quantity('(facts.value + clustered.change_value)', 'clustered.value_unit') }}
                    || {{ quantity_unit_zh('clustered.value_unit') }} || '；首项：'
            else ''
        end
        || clustered.name_zh || '（' || clustered.formula_text || '）：'
        || case when clustered.instance_code = 'total' then '合计' else coalesce('科目' || clustered.instance_code, '') end
        || coalesce('“' || clustered.measure_zh || '”栏', '')
        || case when clustered.has_constant_total then '须为' else '印为' end || coalesce({{ quantity('clustered.total_value', 'clustered.value_unit') }}, '—') || {{ quantity_unit_zh('clustered.value_unit') }} || '，'
        || case when clustered.has_constant_total then '实为' when clustered.comparison = 'at_least' then '不应小于' else '应为' end
        || coalesce({{ quantity('clustered.parts_value', 'clustered.value_unit') }}, '—') || {{ quantity_unit_zh('clustered.value_unit') }} || '，相差'
        || coalesce({{ quantity('clustered.difference_value', 'clustered.value_unit') }}, '—') || {{ quantity_unit_zh('clustered.value_unit') }} || '，舍入允许'
        || {{ quantity('clustered.tolerance_value', 'clustered.value_unit') }} || {{ quantity_unit_zh('clustered.value_unit') }}
        || case
            when clustered.n_ocr > 0 then '。其中' || clustered.n_ocr || '个数字由图像识别，请先与原件核对'
            else ''
        end as message_zh,
        case
            when causes.n_checks > 1
                then facts.table_code || ' ' || facts.line_item || ' ' || replace(facts.measure, '_', ' ')
                    || ' is printed as ' || facts.value_text
                    || ', by ' || causes.n_checks || ' checks it should be '
                    || {{ quantity('(facts.value + clustered.change_value)', 'clustered.value_unit') }}
                    || '; the first: '
            else ''
        end
        || clustered.name_en || ': '
        || coalesce(clustered.instance_code || ' ', '')
        || coalesce(replace(clustered.instance_measure, '_', ' ') || ' ', '')
        || case when clustered.has_constant_total then 'required ' else 'printed ' end || coalesce({{ quantity('clustered.total_value', 'clustered.value_unit') }}, '—')
        || case when clustered.has_constant_total then ', found ' when clustered.comparison = 'at_least' then ', at least ' else ', expected ' end
        || coalesce({{ quantity('clustered.parts_value', 'clustered.value_unit') }}, '—') || ', difference '
        || coalesce({{ quantity('clustered.difference_value', 'clustered.value_unit') }}, '—') || ', rounding allows '
        || {{ quantity('clustered.tolerance_value', 'clustered.value_unit') }} || {{ quantity_unit_en('clustered.value_unit') }}
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
    left join table_codes on facts.table_code = table_codes.table_code
    left join columns on facts.table_code = columns.table_code and facts.measure = columns.measure
    where clustered.place_in_cause = 1

),

-- 2. one fact printed twice with values that cannot both hold
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
        coalesce(table_codes.official_no, table_codes.name_zh, facts.table_code)
        || '“' || coalesce(facts.row_label, facts.line_item) || '”的“' || coalesce(columns.header, facts.measure)
        || '”印了不止一次且不相同，请核对以何者为准'
        || case when facts.confidence = 'ocr' then '。数字由图像识别，请先与原件核对' else '' end as message_zh,
        facts.table_code || ' ' || facts.line_item || ' ' || facts.measure
        || ' is printed more than once with values that cannot both hold'
        || case when facts.confidence = 'ocr' then '; read by OCR: compare it with the page first' else '' end
            as message_en,
        facts.figure_ids,
        cast(null as varchar) as check_ids
    from facts
    left join table_codes on facts.table_code = table_codes.table_code
    left join columns on facts.table_code = columns.table_code and facts.measure = columns.measure
    where facts.is_conflicting and facts.source = 'table'

),

-- 3. what was printed and could not be read, one finding per document and kind
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
        coalesce(problem_codes.name_zh, problem_groups.problem_code)
        || '（' || problem_groups.n_problems || '处），首处：'
        || coalesce('第' || problem_groups.page || '页', '')
        || coalesce('第' || nullif(problem_groups.line_no, 0) || '行', '')
        -- other details are the reader's own words, in English
        || case
            when problem_codes.detail_is_printed then '“' || problem_groups.first_detail || '”' else ''
        end as message_zh,
        coalesce(problem_codes.name_en, problem_groups.problem_code)
        || ' (' || problem_groups.n_problems || case problem_groups.n_problems when 1 then ' place' else ' places' end
        || '), the first: ' || problem_groups.first_detail as message_en,
        cast(null as varchar) as figure_ids,
        cast(null as varchar) as check_ids
    from problem_groups
    inner join documents on problem_groups.document_id = documents.document_id
    left join problem_codes on problem_groups.problem_code = problem_codes.problem_code
    where
        documents.status != 'rejected'
        and coalesce(problem_codes.is_finding, true)

),

-- 4. documents of which nothing could be landed
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

-- 5. wording that changes a figure, and what a template left behind
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
        coalesce(problem_codes.name_zh, slips.problem_code) || '：印为“' || slips.printed || '”'
        || coalesce('，应为“' || slips.expected || '”', '')
        || case when slips.n_places > 1 then '（共' || slips.n_places || '处，此为首处）' else '' end as message_zh,
        coalesce(problem_codes.name_en, slips.problem_code) || ': printed "' || slips.printed || '"'
        || coalesce(', expected "' || slips.expected || '"', '')
        || case when slips.n_places > 1 then ' (the first of ' || slips.n_places || ' places)' else '' end
            as message_en,
        cast(null as varchar) as figure_ids,
        cast(null as varchar) as check_ids
    from slips
    inner join documents on slips.document_id = documents.document_id
    left join problem_codes on slips.problem_code = problem_codes.problem_code
    where documents.status != 'rejected'

),

-- 6. sentences that contradict a table, each other or their own arithmetic; what only repeats a figure that a
--    table's identities have found wrong is an echo of that
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
    where other_figure_id is null or other_figure_id not in (select identity_findings.figure_id from identity_findings)

),

findings as (

    select * from identity_findings
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
order by document_id, finding_id
