"""Documents that are wrong, endless or made to hurt: landed with their reason, and in time."""

import time
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruled_pdf import RuledPdf

from flows.extract.document import draft_document
from flows.extract.readers.pdf import read
from flows.extract.tables import infer
from flows.extract.tables.identities import identities
from flows.extract.tables.infer import RowToPlace, place
from flows.land import land_document
from tests.corpus import render_txt
from tests.corpus.generate import random_account

HEAD = "东海市南山区委办公室2023年度部门决算\n单位：万元\n"
FUNCTION = HEAD + "2023年度支出决算表\n栏次\n"
TWO_SIDED = HEAD + "2023年度收入支出决算总表\n栏次\n"
SECONDS = 20.0  # far above what they take, far below what they took


def landed(text):
    rows = land_document("x.txt", text.encode())
    assert "reading failed" not in rows["landed_documents"][0]["status_reason"]
    return rows


def problems_of(rows):
    return [(row["code"], row["detail"].split(" ")[0]) for row in rows["landed_problems"]]


@pytest.mark.parametrize(
    "text",
    [
        TWO_SIDED + "收入 ² ① 31 1.00 ٣٣ ٣.٣٣",
        TWO_SIDED + "收入 " + "3" * 5000 + " 1.00 5 1.00",
        FUNCTION + "合计 ² 1.00 ١.٠٠\n201 ½ 1.00",
    ],
)
def test_digits_that_are_no_numbers_are_no_surprise(text):
    landed(text)


@pytest.mark.parametrize("number", ["9" * 30 + ".99", "0." + "1" * 40, "72.8830206"])
def test_numbers_that_ran_into_each_other_are_problems_and_no_figures(number):
    rows = landed(FUNCTION + f"合计 {number} 3.00\n2010101 行政运行 3.00 2.00 1.00")
    assert number not in {row["value_text"] for row in rows["landed_cells"]}
    assert {row["line_item"] for row in rows["landed_cells"]} <= {"function.2010101", ""}
    assert ("unclaimed_number", number[:40]) in problems_of(rows)


def test_a_long_number_in_tabs_or_in_the_narrative_is_a_problem_and_no_figure():
    long = "1" * 20 + ".00"
    table = "2023年度支出决算表\n科目编码\t科目名称\t本年支出合计\t基本支出\n"
    rows = landed(HEAD + table + f"2010101\t行政运行\t{long}\t1.00\n第二部分 说明\n本年支出合计{long}万元。")
    assert [row["value_text"] for row in rows["landed_cells"]] == ["1.00"]
    assert rows["landed_claims"] == []
    assert [row["stage"] for row in rows["landed_problems"] if row["detail"].startswith(long)] == [
        "recognise",
        "claims",
    ]


@pytest.mark.parametrize(
    "text",
    [
        TWO_SIDED + "某 31\n" + "某某 " * 30_000,
        TWO_SIDED + "一、一般公共预算财政拨款收入 1 某 31\n" + "某某 某 1 " * 20_000,
        FUNCTION + "合计 某\n" * 30_000,
        HEAD + "2023年度支出决算表\n" + "合计\n" * 30_000 + "栏次\n合计 1.00",
        FUNCTION + "合计 1.00 \n" + "2010101 某某 1.00 1.00\n" * 10_000,
        HEAD + "2023年度支出决算表\n栏次\t1\n合计\t" + "1.00\t" * 10_000,
        HEAD + "2023年度支出决算表\n" + "某某\t某\n" * 10_000,
        HEAD + "2023年度支出决算表\n栏次\n合计 1.00\n" * 5_000,
        HEAD + "2023年度一般公共预算财政拨款基本支出决算明细表\n栏次\n301 1.00\n" + "某某\n" * 30_000,
    ],
    ids=["pending", "integers", "totals", "headers", "rows", "columns", "tabs", "titles", "economic"],
)
def test_endless_tables_are_read_in_time(text):
    start = time.monotonic()
    landed(text)
    assert time.monotonic() - start < SECONDS


@pytest.mark.parametrize("text", ["\n" * 300_000, "某" * 4_100_000])
def test_more_text_than_any_accounts_is_refused_with_a_reason(text):
    rows = landed(HEAD + text)
    assert rows["landed_documents"][0]["status"] == "rejected"
    assert "split it" in rows["landed_documents"][0]["status_reason"]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=8))
def test_shuffled_lines_and_lost_pieces_never_fail(seed, cuts):
    text = render_txt.render(random_account(Random(seed % 5)), "columnless" if seed % 2 else "tabbed")
    lines = text.split("\n")
    for a, b in cuts:
        i, j = a % len(lines), b % len(lines)
        lines[i], lines[j] = lines[j][: b % 7] + lines[i], lines[j][b % 7 :]
    landed("\n".join(lines))


# -- the effort of the solver ------------------------------------------------------------------


def contradictory(count):
    """Rows of table 03 with amounts that no arrangement adds up."""
    random, measures = Random(1), ("total", "basic", "project", "remitted", "operating", "subsidy")
    codes = ["total", "201", "20101", *(f"2010{n:03}" for n in range(100, 100 + count))]
    amounts = [tuple(Decimal(random.randint(1, 10**7)) for _ in range(3)) for _ in codes]
    return [
        RowToPlace("gk03", f"function.{code}", measures, row, (Decimal(50),) * 3)
        for code, row in zip(codes, amounts, strict=True)
    ]


def test_the_effort_is_bounded_for_all_solves_together(monkeypatch):
    spent = []
    solved = infer._Model._solved

    def counted(model):
        before = model.effort_left
        result = solved(model)
        spent.append(before - model.effort_left)
        return result

    monkeypatch.setattr(infer._Model, "_solved", counted)
    placements = place(contradictory(200), identities())
    assert sum(spent) < 1.5 * infer._EFFORT_AT_MOST
    assert {placement.confidence for placement in placements} == {"ambiguous"}


def test_what_is_not_proved_when_the_effort_ends_is_ambiguous(monkeypatch):
    measures = ("total", "basic", "project")
    amounts = (("9", "7", "2"), ("7", "7"), ("2", "2"))
    rows = [
        RowToPlace("gk05", f"function.{code}", measures, tuple(map(Decimal, row)), (Decimal(0),) * len(row))
        for code, row in zip(("total", "205", "208"), amounts, strict=True)
    ]
    assert [p.confidence for p in place(rows, identities())] == ["certain", "inferred", "inferred"]
    for limit in ("_EFFORT_AT_MOST", "_ARRANGEMENTS_AT_MOST"):
        with monkeypatch.context() as patch:
            patch.setattr(infer, limit, 0)
            assert [p.confidence for p in place(rows, identities())] == ["certain", "ambiguous", "ambiguous"]


def test_a_number_too_large_to_be_money_leaves_only_its_own_ties_unproved():
    measures = ("total", "basic", "project")
    amounts = {
        "gk05": (("9", "7", "2"), ("7", "7"), ("2", "2")),
        "gk03": (("9e40", "9e40"), ("7", "7"), ("2", "2")),
    }
    rows = [
        RowToPlace(table, f"function.{code}", measures, tuple(map(Decimal, row)), (Decimal(0),) * len(row))
        for table, table_rows in amounts.items()
        for code, row in zip(("total", "205", "208"), table_rows, strict=True)
    ]
    confidences = [p.confidence for p in place(rows, identities())]
    assert confidences[0] == "certain" and confidences[3] == "ambiguous"


# -- PDF with and without rules ----------------------------------------------------------------


def test_a_table_without_rules_beside_a_ruled_list_is_not_lost():
    pdf = RuledPdf()
    pdf.text(100, 60, "东海市南山区委办公室2023年度部门决算")
    pdf.table([["序号", "单位名称"], ["1", "某某局"]], (60, 200))
    pdf.page()
    pdf.text(200, 60, "2023年度一般公共预算财政拨款支出决算表")
    pdf.text(400, 75, "单位：万元")
    rows = ["栏次 1 2 3", "合计 9.00 7.00 2.00", "205 教育 7.00 7.00", "208 社保 2.00 2.00"]
    for n, row in enumerate(rows):
        pdf.text(100, 100 + 20 * n, row)
    pdf.page()
    pdf.text(200, 60, "2023年度收入决算表")
    pdf.text(60, 80, "第三部分 说明")
    draft = draft_document(read(pdf.bytes()))
    table, missing = draft.tables
    assert (table.table_code, table.first_page, table.printed_unit) == ("gk05", 2, "万元")
    assert {(c.line_item, c.measure, c.value_text) for c in table.cells if c.confidence == "inferred"} == {
        ("function.205", "total", "7.00"),
        ("function.205", "basic", "7.00"),
        ("function.208", "total", "2.00"),
        ("function.208", "project", "2.00"),
    }
    assert (missing.table_code, missing.cells) == ("gk02", ())
    assert [(p.page, p.code) for p in draft.problems] == [(3, "table_without_text")]


def test_a_ruled_table_is_not_read_again_as_text():
    pdf = RuledPdf()
    pdf.text(100, 60, "2023年度支出决算表")
    header = ["科目编码", "科目名称", "本年支出合计", "基本支出"]
    pdf.table([header, ["2010101", "行政运行", "1.00", "1.00"]], (80, 120, 100, 100))
    draft = draft_document(read(pdf.bytes()))
    assert [(t.table_code, len(t.cells)) for t in draft.tables] == [("gk03", 2)]


def test_an_annex_with_rules_lands_with_its_boxes():
    pdf = RuledPdf()
    pdf.text(150, 60, "2023年度整体支出绩效评价基础数据表")
    pdf.table(
        [
            ["财政供养人员情况(人)", "编制数", "2023年实际在职人数", "控制率"],
            ["", "12", "11", "91.67%"],
            ["经费控制情况(万元)", "2022年决算数", "2023年预算数", "2023年决算数"],
            ["三公经费", "1.50", "2.00", "1.25"],
            ["没有见过的行", "7", "", ""],
        ],
        (140, 110, 110, 110),
    )
    (table,) = draft_document(read(pdf.bytes())).tables
    assert (table.table_code, table.row_count, table.column_count) == ("pf01", 5, 4)
    assert {(c.line_item, c.measure, c.value_text, c.unit_text) for c in table.cells} == {
        ("staff", "authorised_staff", "12", "人"),
        ("staff", "actual_staff", "11", "人"),
        ("staff", "staff_control_rate", "91.67", "%"),
        ("three_public", "prior_year", "1.50", "万元"),
        ("three_public", "initial_budget", "2.00", "万元"),
        ("three_public", "final", "1.25", "万元"),
    }
    assert all(cell.box for cell in table.cells)
    assert [problem.code for problem in table.problems] == ["unclaimed_number"]
