{{ config(materialized='view') }}

with verdicts as (

    select * from {{ ref('int_identity_verdicts') }}

),

sums as not materialized (

    select * from {{ ref('int_identity_sums') }}

),

instances as (

    select * from {{ ref('int_identity_instances') }}

),

terms as (

    select * from {{ ref('int_identity_terms') }}

),

documents as (

    select * from {{ ref('int_identity_documents') }}

),

unprinted as (

    select * from {{ ref('int_identity_unprinted') }}

),

identities as (

    select * from {{ ref('identities') }}

),

-- settled sums with an ambiguous figure in their row are among the verdicts
ambiguous as (

    select distinct terms.document_no, instances.check_no
    from terms
    inner join instances
        on terms.identity_id = instances.identity_id and coalesce(terms.instance_code, '') = instances.code_key
    where terms.is_ambiguous

),

-- of the documents that have one, what is within rounding is among the verdicts (int_identity_terms)
open_documents as (

    select distinct document_no
    from sums
    where not is_exact and not is_rounded

),

-- the terms of a settled check, where they are listed
listed as (

    select
        document_no,
        check_no,
        coalesce(instance_table_no, 0) as scope_no,
        arg_min(page, struct_pack(a := side != 'total', b := term_no, c := figure_id)) as page,
        arg_min(line_no, struct_pack(a := side != 'total', b := term_no, c := figure_id)) as line_no,
        arg_min(figure_id, struct_pack(a := side != 'total', b := term_no, c := figure_id)) as first_figure_id,
        string_agg(figure_id, ' ' order by side != 'total', term_no, figure_id) as figure_ids
    from terms
    where is_settled and not is_ambiguous
    group by document_no, check_no, coalesce(instance_table_no, 0)

),

settled as (

    select
        documents.document_id,
        documents.department_year_id,
        instances.identity_id,
        instances.code_key,
        instances.measure_key,
        sums.scope_no,
        instances.value_unit,
        sums.total_value,
        sums.parts_value,
        sums.total_value - sums.parts_value as difference_value,
        sums.half_widths as tolerance_value,
        case when sums.is_exact then 'exact' else 'within_rounding' end as verdict,
        false as is_truncated,
        sums.tally & 65535 as n_terms,
        (sums.tally >> 16) & 65535 as n_inferred,
        (sums.tally >> 32) & 65535 as n_ocr,
        cast(null as varchar) as missing,
        cast(null as varchar) as missing_zh,
        listed.first_figure_id,
        listed.page,
        listed.line_no,
        listed.figure_ids
    from sums
    inner join instances on sums.check_no = instances.check_no
    inner join documents on sums.document_no = documents.document_no
    left join open_documents on sums.document_no = open_documents.document_no
    left join ambiguous on sums.document_no = ambiguous.document_no and sums.check_no = ambiguous.check_no
    left join listed
        on
            sums.document_no = listed.document_no
            and sums.check_no = listed.check_no
            and sums.scope_no = listed.scope_no
    where
        (sums.is_exact or sums.is_rounded and open_documents.document_no is null)
        and ambiguous.document_no is null

),

checked as (

    select * from verdicts
    union all by name
    select * from settled

),

-- identities of tables that the document lacks: one row for each, not one for each instance
unchecked as (

    select unprinted.*
    from unprinted
    where not exists (
        select 1
        from checked
        where unprinted.document_id = checked.document_id and unprinted.identity_id = checked.identity_id
    )

),

checks as (

    select * from checked
    union all by name
    select
        document_id,
        department_year_id,
        identity_id,
        '' as code_key,
        '' as measure_key,
        0 as scope_no,
        'not_checkable' as verdict,
        false as is_truncated,
        0 as n_terms,
        0 as n_inferred,
        0 as n_ocr,
        missing,
        missing_zh
    from unchecked

)

select
    checks.document_id
    || '-' || checks.identity_id
    || case when checks.code_key != '' then '-' || checks.code_key else '' end
    || case when checks.measure_key != '' then '-' || checks.measure_key else '' end
    || case when checks.scope_no != 0 then '-t' || format('{:02d}', checks.scope_no) else '' end as check_id,
    checks.document_id,
    checks.department_year_id,
    checks.identity_id,
    nullif(checks.code_key, '') as instance_code,
    nullif(checks.measure_key, '') as instance_measure,
    cast(nullif(checks.scope_no, 0) as integer) as instance_table_no,
    identities.severity,
    identities.source,
    identities.comparison,
    checks.value_unit,
    cast(checks.total_value as decimal(28, 6)) as total_value,
    cast(checks.parts_value as decimal(28, 6)) as parts_value,
    cast(checks.difference_value as decimal(28, 6)) as difference_value,
    cast(checks.tolerance_value as decimal(28, 6)) as tolerance_value,
    {% for name in ('total', 'parts', 'difference', 'tolerance') %}
    case
        when checks.value_unit = 'yuan' then cast(checks.{{ name }}_value as decimal(28, 6))
    end as {{ name }}_yuan,
    {% endfor %}
    checks.verdict,
    checks.is_truncated,
    cast(checks.n_terms as integer) as n_terms,
    cast(checks.n_inferred as integer) as n_inferred,
    cast(checks.n_ocr as integer) as n_ocr,
    checks.missing,
    checks.missing_zh,
    checks.first_figure_id,
    checks.page,
    checks.line_no,
    checks.figure_ids
from checks
inner join identities on checks.identity_id = identities.identity_id
