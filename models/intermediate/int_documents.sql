with documents as (

    select * from {{ ref('stg_documents') }}

),

names as (

    select * from {{ ref('int_department_names') }}

),

regions as (

    select * from {{ ref('int_document_regions') }}

),

keyed as (

    select
        documents.* exclude (region_name),
        coalesce(regions.printed_region, documents.region_name) as region_name,
        names.organ,
        names.canonical_department_name,
        regions.division_code,
        regions.region_basis,
        regions.candidate_codes,
        'dept_' || left(md5(names.canonical_department_name), 10) as department_id,
        case when documents.document_kind = 'performance_report' then 'performance' else 'accounts' end
            as document_role
    from documents
    left join names on documents.document_id = names.document_id
    left join regions on documents.document_id = regions.document_id

),

-- Without a clock the newest version is the last by file name (then by document id); a department's own
-- accounts go before a unit's printed under the same name, and what was rejected is never current.
versioned as (

    select
        *,
        department_id || '_' || fiscal_year as department_year_id,
        row_number() over (
            partition by department_id, fiscal_year, document_role
            order by
                status != 'rejected',
                document_kind = 'department_accounts',
                file_name,
                document_id
        ) as version_no,
        count(*) over (partition by department_id, fiscal_year, document_role) as version_count
    from keyed

)

select
    document_id,
    file_name,
    media_type,
    byte_size,
    page_count,
    reader,
    title,
    department_id,
    department_name,
    normalised_department_name,
    canonical_department_name,
    organ,
    region_name,
    division_code,
    region_basis,
    candidate_codes,
    fiscal_year,
    department_year_id,
    document_kind,
    document_role,
    amount_unit,
    status,
    status_reason,
    cast(version_no as integer) as version_no,
    coalesce(version_no = version_count and status != 'rejected' and department_year_id is not null, false)
        as is_current
from versioned
