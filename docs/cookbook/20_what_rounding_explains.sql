-- 多少核对只差尾数？
-- How many checks hold only within rounding?
select
    verdict,
    is_truncated,
    count(*) as checks,
    round(max(abs(difference_yuan)) filter (where value_unit = 'yuan'), 2) as largest_difference_yuan
from quality.fct_identity_checks
where verdict <> 'not_checkable'
group by all
order by verdict, is_truncated
