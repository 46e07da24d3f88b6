with expected as (

    select
        *,
        {{ one_spelling('department_name') }} as normalised_department_name
    from {{ ref('expected_disclosures') }}

),

documents as (

    select * from {{ ref('disclosure_scorecard') }}
    where status != 'rejected'

),

answers as (

    select
        expected.expected_no,
        documents.document_id,
        documents.file_name,
        documents.grade,
        documents.lacking_table_codes,
        documents.status = 'partial' or documents.table_absent_count + documents.table_without_figures_count > 0
            as is_partial,
        count(*) over (partition by expected.expected_no) as document_count,
        row_number() over (
            partition by expected.expected_no
            order by
                documents.is_current desc,
                documents.status = 'partial',
                documents.table_absent_count + documents.table_without_figures_count,
                documents.file_name
        ) as choice
    from expected
    inner join documents
        on
            expected.fiscal_year = documents.fiscal_year
            and (expected.department_name is null or expected.normalised_department_name = documents.department_name)
            and (expected.region_name is null or expected.region_name = documents.region_name)
    where coalesce(expected.department_name, expected.region_name) is not null

),

judged as (

    select
        expected.*,
        answers.document_id,
        answers.file_name,
        answers.grade,
        answers.lacking_table_codes,
        answers.is_partial,
        coalesce(answers.document_count, 0) as document_count,
        -- without a clock only a date that somebody wrote down says that it came late
        case when answers.document_id is not null then expected.published_date > expected.due_date end as is_late
    from expected
    left join answers on expected.expected_no = answers.expected_no and answers.choice = 1

)

select
    expected_no,
    department_name,
    region_name,
    fiscal_year,
    due_date,
    published_date,
    case
        when document_id is null then 'missing'
        when is_partial then 'partial'
        when is_late then 'late'
        else 'published'
    end as status,
    is_late,
    is_partial,
    cast(document_count as integer) as document_count,
    document_id,
    file_name,
    grade,
    lacking_table_codes,
    notes
from judged
order by expected_no
