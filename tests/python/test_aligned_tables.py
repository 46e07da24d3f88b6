"""Tables without verticals: columns from the alignment of text, and nothing made of prose."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ruled_pdf import RuledPdf

from flows.extract.model import Grid, Page
from flows.extract.readers.pdf import read
from flows.land import land_document
from tests.corpus import layouts

DIGIT = 4.5  # points, half the font size


def right(pdf: RuledPdf, x: float, y: float, text: str) -> None:
    pdf.text(x - DIGIT * len(text), y, text)


def centre(pdf: RuledPdf, x: float, y: float, text: str) -> None:
    width = sum(DIGIT if character.isascii() else 9 for character in text)
    pdf.text(x - width / 2, y, text)


def texts(grid: Grid) -> list[list[str]]:
    rows = [[""] * grid.column_count for _ in range(grid.row_count)]
    for cell in grid.cells:
        rows[cell.row][cell.column] = cell.text
    return rows


def three_rules(pdf: RuledPdf, tops: tuple[float, ...], x0: float = 50, x1: float = 450) -> None:
    for y in tops:
        pdf.line(x0, y, x1, y)


def header(pdf: RuledPdf, y: float = 112) -> None:
    """Code and name, and 支出 over two columns of amounts; 18 points a row."""
    centre(pdf, 80, y + 9, "科目编码")
    centre(pdf, 170, y + 9, "科目名称")
    centre(pdf, 350, y, "本年支出")
    centre(pdf, 300, y + 18, "基本支出")
    centre(pdf, 400, y + 18, "项目支出")


def row(pdf: RuledPdf, y: float, code: str, name: str, *amounts: str) -> None:
    pdf.text(62, y, code)
    pdf.text(112, y, name)
    for n, amount in enumerate(amounts):
        if amount:
            right(pdf, 347 + 100 * n, y, amount)


def only_page(pdf: RuledPdf) -> Page:
    (page,) = read(pdf.bytes()).pages
    return page


def test_three_rules_make_a_grid_with_spans_and_empty_cells() -> None:
    pdf = RuledPdf()
    pdf.text(200, 60, "支出情况")
    three_rules(pdf, (100, 136, 196))
    header(pdf)
    row(pdf, 150, "201", "一般公共服务", "1,093.15", "7.00")
    row(pdf, 168, "20103", "政府办公", "", "0.20")
    row(pdf, 186, "2010301", "行政运行", "12.00", "")
    (grid,) = only_page(pdf).grids
    assert texts(grid) == [
        ["科目编码", "科目名称", "本年支出", ""],
        ["", "", "基本支出", "项目支出"],
        ["201", "一般公共服务", "1,093.15", "7.00"],
        ["20103", "政府办公", "", "0.20"],
        ["2010301", "行政运行", "12.00", ""],
    ]
    spans = {cell.text: (cell.row_span, cell.column_span) for cell in grid.cells if cell.row < 2}
    assert spans == {
        "科目编码": (2, 1), "科目名称": (2, 1), "本年支出": (1, 2), "基本支出": (1, 1), "项目支出": (1, 1),
    }  # fmt: skip
    assert (grid.first_line, grid.last_line) == (2, 6)


def test_a_column_that_no_row_fills_stays_empty() -> None:
    pdf = RuledPdf()
    three_rules(pdf, (100, 136, 178))
    header(pdf)
    row(pdf, 150, "201", "一般公共服务", "", "7.00")
    row(pdf, 168, "20103", "政府办公厅", "", "10.20")
    (grid,) = only_page(pdf).grids
    assert [line[2:] for line in texts(grid)[2:]] == [["", "7.00"], ["", "10.20"]]


def test_a_label_over_two_lines_is_one_row() -> None:
    pdf = RuledPdf()
    three_rules(pdf, (100, 136, 214))
    header(pdf)
    row(pdf, 150, "201", "一般公共服务", "1.00", "7.00")
    pdf.text(112, 165, "政府办公厅及")  # its numbers stand beside the middle of both lines
    row(pdf, 170.5, "20103", "", "3.00", "0.20")
    pdf.text(112, 176, "相关机构事务")
    row(pdf, 191, "2010301", "行政运行", "2.00", "1.00")
    row(pdf, 206, "2010302", "机关服务", "4.00", "")
    (grid,) = only_page(pdf).grids
    assert [line[1:3] for line in texts(grid)[2:]] == [
        ["一般公共服务", "1.00"],
        ["政府办公厅及相关机构事务", "3.00"],
        ["行政运行", "2.00"],
        ["机关服务", "4.00"],
    ]


def test_a_table_without_any_rule_needs_its_header() -> None:
    pdf = RuledPdf()
    header(pdf)
    row(pdf, 150, "201", "一般公共服务", "1,093.15", "7.00")
    row(pdf, 168, "20103", "政府办公", "", "0.20")
    (grid,) = only_page(pdf).grids
    assert texts(grid)[2:] == [["201", "一般公共服务", "1,093.15", "7.00"], ["20103", "政府办公", "", "0.20"]]
    bare = RuledPdf()
    row(bare, 150, "201", "一般公共服务", "1,093.15", "7.00")
    row(bare, 168, "20103", "政府办公", "", "0.20")
    assert only_page(bare).grids == ()


def test_a_table_goes_on_over_pages_with_the_same_columns() -> None:
    pdf = RuledPdf()
    three_rules(pdf, (100, 136, 178))
    header(pdf)
    row(pdf, 150, "201", "甲", "1.00", "7.00")
    row(pdf, 168, "20103", "政府办公", "", "0.20")
    pdf.page()
    three_rules(pdf, (50, 74))
    row(pdf, 66, "20199", "其他一般公共服务支出", "", "123,456.78")
    first, second = (page.grids[0] for page in read(pdf.bytes()).pages)
    assert first.column_edges == second.column_edges
    assert texts(second) == [["20199", "其他一般公共服务支出", "", "123,456.78"]]


def test_two_tables_on_one_page_stay_apart() -> None:
    pdf = RuledPdf()
    for y, amount in ((100, "1.00"), (300, "2.00")):
        pdf.text(50, y - 8, "单位：万元")
        three_rules(pdf, (y, y + 36, y + 78))
        header(pdf, y + 12)
        row(pdf, y + 50, "201", "一般公共服务", amount, "7.00")
        row(pdf, y + 68, "20103", "政府办公", "", "0.20")
    grids = only_page(pdf).grids
    assert [texts(grid)[2][2] for grid in grids] == ["1.00", "2.00"]


def test_numbers_that_no_column_parts_make_no_table() -> None:
    pdf = RuledPdf()
    three_rules(pdf, (100, 136, 178))
    header(pdf)
    row(pdf, 150, "201", "一般公共服务", "1.00", "7.00")
    for x in (350, 380, 410):  # three numbers where two columns are
        pdf.text(x, 168, "9.99")
    assert only_page(pdf).grids == ()


@pytest.mark.parametrize(
    "lines",
    [
        ["2023年度收入总计 1,093.15 万元，与上年相比增加 7.00 万元。", "其中：财政拨款收入 1.00 万元。"],
        ["收入支出决算总表.................. 4", "收入决算表 ....................... 5"],
        ["一、部门概况", "1.1 主要职能", "1.2 机构设置", "2.1 收入支出决算总表"],
    ],
)
@pytest.mark.parametrize("has_rules", [False, True])
def test_prose_and_contents_make_no_table(lines: list[str], has_rules: bool) -> None:
    pdf = RuledPdf()
    for n, line in enumerate(lines):
        pdf.text(60, 110 + 20 * n, line)
    if has_rules:  # below the running head and above the page number
        three_rules(pdf, (60, 780))
    page = only_page(pdf)
    assert page.grids == ()
    assert len(page.lines) == len(lines)


@pytest.mark.parametrize("rules", ["three", "rows"])
@pytest.mark.parametrize("name", ["shanghai_2024", "northwest_2018", "shaanxi_2020", "guangxi_2018"])
def test_a_form_without_verticals_lands_as_with_all_rules(name: str, rules: str) -> None:
    layout = layouts.layout(name)
    account = layouts.account_for(layout, 1, rows=3)

    def figures(look: str) -> list[tuple[str, ...]]:
        made = replace(layout, pdf=replace(layout.pdf, rules=look))
        rows = land_document("x.pdf", layouts.render(account, made, "pdf"))
        codes = {table["table_no"]: table["table_code"] for table in rows["landed_tables"]}
        return sorted(
            (codes[c["table_no"]], c["row_label"], c["line_item"], c["measure"], c["value_text"])
            for c in rows["landed_cells"]
        )

    assert figures(rules) == figures("fill")
