"""Codes read from pictures are held against the names beside them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.extract.model import CellDraft, Grid, GridCell, Recognition, TableDraft
from flows.extract.tables.codes import proofread_codes
from flows.extract.tables.grid import table_from_grid

READ = Recognition(0.999)


def table(table_code, rows, recognition=READ):
    """`rows` are (code, name, amount); each stands on a line of its own."""
    kind = "economic" if table_code == "gk06" else "function"
    cells = tuple(
        CellDraft(n, 3, 1, n, code, name, f"{kind}.{code}", "", "total", text, recognition=recognition)
        for n, (code, name, text) in enumerate(rows, start=1)
    )
    return TableDraft(table_code, "", "万元", 1, 1, 1, len(cells), len(cells), 3, False, "ocr", cells)


def read(*tables):
    """The codes of the first table's rows, and (code, detail) of the problems."""
    proved, problems = proofread_codes(tables)
    codes = [(cell.row_code, cell.line_item.partition(".")[2]) for cell in proved[0].cells]
    assert all(code == item for code, item in codes)
    return [code for code, _ in codes], [(problem.code, problem.detail) for problem in problems]


COMMUNITIES = ("212", "城乡社区支出", "563.47")
LAND = "农业土地开发资金安排的支出"


def test_a_row_that_lost_a_level_of_its_code_stands_under_the_code_of_its_name():
    codes, problems = read(
        table("gk02", [COMMUNITIES, ("212", LAND, "563.47"), ("21299", f"其他{LAND}", "563.47")]),
        table("gk03", [COMMUNITIES, ("21211", LAND, "563.47"), ("2121199", f"其他{LAND}", "563.47")]),
    )
    assert codes == ["212", "21211", "2121199"]
    assert problems == [
        ("ocr_corrected", f"212 → 21211 · {LAND} gk02 · by its name"),
        ("ocr_corrected", f"21299 → 2121199 · 其他{LAND} gk02 · by its name"),
    ]


def test_a_misread_digit_gives_way_to_the_name():
    rows = [("206", "科学技术支出", "1.00"), ("20503", "技术研究与开发", "1.00")]
    codes, problems = read(table("gk02", rows))
    assert codes == ["206", "20604"]
    assert problems == [("ocr_corrected", "20503 → 20604 · 技术研究与开发 gk02 · by its name")]


def test_two_rows_of_one_code_are_both_reported_where_no_name_decides():
    codes, problems = read(table("gk05", [COMMUNITIES, ("212", "污损", "3.20")]))
    assert codes == ["212", "212"]
    assert [(code, detail.split(" ")[0]) for code, detail in problems] == [
        ("ocr_uncertain", "3.20"),
        ("ocr_uncertain", "563.47"),
    ]


def test_a_name_that_is_that_of_another_code_is_reported_where_several_are_near():
    """行政运行, for instance, is the name of an item under many sections. Of two tables that print two names
    for one code either may be misread."""
    named = [("2019801", "代表工作", "3.00"), ("2019802", "代表工作", "3.00"), ("2019803", "参事", "1.00")]
    codes, problems = read(table("gk02", [("2019803", "代表工作", "3.00")]), table("gk03", named))
    assert codes == ["2019803"]
    place = "3.00 · 2019803 gk02 total · 2019803 代表工作"
    assert problems[0] == ("ocr_uncertain", f"{place}: the name is that of 2019801 2019802")
    assert [detail[:14] for _, detail in problems[1:]] == ["1.00 · 2019803"]


def test_economic_codes_are_held_against_their_names_too():
    codes, problems = read(table("gk06", [("30101", "基本工资", "5.00"), ("30101", "津贴补贴", "2.00")]))
    assert codes == ["30101", "30102"]
    assert [code for code, _ in problems] == ["ocr_corrected"]


def test_names_misread_shortened_or_not_on_the_list_are_no_reason_for_doubt():
    rows = [
        ("201", "—般公共服务支出", "1.00"),
        ("20103", "政府办公厅（室）及相关机构事务", "1.00"),
        ("2010301", "行玫运行", "1.00"),
        ("2019907", "某项没有列入目录的支出", "1.00"),
        ("208", "", "1.00"),
    ]
    assert read(table("gk02", rows), table("gk03", rows)) == ([row[0] for row in rows], [])


def test_printed_rows_are_not_ours_to_doubt():
    rows = [COMMUNITIES, ("212", LAND, "563.47")]
    assert read(table("gk02", rows, recognition=None)) == (["212", "212"], [])


def test_a_row_that_has_its_code_from_its_name_alone_is_one_of_two_too():
    """其他支出 is the name of 399 and of 39999."""
    by_name = CellDraft(9, 3, 1, 9, "", "其他支出", "economic.399", "", "total", "2.00", recognition=READ)
    first = table("gk06", [("399", "其他支出", "5.00")])
    codes = proofread_codes([replace(first, cells=(*first.cells, by_name))])[1]
    assert [(problem.code, problem.detail.split(" ")[0]) for problem in codes] == [
        ("ocr_uncertain", "5.00"),
        ("ocr_uncertain", "2.00"),
    ]


@pytest.mark.parametrize(
    ("recognition", "items"), [(READ, ["economic.39999"]), (None, [])], ids=["picture", "text"]
)
def test_dirt_around_a_code_is_no_part_of_it_in_a_picture(recognition: Recognition | None, items: list[str]):
    rows = (("科目编码", "科目名称", "决算数"), ("399", "其他支出", "5.00"), ("-39999|", "其他支出", "5.00"))
    cells = tuple(
        GridCell(r, c, text, line_no=r + 1, recognition=recognition)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    found = table_from_grid(Grid(1, 1, 3, 3, 3, cells), table_code="gk06")
    assert [cell.line_item for cell in found.cells] == ["economic.399", *items]
