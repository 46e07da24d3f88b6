with findings as (

    select * from {{ ref('int_claim_findings') }}

),

checks as (

    select * from {{ ref('int_claim_checks') }}

),

comparisons as (

    select * from {{ ref('int_claim_comparisons') }}

),

sums as (

    select * from {{ ref('int_claim_sums') }}

),

duplicates as (

    select * from {{ ref('int_claim_figures') }}

),

relations as (

    select * from {{ ref('claim_relations') }}

),

measures as (

    select * from {{ ref('claim_measures') }}

),

claims as (

    select * from {{ ref('int_claim_facts') }}

),

names as (

    select * from {{ ref('int_figure_names') }}

),

-- the sum as it is written out: 115.01－5.76－4.96＝104.29
parts as (

    select spread.check_id, spread.part.weight, spread.part.claim_no, claims.value, names.thing_zh
    from (select check_id, unnest(parts) as part from sums) as spread
    inner join findings on spread.check_id = findings.check_id
    inner join claims on spread.part.figure_id = claims.figure_id
    inner join names on spread.part.figure_id = names.figure_id

),

added as (

    select
        check_id,
        count(*) as n_parts,
        {{ written_sum("'“' || thing_zh || '”'", 'claim_no', "'yuan'") }} as parts_zh
    from parts
    group by check_id

),

told as (

    select
        findings.*,
        checks.rule_id,
        checks.kind as check_kind,
        checks.comparison,
        checks.value_kind,
        checks.expected_value,
        checks.difference,
        checks.tolerance,
        own.name_zh as own_zh,
        own.name_en as own_en,
        own.printed_en,
        total.name_zh as total_zh,
        total.name_en as total_en,
        total.printed_zh as total_printed_zh,
        total.printed_en as total_printed_en,
        total.place_zh as total_place_zh,
        total.place_en as total_place_en,
        other.name_zh as other_zh,
        other.name_en as other_en,
        other.printed_zh as other_printed_zh,
        other.printed_en as other_printed_en,
        other.place_zh as other_place_zh,
        other.place_en as other_place_en,
        tops.printed_zh as top_zh,
        tops.printed_en as top_en,
        -- the budget of the same thing is known by its measure
        coalesce(base_measures.name_zh, bases.name_zh) as base_name_zh,
        coalesce(base_measures.name_en, bases.name_en) as base_name_en,
        bases.printed_zh as base_zh,
        bases.printed_en as base_en,
        bases.place_zh as base_place_zh,
        bases.place_en as base_place_en,
        comparisons.form,
        comparisons.direction,
        comparisons.fits_text,
        coalesce(fits_measures.name_zh, comparisons.fits_name) as fits_zh,
        coalesce(fits_measures.name_en, '“' || comparisons.fits_name || '”') as fits_en,
        coalesce(comparisons.name_zh, relations.name_zh) as rule_zh,
        coalesce(comparisons.name_en, relations.name_en) as rule_en,
        relations.formula_text,
        added.parts_zh,
        added.n_parts,
        cast(cast(checks.expected_value as decimal(18, 2)) as varchar) || '%' as right_rate,
        cast(cast(checks.expected_value as decimal(28, 0)) as varchar) as right_count,
        -- a comparison in words is printed itself
        case
            when findings.instance_measure != 'comparison'
                then case comparisons.direction
                    when 'increase' then '增加或大于' when 'decrease' then '减少或小于' when 'flat' then '持平'
                end
        end as said_zh,
        case
            when findings.instance_measure != 'comparison'
                then case comparisons.direction when 'increase' then 'more' when 'decrease' then 'less' when 'flat' then 'equal' end
        end as said_en,
        -- an amount in 万元 as the unit is called in English; rates and counts as they are
        replace(findings.expected_text, '万元', ' ten thousand yuan') as expected_en
    from findings
    inner join checks on findings.check_id = checks.check_id
    inner join names as own on findings.figure_id = own.figure_id
    inner join names as total on checks.figure_id = total.figure_id
    left join duplicates on findings.check_id = duplicates.check_id
    left join names as other on duplicates.other_figure_id = other.figure_id
    left join comparisons on findings.check_id = comparisons.check_id
    left join names as tops on comparisons.top_id = tops.figure_id
    left join names as bases on comparisons.base_id = bases.figure_id
    left join measures as base_measures on comparisons.base_measure = base_measures.measure
    left join measures as fits_measures on comparisons.fits_measure = fits_measures.measure
    left join relations on checks.rule_id = relations.relation_id
    left join added on findings.check_id = added.check_id

),

worded as (

    select
        *,
        case
            when cause_kind = 'unit' then '，应为' || expected_text || '：改正单位后，“' || rule_zh || '”才相符'
            when check_kind = 'zero_base_rate' and form = 'growth'
                then '，而决算数' || base_zh || '（' || base_place_zh || '）全部是增加额，上年为0，比率没有数值'
            when check_kind = 'zero_base_rate'
                then '，而决算数为' || top_zh || '、' || base_name_zh || '为' || base_zh || '（' || base_place_zh
                    || '），比率没有数值'
            when form = 'ratio'
                then '，而' || top_zh || '÷' || base_zh || '＝' || right_rate || '；' || base_zh || '是' || base_name_zh
                    || '（' || base_place_zh || '）'
            when form in ('growth', 'decline')
                then '，而决算数' || base_zh || '、增减额' || top_zh || '，增减率' || coalesce('应为' || right_rate, '不会如此')
            when form = 'limit' then '，超过全年预算数' || base_zh || '（' || base_place_zh || '）'
            when rule_id = 'claim_rate_direction'
                then '，写作' || case direction when 'increase' then '增加' else '减少' end || '，与同一句的增减方向相反'
            when form in ('difference', 'direction')
                then coalesce('，写作' || said_zh, '') || '，而决算数为' || top_zh || '，' || base_name_zh || '为' || base_zh
                    || '（' || base_place_zh || '）'
            when check_kind = 'duplicate' and value_kind = 'count' then '，而逐一说明的有' || right_count || '个'
            when check_kind = 'duplicate'
                then case comparison when 'at_most' then '，大于' else '，而' end || other_zh || '（' || other_place_zh || '）'
                    || case comparison when 'at_most' then '的' else '印为' end || other_printed_zh || '，'
                    || case when difference > 0 then '多' else '少' end || {{ quantity_zh('abs(difference)', "'yuan'") }}
            when value_kind = 'count' then '，应为' || expected_text || '（' || formula_text || '）'
            else coalesce(
                    case when comparison = 'at_least' and checked_figure_id = figure_id then '，应不小于'
                        when comparison in ('at_least', 'at_most') then '，应不大于' else '，应为' end || expected_text,
                    ''
                )
                || '：' || formula_text || '，而'
                || case
                    when checked_figure_id = figure_id then ''
                    else total_zh || '印为' || total_printed_zh || '（' || total_place_zh || '），'
                end
                || case
                    when n_parts > 1 then '各项之和' || parts_zh || '＝' || {{ quantity_zh('expected_value', "'yuan'") }}
                    else '所列为' || parts_zh || '万元'
                end
                || '，相差' || {{ quantity_zh('abs(difference)', "'yuan'") }}
                || '，舍入允许' || {{ quantity_zh('tolerance', "'yuan'") }}
        end as reason_zh,
        case
            when cause_kind = 'unit'
                then ', should be ' || expected_en || ': with that unit it agrees (' || rule_en || ')'
            when check_kind = 'zero_base_rate' and form = 'growth'
                then ', but the final amount ' || base_en || ' (' || base_place_en
                    || ') is all increase: last year was 0, and the rate has no value'
            when check_kind = 'zero_base_rate'
                then ', but the final amount is ' || top_en || ' and the ' || base_name_en || ' ' || base_en || ' ('
                    || base_place_en || '): the rate has no value'
            when form = 'ratio'
                then ', but ' || top_en || ' / ' || base_en || ' = ' || right_rate || '; ' || base_en || ' is the '
                    || base_name_en || ' (' || base_place_en || ')'
            when form in ('growth', 'decline')
                then ', but the final amount is ' || base_en || ' and the change ' || top_en
                    || coalesce(', which makes ' || right_rate, '')
            when form = 'limit' then ', more than the full-year budget of ' || base_en || ' (' || base_place_en || ')'
            when rule_id = 'claim_rate_direction'
                then ' and called ' || case direction when 'increase' then 'an increase' else 'a decrease' end
                    || ', which the same sentence contradicts'
            when form in ('difference', 'direction')
                then coalesce(', said to be ' || said_en, '') || ', but the final amount is ' || top_en || ' and the '
                    || base_name_en || ' ' || base_en || ' (' || base_place_en || ')'
            when check_kind = 'duplicate' and value_kind = 'count'
                then ', but ' || right_count || ' are described one by one'
            when check_kind = 'duplicate'
                then case comparison when 'at_most' then ', more than ' else ', but ' end || other_en || ' ('
                    || other_place_en || ')' || case comparison when 'at_most' then ' with ' else ' is ' end
                    || other_printed_en || ', a difference of ' || {{ quantity_en('abs(difference)', "'yuan'") }}
            when value_kind = 'count' then ', expected ' || expected_en || ' (' || rule_en || ')'
            else coalesce(
                    case when comparison = 'at_least' and checked_figure_id = figure_id then ', should be at least '
                        when comparison in ('at_least', 'at_most') then ', should be at most '
                        else ', should be '
                    end || expected_en,
                    ''
                )
                || '. ' || rule_en || ', but '
                || case
                    when checked_figure_id = figure_id then ''
                    else 'the ' || total_en || ' is ' || total_printed_en || ' (' || total_place_en || ') and '
                end
                || case
                    when n_parts > 1
                        then 'the parts are ' || {{ written_sum_en('parts_zh') }} || ' = ' || {{ quantity_en('expected_value', "'yuan'") }}
                    else 'what is listed is ' || {{ written_sum_en('parts_zh') }} || ' ten thousand yuan'
                end
                || ', difference ' || {{ quantity_en('abs(difference)', "'yuan'") }}
                || ', rounding allows ' || {{ quantity_en('tolerance', "'yuan'") }}
        end as reason_en
    from told

)

select
    finding_id,
    own_zh || '印为' || case instance_measure when 'comparison' then '“' || printed_text || '”' else printed_text end || reason_zh
    || case
        when fits_text is not null then '；' || printed_text || '是除以' || fits_text || '（' || fits_zh || '）的结果'
        else ''
    end
    || case when n_ocr > 0 then '。其中' || n_ocr || '个数字由图像识别，请先与原件核对' else '' end as message_zh,
    upper(own_en[1]) || own_en[2:] || ' is printed as ' || coalesce(printed_en, '“' || printed_text || '”') || reason_en
    || case
        when fits_text is not null then '; ' || printed_en || ' is what division by the ' || fits_en || ', '
            || replace(fits_text, '万元', ' ten thousand yuan') || ', gives'
        else ''
    end
    || case
        when n_ocr > 0 then '; ' || n_ocr || ' of the figures read by OCR: compare them with the page first' else ''
    end as message_en
from worded
