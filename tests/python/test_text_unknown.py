"""Tables in text without columns that are none of the known ones."""

from __future__ import annotations

from flows.extract.model import Line
from flows.extract.tables.segment import segments_of
from flows.extract.tables.unknown_text import unknown_text_table


def read(text: str):
    lines = [Line(1, n, line) for n, line in enumerate(text.strip().split("\n"), start=1)]
    segment = next((s for s in segments_of(lines) if s.table_code == "unknown"), None)
    return unknown_text_table(segment) if segment else None


def test_every_number_is_landed_with_the_words_before_it():
    table = read(
        """
2022年度项目收入支出决算表
单位：万元
项目名称 所属科目 年初预算数 决算数
栏次 1 2
普通教育专项 2050299 普通
教育 9.00 8.00
学前教育专项 2050201 学前教育 7.00
交通专项 2140106 公路养护 6.00 5.00
2022年度，本年支出 3.00 万元。
"""
    )
    assert [(c.row_no, c.column_no, c.value_text, c.line_item, c.measure) for c in table.cells] == [
        (1, 1, "9.00", "", ""), (1, 2, "8.00", "", ""), (2, 1, "7.00", "", ""),
        (3, 1, "6.00", "", ""), (3, 2, "5.00", "", ""),
    ]  # fmt: skip
    assert [c.row_label for c in table.cells][2] == "学前教育专项2050201学前教育"
    assert (table.printed_unit, table.row_count, table.column_count, table.last_line) == ("万元", 3, 2, 8)
    assert [p.code for p in table.problems] == ["unknown_table"]


def test_whole_numbers_are_figures_where_none_has_decimals():
    table = read("人员编制情况表\n单位名称 编制人数 年末人数\n栏次 1 2\n合计 46 31\n某局 2050299 31 15")
    assert [cell.value_text for cell in table.cells] == ["46", "31", "31", "15"]


def test_a_sentence_that_ends_in_a_table_and_a_list_are_no_tables():
    assert read("部门支出绩效情况表\n本年支出 9.00 万元。\n合计 8.00 7.00\n其中 6.00 5.00") is None
    assert read("重点项目一览表\n一、道路 9.00\n二、桥梁 8.00") is None
