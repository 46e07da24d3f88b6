"""Row labels that a picture breaks are taken for those of the form, printed ones never."""

from __future__ import annotations

from dataclasses import replace

import pytest
from grids import fields, figures, grid_of

from flows.extract.model import Line, Page, Reading, Recognition
from flows.extract.tables.grid import tables_from_grids

TITLES = {
    "gk01": "收入支出决算总表",
    "gk02": "收入决算表",
    "gk03": "支出决算表",
    "gk04": "财政拨款收入支出决算总表",
    "gk06": "一般公共预算财政拨款基本支出决算明细表",
    "gk09": "财政拨款“三公”经费支出决算表",
}
TOTALS = """
    收入|||支出||
    项目|行次|决算数|项目|行次|决算数
    一、一般公共预算财政拨款收入|1|30.00|一、一般公共服务支出|31|11.00
    {revenue}|2|4.00|{expenditure}|32|12.00
    三、国有资本经营预算财政拨款收入|3|0.00|三、国防支出|33|11.00
    本年收入合计|27|34.00|本年支出合计|57|34.00
    {opening}|28|5.00|{closing}|58|5.00
    总计|30|39.00|总计|60|39.00
"""
RIGHT = {
    "revenue": "二、政府性基金预算财政拨款收入",
    "expenditure": "二、外交支出",
    "opening": "年初结转和结余",
    "closing": "年末结转和结余",
}
ALL = {
    ("revenue.general_public_budget", "final", "30.00"),
    ("revenue.government_fund", "final", "4.00"),
    ("revenue.state_capital", "final", "0.00"),
    ("revenue.total_current", "final", "34.00"),
    ("balance.opening_carryover", "final", "5.00"),
    ("revenue.grand_total", "final", "39.00"),
    ("expenditure.class.201", "final", "11.00"),
    ("expenditure.class.202", "final", "12.00"),
    ("expenditure.class.203", "final", "11.00"),
    ("expenditure.total_current", "final", "34.00"),
    ("balance.closing_carryover", "final", "5.00"),
    ("expenditure.grand_total", "final", "39.00"),
}


def draft(code: str, text: str, is_picture: bool = True, line: int = 1):
    """The lines and the grid of a table below its title."""
    grid = replace(grid_of(fields(text)), first_line=line + 1)
    seen = Recognition(0.97) if is_picture else None
    cells = tuple(replace(cell, line_no=cell.row + line + 1, recognition=seen) for cell in grid.cells)
    lines = [Line(1, line, TITLES[code]), *(Line(1, line + n + 1, "…") for n in range(grid.row_count))]
    return lines, replace(grid, cells=cells, last_line=grid.row_count + line)


def read(code: str, text: str, is_picture: bool = True, before: tuple[str, str] | None = None):
    """The figures of a table, and the code and detail of its problems; `before` is a table before it."""
    lines, grids = [], []
    for of_code, content in filter(None, (before, (code, text))):
        more, grid = draft(of_code, content, is_picture, len(lines) + 1)
        lines += more
        grids.append(grid)
    drafts = tables_from_grids(Reading("test", "", (Page(1, tuple(lines), tuple(grids)),)), "2023")
    return figures(drafts[-1]), [(problem.code, problem.detail) for problem in drafts[-1].problems]


@pytest.mark.parametrize(
    ("place", "broken", "label"),
    [
        ("expenditure", "、外交支出", "外交支出"),
        ("expenditure", "一1、外交支出", "外交支出"),
        ("expenditure", "二外交支出", "外交支出"),
        ("expenditure", "二、外文支出", "外交支出"),  # of its four characters one, between its neighbours
        ("revenue", "二、政府性基金预算财政拨敬收入", "政府性基金预算财政拨款收入"),
        ("opening", "年初结转利结余", "年初结转和结余"),
        ("closing", "年未结转和结余", "年末结转和结余"),
    ],
)
def test_a_broken_label_is_that_of_the_form_and_a_problem_says_both_readings(place, broken, label):
    found, problems = read("gk01", TOTALS.format(**{**RIGHT, place: broken}))
    assert found == ALL
    assert problems == [("ocr_corrected", f"{broken} → {label} · gk01 · by the labels of the form")]


def test_what_is_printed_is_never_taken_for_another_label():
    found, problems = read("gk01", TOTALS.format(**RIGHT | {"closing": "年未结转和结余"}), is_picture=False)
    assert found == ALL - {("balance.closing_carryover", "final", "5.00")}
    assert [code for code, _ in problems] == ["unclaimed_number"]


@pytest.mark.parametrize(
    "other",
    [
        "其中：教育收费",  # no label of the form
        "二、一般公共预算财政拨敬收入",  # near to one that another row is
    ],
)
def test_a_label_that_the_form_has_not_or_another_row_is_stays_unclaimed(other):
    found, problems = read("gk01", TOTALS.format(**RIGHT | {"revenue": other}))
    assert found == ALL - {("revenue.government_fund", "final", "4.00")}
    assert [code for code, _ in problems] == ["unclaimed_number"]


def test_a_class_stands_between_its_neighbours():
    found, _ = read("gk01", TOTALS.format(**RIGHT | {"expenditure": "二、教育文出"}))  # 205, and 203 follows
    assert {item for item in found if item[0].startswith("expenditure.class")} == {
        ("expenditure.class.201", "final", "11.00"),
        ("expenditure.class.203", "final", "11.00"),
    }


def test_a_label_that_stands_twice_means_what_the_rows_above_make_of_it():
    found, problems = read(
        "gk04",
        """
        收入||支出|
        项目|决算数|项目|合计
        一、一般公共预算财政拨款|30.00|一、一般公共服务支出|34.00
        二、政府性基金预算财政拨款|4.00|二、外交支出|0.00
        年初财政拨款结转和结余|5.00|年末财政拨款结转和结余|5.00
        般公共预算财政拨款|3.00||
        政府性基金预算财政拨款|2.00||
        总计|39.00|总计|39.00
        """,
    )
    assert ("balance.opening_fiscal_carryover.general_public_budget", "final", "3.00") in found
    assert ("balance.opening_fiscal_carryover.government_fund", "final", "2.00") in found
    assert ("revenue.general_public_budget", "final", "30.00") in found
    assert len(problems) == 1


CODED = """
    科目代码|科目名称|本年收入合计|财政拨款收入
    |{total}|9.00|9.00
    208|社会保障和就业支出|9.00|9.00
    20805|行政事业单位养老支出|4.00|4.00
    2080505|机关事业单位基本养老保险缴费支出|4.00|4.00
    {first}|其他社会保障和就业支出|5.00|5.00
    {second}|其他社会保障和就业支出|5.00|5.00
"""


def totals_by_code(found):
    return {(item, value) for item, measure, value in found if measure == "total"}


CODED_RIGHT = {
    ("function.total", "9.00"),
    ("function.208", "9.00"),
    ("function.20805", "4.00"),
    ("function.2080505", "4.00"),
    ("function.20899", "5.00"),
    ("function.2089999", "5.00"),
}


@pytest.mark.parametrize("first", ["20899", "2089", "", "2089920899"])
@pytest.mark.parametrize("second", ["2089999", "208999g", ""])
def test_a_row_that_lost_its_code_has_that_of_its_name_between_its_neighbours(first, second):
    """Two levels have one name: the upper one comes first."""
    found, problems = read("gk02", CODED.format(total="合计", first=first, second=second))
    assert totals_by_code(found) == CODED_RIGHT
    assert len(problems) == (first != "20899") + (second != "2089999")
    assert {code for code, _ in problems} <= {"ocr_corrected"}


def test_the_first_row_without_a_code_is_the_total():
    found, problems = read("gk02", CODED.format(total="台计", first="20899", second="2089999"))
    assert totals_by_code(found) == CODED_RIGHT
    assert problems == [("ocr_corrected", "台计 → 合计 · gk02 · by the labels of the form")]


def test_a_printed_row_without_a_code_has_none():
    text = CODED.format(total="合计", first="20899", second="")
    found, problems = read("gk02", text, is_picture=False)
    assert totals_by_code(found) == CODED_RIGHT - {("function.2089999", "5.00")}
    assert {code for code, _ in problems} == {"unclaimed_number"}


def test_an_economic_code_is_that_of_its_name_in_its_column():
    found, problems = read(
        "gk06",
        """
        科目代码|科目名称|决算数|科目代码|科目名称|决算数
        301|工资福利支出|5.00|310|资本性支出|2.00
        30101|基本工资|5.00|31005|基础设施建设|1.00
        3990739907|国家赔偿费用支出|0.00||大型修缮|1.00
        人员经费台计||5.00|公用经费合计||2.00
        """,
    )
    items = {item for item, _, _ in found}
    assert {"economic.39907", "economic.31006", "economic.personnel_total", "economic.public_total"} <= items
    assert sorted(detail.split(" · ")[0] for _, detail in problems) == [
        "3990739907 国家赔偿费用支出 → 39907 国家赔偿费用支出",
        "人员经费台计 → 人员经费合计",
        "大型修缮 → 31006 大型修缮",
    ]


def test_an_expense_as_a_row():
    found, _ = read(
        "gk09",
        """
        项目|预算数|决算数
        -三公”经费合计|9.00|8.00
        1.因公出国（境）费|1.00|1.00
        2.公务用车购置及运行维护费|5.00|4.00
        3.公务按待费|3.00|3.00
        """,
    )
    measures = {measure for _, measure, _ in found}
    assert measures == {
        f"{phase}.{part}"
        for phase in ("adjusted_budget", "final")
        for part in ("total", "overseas_travel", "vehicles", "reception")
    }


OFFICE = """
    科目代码|科目名称|本年收入合计|财政拨款收入
    |合计|9.00|9.00
    211|节能环保支出|9.00|9.00
    21104|自然生态保护|9.00|9.00
    {code}|一般行政管理事务|9.00|9.00
"""


def test_a_name_that_many_codes_have_is_that_of_a_printed_parent():
    """2111402 is called so too, and 21114 is not printed."""
    lost = OFFICE.format(code="2110-02")
    found, _ = read("gk02", lost)
    assert {item for item, _, _ in found} == {"function.total", "function.211", "function.21104"}
    spent = OFFICE.replace("本年收入合计|财政拨款收入", "本年支出合计|基本支出").format(code="2110402")
    found, problems = read("gk02", lost, before=("gk03", spent))
    assert ("function.2110402", "total", "9.00") in found
    assert [detail for _, detail in problems] == [
        "2110-02 一般行政管理事务 → 2110402 一般行政管理事务 · gk02 · by the labels of the form"
    ]


def test_a_part_of_a_split_code_that_was_read_twice_is_no_part():
    found, problems = read(
        "gk02",
        """
        类|款|项|科目名称|本年收入合计|财政拨款收入
        |||合计|9.00|9.00
        208|||社会保障和就业支出|9.00|9.00
        208|05||行政事业单位养老支出|9.00|9.00
        208|05|0505|机关事业单位基本养老保险缴费支出|9.00|9.00
        """,
    )
    assert {item for item, measure, _ in found if measure == "total"} == {
        "function.total",
        "function.208",
        "function.20805",
        "function.2080505",
    }
    assert [code for code, _ in problems] == ["ocr_corrected"]


def test_numbers_of_columns_stay_such_where_their_word_is_broken():
    text = TOTALS.replace("    一、一般公共预算", "    次||1|栏吹||2\n    一、一般公共预算", 1)
    assert read("gk01", text.format(**RIGHT)) == (ALL, [])
