"""Text without columns in other forms than the official one: what is read, and what is left open."""

from __future__ import annotations

from flows.extract.model import Line
from flows.extract.tables.columnless import ColumnlessTable
from flows.extract.tables.columnless_forms import read_text_table
from flows.extract.tables.segment import segments_of


def read(text: str) -> ColumnlessTable:
    lines = [Line(1, n, line) for n, line in enumerate(text.strip().split("\n"), start=1)]
    (segment,) = segments_of(lines)
    return read_text_table(segment)


def placed(table: ColumnlessTable) -> list[tuple[str, tuple[str, ...], list[str]]]:
    """Line item, the columns that are left, and the numbers of each row."""
    return [
        (row.line_item, tuple(c.measure for c in row.columns), [v.text for v in row.values])
        for row in table.rows
        if row.values
    ]


BOTH = ("adjusted_budget", "final")


def test_three_public_as_a_list() -> None:
    table = read(
        """
财政拨款三公经费支出决算表
项目 行次 预算数 决算数
栏次 1 2
“三公”经费合计 1 9.00 8.00
1.因公出国（境）费 2 - 3.00
2.公务用车购置及
运行维护费 3 5.00
"""
    )
    assert placed(table) == [
        ("three_public", ("adjusted_budget.total", "final.total"), ["9.00", "8.00"]),
        ("three_public", ("final.overseas_travel",), ["3.00"]),
        ("three_public", ("adjusted_budget.vehicles", "final.vehicles"), ["5.00"]),
    ]


def test_three_public_in_pairs() -> None:
    header = (
        "合计 因公出国\n（境）费 公务用车购置及运行维护费 公务接待费\n小计 公务用车购置费 公务用车运行维护费"
    )
    pairs = " ".join(["预算数 决算数"] * 6)
    numbers = " ".join(f"{n}.00" for n in range(1, 13))
    ((_, measures, _),) = placed(read(f"财政拨款三公经费支出决算表\n{header}\n{pairs}\n{numbers}"))
    assert measures[:3] == ("adjusted_budget.total", "final.total", "adjusted_budget.overseas_travel")


def test_three_public_without_a_phase_is_left_open() -> None:
    table = read("三公经费支出决算表\n合计 公务接待费 会议费 培训费\n栏次 1 2 3 4\n9.00 2.00 3.00 4.00")
    assert placed(table) == []
    assert len(table.problems) == 4


def test_three_public_in_a_row_of_each_phase() -> None:
    table = read(
        "三公经费支出决算表\n项目 合计 公务接待\n费 会议费 培训费\n"
        "预算数 9.00 9.00 - 4.00\n决算数 2.00 2.00 1.00"
    )
    assert placed(table) == [
        (
            "three_public",
            ("adjusted_budget.total", "adjusted_budget.reception", "adjusted_budget.training"),
            ["9.00", "9.00", "4.00"],
        ),
        (
            "three_public",
            ("final.total", "final.reception", "final.meeting", "final.training"),
            ["2.00", "2.00", "1.00"],
        ),
    ]


def test_totals_without_row_numbers() -> None:
    table = read(
        """
收入支出决算总表
收入 支出
项目 决算数 项目 决算数
一、一般公共预算
财政拨款收入
9.00
一、一般公共服务
支出
二、上级补助收入 二、外交支出 8.00
本年收入合计 9.00 本年支出合计 8.00
年初结转和结余 年末结转和结余 1.00
总计 9.00 总计 9.00
"""
    )
    assert [(item, values) for item, _, values in placed(table)] == [
        ("revenue.general_public_budget", ["9.00"]),
        ("expenditure.class.202", ["8.00"]),
        ("revenue.total_current", ["9.00"]),
        ("expenditure.total_current", ["8.00"]),
        ("balance.closing_carryover", ["1.00"]),
        ("revenue.grand_total", ["9.00"]),
        ("expenditure.grand_total", ["9.00"]),
    ]


def test_totals_in_three_blocks_with_budget_and_account() -> None:
    header = (
        "项目 行次 年初预算数 决算数 项目（按功能分类） 行次 年初预算数 决算数\n"
        "项目（按支出性质和经济分类）\n行\n次 年初预算数 决算数\n栏次 1 2 栏次 3 4 栏次 5 6"
    )
    table = read(
        f"""
收入支出决算总表
{header}
一、财政拨款收入 1 9.00 8.00
一、一般公共服务
支出
29 7.00 一、基本支出 57 9.00 6.00
二、上级补助收入 2 二、外交支出 30 — 1.00 人员经费 58 — —
"""
    )
    both = ("initial_budget", "final")
    assert placed(table) == [
        ("revenue.fiscal_appropriation", both, ["9.00", "8.00"]),
        ("expenditure.class.201", both, ["7.00"]),
        ("expenditure.nature.basic", both, ["9.00", "6.00"]),
        ("expenditure.class.202", ("final",), ["1.00"]),
    ]


def test_totals_with_a_header_that_is_not_known_are_left_open() -> None:
    table = read("收入支出决算总表\n项目 决算数 备注 项目 决算数\n一、上级补助收入 9.00 二、外交支出 8.00")
    assert (placed(table), len(table.problems)) == ([], 2)


def test_whole_numbers_among_decimals_may_be_row_numbers() -> None:
    header = "项目 年初预算数 决算数 项目 年初预算数 决算数"
    table = read(f"收入支出决算总表\n{header}\n一、上级补助收入 1 9.00 二、外交支出 2 8.00")
    assert (placed(table), len(table.problems)) == ([], 4)


FISCAL = """
财政拨款收入支出决算总表
项目 决算数 项目 合计 一般公共预算财政拨款 政府性基金预算财政拨款
一、一般公共预算财政拨款 9.00 一、外交支出 8.00 8.00
年初财政拨款结转和结余 5.00 年末财政拨款结转和结余 {closing}
一般公共预算财政拨款 3.00 {other}
政府性基金预算财政拨款 2.00
总计 14.00 总计 14.00
"""


def test_parts_of_the_carryover_that_adds_up_to_them() -> None:
    rows = {
        r.line_item: (r.is_inferred, len(r.values))
        for r in read(FISCAL.format(closing="6.00", other="")).rows
    }
    assert rows["balance.opening_fiscal_carryover.general_public_budget"] == (True, 1)
    assert rows["balance.opening_fiscal_carryover.government_fund"] == (True, 1)
    assert rows["expenditure.grand_total"] == (False, 1)


def test_parts_that_may_be_of_either_carryover_are_left_open() -> None:
    for closing, other in (("5.00", ""), ("6.00", "一般公共预算财政拨款 1.00")):
        table = read(FISCAL.format(closing=closing, other=other))
        assert [row for row in table.rows if "carryover." in row.line_item and row.values] == []
        assert {"3.00", "2.00"} <= {problem.detail.split()[0] for problem in table.problems}


def test_a_grand_total_after_a_blank_one_is_of_expenditure() -> None:
    table = read("收入支出决算总表\n项目 决算数 项目 决算数\n一、上级补助收入 9.00\n总计 总计 9.00")
    assert [item for item, _, _ in placed(table)] == ["revenue.superior_subsidy", "expenditure.grand_total"]


def test_basic_expenditure_with_columns_of_personnel_and_public() -> None:
    table = read(
        "一般公共预算财政拨款基本支出决算表\n项目 基本支出\n"
        "经济分类科目编码 科目名称 合计 人员经费 公用经费\n"
        "合计 9.00 5.00 4.00\n301 工资福利\n支出 5.00 5.00\n302 商品和服务支出 4.00 - 4.00"
    )
    assert placed(table) == [
        ("economic.total", ("final",), ["9.00"]),
        ("economic.personnel_total", ("final",), ["5.00"]),
        ("economic.public_total", ("final",), ["4.00"]),
        ("economic.301", ("final", "personnel", "public"), ["5.00", "5.00"]),
        ("economic.302", ("final", "public"), ["4.00", "4.00"]),
    ]


def test_basic_expenditure_with_budgets_is_left_open() -> None:
    header = "科目代码 科目名称 年初预算数 决算数"
    table = read(f"一般公共预算财政拨款基本支出决算明细表\n{header}\n301 工资福利支出 9.00 8.00")
    assert (placed(table), len(table.problems)) == ([], 2)


def test_a_table_by_function_whose_columns_are_not_told_is_left_open() -> None:
    table = read("支出决算表\n科目名称 支出 其中 栏次 1 2 3\n205 教育支出 9.00 8.00 1.00")
    assert (placed(table), len(table.problems)) == ([], 3)


def test_codes_split_into_class_section_and_item() -> None:
    table = read(
        "支出决算表\n栏次 1 2 3 4 5 6\n205 教育支出 9.00\n205 02 普通教育 8.00\n205 02 01 学前教育 7.00"
    )
    assert [item for item, _, _ in placed(table)] == ["function.205", "function.20502", "function.2050201"]


def test_dashes_tell_the_columns() -> None:
    table = read("支出决算表\n栏次 1 2 3 4 5 6\n205 教育支出 9.00 - 9.00 - - -\n206 科学技术支出 1.00 1.00")
    assert placed(table) == [
        ("function.205", ("total", "project"), ["9.00", "9.00"]),
        ("function.206", ("total", "basic", "project", "remitted_to_superior", "operating",
                          "subsidy_to_affiliated"), ["1.00", "1.00"]),
    ]  # fmt: skip


def test_state_capital_in_the_form_of_revenue_and_expenditure() -> None:
    table = read(
        "国有资本经营预算财政拨款收入支出决算表\n"
        "项目 年初结转和结余 本年收入 本年支出 小计 基本支出 项目支出\n"
        "223 国有资本经营预算支出 1.00 2.00 3.00"
    )
    ((item, measures, values),) = placed(table)
    assert (item, measures[:2], len(values)) == ("function.223", ("opening_carryover", "revenue"), 3)


def test_added_tables() -> None:
    table = read(
        "国有资产占用情况表\n项目 行次 数量\n一、车辆数合计（辆） 1 4\n1.机要通信用车 2 -\n2.其他用车 3 4"
    )
    assert placed(table) == [("vehicles.total", ("count",), ["4"]), ("vehicles.other", ("count",), ["4"])]
    table = read("机关运行经费支出情况表\n项目 年初预算数 决算数\n机关运行经费 9.00 8.00\n公务接待费 - 1.00")
    assert placed(table) == [
        ("agency_operating_expenses", ("initial_budget", "final"), ["9.00", "8.00"]),
        ("economic.30217", ("final",), ["1.00"]),
    ]
