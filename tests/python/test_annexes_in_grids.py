"""Annexes whose tables kept their cells: the form without a title, and truths printed more than once."""

from __future__ import annotations

from grids import fields, tables

from tests.corpus.accounts import Cell
from tests.corpus.annexes import annex_sheets, annex_truth, projects_of
from tests.corpus.cells import compare
from tests.corpus.layouts import account_for, layout

SCORES = """
评价内容|权重|标准分值|评价得分
预算执行|20%|20|18
产出指标|80%|80|77
综合绩效|100%|100|95
"""


def test_the_header_row_announces_the_summary_of_scores() -> None:
    (found,) = tables("综合评分如下", fields(SCORES))
    assert found.table_code == "pf05"
    assert [(c.line_item, c.measure, c.value_text, c.unit_text) for c in found.cells] == [
        ("evaluation.budget_execution", "weight", "20", "%"),
        ("evaluation.budget_execution", "full_score", "20", ""),
        ("evaluation.budget_execution", "score", "18", ""),
        ("evaluation.output", "weight", "80", "%"),
        ("evaluation.output", "full_score", "80", ""),
        ("evaluation.output", "score", "77", ""),
        ("total_score", "weight", "100", "%"),
        ("total_score", "full_score", "100", ""),
        ("total_score", "score", "95", ""),
    ]
    assert found.problems == ()


def test_another_table_of_scores_stays_unknown() -> None:
    (found,) = tables("", fields(SCORES.replace("评价内容", "考核科室")))
    assert found.table_code == "unknown"


def test_the_annexes_repeat_the_accounts() -> None:
    account = account_for(layout("hunan_2023"), seed=1, rows=2)
    printed = {
        (c.table_code, c.line_item, c.measure): c.value_text
        for c in annex_truth(account, ("base", "overall_rates", "detail", "scores"))
    }
    spent = account.amount("gk03", "function.total", "project") / 10_000
    assert round(spent, 2) == round(sum(p.final for p in projects_of(account)) / 10_000, 2)
    assert printed["pf01", "project_expenditure", "final"] == f"{spent:.2f}"
    assert printed["pf04", "project_expenditure", "final"] == f"{spent:.2f}"
    assert printed["pf05", "evaluation.output", "full_score"] == "45"
    assert len([s for s in annex_sheets(account, ["projects"]) if s.table_code == "pf03"]) == 3


def test_a_place_that_is_printed_twice_is_compared_twice() -> None:
    one, two = Cell("pf03", "funds.total", "final", "1.00"), Cell("pf03", "funds.total", "final", "2.00")
    assert compare([one, two], [two, one]).is_perfect
    score = compare([one, two], [two])
    assert (len(score.right), score.missing) == (1, ((("pf03", "funds.total", "final"), "1.00"),))
