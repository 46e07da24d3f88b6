-- 哪些勾稽关系不符，差多少？
-- Which identities are violated, and by how much?
select 部门, 勾稽关系, "合计数（万元）", "分项之和（万元）", "差额（万元）"
from zh.勾稽检查结果
where 核对结果 = '不符'
order by 部门, 勾稽关系, "差额（万元）"
