-- “三公”经费各部分的预算与决算？
-- Budget and final account of the parts of the three public expenses?
select
    部门,
    年度,
    项目,
    "预算（万元）"::decimal(18, 2) as "预算（万元）",
    "决算（万元）"::decimal(18, 2) as "决算（万元）",
    "决算减预算（万元）"::decimal(18, 2) as "决算减预算（万元）",
    决算出处
from zh.三公经费
where "预算（万元）" <> 0 or "决算（万元）" <> 0
order by 部门, 年度, 项目
