-- 哪些科目编码不在名录里？
-- Which printed codes are on no list?
select classification, code, name_zh, count(*) as documents
from quality.unlisted_codes
group by all
order by classification, code
