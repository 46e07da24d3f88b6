"""Proofreading: figures read from pictures are set right by the identities or reported, never
silently wrong."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.extract.document import draft_document
from flows.extract.model import (
    Box,
    CellDraft,
    Grid,
    GridCell,
    Line,
    Page,
    ProblemDraft,
    Reading,
    Recognition,
    TableDraft,
)
from flows.extract.tables.identities import identities
from flows.extract.tables.proofread import proofread
from flows.land import land_document
from tests.corpus.generate import random_account

SURE = Recognition(0.999)
# What a digit is misread as.
LIKE = {
    "0": "86",
    "1": "7",
    "2": "7",
    "3": "85",
    "4": "9",
    "5": "63",
    "6": "50",
    "7": "12",
    "8": "30",
    "9": "4",
}


def table(table_code, rows, unit="万元"):
    """`rows` are (line_item, measure, text, recognition); each stands on a line of its own."""
    cells = tuple(
        CellDraft(n, 1, 1, n, "", item, item, "", measure, text, "", "ocr", "ocr", "", recognition)
        for n, (item, measure, text, recognition) in enumerate(rows, start=1)
    )
    return TableDraft(table_code, "", unit, 1, 1, 1, len(cells), len(cells), 1, False, "ocr", cells)


def read(*tables):
    """Texts by table code, line item and measure, and (code, detail) of the problems."""
    proved, problems = proofread(tables, "万元", identities())
    texts = {(t.table_code, c.line_item, c.measure): c.value_text for t in proved for c in t.cells}
    return texts, [(problem.code, problem.detail) for problem in problems]


def gk05(total, basic, project, row="function.total"):
    return table("gk05", [(row, "total", *total), (row, "basic", *basic), (row, "project", *project)])


def test_the_reading_that_satisfies_the_sum_wins_and_both_are_reported():
    texts, problems = read(
        gk05(("563.56", SURE), ("437.65", SURE), ("128.91", Recognition(0.6, ("125.91", "120.91"))))
    )
    assert texts["gk05", "function.total", "project"] == "125.91"
    assert problems == [
        ("ocr_corrected", "128.91 → 125.91 · function.total gk05 project · by gk05_row-total")
    ]


def test_no_reading_is_made_up():
    texts, problems = read(
        gk05(("563.56", SURE), ("437.65", SURE), ("128.91", Recognition(0.6, ("120.91",))))
    )
    assert texts["gk05", "function.total", "project"] == "128.91"
    assert [code for code, _ in problems] == ["ocr_uncertain"] * 3
    assert problems[2][1] == "128.91 or 120.91 · function.total gk05 project · breaks gk05_row-total"


def test_two_readings_that_satisfy_equally_well_decide_nothing():
    texts, problems = read(
        gk05(
            ("566.56", Recognition(0.6, ("563.56",))),
            ("437.65", SURE),
            ("125.91", Recognition(0.6, ("128.91",))),
        )
    )
    assert texts["gk05", "function.total", "total"] == "566.56"
    assert texts["gk05", "function.total", "project"] == "125.91"
    assert {code for code, _ in problems} == {"ocr_uncertain"} and len(problems) == 3


def test_one_sum_does_not_prove_two_changes():
    texts, problems = read(
        gk05(
            ("563.56", SURE),
            ("437.05", Recognition(0.6, ("437.65",))),
            ("126.01", Recognition(0.6, ("125.91",))),
        )
    )
    assert texts["gk05", "function.total", "basic"] == "437.05"
    assert {code for code, _ in problems} == {"ocr_uncertain"}


def test_a_figure_that_is_printed_in_two_tables_is_read_alike():
    texts, problems = read(
        table("gk01", [("revenue.other", "final", "8.13", Recognition(0.5, ("3.13",)))]),
        table("gk02", [("function.total", "other", "3.13", SURE)]),
    )
    assert texts["gk01", "revenue.other", "final"] == "3.13"
    assert problems[0][0] == "ocr_corrected" and "gk01_gk02_other" in problems[0][1]


def test_the_last_digit_that_rounding_hides_is_reported():
    rows = [(f"expenditure.class.{code}", "final", "1.00", SURE) for code in range(201, 212)]
    doubtful = ("expenditure.class.212", "final", "1.03", Recognition(0.6, ("1.05",)))
    total = ("expenditure.total_current", "final", "12.03", SURE)
    texts, problems = read(table("gk01", [*rows, doubtful, total]))
    assert texts["gk01", "expenditure.class.212", "final"] == "1.03"
    assert problems == [("ocr_uncertain", "1.03 or 1.05 · expenditure.class.21 gk01 final · fits as well")]


def test_a_figure_in_no_identity_is_reported_where_it_is_unclear():
    rows = [("", "", "17.50", Recognition(0.7, ("11.50",))), ("", "", "3.20", SURE)]
    _, problems = read(table("unknown", rows))
    assert [code for code, _ in problems] == ["ocr_unproved"]
    assert problems[0][1].startswith("17.50 or 11.50")


def test_printed_figures_are_given_and_their_own_errors_are_not_ours():
    _, problems = read(gk05(("563.56", None), ("437.65", None), ("128.91", None)))
    assert problems == []
    _, problems = read(gk05(("563.56", None), ("437.65", SURE), ("128.91", None)))
    assert [detail.split()[0] for _, detail in problems] == ["437.65"]


def test_a_digit_too_many_is_told_by_the_decimals_of_the_table():
    """905.311 is within the tolerance of the sum, and still nothing that this table prints."""
    rows = [
        ("revenue.general_public_budget", "final", "905.31", SURE),
        ("revenue.government_fund", "final", "0.00", SURE),
        ("revenue.state_capital", "final", "0", SURE),
        ("revenue.total_current", "final", "905.311", Recognition(0.7, ("905.31",))),
    ]
    texts, problems = read(table("gk04", rows))
    assert texts["gk04", "revenue.total_current", "final"] == "905.31"
    assert [code for code, _ in problems] == ["ocr_corrected"]


def test_what_is_left_of_a_rule_is_reported_for_its_decimals():
    rows = [("revenue.grand_total", "final", "905.30", SURE), ("revenue.state_capital", "final", "1", SURE)]
    _, problems = read(table("gk04", rows))
    assert problems == [
        ("ocr_uncertain", "1 · revenue.state_capita gk04 final · breaks gk04 has other decimals")
    ]


def gk07(rows):
    """Rows of a code and the texts of some measures."""
    cells = [
        (f"function.{code}", measure, text, SURE) for code, texts in rows for measure, text in texts.items()
    ]
    return table("gk07", cells)


def test_parts_without_their_total_are_reported_whatever_their_columns_add_up_to():
    """The numbers of a table without verticals, a column further right than printed."""
    _, problems = read(
        gk07([("208", {"basic": "973.27"}), ("20822", {"basic": "973.27"}), ("2082299", {"basic": "973.27"})])
    )
    assert [(code, detail.split(" · ")[2]) for code, detail in problems] == [
        ("ocr_uncertain", f"no total for gk07_row_expenditure-{code}") for code in ("208", "20822", "2082299")
    ]


def test_parts_beside_their_total_or_of_nothing_are_not_reported():
    rows = [("208", {"total": "973.27", "basic": "973.27"}), ("212", {"basic": "0.00"})]
    assert read(gk07(rows))[1] == []


@pytest.mark.parametrize(
    ("others", "text", "offered", "meant"),
    [
        (("1,200.00", "22,300.10", "1,022.35"), "1528.15", "1,528.15", "1,528.15"),
        (("1200.00", "22300.10", "1022.35"), "1,528.15", "1528.15", "1528.15"),
        (("1,200.00", "22,300.10", "1,022.35"), "1528.15", "1,523.15", "1528.15"),  # another number
        (("1,200.00", "22300.10", "1,022.35"), "1528.15", "1,528.15", "1528.15"),  # no habit
        (("120.00", "223.10", "22.35"), "1528.15", "1,528.15", "1528.15"),  # nothing tells
    ],
)
def test_the_commas_of_a_table_are_those_of_its_other_numbers(others, text, offered, meant):
    rows = [(f"economic.3010{n}", "final", other, SURE) for n, other in enumerate(others, start=1)]
    doubtful = ("economic.30201", "final", text, Recognition(0.99, (offered,)))
    texts, problems = read(table("gk06", [*rows, doubtful]))
    assert texts["gk06", "economic.30201", "final"] == meant
    place = "economic.30201 gk06 final"
    corrected = [("ocr_corrected", f"{text} → {meant} · {place} · by the commas of the table")]
    assert problems == (corrected if text != meant else [])


def test_offices_that_cut_amounts_off_are_not_corrected():
    """Four parts cut off may be 0.03 short of their total. A sum without doubtful figures shows that
    the office does so, and the other sum then is no proof of a misreading."""
    classes = [f"expenditure.class.{code}" for code in range(201, 205)]
    doubtful = Recognition(0.6, ("2.04",))

    def tables(total_of_sure_figures):
        return (
            table(
                "gk01",
                [
                    *((item, "final", "1.01", SURE) for item in classes),
                    ("expenditure.total_current", "final", total_of_sure_figures, SURE),
                ],
            ),
            table(
                "gk04",
                [
                    *((item, "total", "0.51", SURE) for item in classes),
                    ("expenditure.total_current", "total", "2.07", doubtful),
                ],
            ),
        )

    texts, _ = read(*tables("4.07"))
    assert texts["gk04", "expenditure.total_current", "total"] == "2.07"
    texts, _ = read(*tables("4.04"))
    assert texts["gk04", "expenditure.total_current", "total"] == "2.04"


# -- accounts made up at random ----------------------------------------------------------------------


def tables_of(account):
    return [
        table(
            code,
            [(c.line_item, c.measure, c.value_text, SURE) for c in account.cells if c.table_code == code],
        )
        for code in account.printed_tables
    ]


def misread(random, text):
    """The texts that one digit of `text` makes it look like."""
    place = random.choice([n for n, character in enumerate(text) if character.isdigit()])
    return tuple(text[:place] + digit + text[place + 1 :] for digit in LIKE[text[place]])


def corrupted(random, tables, wrong_count, doubtful_share):
    """The tables with some figures misread, the truth among their other readings, and some in doubt
    that are right. Also the places of the misread ones: table and cell."""
    places = [(t, c) for t, drafted in enumerate(tables) for c in range(len(drafted.cells))]
    wrong = set(random.sample(places, wrong_count))
    spoilt = [list(drafted.cells) for drafted in tables]
    for t, c in places:
        cell = spoilt[t][c]
        others = misread(random, cell.value_text)
        if (t, c) in wrong:
            recognition = Recognition(0.6, (cell.value_text, *others[1:]))
            spoilt[t][c] = replace(cell, value_text=others[0], recognition=recognition)
        elif random.random() < doubtful_share:
            spoilt[t][c] = replace(cell, recognition=Recognition(0.8, others))
    return [
        replace(drafted, cells=tuple(cells)) for drafted, cells in zip(tables, spoilt, strict=True)
    ], wrong


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 8), st.sampled_from((0.0, 0.3, 0.6)))
@example(seed=2, wrong_count=8, doubtful_share=0.3)
def test_a_misread_figure_is_set_right_or_reported(seed, wrong_count, doubtful_share):
    random = Random(seed)
    truth = tables_of(random_account(random))
    tables, wrong = corrupted(random, truth, wrong_count, doubtful_share)
    proved, problems = proofread(tables, "万元", identities())
    reported = {(p.line_no, p.detail.split()[0]) for p in problems}
    for t, drafted in enumerate(proved):
        for c, cell in enumerate(drafted.cells):
            was, should_be = tables[t].cells[c].value_text, truth[t].cells[c].value_text
            if (t, c) in wrong:
                assert cell.value_text == should_be or (cell.line_no, was) in reported
            else:
                assert cell.value_text == should_be  # what is right is never set wrong


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_what_is_read_right_and_clearly_stays_and_is_not_reported(seed, zeros):
    tables = tables_of(random_account(Random(seed), zeros))
    assert proofread(tables, "万元", identities()) == (tables, [])


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_the_same_every_time_and_in_any_order_of_the_tables(seed):
    random = Random(seed)
    tables, _ = corrupted(random, tables_of(random_account(random)), 4, 0.3)
    proved, problems = proofread(tables, "万元", identities())
    assert (proved, problems) == proofread(tables, "万元", identities())
    turned, turned_problems = proofread(tables[::-1], "万元", identities())
    assert turned[::-1] == proved
    assert {(p.line_no, p.code) for p in turned_problems} == {(p.line_no, p.code) for p in problems}


def test_most_misread_figures_are_set_right():
    found = total = 0
    for seed in range(20):
        random = Random(seed)
        truth = tables_of(random_account(random))
        tables, wrong = corrupted(random, truth, 3, 0.2)
        proved, _ = proofread(tables, "万元", identities())
        total += len(wrong)
        found += sum(proved[t].cells[c].value_text == truth[t].cells[c].value_text for t, c in wrong)
    assert found >= 0.85 * total


# -- from a reading to its draft -----------------------------------------------------------------------


def scanned(rows, recognition, title="一般公共预算财政拨款支出决算表"):
    """A page with a title and a ruled table: `rows` of texts, each cell with its recognition."""
    titles = ["2023年度部门决算", "部门：某县水利局", title, "单位：万元"]
    lines = [Line(1, n, text, None, SURE) for n, text in enumerate(titles, start=1)]
    cells = []
    for r, texts in enumerate(rows):
        lines.append(Line(1, len(lines) + 1, "\t".join(texts), None, SURE))
        cells += [
            GridCell(r, c, text, 1, 1, 1, lines[-1].line_no, Box(c * 50, r * 20, c * 50 + 50, r * 20 + 20),
                     recognition.get((r, c), SURE))
            for c, text in enumerate(texts)
        ]  # fmt: skip
    grid = Grid(1, 5, len(lines), len(rows), len(rows[0]), tuple(cells), Box(0, 0, 250, 20 * len(rows)))
    return lines, grid


ROWS = [
    ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
    ["", "合计", "26.50", "10.50", "16.00"],
    ["213", "农林水支出", "26.50", "10.50", "16.00"],
    ["21303", "水利", "26.50", "10.50", "16.00"],
    ["2130301", "行政运行", "26.50", "10.50", "10.00"],
]


def test_all_that_stands_in_a_picture_is_marked_and_proofread():
    lines, grid = scanned(ROWS, {(4, 4): Recognition(0.5, ("16.00", "18.00"))})
    said = Line(
        1,
        len(lines) + 1,
        "2023年度支出合计26.50万元。",
        None,
        Recognition(0.5, ("2023年度支出合计28.50万元。",)),
    )
    draft = draft_document(Reading("pdf+ocr", "application/pdf", (Page(1, (*lines, said), (grid,)),)))
    (drafted,) = draft.tables
    assert drafted.method == "ocr"
    assert {(cell.method, cell.confidence) for cell in drafted.cells} == {("ocr", "ocr")}
    assert [cell.value_text for cell in drafted.cells][-1] == "16.00"
    assert [(claim.value_text, claim.confidence) for claim in draft.claims] == [("26.50", "ocr")]
    found = {(problem.stage, problem.code) for problem in draft.problems}
    assert {("recognise", "ocr_corrected"), ("claims", "ocr_uncertain")} <= found


def test_text_beside_a_picture_stays_certain():
    lines, grid = scanned(ROWS[:-1], {})
    printed = [replace(line, recognition=None) for line in lines[:4]]
    said = Line(1, len(lines) + 1, "2023年度支出合计26.50万元。")
    draft = draft_document(
        Reading("pdf+ocr", "application/pdf", (Page(1, (*printed, *lines[4:], said), (grid,)),))
    )
    assert [table.method for table in draft.tables] == ["ocr"]
    assert [claim.confidence for claim in draft.claims] == ["certain"]


def test_column_numbers_with_one_misread_are_no_figures():
    rows = [
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出"],
        ["", "", "1", "7", "3", "4", "5"],
        ["", "合计", "26.50", "10.50", "16.00", "", ""],
        ["213", "农林水支出", "26.50", "10.50", "16.00", "", ""],
    ]
    lines, grid = scanned(rows, {}, "支出决算表")
    draft = draft_document(Reading("pdf+ocr", "application/pdf", (Page(1, tuple(lines), (grid,)),)))
    assert [cell.value_text for cell in draft.tables[0].cells] == ["26.50", "10.50", "16.00"] * 2
    assert draft.problems == []


# -- what the landing says of it -------------------------------------------------------------------------


def landed(monkeypatch, reading):
    monkeypatch.setattr("flows.land.dispatch.read", lambda data, on_page=None: reading)
    return land_document("scan.pdf", b"%PDF-1.7 scan")


def test_a_document_with_figures_in_doubt_is_partial_and_its_figures_say_ocr(monkeypatch):
    lines, grid = scanned(ROWS, {(4, 4): Recognition(0.5, ("18.00",))})
    rows = landed(monkeypatch, Reading("pdf+ocr", "application/pdf", (Page(1, tuple(lines), (grid,)),)))
    (document,) = rows["landed_documents"]
    assert document["status"] == "partial"
    assert "个图像中的数字识别存疑 / " in document["status_reason"]
    assert {(cell["method"], cell["confidence"]) for cell in rows["landed_cells"]} == {("ocr", "ocr")}
    assert {table["method"] for table in rows["landed_tables"]} == {"ocr"}


@pytest.mark.parametrize("is_installed", [True, False])
def test_pages_that_are_pictures_name_the_extra_where_it_is_missing(monkeypatch, is_installed):
    monkeypatch.setattr("flows.land.ocr.available", lambda: is_installed)
    lines = tuple(
        Line(1, n, text) for n, text in enumerate(["某县水利局2023年度部门决算", "支出合计20万元。"], 1)
    )
    problem = ProblemDraft(2, 0, "read", "page_without_text", "")
    rows = landed(monkeypatch, Reading("pdf", "application/pdf", (Page(1, lines), Page(2, ())), (problem,)))
    reason = rows["landed_documents"][0]["status_reason"]
    assert rows["landed_documents"][0]["status"] == "partial", reason
    assert ("make ocr" in reason) is not is_installed
