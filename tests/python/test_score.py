"""The score counts as it says: what is right, what is wrong, who says so, and what is too little."""

from __future__ import annotations

import pytest

from flows.land import LANDING, LandedRows
from tests.corpus import score_floor
from tests.corpus.accounts import Cell
from tests.corpus.cell_score import CellCounts, count_cells
from tests.corpus.score import chosen_cases, score
from tests.corpus.score_cases import cases
from tests.corpus.score_floor import broken_floors

A = Cell("gk05", "function.201", "total", "10.00")
B = Cell("gk05", "function.201", "basic", "4.00")


def _landed(*figures: tuple[str, str, str], problems: tuple[tuple[str, str], ...] = ()) -> LandedRows:
    """A landing with figures (measure, value_text, confidence) of 201 in table 05, on line 3, and
    problems (code, detail) of the same line."""
    rows: LandedRows = {name: [] for name in LANDING}
    rows["landed_tables"] = [{"table_no": "1", "table_code": "gk05"}]
    for measure, value, confidence in figures:
        rows["landed_cells"].append(
            {
                "table_no": "1", "page": "1", "line_no": "3", "line_item": "function.201",
                "measure": measure, "value_text": value, "confidence": confidence,
            }
        )  # fmt: skip
    for code, detail in problems:
        rows["landed_problems"].append({"page": "1", "line_no": "3", "code": code, "detail": detail})
    return rows


def _counts(counts: CellCounts) -> dict[str, int]:
    """The counts that are not 0."""
    return {name: count for name, count in vars(counts).items() if name != "examples" and count}


def test_right_and_missing_figures() -> None:
    counts = count_cells([A, B], _landed(("total", "10.00", "certain")))
    assert _counts(counts) == {"printed": 2, "right": 1, "missing": 1}


def test_a_wrong_figure_that_nothing_speaks_of_is_silent() -> None:
    counts = count_cells([A], _landed(("total", "16.00", "ocr")))
    assert _counts(counts) == {"printed": 1, "wrong": 1, "silent": 1}


@pytest.mark.parametrize("code", ["ocr_uncertain", "ocr_unproved"])
def test_a_wrong_figure_that_a_problem_names_is_flagged(code: str) -> None:
    problem = (code, "16.00 or 10.00 · 201 gk05 total · fits as well")
    counts = count_cells([A], _landed(("total", "16.00", "ocr"), problems=(problem,)))
    assert _counts(counts) == {"printed": 1, "wrong": 1, "flagged": 1}


def test_a_problem_about_another_figure_flags_nothing() -> None:
    problem = ("ocr_uncertain", "4.00 or 9.00 · 201 gk05 basic · fits as well")
    counts = count_cells([A], _landed(("total", "16.00", "ocr"), problems=(problem,)))
    assert counts.silent == 1


def test_a_correction_flags_nothing() -> None:
    problem = ("ocr_corrected", "16.00 → 10.00 · 201 gk05 total · by sum")
    counts = count_cells([A], _landed(("total", "16.00", "ocr"), problems=(problem,)))
    assert (counts.silent, counts.corrected) == (1, 1)


def test_invented_figures() -> None:
    counts = count_cells([A], _landed(("total", "10.00", "certain"), ("project", "6.00", "certain")))
    assert _counts(counts) == {"printed": 1, "right": 1, "invented": 1, "silent": 1}


def test_inferred_figures_say_so_and_certain_ones_do_not() -> None:
    inferred = count_cells([B], _landed(("basic", "10.00", "inferred")))
    assert (inferred.flagged, inferred.silent) == (1, 0)
    certain = count_cells([B], _landed(("basic", "10.00", "certain")))
    assert (certain.flagged, certain.silent) == (0, 1)


def test_ambiguous_figures_are_neither_missing_nor_wrong() -> None:
    counts = count_cells([A, B], _landed(("total", "10.00", "certain"), ("project", "4.00", "ambiguous")))
    assert _counts(counts) == {"printed": 2, "right": 1, "ambiguous": 1}


def test_figures_of_unknown_tables_count_by_their_value() -> None:
    rows = _landed(("total", "10.00", "certain"), ("", "7.00", "certain"))
    rows["landed_tables"][0]["table_code"] = "unknown"
    unknown = [Cell("unknown", "", "", value) for value in ("7.00", "8.00")]
    assert _counts(count_cells([], rows, unknown)) == {"printed": 2, "right": 1, "missing": 1}


# -- floors ----------------------------------------------------------------------------------------------


def _row(line: str, **counts: int) -> dict[str, object]:
    none = dict.fromkeys(("printed", "right", "wrong", "missing", "invented", "silent", "ambiguous"), 0)
    return {"line": line, **none, "stated": 0, "claims_right": 0, **counts}


def test_a_share_below_its_floor_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score_floor, "floors", lambda: {"scan *": {"right": 0.999}, "*": {"right": 1}})
    assert broken_floors([_row("scan 100 dpi/all", printed=1000, right=999)]) == []
    assert broken_floors([_row("docx/x", printed=1000, right=999)]) == [
        "docx/x: right 999 of 1000, at least 1"
    ]


def test_a_number_above_its_limit_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score_floor, "floors", lambda: {"*": {"silent": 0}})
    assert broken_floors([_row("a/b", silent=1)]) == ["a/b: silent 1, at most 0"]


def test_a_floor_that_does_not_exist_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score_floor, "floors", lambda: {"*": {"rihgt": 1}})
    with pytest.raises(ValueError, match="rihgt"):
        broken_floors([_row("a/b")])


def test_every_line_has_a_floor() -> None:
    names = dict.fromkeys(case.line for case in cases())
    assert not [m for m in broken_floors([_row(name) for name in names]) if "no pattern" in m]


# -- cases -----------------------------------------------------------------------------------------------


def test_lines_are_chosen_by_word_and_by_pattern() -> None:
    assert {case.line for case in chosen_cases(["docx/official"])} == {"docx/official_2021"}
    assert {case.format for case in chosen_cases(["xls/*_20*"])} == {"xls"}
    assert chosen_cases([]) == cases()


@pytest.mark.parametrize("form", ["docx", "html", "pdf", "xls", "xlsx", "tabbed"])
def test_a_document_of_each_format_is_read_without_a_fault(form: str) -> None:
    """What `make score` shows over all layouts, here for one document, so that a fall is seen soon."""
    line = score(chosen_cases([f"{form}/official_2021"])[0])
    assert line.counts["printed"] > 300 and line.counts["stated"] > 10
    assert broken_floors([line.as_row()]) == [], line.examples
