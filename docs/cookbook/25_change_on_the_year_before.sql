-- 文字说明说比上年增减多少？
-- What does the narrative say of the change on the year before?
select
    department.department_name as 部门,
    claim.fiscal_year as 年度,
    claim.subject_text as 项目,
    (case when claim.direction = 'decrease' then -1 else 1 end * claim.amount_yuan * 0.0001)::decimal(18, 2)
        as "增减额（万元）",
    (case when rate.direction = 'decrease' then -1 else 1 end * rate.number_value)::decimal(18, 2) as "增减（%）",
    claim.page as 页,
    claim.line_no as 行
from marts.fct_claims as claim
inner join marts.dim_department as department using (department_id)
left join marts.fct_claims as rate
    on
        claim.document_id = rate.document_id
        and claim.claim_no + 1 = rate.claim_no
        and claim.subject = rate.subject
        and rate.measure = 'change_rate'
where
    claim.measure = 'change'
    and claim.subject in ('expenditure.total_current', 'three_public', 'agency_operating_expenses')
    -- what is said against a budget is another question
    and not contains(claim.evidence, '预算')
order by 部门, 年度, claim.claim_no
