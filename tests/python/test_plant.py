"""Planted errors: the document prints them, and what is said of them is true."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from random import Random

import pytest

from tests.corpus.layouts import account_for, layout
from tests.corpus.plant import changed_digit, kinds, level_of, number, plant
from tests.corpus.plant_cases import Case, clean_cases, make, planted_cases, told_book
from tests.corpus.planted_match import Document, Finding, explains, is_in_place, says_expected
from tests.corpus.render_txt import render_book


@pytest.fixture(scope="module")
def book():
    return told_book(account_for(layout("official_2021"), 1), layout("official_2021"), Random(1))


def _cells(book) -> dict[tuple[str, str, str], str]:
    return {
        (sheet.table_code, *cell.figure): cell.text
        for sheet in book.sheets
        for row in sheet.body
        for cell in row
        if cell and cell.figure
    }


@pytest.mark.parametrize("kind", [k for k in kinds() if k.startswith(("digit", "swapped", "blank"))])
def test_an_error_in_cells_changes_just_these_cells(book, kind):
    result = plant(kind, book, Random(2))
    if result is None:
        pytest.skip("this book has no such figure")
    made, error = result
    before, after = _cells(book), _cells(made)
    assert {place for place in before if after.get(place) != before[place]} == set(error.places)
    assert [before[place] for place in error.places] == list(error.expected)
    for place in error.places:
        assert kind.startswith("blank") or abs(number(after[place]) - number(before[place])) >= 1


@pytest.mark.parametrize("kind", [k for k in kinds() if k.startswith("words")])
def test_an_error_in_words_is_printed(book, kind):
    result = plant(kind, book, Random(3))
    if result is None:
        pytest.skip("this book has no such sentence")
    made, error = result
    assert len(set(made.narrative) - set(book.narrative)) == 1
    assert error.text not in book.narrative
    assert error.printed.rstrip("%") in error.text
    assert re.sub(r"\s", "", error.text) in re.sub(r"\s", "", render_book(made, "tabbed"))


def test_a_deleted_table_stays_in_the_contents(book):
    made, error = plant("table: deleted", book, Random(4))
    assert len(made.sheets) == len(book.sheets) - 1
    assert error.text in made.contents
    assert error.text not in [sheet.title for sheet in made.sheets]


def test_what_is_taken_holds_no_second_error(book):
    taken = frozenset({"gk03"})
    assert plant("digit: gk03 total", book, Random(5), taken) is None
    assert plant("digit: gk05 total", book, Random(5), taken) is not None


@pytest.mark.parametrize("text", ["1.00", "-12.34", "1,234.56", "100"])
def test_a_changed_digit_is_beyond_rounding(text):
    for seed in range(30):
        wrong = changed_digit(text, Random(seed))
        assert abs(number(wrong) - number(text)) >= 1
        assert len(wrong) == len(text)
        assert sum(a != b for a, b in zip(wrong, text, strict=True)) == 1


@pytest.mark.parametrize(
    ("line_item", "measure", "level"),
    [
        ("function.total", "basic", "total"),
        ("function.201", "basic", "class"),
        ("expenditure.class.208", "final", "class"),
        ("function.20131", "basic", "section"),
        ("function.2013101", "basic", "item"),
        ("economic.30101", "final", "section"),
        ("revenue.total_current", "final", "total"),
        ("revenue.other", "final", "row"),
        ("three_public", "final.total", "total"),
        ("three_public", "final.reception", "row"),
    ],
)
def test_levels(line_item, measure, level):
    assert level_of(line_item, measure) == level


def test_cases_are_the_same_each_time_and_name_every_class_of_departments_of_their_own():
    cases = planted_cases(0, 2)
    assert cases == planted_cases(0, 2)
    assert set(Counter(case.planted[0] for case in cases).values()) == {2}
    assert {case.planted[0] for case in cases} == set(kinds())
    numbers = [case.number for case in (*clean_cases(2), *cases)]
    assert len(numbers) == len(set(numbers))


def test_a_case_makes_the_same_bytes_each_time():
    case = Case("x", "official_2021", "docx", "0", 7, ("digit: gk03 total", "words: unit"))
    one, other = make(case), make(case)
    assert one == other
    assert [error.kind for error in one.planted] == list(case.planted)


def test_a_finding_is_matched_by_figure_place_and_value(book):
    _, error = plant("digit: gk03 total", book, Random(6))
    right = number(error.expected[0]) * 10_000
    document = Document("d", "d.txt", (error,))
    document.add_figure("wrong", "table", *error.places[0], 1, 9, 10_000)
    document.add_figure("other", "table", "gk03", "function.201", "basic", 1, 10, 10_000)

    def finding(figure_id: str, figures: str, expected: Decimal) -> Finding:
        return Finding("r", "major", 1, 9, figure_id, figures, "", "", expected, None, "")

    exact = finding("wrong", "wrong other", right + 50)
    assert explains(document, error, exact)
    assert is_in_place(document, error, exact)
    assert says_expected(document, error, exact)
    beside = finding("other", "other wrong", right)
    assert explains(document, error, beside)
    assert not is_in_place(document, error, beside)
    assert not explains(document, error, finding("other", "other", right))
    assert not says_expected(document, error, finding("wrong", "", right + 10_000))


def test_the_lines_of_an_error_in_words_are_found_where_they_break(book):
    _, error = plant("words: unit", book, Random(7))
    document = Document("d", "d.txt", (error,))
    half = len(error.text) // 2
    printed = [(1, 1, "别的"), (1, 2, error.text[:half]), (1, 3, error.text[half:]), (1, 4, "别的")]
    document.place(printed)
    assert document.lines == {error.text: {(1, 2), (1, 3)}}
