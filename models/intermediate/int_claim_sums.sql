with claims as (

    select * from {{ ref('int_claim_facts') }}

),

relations as (

    select * from {{ ref('claim_relations') }}

),

terms as (

    select * from {{ ref('claim_relation_terms') }}

),

-- the patterns are matched against the few subjects and measures that there are, not against each claim; a claim
-- about an account may also be meant by its code (function.2080505)
matched as (

    select keys.*, terms.relation_id, cast(terms.term_no as integer) as term_no
    from (select distinct subject, functional_code, measure, section from claims) as keys
    inner join terms
        on
            (
                regexp_full_match(keys.subject, terms.subject)
                or regexp_full_match(keys.subject || '.' || keys.functional_code, terms.subject)
            )
            and regexp_full_match(keys.measure, terms.measure)
            and (terms.sections is null or regexp_full_match(keys.section, terms.sections))

),

placed as (

    select
        claims.*,
        relations.relation_id,
        relations.scope,
        relations.comparison,
        relations.kind as check_kind,
        relations.severity,
        relations.list_group,
        relations.count_subject,
        terms.term_no,
        terms.side,
        terms.weight,
        terms.aggregate,
        coalesce(case terms.instance_code when 'class_code' then claims.class_code end, '') as code_key,
        coalesce(case terms.instance_measure when 'measure' then claims.measure end, '') as measure_key,
        case when relations.scope in ('document', 'each_section') then '' else claims.section end as place_key,
        -- a decrease is a negative change
        case when claims.measure = 'change' and claims.direction = 'decrease' then -1 else 1 end as sign
    from claims
    inner join matched
        on
            claims.subject = matched.subject
            and claims.functional_code is not distinct from matched.functional_code
            and claims.measure = matched.measure
            and claims.section = matched.section
    inner join relations on matched.relation_id = relations.relation_id
    inner join terms on matched.relation_id = terms.relation_id and matched.term_no = terms.term_no
    where
        (terms.level is null or claims.level = terms.level)
        and (claims.measure != 'change' or claims.change_base = terms.base)
        and (not terms.is_evaluated or claims.is_evaluated)
        and (terms.instance_code is null or claims.class_code is not null)

),

-- a total opens a block that ends where it is stated again
totals as (

    select
        *,
        coalesce(
            lead(claim_no) over (
                partition by document_id, relation_id, place_key, code_key, measure_key order by claim_no
            ),
            2147483647
        ) as next_no
    from placed
    where side = 'total'
    qualify
        scope not in ('document', 'each_section')
        or row_number() over (
            partition by document_id, relation_id, code_key, measure_key order by claim_no
        ) = 1

),

parts as (

    select
        totals.figure_id as total_id,
        totals.relation_id,
        case when totals.scope = 'each_section' then placed.section else '' end as part_section,
        placed.figure_id,
        placed.subject,
        placed.term_no,
        placed.page,
        placed.line_no,
        placed.claim_no,
        placed.is_unit_suspect,
        placed.confidence,
        placed.sign * placed.weight as weight,
        case placed.aggregate when 'count' then 1 else placed.sign * placed.weight * placed.value end as weighted,
        case placed.aggregate when 'count' then 1 else placed.sign * placed.weight * placed.other_value end as other_weighted,
        case placed.aggregate when 'count' then 0 else placed.half_width end as half_width,
        case placed.aggregate when 'count' then 0 else placed.other_half_width end as other_half_width
    from totals
    inner join placed
        on
            totals.document_id = placed.document_id
            and totals.relation_id = placed.relation_id
            and totals.place_key = placed.place_key
            and totals.code_key = placed.code_key
            and totals.measure_key = placed.measure_key
            and placed.side = 'part'
            and case totals.scope
                when 'section' then placed.claim_no > totals.claim_no and placed.claim_no < totals.next_no
                when 'passage'
                    then placed.claim_no > totals.claim_no
                        and placed.claim_no < least(totals.next_no, totals.claim_no + 13)
                when 'line'
                    then placed.page is not distinct from totals.page
                        and abs(placed.line_no - totals.line_no) <= 2
                else true
            end
    -- what is stated again is one part
    qualify row_number() over (
        partition by totals.figure_id, totals.relation_id, part_section, placed.term_no, placed.topic_key
        order by placed.claim_no
    ) = 1

),

added as (

    select
        total_id,
        relation_id,
        part_section,
        count(*) as n_parts,
        list(distinct term_no) as term_nos,
        sum(weighted) as parts_value,
        sum(other_weighted) as other_parts_value,
        sum(abs(weight) * half_width) as half_widths,
        coalesce(sum(half_width) filter (weight > 0), 0) as added_half_widths,
        coalesce(sum(half_width) filter (weight < 0), 0) as taken_half_widths,
        sum(abs(weight) * other_half_width) as other_half_widths,
        bool_or(is_unit_suspect) as is_any_suspect,
        count(*) filter (confidence = 'ocr') as n_ocr,
        list(struct_pack(figure_id := figure_id, weight := weight, claim_no := claim_no) order by claim_no) as parts
    from parts
    group by total_id, relation_id, part_section

),

required as (

    select relation_id, list(cast(term_no as integer)) as term_nos
    from terms
    where side = 'part' and is_required
    group by relation_id

),

-- how many items a list is said to have
counts as (

    select document_id, subject, max(value) as value
    from claims
    where measure = 'count'
    group by document_id, subject

),

unless as (

    select distinct claims.document_id, relations.relation_id
    from claims
    inner join relations on claims.subject = relations.unless_subject

),

compared as (

    select
        totals.*,
        added.* exclude (total_id, relation_id),
        totals.sign * totals.value as total_value,
        totals.sign * totals.value - added.parts_value as difference,
        totals.half_width + added.half_widths as tolerance,
        totals.sign * totals.other_value - added.other_parts_value as other_difference,
        totals.other_half_width + added.other_half_widths as other_tolerance,
        totals.is_unit_suspect or added.is_any_suspect as has_suspect,
        list_filter(required.term_nos, lambda term_no: not list_contains(added.term_nos, term_no)) as absent_term_nos,
        counts.value as counted
    from totals
    inner join added on totals.figure_id = added.total_id and totals.relation_id = added.relation_id
    left join required on totals.relation_id = required.relation_id
    left join counts on totals.document_id = counts.document_id and totals.count_subject = counts.subject
    left join unless on totals.document_id = unless.document_id and totals.relation_id = unless.relation_id
    where unless.relation_id is null

),

balanced as (

    select
        *,
        len(absent_term_nos) > 0 as is_lacking,
        difference = 0
        or comparison = 'at_least' and difference > 0
        or comparison = 'at_most' and difference < 0 as is_exact,
        abs(difference) <= tolerance
        or comparison = 'at_least' and difference >= -tolerance
        or comparison = 'at_most' and difference <= tolerance as is_within,
        -- cut off instead of rounded, a figure stands for up to a whole unit more
        comparison = 'equals'
        and difference > -2 * (taken_half_widths + case when sign > 0 then half_width else 0 end)
        and difference < 2 * (added_half_widths + case when sign < 0 then half_width else 0 end) as is_cut
    from compared

),

-- a list in the text may name some accounts only. It is whole where one of its columns adds up, or where it has
-- as many items as the text says
wholes as (

    select
        *,
        list_group is null
        or counted is not null and n_parts >= counted
        or bool_or(list_group is not null and count_subject is null and not is_lacking and is_within)
            over (partition by document_id, list_group) as is_whole
    from balanced

),

judged as (

    select
        *,
        not is_lacking
        and not is_within
        and is_cut
        -- truncation is a habit of the office: one sum that rounding explains and truncation does not denies it
        and not bool_or(not is_lacking and is_within and not is_exact and not is_cut and comparison = 'equals')
            over (partition by document_id) as is_truncated,
        case
            when is_lacking then 'not_checkable'
            when is_exact then 'exact'
            when is_within or is_truncated then 'within_rounding'
            when not is_whole and difference > 0 then 'not_checkable'
            else 'violated'
        end as verdict
    from wholes

),

absent as (

    select judged.figure_id, judged.relation_id, string_agg(terms.subject, ', ' order by terms.term_no) as subjects
    from judged
    inner join terms
        on judged.relation_id = terms.relation_id and list_contains(judged.absent_term_nos, cast(terms.term_no as integer))
    group by judged.figure_id, judged.relation_id

)

select
    judged.figure_id
    || '-' || judged.relation_id
    || case when judged.part_section != '' then '-' || judged.part_section else '' end as check_id,
    judged.document_id,
    judged.department_year_id,
    judged.relation_id as rule_id,
    judged.check_kind as kind,
    judged.severity,
    judged.comparison,
    judged.figure_id,
    judged.kind as value_kind,
    cast(judged.total_value as decimal(28, 6)) as printed_value,
    cast(judged.parts_value as decimal(28, 6)) as expected_value,
    cast(judged.difference as decimal(28, 6)) as difference,
    cast(judged.tolerance as decimal(28, 6)) as tolerance,
    judged.verdict,
    judged.is_truncated,
    judged.verdict = 'violated'
    and judged.has_suspect
    and (abs(judged.other_difference) <= judged.other_tolerance
        or judged.comparison = 'at_least' and judged.other_difference >= -judged.other_tolerance
        or judged.comparison = 'at_most' and judged.other_difference <= judged.other_tolerance)
        as is_settled_by_unit,
    case
        when judged.verdict != 'not_checkable' then null
        when judged.is_lacking then replace(absent.subjects, '\', '')
        else 'whether the list is whole'
    end as missing,
    case
        when judged.verdict != 'not_checkable' then null
        when judged.is_lacking then '正文未写全各项'
        else '所列各项是否齐全'
    end as missing_zh,
    cast(judged.n_parts as integer) as n_parts,
    cast(judged.n_ocr + cast((judged.confidence = 'ocr') as integer) as integer) as n_ocr,
    judged.parts
from judged
left join absent on judged.figure_id = absent.figure_id and judged.relation_id = absent.relation_id
