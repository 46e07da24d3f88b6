-- 哪些项目执行率低于 95%？
-- Which projects executed less than 95 % of their budget?
select 部门, 项目, "全年预算（万元）", "全年执行（万元）", "执行率（%）", "得分（分）"
from zh.项目绩效
where "执行率（%）" < 95
order by "执行率（%）", 部门, 项目
