"""Titles, row labels and headers as they are printed, and what they mean."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.extract.normalise import squeeze
from flows.extract.tables.vocabulary import (
    LineItems,
    line_item_of,
    measure_of,
    table_code_of_title,
)

SEEDS = Path(__file__).parents[2] / "seeds" / "reference"
OFFICIAL_TITLES = {
    "gk01": "收入支出决算总表",
    "gk02": "收入决算表",
    "gk03": "支出决算表",
    "gk04": "财政拨款收入支出决算总表",
    "gk05": "一般公共预算财政拨款支出决算表",
    "gk06": "一般公共预算财政拨款基本支出决算明细表",
    "gk07": "政府性基金预算财政拨款收入支出决算表",
    "gk08": "国有资本经营预算财政拨款支出决算表",
    "gk09": "财政拨款“三公”经费支出决算表",
    "pf01": "部门整体支出绩效评价基础数据表",
    "pf02": "部门整体支出绩效自评表",
    "pf03": "项目支出绩效自评表",
    "pf04": "部门整体支出明细表",
    "pf05": "部门整体支出绩效评价综合评分表",
}


@pytest.mark.parametrize(("code", "title"), OFFICIAL_TITLES.items())
@pytest.mark.parametrize(
    "frame",
    [
        "{}", "一、{}", "（三）{}", "2023年度{}", "2023 年度 {} 公开01表", "公开 05 表 {}",
        "上海市XX局2024年度{}", "某某区财政局{}", "附件2：{}", "{} 单位：万元", "- 八、{}", "{}（续）",
    ],
)  # fmt: skip
def test_titles_with_what_stands_around_them(code: str, title: str, frame: str) -> None:
    assert table_code_of_title(frame.format(title)) == code


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("一般公共预算财政拨款基本支出决算表", "gk06"),
        ("国有资产经营预算财政拨款支出决算表", "gk08"),
        ("国有资本经营预算财政拨款收入支出决算表", "gk08"),
        ('财政拨款"三公"经费支出决算表', "gk09"),
        ("财政拨款三公经费支出决算表", "gk09"),
        ("2023年度中国共产党某市某区委员会办公室部门整体绩效自评表", "pf02"),
        ("整体支出绩效自评表", "pf02"),
        ("收 入 决 算 表", "gk02"),
    ],
)
def test_other_spellings(title: str, code: str) -> None:
    assert table_code_of_title(title) == code


@pytest.mark.parametrize(
    "text",
    [
        "", "表", "2023年度部门决算表", "收入支出决算总体情况说明", "收入支出决算总表........5",
        "详见2023年度收入决算表", "出决算表(公开表 07表)、国有资本经营预算财政拨款支出决算表(公开表",
        "某某事务财政拨款支出决算表", "注：本表反映部门本年度取得的各项收入情况。",
        "室整体绩效自评表/结果(摘要版)",
    ],
)  # fmt: skip
def test_what_is_no_title(text: str) -> None:
    assert table_code_of_title(text) is None


@pytest.mark.parametrize(
    ("table", "side", "label", "item"),
    [
        ("gk01", "revenue", "一、一般公共预算财政拨款收入", "revenue.general_public_budget"),
        ("gk01", "revenue", "使用非财政拨款结余（含专用结余）", "balance.used_non_fiscal_surplus"),
        ("gk01", "revenue", "总 计", "revenue.grand_total"),
        ("gk01", "expenditure", "总计", "expenditure.grand_total"),
        ("gk01", "expenditure", "二十四、抗疫特别国债安排的支出", "expenditure.class.234"),
        ("gk01", "expenditure", "二十六、抗疫特别国债安排的支出", "expenditure.class.234"),
        ("gk01", "expenditure", "七、文化体育与传媒支出", "expenditure.class.207"),
        ("gk01", "expenditure", "二十三、其他支出", "expenditure.class.229"),
        ("gk01", "revenue", "八、其他收入", "revenue.other"),
        ("gk04", "expenditure", "年末财政拨款结转和结余", "balance.closing_fiscal_carryover"),
        ("gk05", "", "合计", "function.total"),
        ("gk06", "", "人员经费合计", "economic.personnel_total"),
    ],
)
def test_line_items(table: str, side: str, label: str, item: str) -> None:
    assert line_item_of(table, side, label) == item


def test_an_unknown_label_has_no_line_item() -> None:
    assert line_item_of("gk01", "revenue", "九、某某收入") is None
    assert line_item_of("gk01", "revenue", "") is None


def test_parts_of_the_opening_carryover_are_told_from_the_revenue_of_the_same_name() -> None:
    items = LineItems("gk04", "revenue")
    labels = ["一、一般公共预算财政拨款", "年初财政拨款结转和结余", "一般公共预算财政拨款", "总计"]
    assert [items.of(label) for label in labels] == [
        "revenue.general_public_budget",
        "balance.opening_fiscal_carryover",
        "balance.opening_fiscal_carryover.general_public_budget",
        "revenue.grand_total",
    ]


@pytest.mark.parametrize(
    ("table", "path", "measure"),
    [
        ("gk01", ("收入", "决算数"), "final"),
        ("gk01", ("支出", "金额（万元）"), "final"),
        ("gk02", ("附属单位\n上缴收入",), "affiliated_remittance"),
        ("gk03", ("对附属单位补 助支出",), "subsidy_to_affiliated"),
        ("gk04", ("支出", "决算数", "合计"), "total"),
        ("gk04", ("支出", "一般公共预 算财政拨款"), "general_public_budget"),
        ("gk05", ("本年支出", "小计"), "total"),
        ("gk07", ("本年支出", "项目支出"), "project"),
        ("gk07", ("年末结转和结余",), "closing_carryover"),
        ("gk08", ("年初结转和结余",), "opening_carryover"),
        ("gk09", ("预算数", "合计"), "adjusted_budget.total"),
        ("gk09", ("决算数", "公务用车购置及运行维护费", "小计"), "final.vehicles"),
        ("gk09", ("财政拨款“三公”经费", "合计", "决算数"), "final.total"),
        ("gk09", ("公务用车购置及运行费", "公务用车购置费", "预算数"), "adjusted_budget.vehicle_purchase"),
        ("gk09", ("因公出国（境）费", "决算数"), "final.overseas_travel"),
    ],
)
def test_measures(table: str, path: tuple[str, ...], measure: str) -> None:
    assert measure_of(table, path) == measure


def test_a_header_is_judged_by_its_innermost_level() -> None:
    assert measure_of("gk07", ("本年支出", "其中：某项")) is None
    assert measure_of("gk02", ("事业收入", "教育收费")) is None
    assert measure_of("gk02", ()) is None


@given(st.sampled_from(sorted(OFFICIAL_TITLES.items())), st.lists(st.integers(0, 30), max_size=6))
def test_blanks_in_a_title_change_nothing(entry: tuple[str, str], places: list[int]) -> None:
    code, title = entry
    for place in places:
        title = title[:place] + " " + title[place:]
    assert table_code_of_title(title) == code


@pytest.mark.parametrize(
    ("file_name", "field"),
    [("line_item_labels.csv", "label"), ("column_headers.csv", "header")],
)
def test_seed_spellings_are_squeezed(file_name: str, field: str) -> None:
    with (SEEDS / file_name).open(encoding="utf-8", newline="") as file:
        spellings = [row[field] for row in csv.DictReader(file)]
    assert [text for text in spellings if squeeze(text) != text] == []


def test_a_header_of_two_lines_that_came_as_two_headers_is_one():
    assert measure_of("gk07", ("年初结转和结", "余")) == "opening_carryover"
    assert measure_of("gk07", ("本年支出", "余")) is None
