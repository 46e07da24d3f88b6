"""Tables that forms add to the nine, and tables that nobody knows."""

from __future__ import annotations

import pytest
from grids import fields, grid_of, tables

from flows.extract.model import TableDraft
from flows.extract.tables.grid import table_from_grid


def rows_of(table: TableDraft) -> list[tuple[str, str, str, str]]:
    return [(cell.line_item, cell.measure, cell.value_text, cell.unit_text) for cell in table.cells]


def test_operating_expenses_with_budget_and_details() -> None:
    (found,) = tables(
        "机关运行经费支出情况表\n单位：万元",
        fields(
            """
            项目|行次|年初预算数|全年预算数|决算数
            栏次||1|2|3
            合计|1|9.00|8.00|7.00
            办公费|2|—|—|4.00
            差旅费|3|||3.00
            """
        ),
    )
    assert (found.table_code, found.printed_unit) == ("gk10", "万元")
    assert rows_of(found) == [
        ("agency_operating_expenses", "initial_budget", "9.00", ""),
        ("agency_operating_expenses", "adjusted_budget", "8.00", ""),
        ("agency_operating_expenses", "final", "7.00", ""),
        ("economic.30201", "final", "4.00", ""),
        ("economic.30211", "final", "3.00", ""),
    ]
    assert found.problems == ()


ASSETS = """
项目|行次|数量
一、车辆数合计（辆）|1|4
　　其中：副部（省）级及以上领导用车|2|0
　　　　　主要负责人用车|3|1
　　　　　机要通信用车|4|1
　　　　　应急保障用车|5|-
　　　　　执法执勤用车|6|2
　　　　　特种专业技术用车|7|
　　　　　离退休干部服务用车|8|
　　　　　其他用车|9|0
二、单价50万元（含）以上的通用设备（台，套）|10|3
三、单价100万元（含）以上专用设备（不含车辆）（台/套）|11|0
"""


def test_assets_by_kind_are_counts_with_their_units() -> None:
    (found,) = tables("国有资产占用情况表", fields(ASSETS))
    assert rows_of(found) == [
        ("vehicles.total", "count", "4", "辆"),
        ("vehicles.provincial_leaders", "count", "0", ""),
        ("vehicles.main_leaders", "count", "1", ""),
        ("vehicles.confidential", "count", "1", ""),
        ("vehicles.law_enforcement", "count", "2", ""),
        ("vehicles.other", "count", "0", ""),
        ("equipment.over_half_million", "count", "3", "台,套"),
        ("equipment.over_one_million", "count", "0", "台/套"),
    ]
    assert found.problems == ()


def test_assets_with_number_and_value() -> None:
    (found,) = tables("国有资产占用情况表", fields("项目|计量单位|数量|价值（万元）\n车辆数合计|辆|4|80.50"))
    assert found.printed_unit == "万元"
    assert rows_of(found) == [
        ("vehicles.total", "count", "4", "辆"),
        ("vehicles.total", "final", "80.50", ""),
    ]


def test_assets_as_one_row() -> None:
    (found,) = tables(
        "国有资产占用情况表",
        fields(
            "单位名称|车辆数合计（辆）|机要通信用车（辆）|单价100万元以上专用设备（台、套）\n某某局|4|1|2"
        ),
    )
    assert rows_of(found) == [
        ("vehicles.total", "count", "4", "辆"),
        ("vehicles.confidential", "count", "1", "辆"),
        ("equipment.over_one_million", "count", "2", "台、套"),
    ]


PROCUREMENT = """
项目|金额
一、政府采购支出合计|10.00
（一）政府采购货物支出|5.00
（二）政府采购工程支出|2.00
（三）政府采购服务支出|3.00
二、政府采购授予中小企业合同金额|8.00
其中：授予小微企业合同金额|6.00
"""
PROCUREMENT_ITEMS = ["total", "goods", "works", "services", "sme", "small_micro"]


def test_procurement_by_kind_and_receiver() -> None:
    (found,) = tables("政府采购支出情况表\n金额单位：万元", fields(PROCUREMENT))
    assert [c.line_item for c in found.cells] == [f"procurement.{item}" for item in PROCUREMENT_ITEMS]
    assert {c.measure for c in found.cells} == {"final"}


def test_procurement_as_one_row_and_by_units() -> None:
    (found,) = tables(
        "政府采购情况表", fields("部门|合计|货物|工程|服务\n合计|10|5|2|3\n本级|6|3|1|2\n某中心|4|2|1|1")
    )
    assert [(c.line_item, c.value_text) for c in found.cells] == [
        ("procurement.total", "10"),
        ("procurement.goods", "5"),
        ("procurement.works", "2"),
        ("procurement.services", "3"),
    ]


def test_a_sheet_of_operating_information_holds_them_all() -> None:
    (found,) = tables(
        "机构运行信息表\n金额单位：万元",
        fields(
            """
            项目|行次|统计数|项目|行次|统计数
            一、“三公”经费支出|1|—|三、国有资产占用情况|13|—
            （一）支出合计|2|6.00|（一）车辆数合计（辆）|14|4
            3.公务接待费|3|6.00|（二）单价100万元（含）以上设备（不含车辆）|15|1
            （二）相关统计数|4|—|四、政府采购支出信息|16|—
            4.公务用车保有量（辆）|5|4|（一）政府采购支出合计|17|9.00
            二、机关运行经费|6|7.00|1.政府采购货物支出|18|9.00
            （一）行政单位|7|7.00|||
            """
        ),
    )
    assert found.table_code == "gk10"
    assert rows_of(found) == [
        ("three_public", "final", "6.00", ""),
        ("vehicles.total", "count", "4", "辆"),
        ("three_public.reception", "final", "6.00", ""),
        ("equipment.over_one_million", "count", "1", ""),
        ("three_public.vehicles_owned", "count", "4", "辆"),
        ("procurement.total", "final", "9.00", ""),
        ("agency_operating_expenses", "final", "7.00", ""),
        ("procurement.goods", "final", "9.00", ""),
        ("agency_operating_expenses.administrative", "final", "7.00", ""),
    ]
    assert found.problems == ()


def test_an_item_that_is_not_known_is_reported() -> None:
    found = table_from_grid(grid_of(fields("项目|金额\n从来没有的项目|3.00")), table_code="gk12")
    assert [p.code for p in found.problems] == ["unclaimed_number"]


# -- unknown ----------------------------------------------------------------------------------

STAFF = fields("序号|人员类别|编制数|年末人数（人）\n1|行政人员|12|10\n2|事业人员|1,003|-\n|合计|1,015|")


def test_a_table_that_nobody_knows_is_landed_as_it_is() -> None:
    (found,) = tables("2023年度人员编制情况表\n单位：人", STAFF)
    assert (found.table_code, found.printed_title) == ("unknown", "2023年度人员编制情况表")
    cells = [
        (c.row_label, c.column_path, c.line_item, c.measure, c.value_text, c.unit_text) for c in found.cells
    ]
    assert cells == [
        ("行政人员", "编制数", "", "", "12", ""),
        ("行政人员", "年末人数（人）", "", "", "10", "人"),
        ("事业人员", "编制数", "", "", "1,003", ""),
        ("合计", "编制数", "", "", "1,015", ""),
    ]
    assert [(p.stage, p.code) for p in found.problems] == [("recognise", "unknown_table")]


def test_an_untitled_grid_needs_a_header_and_two_numbers() -> None:
    assert [len(t.cells) for t in tables("下表列出", fields("地区|金额\n城关|1.00\n东关|2.50%"))] == [2]
    assert tables("下表列出", fields("地区|金额\n城关|1.00")) == []
    assert [len(t.cells) for t in tables("部门收费情况表", fields("地区|金额\n城关|1.00"))] == [1]


@pytest.mark.parametrize(
    "rows",
    [
        "序号|单位名称\n1|某某局本级\n2|某某中心",
        "单位|联系电话|邮编\n某某局|8888888|412000\n某中心|8888889|412001",
        "科目编码|科目名称\n2010301|行政运行\n2010302|一般行政管理事务",
        "职责|内容\n一|贯彻执行方针政策，共有3项。统筹12个单位的工作。",
        "收入支出决算总表|3\n收入决算表|4\n支出决算表|5",
        "年度|2021\n年度|2022",
    ],
)
def test_lists_frames_and_contents_are_no_tables(rows: str) -> None:
    assert tables("第一部分 概况", fields(rows)) == []


def test_a_table_of_the_detail_by_economic_class_is_not_taken_for_a_standard_one() -> None:
    (found,) = tables(
        "一般公共预算财政拨款支出决算明细表",
        fields("科目编码|科目名称|合计|工资福利支出|商品和服务支出\n2010301|行政运行|3.00|2.00|1.00"),
    )
    assert (found.table_code, len(found.cells)) == ("unknown", 3)


def test_numbers_of_a_continuation_that_fits_no_table_are_not_lost() -> None:
    found = tables(
        "支出决算表", fields("科目编码|本年支出合计\n205|3.00"), fields("类别|甲|乙\n某类|1.00|2.00")
    )
    assert [(t.table_code, len(t.cells)) for t in found] == [("gk03", 1), ("unknown", 2)]


def test_an_unknown_table_without_numbers_is_none() -> None:
    assert tables("人员编制情况表", fields("类别|人数\n行政|\n事业|-")) == []
