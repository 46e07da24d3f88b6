-- 多少核对只差尾数，最多差多少？
-- How many checks hold only within rounding, and what is the largest difference?
select
    verdict as 结论,
    is_truncated as 截尾,
    count(*) as 核对数,
    max(abs(difference_yuan)) filter (where value_unit = 'yuan')::decimal(18, 2) as "最大差额（元）"
from quality.fct_identity_checks
where verdict <> 'not_checkable' and comparison = 'equals'
group by all
order by 结论, 截尾
