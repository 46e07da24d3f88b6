"""What the inference of lost columns promises, on accounts made up at random."""

from decimal import Decimal
from itertools import combinations, product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.extract.tables.identities import identities
from flows.extract.tables.infer import RowToPlace, place
from tests.corpus.accounts import MEASURES
from tests.corpus.generate import random_account

HALF = Decimal(50)  # half of 0.01 万元, in 元
TABLES = ("gk02", "gk03", "gk05")


def lost(account, table_codes=TABLES):
    """The account's rows as text without columns leaves them, and the columns they had."""
    rows, columns = [], []
    for table_code in table_codes:
        measures = MEASURES[table_code]
        for code in ["total", *account.codes(table_code)]:
            line_item = f"function.{code}"
            values = [account.value(table_code, line_item, measure) for measure in measures]
            kept = [n for n, value in enumerate(values) if value]
            amounts = tuple(Decimal(values[n].replace(",", "")) * 10_000 for n in kept)
            rows.append(RowToPlace(table_code, line_item, measures, amounts, (HALF,) * len(kept)))
            columns.append(tuple(kept))
    return rows, columns


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_a_column_that_is_not_marked_ambiguous_is_right(seed):
    rows, columns = lost(random_account(Random(seed)))
    for row, column, placement in zip(rows, columns, place(rows, identities()), strict=True):
        if placement.confidence != "ambiguous":
            assert placement.columns == column, (row, placement)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_rows_without_blanks_are_certain(seed):
    rows, columns = lost(random_account(Random(seed), zeros=True))
    placements = place(rows, identities())
    assert [p.columns for p in placements] == columns
    assert {p.confidence for p in placements} == {"certain"}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_of_the_rows_does_not_matter(seed):
    rows, _ = lost(random_account(Random(seed)), ("gk03", "gk05"))
    turned = place(rows[::-1], identities())[::-1]
    for one, other in zip(place(rows, identities()), turned, strict=True):
        assert one.confidence == other.confidence
        if one.confidence != "ambiguous":
            assert one.columns == other.columns


# A table of one class, its section and up to two items, small enough to try everything.
amounts_of_items = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(any), min_size=1, max_size=2
)


@settings(max_examples=60, deadline=None)
@given(amounts_of_items)
def test_an_arrangement_is_inferred_exactly_where_it_is_the_only_one(items):
    """Against all arrangements tried one by one, with the identities of table 03 written out."""
    measures = ("total", "basic", "project")
    codes = [f"201010{n}" for n in range(1, len(items) + 1)]
    sums = tuple(sum(item[n] for item in items) for n in (0, 1))
    figures = {code: (sum(item), *item) for code, item in zip(codes, items, strict=True)}
    figures |= dict.fromkeys(("total", "201", "20101"), (sum(sums), *sums))
    rows, columns = [], []
    for code in ("total", "201", "20101", *codes):
        kept = tuple(n for n, value in enumerate(figures[code]) if value)
        amounts = tuple(Decimal(figures[code][n]) for n in kept)
        rows.append(RowToPlace("gk03", f"function.{code}", measures, amounts, (Decimal(0),) * len(kept)))
        columns.append(kept)

    fitting = [
        arrangement
        for arrangement in product(*[combinations(range(3), len(row.amounts)) for row in rows])
        if _holds(rows, arrangement)
    ]
    assert tuple(columns) in fitting
    for n, placement in enumerate(place(rows, identities())):
        is_only = len({arrangement[n] for arrangement in fitting}) == 1
        if len(rows[n].amounts) == len(measures):
            assert placement.confidence == "certain"
        else:
            assert placement.confidence == ("inferred" if is_only else "ambiguous"), rows[n]


def _holds(rows, arrangement):
    cells = [[Decimal(0)] * 3 for _ in rows]
    for cell, row, columns in zip(cells, rows, arrangement, strict=True):
        for column, amount in zip(columns, row.amounts, strict=True):
            cell[column] = amount
    return all(total == basic + project for total, basic, project in cells) and all(
        cells[0][m] == cells[1][m] == cells[2][m] == sum(item[m] for item in cells[3:]) for m in range(3)
    )
