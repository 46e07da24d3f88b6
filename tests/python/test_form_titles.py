"""Which table a title names, however a form prints it, and what is no title."""

from __future__ import annotations

from dataclasses import replace

import pytest
from grids import fields, figures, reading, tables

from flows.extract.document import draft_document
from flows.extract.model import Line
from flows.extract.tables.segment import segments_of
from flows.extract.tables.vocabulary import table_code_of_title

BODY = fields(
    """
    科目编码|科目名称|本年支出合计|基本支出|项目支出
    205|教育支出|3.00|1.00|2.00
    """
)
TOTALS = fields(
    """
    项目|决算数|项目|决算数
    一、上级补助收入|3.00|五、教育支出|3.00
    """
)


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("收支决算总表", "gk01"),
        ("部门收支总表", "gk01"),
        ("部门收支决算总表", "gk01"),
        ("2023年度某某部门收入支出决算总表", "gk01"),
        ("2023年度某某市第一中学收入支出决算总表", "gk01"),
        ("收  入  支  出  决  算  总  表", "gk01"),
        ("公开01表 收入支出决算总表", "gk01"),
        ("财决公开01表：收入支出决算总表", "gk01"),
        ("表1：收入支出决算总表", "gk01"),
        ("表 7 一般公共预算财政拨款“三公”经费支出决算表", "gk09"),
        ("2023年度表5一般公共预算财政拨款支出决算表", "gk05"),
        ("1收入支出决算总表", "gk01"),
        ("Z01 收入支出决算总表(财决01表)", "gk01"),
        ("收入支出决算总表（续）", "gk01"),
        ("收入支出决算总表（单位：万元）", "gk01"),
        ("收入支出决算总表(万元)", "gk01"),
        ("收入支出决算总表 2023年度", "gk01"),
        ("财政拨款收入支出决算总表", "gk04"),
        ("财政拨款收支决算总表", "gk04"),
        ("财政拨款收支总表", "gk04"),
        ("一般公共预算财政拨款支出决算表", "gk05"),
        ("一般公共预算支出决算表", "gk05"),
        ("一般公共预算财政拨款基本支出决算表", "gk06"),
        ("一般公共预算财政拨款基本支出决算明细表", "gk06"),
        ("公开07表 财政拨款“三公”经费支出决算表", "gk09"),
        ("公开08表 一般公共预算财政拨款'三公'经费支出决算表", "gk09"),
        ('公开09表 一般公共预算"三公"经费支出决算表', "gk09"),
        ("一般公共预算财政拨款三公经费及会议费、培训费支出决算表", "gk09"),
        ("公开09表 政府性基金预算财政拨款收入支出决算表", "gk07"),
        ("机关运行经费支出情况表", "gk10"),
        ("机构运行信息表", "gk10"),
        ("国有资产占用情况表", "gk11"),
        ("国有资产占有使用情况表", "gk11"),
        ("政府采购支出情况表", "gk12"),
        ("政府采购情况表", "gk12"),
    ],
)
def test_titles(title: str, code: str) -> None:
    assert table_code_of_title(title) == code


@pytest.mark.parametrize(
    "text",
    [
        "收入支出决算总表 ........ 5",
        "一、收入支出决算总表……………1",
        "详见2023年度收入支出决算总表",
        "具体情况见本部门收入支出决算总表",
        "根据本部门收入支出决算总表",
        "《收入支出决算总表》反映本部门总体情况",
        "2023年度部门决算表",
        "财政拨款支出决算明细表",
        "项目支出决算表",
        "人员编制情况表",
    ],
)
def test_what_is_no_title_of_a_known_table(text: str) -> None:
    assert table_code_of_title(text) is None


def test_a_title_broken_over_three_lines_is_read_whole() -> None:
    (table,) = tables(
        "2023年度一般公共预算\n财政拨款基本\n支出决算明细表", fields("科目编码|决算数\n301|1.00")
    )
    assert table.table_code == "gk06"


def test_titles_in_the_first_rows_of_the_grid() -> None:
    inside = [
        ["一般公共预算财政拨款", "", "", "", ""],
        ["支出决算表", "", "", "", ""],
        ["部门：某某局", "", "", "", "单位：元"],
    ]
    (table,) = tables([*inside, *BODY])
    assert (table.table_code, table.printed_unit) == ("gk05", "元")
    assert ("function.205", "basic", "1.00") in figures(table)


@pytest.mark.parametrize(
    "above",
    [
        "公开01表\n部门：某某局\n金额单位：万元",
        "表一\n编制单位：某某局",
        "财决公开01表\n汇总单位：某某局 金额单位：千元",
        "公开０１表",
    ],
)
def test_what_may_stand_between_a_title_and_its_table(above: str) -> None:
    (table,) = tables("收入支出决算总表\n" + above, TOTALS)
    assert table.table_code == "gk01"


def test_the_name_of_a_sheet_is_its_title_where_the_sheet_prints_none() -> None:
    assert [t.table_code for t in tables(BODY, name="3支出决算表")] == ["gk03"]
    assert [t.table_code for t in tables(BODY, name="支出决算")] == ["gk03"]
    assert [t.table_code for t in tables("收入支出决算总表", TOTALS, name="支出决算表")] == ["gk01"]


CONTENTS = fields(
    """
    目录|页码
    一、收入支出决算总表|3
    二、收入决算表|4
    三、支出决算表|5.0
    """
)


def test_a_table_of_contents_in_a_grid_is_no_table() -> None:
    assert tables(CONTENTS) == []
    assert tables("第二部分 2023年度部门决算表", CONTENTS[1:]) == []
    assert [t.table_code for t in tables(CONTENTS, "支出决算表", BODY)] == ["gk03"]


def test_a_sentence_that_names_a_table_makes_none() -> None:
    found = tables("收入支出情况详见下列的收入支出决算总表", fields("地区|人数\n城关|12.50\n东关|13.50"))
    assert [t.table_code for t in found] == ["unknown"]


def test_the_title_of_an_unknown_table_ends_the_text_table_before_it() -> None:
    text = (
        "支出决算表\n205\t教育支出\t3.00\n208\t社会保障\t1.00\n人员编制情况表\n205\t人\t7.00\n206\t人\t8.00"
    )
    lines = [Line(1, n, line) for n, line in enumerate(text.split("\n"), start=1)]
    assert [(s.table_code, len(s.body)) for s in segments_of(lines)] == [("gk03", 2), ("unknown", 2)]


def test_a_web_page_title_names_the_document() -> None:
    page = reading("部门概况", "支出决算表", BODY)
    draft = draft_document(replace(page, title="某某市某某局2022年度部门决算-某某市政府网"))
    assert (draft.department_name, draft.fiscal_year) == ("某某市某某局", "2022")
