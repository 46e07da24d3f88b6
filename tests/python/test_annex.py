"""The performance annexes in each form in which a text dump holds them. All texts are invented."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from flows.extract.model import Line, TableDraft
from flows.extract.normalise import squeeze
from flows.extract.readers.text import read
from flows.extract.tables.annex import annex_tables
from flows.extract.tables.annex.numbers import Printed, printed_number

ROOT = Path(__file__).parents[2]
DOCUMENTS = ROOT.parent / "shared" / "documents"
TRUTH = ROOT / "tests" / "corpus" / "truth"
REAL = {
    "zengdu_party_office": "000_01fa63012598de6d.txt",
    "caidian": "001_e6143ab6bd972ce2.txt",
    "zengdu_government_office": "002_ddc05e72c8720d6c.txt",
    "hetang": "003_2209d00c77695512.txt",
    "beita": "004_39c952c7f1c00a81.txt",
}


def lines_of(text: str) -> list[Line]:
    """Lines numbered from 1; `|` stands for a tab, so that the texts below can be read."""
    return [Line(1, n, line.replace("|", "\t")) for n, line in enumerate(text.split("\n"), start=1)]


def tables_of(text: str, fiscal_year: str = "2023") -> list[TableDraft]:
    return annex_tables(lines_of(text), fiscal_year)


def line_number(text: str, start: str) -> int:
    """The number of the line that begins with `start`."""
    return next(n for n, line in enumerate(text.split("\n"), start=1) if line.startswith(start))


def figures(table: TableDraft) -> set[tuple[str, str, str, str]]:
    return {(c.line_item, c.measure, c.value_text, c.unit_text) for c in table.cells}


# -- numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,093.15", Printed("1,093.15", "")),
        ("100.00 %", Printed("100.00", "%")),
        ("≥20 期", Printed("20", "≥期")),
        ("12 次", Printed("12", "次")),
        ("4000 余人次", Printed("4000", "余人次")),
        ("-3.5万元", Printed("-3.5", "万元")),
        ("９０％", Printed("90", "%")),
        ("2023年底", None),
        ("2023年1月-12月", None),
        ("12月", None),
        ("调研4次", None),
        ("", None),
        ("-", None),
    ],
)
def test_a_cell_is_a_number_with_its_unit_or_no_figure(text, expected):
    assert printed_number(text) == expected


# -- rows of tabs ----------------------------------------------------------------------------------

BASE = """
附件：1. 整体支出绩效评价基础数据表
2. 项目支出绩效自评表

2023年度整体支出绩效评价基础数据表

财政供养人员情况 (人)|编制数|2023 年实际在职人数||控制率|
|12|11||91.67%|
经费控制情况(万元)|2022 年决算数|2023 年预算数||2023 年决算数|
三公经费|1.5|2||1.25|
其中：公车购置|||||
3、公务接待|1.5|2||1.25|
项目支出：|30|40||35|
3、专项资金(一个专项一行)||40||35|
甲项目|10|15||14|
公用经费：|20.5|||21|
没有见过的行|7||||
楼堂馆所控制情况|批复规模（㎡）|实际规模（㎡）|规模控制率|预算投资(万元)|实际投资(万元)
|||||投资概算控制率
|0.00|0|0|0|0

说明：不属于任何一列。
填表人：甲 填报日期：2024.6.1

下一段。
"""


def test_base_data_by_column_in_rows_of_tabs():
    (table,) = tables_of(BASE)
    assert table.table_code == "pf01"
    assert table.first_line == line_number(BASE, "2023年度整体")
    assert table.last_line == line_number(BASE, "填表人")
    assert table.printed_unit == ""
    assert {
        ("staff", "authorised_staff", "12", "人"),
        ("staff", "actual_staff", "11", "人"),
        ("staff", "staff_control_rate", "91.67", "%"),
        ("three_public", "prior_year", "1.5", "万元"),
        ("three_public", "initial_budget", "2", "万元"),
        ("three_public.reception", "final", "1.25", "万元"),
        ("project_expenditure.special_funds", "initial_budget", "40", "万元"),
        ("project.1", "prior_year", "10", "万元"),
        ("project.1", "final", "14", "万元"),
        ("public_expenditure", "prior_year", "20.5", "万元"),
        ("public_expenditure", "final", "21", "万元"),
        ("building", "approved_area", "0.00", "㎡"),
        ("building", "area_control_rate", "0", ""),
        ("building", "actual_investment", "0", "万元"),
    } <= figures(table)
    assert {c.row_label for c in table.cells if c.line_item == "project.1"} == {"甲项目"}


def test_a_number_in_an_unknown_row_is_a_problem_and_no_figure():
    (table,) = tables_of(BASE)
    unknown = line_number(BASE, "没有见过的行")
    assert [(p.stage, p.code, p.line_no) for p in table.problems] == [
        ("recognise", "unclaimed_number", unknown)
    ]
    assert "7" in table.problems[0].detail
    assert not [c for c in table.cells if c.line_no == unknown]


def test_without_a_fiscal_year_the_latest_year_of_the_headers_counts():
    (with_year,), (without,) = tables_of(BASE), tables_of(BASE, fiscal_year="")
    assert with_year.cells == without.cells


def test_columns_of_other_years_are_not_taken_for_this_one():
    (table,) = tables_of(BASE, fiscal_year="2022")
    assert ("three_public", "final", "1.5", "万元") in figures(table)
    assert not [c for c in table.cells if c.measure == "initial_budget"]
    unplaced = {p.line_no for p in table.problems if p.code == "unclaimed_number"}
    assert line_number(BASE, "三公经费") in unplaced


PROJECT = """
2023 年度项目支出绩效自评表

项目支出名称|乙项目||||||
项目资金(万元)|资金来源|年初预算数|全年预算数|全年执行数|分值|执行率|得分|
|其中:当年财政拨款|60|30|30||||
|上年结转金额|0|0|0||||
|年度资金总额|60|30|30|10|100.00%|10.00|
年度总体目标|预期目标||||实际完成情况||
|做好工作||||95%||
绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析
|产出指标(50分)|数量指标|会务次数|≥130 次|150 次|20|20.00|
||时效指标|完成时间|2023年底|全年开会12次|10|10|

效益指标|社会效益指标|公众知晓率|90%|85%|10|9.00||
|成本指标|经济成本指标||费用总额|5.5 万元|4.5 万元|20|15.00|开支减少
||社会成本指标|未评分的指标|100%||10||
||生态环境成本指标|得分高于分值|100%|98%|5|50|
总分|||||100|95.5||

备注：一个项目一张表。
"""


def test_project_evaluation_names_its_project_in_the_title():
    (table,) = tables_of(PROJECT)
    assert table.table_code == "pf03"
    assert table.printed_title == "2023年度项目支出绩效自评表：乙项目"


def test_indicators_in_place_slipped_and_unscored():
    (table,) = tables_of(PROJECT)
    assert {
        ("funds.fiscal_current", "initial_budget", "60", "万元"),
        ("funds.carried_over", "final", "0", "万元"),
        ("funds.total", "completion_rate", "100.00", "%"),
        ("funds.total", "full_score", "10", ""),
        ("annual_goal", "actual", "95", "%"),
        ("indicator_group.output", "full_score", "50", "分"),
        ("indicator.quantity.1", "target", "130", "≥次"),
        ("indicator.quantity.1", "actual", "150", "次"),
        ("indicator.timeliness.2", "score", "10", ""),
        ("indicator.social_benefit.3", "target", "90", "%"),
        ("indicator.social_benefit.3", "score", "9.00", ""),
        ("indicator.economic_cost.4", "target", "5.5", "万元"),
        ("indicator.economic_cost.4", "score", "15.00", ""),
        ("indicator.social_cost.5", "full_score", "10", ""),
        ("total_score", "full_score", "100", ""),
        ("total_score", "score", "95.5", ""),
    } <= figures(table)
    labels = {c.line_item: c.row_label for c in table.cells}
    assert labels["indicator.social_benefit.3"] == "公众知晓率"
    assert labels["indicator.economic_cost.4"] == "费用总额"
    slipped = {c.confidence for c in table.cells if c.line_item == "indicator.social_benefit.3"}
    assert slipped == {"inferred"}


def test_dates_and_sentences_are_no_figures_but_sentences_are_reported():
    (table,) = tables_of(PROJECT)
    assert not [c for c in table.cells if c.value_text == "2023"]
    sentence = line_number(PROJECT, "||时效指标")
    assert [p.code for p in table.problems if p.line_no == sentence] == ["number_in_text"]


def test_a_score_above_its_full_score_is_not_placed():
    (table,) = tables_of(PROJECT)
    row = line_number(PROJECT, "||生态环境成本指标")
    unplaced = [p.detail.split(" ")[0] for p in table.problems if p.line_no == row]
    assert unplaced == ["100%", "98%", "5", "50"]


# -- one Word cell a line -----------------------------------------------------------------------------

WORD = """
 整体支出绩效自评表
|预算单位名称
|某单位

|年度预
算申请
（万元）
|
|年初
预算数
|全年预算数
|全年
执行数
|分值
|执行率
|得分

|
|年度资金总额
|90.50
|100
|100
|10
|100%
|10.00

|
|  其中：  一般公共预算：99.5万元
|其中：基本支出：100

|
|纳入专户管理的非税收入拨款：
|0.5

|绩
效
|一级指标
|二级指标
|三级指标
|年度
指标值
|实际
完成值
|分值
|得分
|偏差原因

|
|满意度指标
（10分）
|满意度指标
|公众满
意度
|≥90%
|92%
|10
|9
|说明在
下一行

|总分
|98.5

这里是正文，支出12万元。
"""


def test_one_cell_a_line_becomes_rows():
    (table,) = tables_of(WORD)
    assert table.table_code == "pf02"
    assert figures(table) == {
        ("funds.total", "initial_budget", "90.50", "万元"),
        ("funds.total", "adjusted_budget", "100", "万元"),
        ("funds.total", "final", "100", "万元"),
        ("funds.total", "full_score", "10", ""),
        ("funds.total", "completion_rate", "100", "%"),
        ("funds.total", "score", "10.00", ""),
        ("funds.general_public_budget", "amount", "99.5", "万元"),
        ("funds.basic", "amount", "100", "万元"),
        ("funds.non_tax_special_account", "amount", "0.5", "万元"),
        ("indicator_group.satisfaction", "full_score", "10", "分"),
        ("indicator.satisfaction.1", "target", "90", "≥%"),
        ("indicator.satisfaction.1", "actual", "92", "%"),
        ("indicator.satisfaction.1", "full_score", "10", ""),
        ("indicator.satisfaction.1", "score", "9", ""),
        ("total_score", "score", "98.5", ""),
    }
    assert not table.problems
    text = WORD.split("\n")
    assert text[table.last_line - 1] == "|98.5"


# -- text that lost its columns ---------------------------------------------------------------------


def test_detail_of_expenditure_with_a_broken_label_and_a_dash():
    (table,) = tables_of("""
整体支出明细表

项目 预算数（万元） 决算数（万元） 执行率

一、基本支出 100.00 90.00 90.00%

公用经费 20.00 - -

二、项目支出 50.00 40.00 80.00 %

很长很长很长的
项目名称
30.00 20.00 66.67%

丙项目 20.00 20.00

后面的正文没有数字，

一行又一行，

再来一行，最后是 12 34 56
""")
    assert figures(table) == {
        ("basic_expenditure", "budget", "100.00", "万元"),
        ("basic_expenditure", "final", "90.00", "万元"),
        ("basic_expenditure", "completion_rate", "90.00", "%"),
        ("public_expenditure", "budget", "20.00", "万元"),
        ("project_expenditure", "budget", "50.00", "万元"),
        ("project_expenditure", "final", "40.00", "万元"),
        ("project_expenditure", "completion_rate", "80.00", "%"),
        ("project.1", "budget", "30.00", "万元"),
        ("project.1", "final", "20.00", "万元"),
        ("project.1", "completion_rate", "66.67", "%"),
    }
    assert {c.row_label for c in table.cells if c.line_item == "project.1"} == {"很长很长很长的项目名称"}
    assert [p.detail for p in table.problems] == [
        "20.00, value 1 of 2 in the row 丙项目",
        "20.00, value 2 of 2 in the row 丙项目",
    ]


def test_scores_are_read_at_every_place():
    text = "评价内容 权重 标准分值 评价得分\n\n预算执行 20% 20 18\n\n综合绩效 100% 100 96.5\n\n下文。\n"
    first, second = tables_of(text + text.replace(" ", "|"))
    for table in (first, second):
        assert table.table_code == "pf05"
        assert figures(table) == {
            ("evaluation.budget_execution", "weight", "20", "%"),
            ("evaluation.budget_execution", "full_score", "20", ""),
            ("evaluation.budget_execution", "score", "18", ""),
            ("total_score", "weight", "100", "%"),
            ("total_score", "full_score", "100", ""),
            ("total_score", "score", "96.5", ""),
        }


WRAPPED = """
某单位整体绩效自评表
日期：2024 年 03 月 21 日
基本支出总额 80.50
项目支
出总额
19.50
预算执行情况
（万元）
预算数（A）
执行数
（B）
执行率（B/A）
部门整体支
出总额
1,100.00 100.00 9.09%
年度目标 1：做好工作
二级指标 三级指标
年初目
标值
实际完成
值
产出
指标
数量指标
统筹安排各类大会
议次数
根据实
际情况
47 次
制发正式的文件和
材料件数
≥25
件
36 件
编写长短文章并且
被采用
1 篇
《甲乙
丙》等
2 篇作
为采用
质量指标
备案审查全覆盖率 100% 99%
说不清楚的指标名
8 个
偏差大或目标未
"""


def test_wrapped_indicators_keep_only_what_is_certain():
    (table,) = tables_of(WRAPPED)
    assert figures(table) == {
        ("funds.basic", "final", "80.50", "万元"),
        ("funds.project", "final", "19.50", "万元"),
        ("funds.total", "budget", "1,100.00", "万元"),
        ("funds.total", "final", "100.00", "万元"),
        ("funds.total", "completion_rate", "9.09", "%"),
        ("indicator.quantity.1", "actual", "47", "次"),
        ("indicator.quantity.2", "target", "25", "≥件"),
        ("indicator.quantity.2", "actual", "36", "件"),
        ("indicator.quantity.3", "target", "1", "篇"),
        ("indicator.quality.4", "target", "100", "%"),
        ("indicator.quality.4", "actual", "99", "%"),
    }
    labels = {c.line_item: c.row_label for c in table.cells}
    assert labels["indicator.quantity.1"] == "统筹安排各类大会议次数"
    assert labels["indicator.quantity.2"] == "制发正式的文件和材料件数"
    assert labels["indicator.quality.4"] == "备案审查全覆盖率"
    assert [(p.code, p.detail[:2]) for p in table.problems] == [
        ("number_in_text", "2篇"),
        ("indicator_unplaced", "8个"),
    ]


CLASSIFIED = """
某办公室整体绩效自评表
基本支出总额 70.84 项目支出总额 15.12
负责 61 家企业的工作
三级指标
指标分
类
年初目标值（A） 实际完成值（B）
预算调整率
(预算调整数/
预算数)×
100%
绩效基
本型
5.25% 5.25%
会议费控制
项目支
率
绩效基
本型
100% 100%
预算编制合
理性
绩效基
本型
合理 合理
偏差大或
目标未完成
"""


def test_interleaved_cells_land_only_under_an_unbroken_name():
    (table,) = tables_of(CLASSIFIED)
    assert figures(table) == {
        ("funds.basic", "final", "70.84", ""),
        ("funds.project", "final", "15.12", ""),
        ("indicator.management.1", "target", "5.25", "%"),
        ("indicator.management.1", "actual", "5.25", "%"),
    }
    broken_apart = line_number(CLASSIFIED, "100% 100%")
    assert [(p.code, p.line_no) for p in table.problems] == [
        ("number_in_text", line_number(CLASSIFIED, "负责 61")),
        ("indicator_unplaced", broken_apart),
        ("indicator_unplaced", broken_apart),
    ]
    assert table.last_line == line_number(CLASSIFIED, "偏差大或") - 1


# -- no annex ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "目录\n一、整体支出绩效自评表\n二、项目支出绩效自评表\n\n第一部分 概况\n",
        "五、2023年度整体支出绩效自评表\n（附后）\n2024 年 3 月 26 日\n",
        "评价内容 权重 标准分值 评价得分\n\n（见附表）\n",
        "整体支出明细表\n项目 预算数（万元） 决算数（万元） 执行率\n（图片）\n",
    ],
)
def test_a_title_without_its_form_is_no_table(text):
    assert tables_of(text) == []


# -- the real documents ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REAL)
def test_real_annexes_land_as_read(name):
    """Truth was typed from the documents: tests/corpus/truth/<name>_annex_cells.csv."""
    path = DOCUMENTS / REAL[name]
    if not path.exists():
        pytest.skip("the real documents are not here (../shared/documents)")
    with (TRUTH / f"{name}_annex_cells.csv").open(encoding="utf-8", newline="") as file:
        truth = {
            (
                r["table_code"], r["table_no_in_annex"], r["line_item"], squeeze(r["row_label"]),
                r["measure"], r["value_text"], r["unit_text"],
            )
            for r in csv.DictReader(file)
        }  # fmt: skip
    tables = annex_tables(read(path.read_bytes()).lines, "2023")
    landed = [
        (
            t.table_code, str(n), c.line_item, squeeze(c.row_label),
            c.measure, c.value_text, c.unit_text,
        )
        for n, t in enumerate(tables, start=1)
        for c in t.cells
    ]  # fmt: skip
    assert len(landed) == len(set(landed))
    assert set(landed) - truth == set()
    assert truth - set(landed) == set()
    for table in tables:
        places = [(c.row_no, c.column_no) for c in table.cells]
        assert len(places) == len(set(places))
        assert all(table.first_line < c.line_no <= table.last_line for c in table.cells)
