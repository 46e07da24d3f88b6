with documents as (

    select * from {{ ref('int_documents') }}

),

quality as (

    select * from {{ ref('document_quality') }}

),

grades as (

    select * from {{ ref('document_grades') }}

),

identity_checks as (

    select * from {{ ref('fct_identity_checks') }}

),

checks as (

    select
        document_id,
        count(*) as check_count,
        count(*) filter (where verdict = 'exact') as exact_count,
        count(*) filter (where verdict = 'within_rounding') as within_rounding_count,
        count(*) filter (where verdict = 'within_rounding' and is_truncated) as truncated_count,
        count(*) filter (where verdict = 'violated') as violated_count,
        count(*) filter (where verdict = 'violated' and is_waived) as waived_count,
        count(*) filter (where verdict = 'not_checkable') as not_checkable_count
    from identity_checks
    group by document_id

),

-- why checks could not be made, the most frequent reasons by name and the rest by number
reasons as (

    select
        document_id,
        coalesce(missing_zh, missing) as missing_zh,
        missing,
        count(*) as n_checks,
        row_number() over (partition by document_id order by count(*) desc, missing) as reason_no
    from identity_checks
    where verdict = 'not_checkable'
    group by document_id, coalesce(missing_zh, missing), missing

),

reasons_in_words as (

    select
        document_id,
        string_agg(missing_zh || '（' || n_checks || '项）', '；' order by reason_no) filter (reason_no <= 3)
        || case when count(*) > 3 then '；另' || (count(*) - 3) || '种' else '' end as reasons_zh,
        -- the nine tables are known by their numbers
        string_agg(
            regexp_replace(missing, 'gk(0[1-9])', 'table \1', 'g') || ' (' || n_checks || ')', '; ' order by reason_no
        ) filter (reason_no <= 3)
        || case when count(*) > 3 then '; ' || (count(*) - 3) || ' more' else '' end as reasons_en
    from reasons
    group by document_id

),

figures as (

    select * from {{ ref('int_figures') }}

),

-- the nine tables of the forms; a performance report has none of them
nine_tables as (

    select table_code from {{ ref('table_codes') }}
    where table_code like 'gk0%'

),

found_tables as (

    select
        tables.document_id,
        tables.table_code,
        bool_or(tables.is_declared_empty) as is_declared_empty
    from {{ ref('stg_tables') }} as tables
    inner join nine_tables on tables.table_code = nine_tables.table_code
    group by tables.document_id, tables.table_code

),

tables_with_figures as (

    select distinct document_id, table_code
    from figures
    where source = 'table'

),

table_states as (

    select
        documents.document_id,
        nine_tables.table_code,
        case
            when tables_with_figures.document_id is not null then 'with figures'
            when found_tables.is_declared_empty then 'declared empty'
            when found_tables.document_id is not null then 'without figures'
            else 'absent'
        end as state
    from documents
    cross join nine_tables
    left join found_tables
        on
            documents.document_id = found_tables.document_id
            and nine_tables.table_code = found_tables.table_code
    left join tables_with_figures
        on
            documents.document_id = tables_with_figures.document_id
            and nine_tables.table_code = tables_with_figures.table_code
    where documents.document_role = 'accounts' and documents.status != 'rejected'

),

tables as (

    select
        document_id,
        count(*) as expected_count,
        count(*) filter (where state = 'with figures') as with_figures_count,
        count(*) filter (where state = 'declared empty') as declared_empty_count,
        count(*) filter (where state = 'without figures') as without_figures_count,
        count(*) filter (where state = 'absent') as absent_count,
        string_agg(table_code, ' ' order by table_code) filter (where state in ('absent', 'without figures'))
            as lacking_table_codes
    from table_states
    group by document_id

),

findings as (

    select
        document_id,
        count(*) as finding_count,
        count(*) filter (where severity = 'critical') as critical_count,
        count(*) filter (where severity = 'major') as major_count,
        count(*) filter (where severity = 'minor') as minor_count
    from {{ ref('fct_findings') }}
    group by document_id

),

claim_checks as (

    select * from {{ ref('fct_claim_checks') }}

),

claim_verdicts as (

    select
        document_id,
        count(*) as check_count,
        count(*) filter (where verdict = 'exact') as exact_count,
        count(*) filter (where verdict = 'within_rounding') as within_rounding_count,
        count(*) filter (where verdict = 'violated') as violated_count,
        count(*) filter (where verdict = 'not_checkable') as not_checkable_count,
        count(distinct figure_id) filter (where verdict = 'violated') as contradicted_count
    from claim_checks
    group by document_id

),

-- a claim is tied when a check that could be made names it, be it as what is checked or as what it is held against
tied_claims as (

    select document_id, count(distinct figure_id) as tied_count
    from (
        select document_id, unnest(string_split(figure_ids, ' ')) as figure_id
        from claim_checks
        where verdict != 'not_checkable'
    ) as checked
    where figure_id similar to '[0-9a-f]{16}-n[0-9]{4,}'
    group by document_id

),

counted as (

    select
        documents.document_id,
        documents.file_name,
        documents.department_year_id,
        documents.normalised_department_name as department_name,
        documents.region_name,
        documents.fiscal_year,
        documents.document_kind,
        documents.is_current,
        documents.status,
        documents.status_reason,
        quality.reading_grade,
        coalesce(checks.check_count, 0) as check_count,
        coalesce(checks.exact_count, 0) as exact_count,
        coalesce(checks.within_rounding_count, 0) as within_rounding_count,
        coalesce(checks.truncated_count, 0) as truncated_count,
        coalesce(checks.violated_count, 0) as violated_count,
        coalesce(checks.waived_count, 0) as waived_count,
        coalesce(checks.not_checkable_count, 0) as not_checkable_count,
        coalesce(checks.check_count, 0) + coalesce(claim_verdicts.check_count, 0)
        = coalesce(checks.not_checkable_count, 0) + coalesce(claim_verdicts.not_checkable_count, 0)
            as is_without_checks,
        reasons_in_words.reasons_zh as not_checkable_reasons_zh,
        reasons_in_words.reasons_en as not_checkable_reasons_en,
        coalesce(tables.expected_count, 0) as table_expected_count,
        coalesce(tables.with_figures_count, 0) as table_with_figures_count,
        coalesce(tables.declared_empty_count, 0) as table_declared_empty_count,
        coalesce(tables.without_figures_count, 0) as table_without_figures_count,
        coalesce(tables.absent_count, 0) as table_absent_count,
        tables.lacking_table_codes,
        quality.cell_count,
        quality.certain_count,
        quality.inferred_count,
        quality.ocr_count,
        quality.ambiguous_count,
        quality.claim_count,
        coalesce(tied_claims.tied_count, 0) as claim_tied_count,
        coalesce(claim_verdicts.contradicted_count, 0) as claim_contradicted_count,
        quality.claim_count - coalesce(tied_claims.tied_count, 0) as claim_untied_count,
        coalesce(claim_verdicts.check_count, 0) as claim_check_count,
        coalesce(claim_verdicts.exact_count, 0) as claim_exact_count,
        coalesce(claim_verdicts.within_rounding_count, 0) as claim_within_rounding_count,
        coalesce(claim_verdicts.violated_count, 0) as claim_violated_count,
        coalesce(claim_verdicts.not_checkable_count, 0) as claim_not_checkable_count,
        quality.problem_count,
        coalesce(findings.finding_count, 0) as finding_count,
        coalesce(findings.critical_count, 0) as critical_count,
        coalesce(findings.major_count, 0) as major_count,
        coalesce(findings.minor_count, 0) as minor_count
    from documents
    inner join quality on documents.document_id = quality.document_id
    left join checks on documents.document_id = checks.document_id
    left join reasons_in_words on documents.document_id = reasons_in_words.document_id
    left join tables on documents.document_id = tables.document_id
    left join findings on documents.document_id = findings.document_id
    left join claim_verdicts on documents.document_id = claim_verdicts.document_id
    left join tied_claims on documents.document_id = tied_claims.document_id

),

-- what stands between the document and the next better grade; the rules are reference.document_grades
graded as (

    select
        *,
        case
            when status = 'rejected' then 'D'
            when cell_count + claim_count = 0 then 'N'
            when critical_count > 0 then 'D'
            when major_count > 0 then 'C'
            when
                minor_count > 0
                or table_absent_count + table_without_figures_count > 0
                or reading_grade != 'A'
                or not_checkable_count > 0
                or is_without_checks
                then 'B'
            else 'A'
        end as grade,
        list_filter(
            [
                case when status = 'rejected' then '文件未能入库' end,
                case when critical_count > 0 then '严重问题' || critical_count || '条' end,
                case when major_count > 0 then '重要问题' || major_count || '条' end,
                case when minor_count > 0 then '一般问题' || minor_count || '条' end,
                case
                    when table_absent_count + table_without_figures_count > 0
                        then '九张表缺' || (table_absent_count + table_without_figures_count) || '张'
                end,
                case when reading_grade != 'A' then '数字未全部读准' end,
                case when not_checkable_count > 0 then '表格无法核对' || not_checkable_count || '项' end,
                case when is_without_checks and status != 'rejected' then '没有可核对的关系' end
            ],
            lambda reason: reason is not null
        ) as reasons_zh,
        list_filter(
            [
                case when status = 'rejected' then 'not landed' end,
                case when critical_count > 0 then critical_count || ' critical' end,
                case when major_count > 0 then major_count || ' major' end,
                case when minor_count > 0 then minor_count || ' minor' end,
                case
                    when table_absent_count + table_without_figures_count > 0
                        then (table_absent_count + table_without_figures_count) || ' of nine tables lacking'
                end,
                case when reading_grade != 'A' then 'figures not read for certain' end,
                case when not_checkable_count > 0 then not_checkable_count || ' not checkable' end,
                case when is_without_checks and status != 'rejected' then 'nothing to check' end
            ],
            lambda reason: reason is not null
        ) as reasons_en
    from counted

)

select
    graded.document_id,
    graded.file_name,
    graded.department_year_id,
    graded.department_name,
    graded.region_name,
    graded.fiscal_year,
    graded.document_kind,
    graded.is_current,
    graded.status,
    graded.status_reason,
    graded.grade,
    case when graded.grade = 'N' then '没有印出数字' else nullif(array_to_string(graded.reasons_zh, '，'), '') end
        as grade_reason_zh,
    case when graded.grade = 'N' then 'no figure' else nullif(array_to_string(graded.reasons_en, ', '), '') end
        as grade_reason_en,
    grades.rule_zh as grade_rule_zh,
    grades.rule_en as grade_rule_en,
    cast(graded.finding_count as integer) as finding_count,
    cast(graded.critical_count as integer) as critical_count,
    cast(graded.major_count as integer) as major_count,
    cast(graded.minor_count as integer) as minor_count,
    cast(graded.check_count as integer) as check_count,
    cast(graded.exact_count as integer) as exact_count,
    cast(graded.within_rounding_count as integer) as within_rounding_count,
    cast(graded.truncated_count as integer) as truncated_count,
    cast(graded.violated_count as integer) as violated_count,
    cast(graded.waived_count as integer) as waived_count,
    cast(graded.not_checkable_count as integer) as not_checkable_count,
    graded.not_checkable_reasons_zh,
    graded.not_checkable_reasons_en,
    cast(graded.table_expected_count as integer) as table_expected_count,
    cast(graded.table_with_figures_count as integer) as table_with_figures_count,
    cast(graded.table_declared_empty_count as integer) as table_declared_empty_count,
    cast(graded.table_without_figures_count as integer) as table_without_figures_count,
    cast(graded.table_absent_count as integer) as table_absent_count,
    graded.lacking_table_codes,
    graded.cell_count,
    graded.certain_count,
    graded.inferred_count,
    graded.ocr_count,
    graded.ambiguous_count,
    graded.claim_count,
    cast(graded.claim_tied_count as integer) as claim_tied_count,
    cast(graded.claim_contradicted_count as integer) as claim_contradicted_count,
    cast(graded.claim_untied_count as integer) as claim_untied_count,
    cast(graded.claim_check_count as integer) as claim_check_count,
    cast(graded.claim_exact_count as integer) as claim_exact_count,
    cast(graded.claim_within_rounding_count as integer) as claim_within_rounding_count,
    cast(graded.claim_violated_count as integer) as claim_violated_count,
    cast(graded.claim_not_checkable_count as integer) as claim_not_checkable_count,
    graded.problem_count,
    graded.reading_grade
from graded
inner join grades on graded.grade = grades.grade
order by graded.document_id
