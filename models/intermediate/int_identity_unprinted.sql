{#- Documents of accounts and the identities that apply to them whose tables are pictures, or absent. -#}
with documents as (

    select documents.*, numbered.prior_document_id
    from {{ ref('int_documents') }} as documents
    inner join {{ ref('int_identity_documents') }} as numbered on documents.document_id = numbered.document_id

),

tables as (

    select * from {{ ref('stg_tables') }}

),

figures as (

    select distinct document_id, source, table_code from {{ ref('int_figures') }}

),

identities as (

    select * from {{ ref('identities') }}

),

terms as (

    select * from {{ ref('identity_terms') }}

),

table_codes as (

    select * from {{ ref('table_codes') }}

),

-- accounts that print anything at all: a blank form states nothing that could be checked
accounts as (

    select *
    from documents
    where
        document_role = 'accounts'
        and status != 'rejected'
        and document_id in (select figures.document_id from figures)

),

with_figures as (

    select distinct document_id, table_code
    from figures
    where source = 'table'

),

standing as (

    select
        accounts.document_id,
        accounts.department_year_id,
        table_codes.table_code,
        table_codes.official_no,
        table_codes.name_zh,
        count(tables.table_no) > 0 as is_announced,
        coalesce(bool_or(tables.is_declared_empty), false) as is_declared_empty
    from accounts
    cross join table_codes
    left join tables on accounts.document_id = tables.document_id and table_codes.table_code = tables.table_code
    left join with_figures
        on accounts.document_id = with_figures.document_id and table_codes.table_code = with_figures.table_code
    -- the nine tables of the Ministry; what a form adds or leaves out beyond them is its own affair
    where table_codes.official_no is not null and with_figures.document_id is null
    group by all

),

-- identities of the nine tables that do not depend on a form: applies_when says of the others when they apply
general as (

    select identities.identity_id
    from identities
    inner join terms on identities.identity_id = terms.identity_id
    left join table_codes on terms.table_code = table_codes.table_code
    group by identities.identity_id, identities.applies_when
    having identities.applies_when is null and bool_and(table_codes.official_no is not null)

),

needed as (

    select distinct terms.identity_id, terms.table_code
    from terms
    inner join general on terms.identity_id = general.identity_id

),

-- a table declared empty has nothing that could disagree
excused as (

    select distinct standing.document_id, needed.identity_id
    from needed
    inner join standing on needed.table_code = standing.table_code
    where standing.is_declared_empty

),

lacking as (

    select standing.*, needed.identity_id
    from needed
    inner join standing on needed.table_code = standing.table_code
    left join excused
        on standing.document_id = excused.document_id and needed.identity_id = excused.identity_id
    where excused.document_id is null

)

select
    document_id,
    department_year_id,
    identity_id,
    string_agg(
        table_code || case when is_announced then ' (its body is not in the text)' else ' (not in the document)' end,
        '; ' order by table_code
    ) as missing,
    string_agg(
        official_no || ' ' || name_zh || case when is_announced then '（表体不在文本中）' else '（文件中没有此表）' end,
        '；' order by table_code
    ) as missing_zh
from lacking
group by document_id, department_year_id, identity_id
order by document_id, identity_id
