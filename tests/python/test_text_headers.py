"""Columns of text without columns, told by the header's words in reading order."""

from __future__ import annotations

import pytest

from flows.extract.model import Line
from flows.extract.tables.columnless import tokens_of
from flows.extract.tables.text_headers import blocks_of, columns_of, header_words, three_public_columns


def words_of(table_code: str, text: str) -> list:
    lines = [Line(1, n, line) for n, line in enumerate(text.strip().split("\n"), start=1)]
    words, _ = header_words(table_code, tokens_of(lines))
    return words


def blocks(table_code: str, text: str, fiscal_year: str = "") -> dict[str, list[str]]:
    found = blocks_of(table_code, words_of(table_code, text), fiscal_year)
    return {block.side: [column.measure for column in block.columns] for block in found}


FUNDS = ["total", "general_public_budget", "government_fund"]
NARROW = "合计\n一般公共\n预算财政\n拨款\n政府性基金预算\n财政拨款"


def test_words_broken_over_lines_are_put_together_and_what_stands_above_is_left_out():
    text = (
        "财决公开 01 表\n单位名称：某局 金额单位：万元\n收入 支出\n项目\n行\n次\n年初预算\n数 决算数\n"
        "项目（按功能分类\n）\n行\n次\n年初预算数 决算数\n一、财政拨款收入 1 9.00"
    )
    words = words_of("gk01", text)
    assert [(word.kind, word.text) for word in words] == [
        ("side", "收入"), ("side", "支出"),
        ("label", "项目"), ("ordinal", "行次"), ("phase", "年初预算数"), ("phase", "决算数"),
        ("label", "项目(按功能分类)"), ("ordinal", "行次"), ("phase", "年初预算数"), ("phase", "决算数"),
    ]  # fmt: skip


def test_phases_above_the_funds():
    header = (
        "项目 年初预算数 决算数 项目 年初预算数 决算数 项目（按支出性质和经济分类） 年初预算数 决算数\n"
        f"{NARROW}\n{NARROW}\n一、财政拨款收入 9.00"
    )
    assert blocks("gk04", header.replace("一、财政拨款收入", "一、一般公共预算财政拨款")) == {
        "revenue": ["initial_budget", "final"],
        "expenditure": [f"initial_budget.{fund}" for fund in FUNDS] + FUNDS,
        "nature": ["initial_budget.total", "total"],
    }


def test_phases_below_the_funds():
    header = (
        f"项目 年初预算数 决算数 项目 {NARROW}\n"
        + "年初预算数 决算数 " * 3
        + "\n一、一般公共预算财政拨款 9.00"
    )
    assert blocks("gk04", header) == {
        "revenue": ["initial_budget", "final"],
        "expenditure": [m for fund in FUNDS for m in (f"initial_budget.{fund}", fund)],
    }


def test_funds_of_both_blocks_of_expenditure():
    blocks_above = "项目 决算数 项目 决算数 项目（按支出性质和经济分类） 决算数"
    header = f"{blocks_above}\n{NARROW}\n{NARROW}\n一般公共预算财政拨款收入 9.00"
    assert blocks("gk04", header) == {"revenue": ["final"], "expenditure": FUNDS, "nature": FUNDS}


def test_years_are_told_apart_by_the_fiscal_year_only():
    header = "项目 2022年决算数 2023年决算数 项目 2022年决算数 2023年决算数\n一、财政拨款收入 9.00"
    assert blocks("gk01", header, "2023") == {
        "revenue": ["prior_final", "final"], "expenditure": ["prior_final", "final"],
    }  # fmt: skip
    assert blocks("gk01", header) == {}


@pytest.mark.parametrize(
    "header",
    [
        "项目 决算数 项目 决算数 备注 一、财政拨款收入 9.00",  # a header that is not known
        "项目 行次 决算数 项目 行次 决算数 合计 一般 共预 栏次 1 栏次 2 3",  # words of narrow cells mixed up
        "项目 决算数 决算数 项目 决算数 一、财政拨款收入 9.00",  # a column twice
        "项目 决算数 项目 决算数 栏次 1 栏次 2 3 一、财政拨款收入 9.00",  # more numbers than columns
        "项目 决算数 一、财政拨款收入 9.00",  # one block
    ],
)
def test_a_header_that_does_not_come_out_even_gives_no_columns(header):
    assert blocks("gk01", header) == {}


def test_columns_below_a_group_stand_in_its_place():
    header = (
        "项目\n年初结转\n和结余 本年收入 本年支出\n年末结转和结余\n"
        "科目代码 科目名称 小计 基本支出 项目支出\n合计 1.00"
    )
    columns = columns_of("gk07", words_of("gk07", header))
    assert [column.measure for column in columns] == [
        "opening_carryover", "revenue", "total", "basic", "project", "closing_carryover",
    ]  # fmt: skip


def test_a_column_that_is_not_known_leaves_the_others_unknown():
    header = "科目编码 科目名称 本年收入合计 财政拨款收入 事业收入 其中：教育收费 其他收入 合计 9.00 9.00"
    assert columns_of("gk02", words_of("gk02", header)) == ()


def test_three_public_expenses_below_two_phases_with_vehicles_in_the_lower_row():
    group = "合计 因公出国（境）费 公务用车购置及运行维护费 公务接待费 会议费\n"
    lower = "小计 公务用车购置费 公务用车\n运行维护费\n"
    columns = three_public_columns(
        words_of("gk09", f"全年预算数 决算数\n{group}{group}{lower}{lower}9.00 8.00")
    )
    expenses = [
        "total", "overseas_travel", "vehicles", "vehicle_purchase", "vehicle_operation", "reception",
        "meeting",
    ]  # fmt: skip
    assert [column.measure for column in columns] == [
        f"{phase}.{expense}" for phase in ("adjusted_budget", "final") for expense in expenses
    ]


def test_the_year_before_and_this_year_each_stand_above_columns_of_their_own():
    header = (
        "项目\n上年决算\n数\n本年决算数\n科目代码 科目名称 "
        "本年支出\n合计\n本年支出\n合计\n基本支出 项目支出\n合计 1.00"
    )
    columns = columns_of("gk05", words_of("gk05", header), "2023")
    assert [column.measure for column in columns] == ["prior_final.total", "total", "basic", "project"]
    # below which of the two 项目支出 stands nothing tells where the columns do not begin alike
    uneven = header.replace("合计\n本年支出\n合计\n", "合计\n")
    assert columns_of("gk05", words_of("gk05", uneven), "2023") == ()
