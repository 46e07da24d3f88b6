"""Grids to the figures of the standard tables."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from grids import figures, grid_of
from hypothesis import given
from hypothesis import strategies as st
from ruled_pdf import Cell, RuledPdf

from flows.extract.model import Grid
from flows.extract.readers.pdf import read
from flows.extract.tables.grid import STANDARD_TABLES, table_from_grid, tables_from_grids

TRUTH = Path(__file__).parents[1] / "corpus" / "truth"


def tabbed(text: str) -> Grid:
    """A grid as tab-separated text gives it; cells are written apart by |."""
    return grid_of([line.split("|") for line in text.strip().splitlines()])


FUNCTION_HEADER: list[list[Cell]] = [
    [("项目", 1, 2), None, ("本年支出合计", 2, 1), ("基本支出", 2, 1), ("项目支出", 2, 1)],
    ["科目编码", "科目名称", None, None, None],
]


def test_function_table_with_codes_in_one_column() -> None:
    rows = [
        *FUNCTION_HEADER,
        ["栏次", "", "1", "2", "3"],
        [("合计", 1, 2), None, "1,093.15", "1,000.00", "93.15"],
        ["205", "教育支出", "1,093.15", "1,000.00", "93.15"],
        ["20502", "普通教育", "1,093.15", "1,000.00", ""],
        ["2050205", "高等教育", "1,093.15", "", "0.00"],
    ]
    table = table_from_grid(grid_of(rows), table_code="gk03", printed_unit="万元")
    assert figures(table) == {
        ("function.total", "total", "1,093.15"),
        ("function.total", "basic", "1,000.00"),
        ("function.total", "project", "93.15"),
        ("function.205", "total", "1,093.15"),
        ("function.205", "basic", "1,000.00"),
        ("function.205", "project", "93.15"),
        ("function.20502", "total", "1,093.15"),
        ("function.20502", "basic", "1,000.00"),
        ("function.2050205", "total", "1,093.15"),
        ("function.2050205", "project", "0.00"),
    }
    assert table.problems == ()
    cell = table.cells[-1]
    assert (cell.row_no, cell.column_no, cell.row_code, cell.row_label) == (7, 5, "2050205", "高等教育")
    assert (cell.column_path, cell.confidence, cell.method) == ("项目支出", "certain", "grid")


@pytest.mark.parametrize("repeats_levels", [True, False])
def test_function_codes_split_into_class_section_item(repeats_levels: bool) -> None:
    first, second = ("205", "02") if repeats_levels else ("", "")
    rows: list[list[Cell]] = [
        [("项目", 1, 4), None, None, None, ("本年支出", 1, 3), None, None],
        [("功能分类科目编码", 1, 3), None, None, ("科目名称", 2, 1), "小计", "基本支出", "项目支出"],
        ["类", "款", "项", None, "", "", ""],
        [("", 1, 3), None, None, "合计", "5.00", "3.00", "2.00"],
        ["205", "", "", "教育支出", "5.00", "3.00", "2.00"],
        [first, "02", "", "普通教育", "5.00", "3.00", "2.00"],
        [first, second, "05", "高等教育", "5.00", "3.00", "2.00"],
        [("2080505", 1, 3), None, None, "机关事业单位基本养老保险缴费支出", "6.18", "6.18", ""],
    ]
    table = table_from_grid(grid_of(rows), table_code="gk05")
    assert [cell.line_item for cell in table.cells if cell.measure == "total"] == [
        "function.total", "function.205", "function.20502", "function.2050205", "function.2080505",
    ]  # fmt: skip
    assert table.problems == ()


def test_the_official_form_prints_the_total_beside_the_code_header() -> None:
    rows: list[list[Cell]] = [
        [("项目", 1, 4), None, None, None, ("本年收入合计", 2, 1), ("财政拨款收入", 2, 1)],
        [("功能分类科目编码", 1, 3), None, None, ("科目名称", 1, 1), None, None],
        [("类", 2, 1), ("款", 2, 1), ("项", 2, 1), "栏次", "1", "2"],
        [None, None, None, "合计", "9.00", "9.00"],
        [("201", 1, 3), None, None, "一般公共服务支出", "9.00", "9.00"],
    ]
    table = table_from_grid(grid_of(rows), table_code="gk02")
    assert figures(table) == {
        (item, measure, "9.00")
        for item in ("function.total", "function.201")
        for measure in ("total", "fiscal_appropriation")
    }
    assert table.problems == ()


@pytest.mark.parametrize("table_code", ["gk07", "gk08"])
def test_the_total_row_may_hold_the_last_level_of_headers(table_code: str) -> None:
    rows: list[list[Cell]] = [
        [("项目", 1, 2), None, ("年初结转和\n结余", 2, 1), ("本年收入", 2, 1), ("本年支出", 2, 3), None, None,
         ("年末结转和结余", 2, 1)],
        ["功能分类科目编码", "科目名称", None, None, None, None, None, None],
        [("合计", 1, 2), None, "1.00", "5.00", "合计", "基本支出", "项目支出", "2.00"],
        ["212", "城乡社区支出", "1.00", "5.00", "4.00", "", "4.00", "2.00"],
    ]  # fmt: skip
    table = table_from_grid(grid_of(rows), table_code=table_code)
    assert figures(table) == {
        ("function.total", "opening_carryover", "1.00"),
        ("function.total", "revenue", "5.00"),
        ("function.total", "closing_carryover", "2.00"),
        ("function.212", "opening_carryover", "1.00"),
        ("function.212", "revenue", "5.00"),
        ("function.212", "total", "4.00"),
        ("function.212", "project", "4.00"),
        ("function.212", "closing_carryover", "2.00"),
    }
    assert table.problems == ()


def test_two_sided_table_with_row_numbers() -> None:
    rows: list[list[Cell]] = [
        [("收 入", 1, 3), None, None, ("支 出", 1, 3), None, None],
        ["项目", "行次", "金额", "项目", "行次", "金额"],
        ["栏次", "", "1", "栏次", "", "2"],
        ["一、一般公共预算财政拨款收入", "1", "540.44", "一、一般公共服务支出", "32", "467.01"],
        ["", "9", "", "二十四、抗疫特别国债安排的支出", "55", "0.00"],
        ["本年收入合计", "27", "540.44", "本年支出合计", "58", "467.01"],
        ["总  计", "31", "540.44", "总  计", "62", "540.44"],
    ]
    table = table_from_grid(grid_of(rows), table_code="gk01")
    assert figures(table) == {
        ("revenue.general_public_budget", "final", "540.44"),
        ("expenditure.class.201", "final", "467.01"),
        ("expenditure.class.234", "final", "0.00"),
        ("revenue.total_current", "final", "540.44"),
        ("expenditure.total_current", "final", "467.01"),
        ("revenue.grand_total", "final", "540.44"),
        ("expenditure.grand_total", "final", "540.44"),
    }
    assert [cell.row_code for cell in table.cells] == ["1", "32", "55", "27", "58", "31", "62"]
    assert table.problems == ()


def test_fiscal_appropriation_table_tells_carryover_parts_from_revenue() -> None:
    rows: list[list[Cell]] = [
        [("收入", 1, 2), None, ("支出", 1, 3), None, None],
        ["项目", "决算数", "项目", "合计", "一般公共预算财政拨款"],
        ["一、一般公共预算财政拨款", "7.00", "一、一般公共服务支出", "8.00", "8.00"],
        ["年初财政拨款结转和结余", "1.00", "年末财政拨款结转和结余", "0.00", "0.00"],
        ["一、一般公共预算财政拨款", "1.00", "", "", ""],
        ["总计", "8.00", "总计", "8.00", "8.00"],
    ]
    table = table_from_grid(grid_of(rows), table_code="gk04")
    revenue = [(cell.line_item, cell.value_text) for cell in table.cells if cell.measure == "final"]
    assert revenue == [
        ("revenue.general_public_budget", "7.00"),
        ("balance.opening_fiscal_carryover", "1.00"),
        ("balance.opening_fiscal_carryover.general_public_budget", "1.00"),
        ("revenue.grand_total", "8.00"),
    ]
    assert ("expenditure.class.201", "general_public_budget", "8.00") in figures(table)
    assert table.problems == ()


def test_economic_table_in_three_groups_with_tabs() -> None:
    table = table_from_grid(
        tabbed(
            """
人员经费|||公用经费|||||
科目代码|科目名称|决算数|科目代码|科目名称|决算数|科目代码|科目名称|决算数
301|工资福利支出|310.75|302|商品和服务支出|52.16|310|资本性支出|0.00
30101|基本工资|78.01|30201|办公费||31002|办公设备购置|0.00
|||30299|其他商品和服务支出|4.06|||
人员经费合计||373.28|公用经费合计|||||52.16
"""
        ),
        table_code="gk06",
        spans_known=False,
    )
    assert figures(table) == {
        ("economic.301", "final", "310.75"),
        ("economic.302", "final", "52.16"),
        ("economic.310", "final", "0.00"),
        ("economic.30101", "final", "78.01"),
        ("economic.31002", "final", "0.00"),
        ("economic.30299", "final", "4.06"),
        ("economic.personnel_total", "final", "373.28"),
        ("economic.public_total", "final", "52.16"),
    }
    assert {cell.column_path for cell in table.cells} == {"人员经费/决算数", "公用经费/决算数"}
    assert table.problems == ()


THREE_PUBLIC = [
    "total", "overseas_travel", "vehicles", "vehicle_purchase", "vehicle_operation", "reception",
]  # fmt: skip


def test_three_public_with_the_phase_outside_and_tabs() -> None:
    parts = "合计|因公出国(境)费|公务用车购置及运行维护费|||公务接待费"
    table = table_from_grid(
        tabbed(
            f"""
预算数||||||决算数|||||
{parts}|{parts}
||小计|公务用车购置费|公务用车运行维护费||||小计|公务用车购置费|公务用车运行维护费|
1|2|3|4|5|6|7|8|9|10|11|12
6.00|1.00|3.00|1.00|2.00|2.00|4.00||3.00|0|3.00|1.00
"""
        ),
        table_code="gk09",
        spans_known=False,
    )
    assert [(cell.measure, cell.value_text) for cell in table.cells] == [
        ("adjusted_budget.total", "6.00"),
        ("adjusted_budget.overseas_travel", "1.00"),
        ("adjusted_budget.vehicles", "3.00"),
        ("adjusted_budget.vehicle_purchase", "1.00"),
        ("adjusted_budget.vehicle_operation", "2.00"),
        ("adjusted_budget.reception", "2.00"),
        ("final.total", "4.00"),
        ("final.vehicles", "3.00"),
        ("final.vehicle_purchase", "0"),
        ("final.vehicle_operation", "3.00"),
        ("final.reception", "1.00"),
    ]
    assert {cell.line_item for cell in table.cells} == {"three_public"}
    assert table.problems == ()


def test_three_public_with_the_phase_inside_and_spans() -> None:
    phases: list[Cell] = ["预算数", "决算数"] * 6
    rows: list[list[Cell]] = [
        [("财政拨款“三公”经费", 1, 12), *[None] * 11],
        [("合计", 2, 2), None, ("因公出国\n（境）费", 2, 2), None, ("公务用车购置及运行维护费", 1, 6),
         *[None] * 5, ("公务接待费", 2, 2), None],
        [None, None, None, None, ("小计", 1, 2), None, ("公务用车购置费", 1, 2), None,
         ("公务用车运行维护费", 1, 2), None, None, None],
        phases,
        [f"{i}.00" for i in range(1, 13)],
    ]  # fmt: skip
    table = table_from_grid(grid_of(rows), table_code="gk09")
    assert [cell.measure for cell in table.cells] == [
        f"{phase}.{part}" for part in THREE_PUBLIC for phase in ("adjusted_budget", "final")
    ]


def test_three_public_with_an_expense_a_row() -> None:
    table = table_from_grid(
        tabbed("项目|预算数|决算数\n合计|3.00|2.00\n1.因公出国（境）费|1.00|0.00\n2.公务接待费|2.00|2.00"),
        table_code="gk09",
        spans_known=False,
    )
    assert {cell.measure: cell.value_text for cell in table.cells} == {
        "adjusted_budget.total": "3.00",
        "final.total": "2.00",
        "adjusted_budget.overseas_travel": "1.00",
        "final.overseas_travel": "0.00",
        "adjusted_budget.reception": "2.00",
        "final.reception": "2.00",
    }


def test_numbers_that_nothing_claims_are_problems() -> None:
    rows: list[list[Cell]] = [
        [*FUNCTION_HEADER[0], ("", 2, 1)],
        [*FUNCTION_HEADER[1], None],
        ["205", "教育支出", "1.00", "1.00", "", "7.77"],
        ["", "无名之行", "8.88", "", "", ""],
        ["20502", "普通教育", "1.00元整", "1.00", "", ""],
    ]
    table = table_from_grid(grid_of(rows), table_code="gk03")
    assert len(table.cells) == 3
    assert [(p.stage, p.code, p.line_no) for p in table.problems] == [
        ("recognise", "unclaimed_number", line) for line in (3, 4, 5)
    ]
    details = [problem.detail for problem in table.problems]
    assert "7.77" in details[0] and "教育支出" in details[0]
    assert "8.88" in details[1] and "无名之行" in details[1]


amounts = st.none() | st.decimals(-99999, 99999, places=2).map(lambda value: f"{value:,.2f}")


@given(st.lists(st.tuples(amounts, amounts, amounts), min_size=1, max_size=12))
def test_every_printed_number_lands_once_in_its_row_and_column(
    rows: list[tuple[str | None, str | None, str | None]],
) -> None:
    body = [[f"2{i:02d}", f"第{i}类", *(value or "" for value in row)] for i, row in enumerate(rows, start=1)]
    table = table_from_grid(grid_of([*FUNCTION_HEADER, *body]), table_code="gk03")
    assert [(cell.row_no, cell.column_no, cell.value_text) for cell in table.cells] == [
        (r + 3, c + 3, value) for r, row in enumerate(rows) for c, value in enumerate(row) if value
    ]
    assert table.problems == ()


@pytest.mark.parametrize("table_code", sorted(STANDARD_TABLES))
@given(data=st.data())
def test_any_grid_lands_or_reports_every_number_with_decimals_below_the_headers(
    table_code: str, data: st.DataObject
) -> None:
    words = st.sampled_from(["", "合计", "项目", "收入", "201", "301", "1.25", "3", "决算数", "栏次"])
    rows = data.draw(st.lists(st.lists(words, min_size=4, max_size=4), min_size=1, max_size=6))
    table = table_from_grid(grid_of(rows), table_code=table_code)
    printed = sum(text == "1.25" for row in rows for text in row)
    reported = sum("1.25" in problem.detail for problem in table.problems)
    assert sum(cell.value_text == "1.25" for cell in table.cells) + reported == printed


# -- in documents ------------------------------------------------------------------------------

WIDTHS = (60, 150, 70, 70, 70)
BODY: list[list[Cell]] = [
    [("合计", 1, 2), None, "3.00", "1.00", "2.00"],
    ["205", "教育支出", "3.00", "1.00", "2.00"],
]


def test_title_unit_and_notes_around_a_table() -> None:
    pdf = RuledPdf()
    pdf.text(220, 80, "2023年度支出决算表")
    pdf.text(450, 80, "公开 03 表")
    pdf.text(50, 110, "部门：某某局")
    pdf.text(430, 110, "金额单位：万元")
    pdf.table([*FUNCTION_HEADER, *BODY], WIDTHS)
    pdf.text(50, 240, "注：本表反映部门本年度各项支出情况。")
    (table,) = tables_from_grids(read(pdf.bytes()))
    assert (table.table_code, table.printed_title) == ("gk03", "2023年度支出决算表")
    assert table.printed_unit == "万元"
    assert (table.first_line, table.row_count, table.column_count) == (1, 4, 5)
    assert not table.is_declared_empty
    assert len(table.cells) == 6
    assert table.cells[0].box


def test_a_title_broken_over_two_lines_is_not_taken_for_the_table_its_end_names() -> None:
    pdf = RuledPdf()
    pdf.text(200, 80, "2023年度一般公共预算财政拨款")
    pdf.text(240, 95, "支出决算表")
    pdf.table([*FUNCTION_HEADER, *BODY], WIDTHS)
    (table,) = tables_from_grids(read(pdf.bytes()))
    assert table.table_code == "gk05"


def test_the_table_of_contents_is_no_table() -> None:
    pdf = RuledPdf()
    for i, title in enumerate(["一、收入支出决算总表", "二、收入决算表", "三、支出决算表"]):
        pdf.text(100, 100 + 20 * i, title)
    pdf.page()
    pdf.text(100, 100, "从单位构成看：")
    pdf.table([["序号", "单位名称"], ["1", "某某局"]], (60, 200))
    pdf.page()
    pdf.text(220, 100, "支出决算表")
    pdf.table([*FUNCTION_HEADER, *BODY], WIDTHS)
    tables = tables_from_grids(read(pdf.bytes()))
    assert [(table.table_code, table.first_page) for table in tables] == [("gk03", 3)]


def test_a_table_below_a_list_of_titles_needs_the_headers_of_the_table() -> None:
    pdf = RuledPdf()
    pdf.text(100, 80, "二、收入决算表")
    pdf.text(100, 100, "三、支出决算表")
    pdf.table([["序号", "单位名称"], ["1", "某某局"]], (60, 200))
    assert tables_from_grids(read(pdf.bytes())) == []


def test_a_table_over_three_pages_is_one_table() -> None:
    pdf = RuledPdf()
    pdf.text(220, 100, "支出决算表")
    pdf.table([*FUNCTION_HEADER, *BODY], WIDTHS)
    pdf.text(290, 820, "- 1 -")
    pdf.page()
    pdf.table([["20502", "普通教育", "3.00", "1.00", "2.00"]], WIDTHS, y=60)
    pdf.text(290, 820, "- 2 -")
    pdf.page()
    pdf.table([["2050205", "高等教育", "3.00", "1.00", "2.00"]], WIDTHS, y=60)
    pdf.text(50, 120, "注：本表反映部门本年度各项支出情况。")
    pdf.page()
    pdf.text(50, 60, "又一张表：")
    pdf.table([["2050299", "其他普通教育支出", "3.00", "1.00", "2.00"]], WIDTHS)
    (table,) = tables_from_grids(read(pdf.bytes()))
    assert (table.first_page, table.last_page, table.row_count) == (1, 3, 6)
    assert [(c.row_no, c.page, c.line_no) for c in table.cells if c.measure == "total"] == [
        (3, 1, 4), (4, 1, 5), (5, 2, 1), (6, 3, 1),
    ]  # fmt: skip
    assert table.cells[-1].line_item == "function.2050205"


def test_a_continuation_that_repeats_title_and_headers() -> None:
    pdf = RuledPdf()
    for more in (BODY, [["20502", "普通教育", "3.00", "1.00", "2.00"]]):
        pdf.text(220, 100, "支出决算表")
        pdf.table([*FUNCTION_HEADER, *more], WIDTHS)
        pdf.page()
    (table,) = tables_from_grids(read(pdf.bytes()))
    assert [c.line_item for c in table.cells if c.measure == "total"] == [
        "function.total", "function.205", "function.20502",
    ]  # fmt: skip
    assert table.problems == ()


def test_a_table_with_other_columns_is_no_continuation() -> None:
    pdf = RuledPdf()
    pdf.text(220, 100, "支出决算表")
    pdf.table([*FUNCTION_HEADER, *BODY], WIDTHS)
    pdf.page()
    pdf.table([["20502", "普通教育", "3.00", "1.00", "2.00"]], (60, 140, 80, 70, 70), y=60)
    (table,) = tables_from_grids(read(pdf.bytes()))
    assert table.last_page == 1


@pytest.mark.parametrize(
    ("note", "is_declared"),
    [
        ("说明：本部门没有政府性基金收入，也没有使用政府性基金安排的支出，故本表无数据。", True),
        ("注：本表反映部门本年度政府性基金预算财政拨款收入支出情况。", False),
    ],
)
def test_only_words_declare_a_table_empty(note: str, is_declared: bool) -> None:
    pdf = RuledPdf()
    pdf.text(200, 100, "政府性基金预算财政拨款收入支出决算表")
    header: list[list[Cell]] = [
        [("项目", 1, 2), None, ("年初结转和结余", 2, 1), ("本年收入", 2, 1), ("本年支出", 2, 1)],
        ["科目编码", "科目名称", None, None, None],
        [("合计", 1, 2), None, "", "", ""],
    ]
    pdf.table(header, WIDTHS)
    pdf.text(50, 215, note)
    (table,) = tables_from_grids(read(pdf.bytes()))
    assert (table.cells, table.is_declared_empty) == ((), is_declared)


# -- real documents ----------------------------------------------------------------------------


def test_all_printed_numbers_of_the_putuo_accounts(real_documents) -> None:
    with (TRUTH / "putuo_2024_cells.csv").open(encoding="utf-8", newline="") as file:
        truth = sorted(tuple(row.values()) for row in csv.DictReader(file))
    tables = tables_from_grids(read(real_documents.bytes_of("普陀区委社会工作部")))
    landed = sorted((t.table_code, c.line_item, c.measure, c.value_text) for t in tables for c in t.cells)
    assert landed == truth
    assert len(truth) == 205
    assert [(t.table_code, t.first_page, t.last_page, t.printed_unit) for t in tables] == [
        ("gk01", 5, 5, "万元"), ("gk02", 6, 7, "万元"), ("gk03", 8, 9, "万元"), ("gk04", 10, 11, "万元"),
        ("gk05", 12, 12, "万元"), ("gk06", 13, 13, "万元"), ("gk09", 14, 14, "万元"),
        ("gk07", 15, 15, "万元"), ("gk08", 16, 16, "万元"),
    ]  # fmt: skip
    assert [t.table_code for t in tables if t.is_declared_empty] == ["gk09", "gk07", "gk08"]
    assert [problem for t in tables for problem in t.problems] == []


def test_the_blank_template_has_nine_tables_and_no_figure(real_documents) -> None:
    tables = tables_from_grids(read(real_documents.bytes_of("部门决算模板")))
    assert {t.table_code for t in tables} == {f"gk0{n}" for n in range(1, 10)}
    assert len(tables) == 9
    assert [cell for t in tables for cell in t.cells] == []
    assert [problem for t in tables for problem in t.problems] == []
