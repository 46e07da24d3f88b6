-- 每个部门的收支概况？
-- What are the main figures of each department?
select
    部门,
    地区,
    年度,
    "收支总计（万元）"::decimal(18, 2) as "收支总计（万元）",
    "基本支出（万元）"::decimal(18, 2) as "基本支出（万元）",
    "项目支出（万元）"::decimal(18, 2) as "项目支出（万元）",
    最低可信度
from zh.部门收支总览
order by 部门, 年度
