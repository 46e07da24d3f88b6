"""What columns and rows mean in the forms of different provinces and years."""

from __future__ import annotations

import pytest
from grids import fields, figures, grid_of, table, tables
from ruled_pdf import Cell, RuledPdf

from flows.extract.model import TableDraft
from flows.extract.normalise import decimal_of, is_amount
from flows.extract.readers.pdf import read
from flows.extract.tables.grid import table_from_grid, tables_from_grids
from flows.extract.tables.vocabulary import measure_of


def by_measure(table: TableDraft) -> dict[str, str]:
    return {cell.measure: cell.value_text for cell in table.cells}


# -- phases -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "path", "measure"),
    [
        ("gk01", ("收入", "年初预算数"), "initial_budget"),
        ("gk01", ("支出", "全年预算数"), "adjusted_budget"),
        ("gk01", ("支出", "调整预算数"), "adjusted_budget"),
        ("gk01", ("决算数", "支出", "金额"), "final"),
        ("gk01", ("年初预算数", "支出", "金额"), "initial_budget"),
        ("gk01", ("2023年决算数",), "final"),
        ("gk01", ("2022年决算数",), "prior_final"),
        ("gk01", ("上年决算数",), "prior_final"),
        ("gk01", ("上年", "决算数"), "prior_final"),
        ("gk01", ("2022年预算数",), None),
        ("gk01", ("2019年决算数",), None),
        ("gk03", ("预算数", "基本支出"), "adjusted_budget.basic"),
        ("gk03", ("基本支出", "决算数"), "basic"),
        ("gk03", ("基本支出", "预算数"), "adjusted_budget.basic"),
        ("gk04", ("支出", "年初预算数", "小计"), "initial_budget.total"),
        ("gk04", ("支出", "决算数", "政府性基金预算财政拨款"), "government_fund"),
        ("gk05", ("全年预算数", "项目支出"), "adjusted_budget.project"),
        ("gk06", ("人员经费", "年初预算数"), "initial_budget"),
        ("gk06", ("人员经费", "金额"), "final"),
        ("gk06", ("人员经费",), "personnel"),
        ("gk09", ("年初预算数", "公务接待费"), "initial_budget.reception"),
        ("gk09", ("公务接待费", "上年决算数"), "prior_final.reception"),
        ("gk09", ("公务接待费", "增减额"), "change.reception"),
        ("gk09", ("公务接待费", "增减%"), "change_rate.reception"),
        ("gk09", ("公务接待费",), None),
    ],
)
def test_phase_and_part_of_a_column(code: str, path: tuple[str, ...], measure: str | None) -> None:
    assert measure_of(code, path, "2023") == measure


def test_budget_and_final_account_inside_the_sides_of_the_totals() -> None:
    totals = table(
        "gk01",
        """
        收入||||支出|||
        项目|年初预算数|全年预算数|决算数|项目|年初预算数|全年预算数|决算数
        一、上级补助收入|1.00|2.00|3.00|五、教育支出|4.00|5.00|6.00
        """,
        spans_known=False,
    )
    assert figures(totals) == {
        ("revenue.superior_subsidy", "initial_budget", "1.00"),
        ("revenue.superior_subsidy", "adjusted_budget", "2.00"),
        ("revenue.superior_subsidy", "final", "3.00"),
        ("expenditure.class.205", "initial_budget", "4.00"),
        ("expenditure.class.205", "adjusted_budget", "5.00"),
        ("expenditure.class.205", "final", "6.00"),
    }


def test_budget_and_final_account_outside_the_sides_of_the_totals() -> None:
    rows: list[list[Cell]] = [
        [("预算数", 1, 4), None, None, None, ("决算数", 1, 4), None, None, None],
        [("收入", 1, 2), None, ("支出", 1, 2), None, ("收入", 1, 2), None, ("支出", 1, 2), None],
        ["项目", "金额", "项目", "金额", "项目", "金额", "项目", "金额"],
        ["上级补助收入", "1.00", "教育支出", "2.00", "上级补助收入", "3.00", "教育支出", "4.00"],
    ]
    assert figures(table_from_grid(grid_of(rows), table_code="gk01")) == {
        ("revenue.superior_subsidy", "adjusted_budget", "1.00"),
        ("expenditure.class.205", "adjusted_budget", "2.00"),
        ("revenue.superior_subsidy", "final", "3.00"),
        ("expenditure.class.205", "final", "4.00"),
    }


def test_budget_columns_of_the_fiscal_totals() -> None:
    rows: list[list[Cell]] = [
        [("收入", 1, 3), None, None, ("支出", 1, 4), None, None, None],
        [("项目", 2, 1), ("年初预算数", 2, 1), ("决算数", 2, 1), ("项目", 2, 1), ("年初预算数", 2, 1),
         ("决算数", 1, 2), None],
        [None, None, None, None, None, "小计", "政府性基金预算财政拨款"],
        ["一、政府性基金预算财政拨款", "1.00", "2.00", "十一、城乡社区支出", "3.00", "4.00", "4.00"],
    ]  # fmt: skip
    assert figures(table_from_grid(grid_of(rows), table_code="gk04")) == {
        ("revenue.government_fund", "initial_budget", "1.00"),
        ("revenue.government_fund", "final", "2.00"),
        ("expenditure.class.212", "initial_budget.total", "3.00"),
        ("expenditure.class.212", "total", "4.00"),
        ("expenditure.class.212", "government_fund", "4.00"),
    }


def test_budget_columns_of_the_economic_table() -> None:
    basic = table("gk06", "科目编码|科目名称|年初预算数|决算数\n30101|基本工资|1.00|2.00")
    assert figures(basic) == {
        ("economic.30101", "initial_budget", "1.00"),
        ("economic.30101", "final", "2.00"),
    }


def test_columns_of_the_year_before_are_told_by_the_later_year() -> None:
    found = table("gk01", "项目|2022年决算数|2023年决算数\n一、上级补助收入|1.00|2.00")
    assert by_measure(found) == {"prior_final": "1.00", "final": "2.00"}


# -- rows -------------------------------------------------------------------------------------


def test_any_class_of_the_code_list_and_a_class_that_is_not_in_it() -> None:
    totals = table(
        "gk01",
        """
        项目|决算数|项目|决算数
        一、上级补助收入|9.00|九、社会保险基金支出|1.00
        ||二十二、预备费|2.00
        ||二十五、转移性支出|3.00
        ||三十、从来没有的支出|4.00
        """,
    )
    assert figures(totals) >= {
        ("expenditure.class.209", "final", "1.00"),
        ("expenditure.class.227", "final", "2.00"),
        ("expenditure.class.230", "final", "3.00"),
    }
    (problem,) = totals.problems
    assert problem.code == "unclaimed_number"
    assert problem.detail.startswith("4.00 · 三十、从来没有的支出")


OLD_TOTALS = """
收入|||支出|||||
项目|行次|决算数|项目(按功能分类)|行次|决算数|项目(按支出性质和经济分类)|行次|决算数
一、财政拨款收入|1|9.00|一、一般公共服务支出|20|4.00|一、基本支出|40|5.00
二、上级补助收入|2|1.00|二、外交支出|21|—|　　人员经费|41|3.00
||||||　　日常公用经费|42|2.00
||||||二、项目支出|43|1.00
||||||其中：基本建设类项目|44|0.25
||||||　　行政事业类项目|45|0.75
||||||三、上缴上级支出|46|0.10
||||||四、经营支出|47|0.20
||||||五、对附属单位补助支出|48|0.30
||||||支出经济分类|49|6.00
||||||　工资福利支出|50|3.00
||||||　资本性支出（基本建设）|51|0.00
||||||　其他支出|52|3.00
本年收入合计|3|10.00|本年支出合计|||||6.60
总计|4|10.00|总计|||||10.00
"""


def test_three_columns_of_totals_in_older_years() -> None:
    totals = table("gk01", OLD_TOTALS, spans_known=False)
    assert figures(totals) == {
        (item, "final", value)
        for item, value in [
            ("revenue.fiscal_appropriation", "9.00"),
            ("revenue.superior_subsidy", "1.00"),
            ("revenue.total_current", "10.00"),
            ("revenue.grand_total", "10.00"),
            ("expenditure.class.201", "4.00"),
            ("expenditure.nature.basic", "5.00"),
            ("expenditure.nature.personnel", "3.00"),
            ("expenditure.nature.public", "2.00"),
            ("expenditure.nature.project", "1.00"),
            ("expenditure.nature.capital_project", "0.25"),
            ("expenditure.nature.operating_project", "0.75"),
            ("expenditure.nature.remitted_to_superior", "0.10"),
            ("expenditure.nature.operating", "0.20"),
            ("expenditure.nature.subsidy_to_affiliated", "0.30"),
            ("expenditure.economic.total", "6.00"),
            ("expenditure.economic.301", "3.00"),
            ("expenditure.economic.309", "0.00"),
            ("expenditure.economic.399", "3.00"),
            ("expenditure.total_current", "6.60"),
            ("expenditure.grand_total", "10.00"),
        ]
    }
    assert totals.problems == ()


def test_a_part_of_the_appropriations_of_older_years_is_not_added_to_them() -> None:
    totals = table(
        "gk01",
        "项目|决算数|项目|决算数\n一、财政拨款收入|9.00||\n其中：政府性基金预算财政拨款|2.00||\n二、上级补助收入|1.00||",
    )
    assert [cell.line_item for cell in totals.cells] == [
        "revenue.fiscal_appropriation",
        "revenue.fiscal_appropriation.government_fund",
        "revenue.superior_subsidy",
    ]


@pytest.mark.parametrize("cell", ["2010301 行政运行", "2010301行政运行", "2010301"])
def test_code_and_name_in_one_cell(cell: str) -> None:
    found = table("gk03", f"项目|本年支出合计|基本支出\n{cell}|3.00|3.00")
    assert {c.line_item for c in found.cells} == {"function.2010301"}


def test_one_label_column_with_class_and_section_names() -> None:
    found = table("gk05", "项目|小计|基本支出|项目支出\n合计|3.00|1.00|2.00\n20103 人大事务|3.00|1.00|2.00")
    assert {c.line_item for c in found.cells} == {"function.total", "function.20103"}


def test_economic_codes_with_columns_of_personnel_and_running_costs() -> None:
    found = table(
        "gk06", "科目编码|科目名称|合计|人员经费|公用经费\n|合计|5.00|3.00|2.00\n30101|基本工资|3.00|3.00|"
    )
    assert figures(found) == {
        ("economic.total", "final", "5.00"),
        ("economic.personnel_total", "final", "3.00"),
        ("economic.public_total", "final", "2.00"),
        ("economic.30101", "final", "3.00"),
        ("economic.30101", "personnel", "3.00"),
    }


def test_economic_rows_that_print_no_codes() -> None:
    found = table("gk06", "经济分类科目|决算数\n工资福利支出|3.00\n基本工资|3.00\n人员经费合计|3.00")
    assert [c.line_item for c in found.cells] == [
        "economic.301",
        "economic.30101",
        "economic.personnel_total",
    ]


# -- 三公 ---------------------------------------------------------------------------------------

LIST = """
项目|行次|{first}|{second}
合计|1|6|5
1.因公出国（境）费|2|1|—
2.公务用车购置及运行维护费|3|3|3
（1）公务用车购置费|4|-|0
（2）公务用车运行维护费|5|3|3
3.公务接待费|6|2|2
"""


def test_three_public_as_a_list_of_whole_numbers() -> None:
    found = table("gk09", LIST.format(first="预算数", second="决算数"))
    assert by_measure(found) == {
        "adjusted_budget.total": "6",
        "adjusted_budget.overseas_travel": "1",
        "adjusted_budget.vehicles": "3",
        "adjusted_budget.vehicle_operation": "3",
        "adjusted_budget.reception": "2",
        "final.total": "5",
        "final.vehicles": "3",
        "final.vehicle_purchase": "0",
        "final.vehicle_operation": "3",
        "final.reception": "2",
    }
    assert found.problems == ()


@pytest.mark.parametrize(
    "headers", [("上年决算数", "本年决算数"), ("2022年", "2023年"), ("上年数", "本年数")]
)
def test_three_public_year_on_year(headers: tuple[str, str]) -> None:
    found = table("gk09", LIST.format(first=headers[0], second=headers[1]))
    assert by_measure(found)["prior_final.reception"] == by_measure(found)["final.reception"] == "2"
    assert by_measure(found)["prior_final.overseas_travel"] == "1"
    assert "final.overseas_travel" not in by_measure(found)  # a dash is no zero


def test_three_public_with_a_row_for_each_phase() -> None:
    found = table("gk09", "项目|合计|公务接待费|会议费\n预算数|3.00|1.00|2.00\n决算数|2.50|0.50|2.00")
    assert by_measure(found) == {
        "adjusted_budget.total": "3.00",
        "adjusted_budget.reception": "1.00",
        "adjusted_budget.meeting": "2.00",
        "final.total": "2.50",
        "final.reception": "0.50",
        "final.meeting": "2.00",
    }


def test_three_public_that_prints_the_final_account_only() -> None:
    assert by_measure(table("gk09", "合计|因公出国（境）费|公务接待费\n3.00|1.00|2.00")) == {
        "final.total": "3.00",
        "final.overseas_travel": "1.00",
        "final.reception": "2.00",
    }


def test_counts_below_the_three_public_expenses() -> None:
    found = table("gk09", "项目|统计数\n3.公务接待费|2.00\n5.公务用车保有量（辆）|4")
    assert [(c.line_item, c.measure, c.value_text, c.unit_text) for c in found.cells] == [
        ("three_public", "final.reception", "2.00", ""),
        ("three_public.vehicles_owned", "count", "4", "辆"),
    ]


def test_empty_fields_below_one_group_do_not_belong_to_the_group_before_it() -> None:
    found = table(
        "gk09",
        """
        合计||公务用车购置及运行维护费||||公务接待费|
        ||公务用车购置费||公务用车运行维护费|||
        预算数|决算数|预算数|决算数|预算数|决算数|预算数|决算数
        1.00|2.00|3.00|4.00|5.00|6.00|7.00|8.00
        """,
        spans_known=False,
    )
    assert [c.measure for c in found.cells] == [
        f"{phase}.{part}"
        for part in ("total", "vehicle_purchase", "vehicle_operation", "reception")
        for phase in ("adjusted_budget", "final")
    ]


# -- units and numbers ------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["元", "千元", "万元", "亿元"])
@pytest.mark.parametrize(
    "above",
    ["支出决算表\n金额单位：{}", "支出决算表（单位：{}）", "支出决算表（{}）", "支出决算表\n单位:人民币{}"],
)
def test_units_above_the_table_and_in_its_title(above: str, unit: str) -> None:
    (found,) = tables(above.format(unit), fields("科目编码|科目名称|本年支出合计\n205|教育支出|3.00"))
    assert (found.printed_unit, [cell.unit_text for cell in found.cells]) == (unit, [""])


def test_a_unit_in_the_headers_is_the_tables() -> None:
    found = table("gk03", "科目编码|科目名称|本年支出合计（元）|基本支出（元）\n205|教育支出|30000|1")
    assert found.printed_unit == "元"
    assert [(c.measure, c.unit_text) for c in found.cells] == [("total", ""), ("basic", "")]


def test_a_unit_in_one_header_that_is_not_the_tables_is_the_cells() -> None:
    found = table(
        "gk03", "科目编码|科目名称|本年支出合计|基本支出（元）\n205|教育|3.00|30000", printed_unit="万元"
    )
    assert [(c.measure, c.unit_text) for c in found.cells] == [("total", ""), ("basic", "元")]


@pytest.mark.parametrize(
    ("printed", "landed"),
    [
        ("-1,234.50", "-1,234.50"),
        ("－1,234.50", "-1,234.50"),
        ("﹣1,234.50", "-1,234.50"),
        ("−1,234.50", "−1,234.50"),
        ("–1,234.50", "–1,234.50"),
        ("—1,234.50", "—1,234.50"),
        ("- 1,234.50", "-1,234.50"),
        ("(1,234.50)", "(1,234.50)"),
        ("（1,234.50）", "(1,234.50)"),
        ("△1,234.50", "△1,234.50"),
        ("▲1,234.50", "▲1,234.50"),
    ],
)
def test_negative_numbers_in_any_typography(printed: str, landed: str) -> None:
    found = table("gk03", f"科目编码|科目名称|本年支出合计\n205|教育支出|{printed}")
    assert figures(found) == {("function.205", "total", landed)}
    assert str(decimal_of(landed)) == "-1234.50"


@pytest.mark.parametrize("dash", ["-", "—", "——", "–", "/", "－"])
def test_a_dash_is_an_empty_cell_and_zero_is_a_number(dash: str) -> None:
    found = table("gk03", f"科目编码|科目名称|本年支出合计|基本支出|项目支出\n205|教育支出|0|{dash}|0.00")
    assert figures(found) == {("function.205", "total", "0"), ("function.205", "project", "0.00")}
    assert found.problems == ()
    assert not is_amount("(3)")


def test_formulas_in_the_row_of_column_numbers_are_no_figures() -> None:
    found = table(
        "gk05", "科目编码|科目名称|小计|基本支出|项目支出\n栏次||1=2+3|2|3\n205|教育支出|3.00|1.00|2.00"
    )
    assert len(found.cells) == 3


# -- several tables, tables in parts ----------------------------------------------------------

FUNCTION = "科目编码|科目名称|本年支出合计|基本支出|项目支出"


def test_a_table_parted_in_two_that_repeats_its_headers() -> None:
    first = fields(f"{FUNCTION}\n|合计|9.00|4.00|5.00\n205|教育支出|9.00|4.00|5.00")
    then = fields(f"{FUNCTION}\n20502|普通教育|9.00|4.00|5.00")
    for between in ([], ["续表"], ["支出决算表（续）\n公开03表"]):
        (found,) = tables("支出决算表", first, *between, then)
        assert [c.line_item for c in found.cells if c.measure == "total"] == [
            "function.total", "function.205", "function.20502",
        ]  # fmt: skip


def test_a_table_parted_in_two_without_headers() -> None:
    first = fields(f"{FUNCTION}\n205|教育支出|9.00|4.00|5.00")
    (found,) = tables(
        "支出决算表", first, fields("20502|普通教育|9.00|4.00|5.00\n2050201|学前教育|9.00|4.00|5.00")
    )
    assert len(found.cells) == 9


def test_the_same_table_of_another_unit_is_a_table_of_its_own() -> None:
    body = fields(f"{FUNCTION}\n|合计|9.00|4.00|5.00\n205|教育支出|9.00|4.00|5.00")
    assert [t.table_code for t in tables("支出决算表", body, "支出决算表", body)] == ["gk03", "gk03"]


def test_two_tables_on_one_page_of_a_pdf() -> None:
    pdf = RuledPdf()
    widths = (60, 150, 70, 70, 70)
    rows: list[list[Cell]] = [[*row] for row in fields(f"{FUNCTION}\n205|教育支出|9.00|4.00|5.00")]
    pdf.text(220, 80, "支出决算表")
    pdf.table(rows, widths)
    pdf.text(180, 300, "一般公共预算财政拨款支出决算表")
    pdf.table(rows, widths, y=320)
    assert [t.table_code for t in tables_from_grids(read(pdf.bytes()))] == ["gk03", "gk05"]
