"""Lost columns in the forms of all layout families: what is not called ambiguous is right."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.extract import document
from flows.extract.tables.identities import identities
from flows.extract.tables.infer import _instances, _Model
from flows.land import land_document
from tests.corpus import render_txt
from tests.corpus.cells import compare, landed_cells
from tests.corpus.layouts import account_for, book, layout, layouts, render, truth

NAMES = st.sampled_from([family.name for family in layouts() if not family.annexes])


def blanked(name: str, seed: int, share: float = 0.0):
    """A small document of a family with every zero blank, and `share` of its figures besides: its text
    without columns, and the figures that are left."""
    family = replace(layout(name), zero="", void="", rows=4)
    account = account_for(family, seed)
    random, gone = Random(seed), set()

    def row(table_code, cells):
        kept = []
        for cell in cells:
            if cell and cell.figure and random.random() < share:
                gone.add((table_code, *cell.figure))
                cell = replace(cell, text="", figure=None)
            kept.append(cell)
        return tuple(kept)

    made = book(account, family)
    sheets = tuple(replace(s, body=tuple(row(s.table_code, r) for r in s.body)) for s in made.sheets)
    left = [c for c in truth(account, family) if (c.table_code, c.line_item, c.measure) not in gone]
    return render_txt.render_book(replace(made, sheets=sheets), "columnless").encode(), left


@settings(max_examples=12, deadline=None, derandomize=True)
@given(NAMES, st.integers(0, 10**6))
def test_blank_zeros_never_make_a_wrong_figure(name, seed):
    data, left = blanked(name, seed)
    score = compare(left, landed_cells(land_document(name, data), ("certain", "inferred")))
    assert (list(score.wrong), list(score.invented)) == ([], [])
    assert len(score.right) > 0.9 * len(left)


@settings(max_examples=5, deadline=None, derandomize=True)
@given(NAMES, st.integers(0, 10**6))
def test_figures_that_are_left_out_never_make_a_wrong_figure_certain(name, seed):
    data, left = blanked(name, seed, share=0.02)
    score = compare(left, landed_cells(land_document(name, data), ("certain",)))
    assert (list(score.wrong), list(score.invented)) == ([], [])


def test_the_solver_finds_that_no_identity_is_broken(monkeypatch):
    """With the presolve that is switched off, it proved 22 broken identities to be the fewest."""
    taken = []

    def take(rows, given_identities):
        taken.extend(rows)
        return place(rows, given_identities)

    place = document.place
    monkeypatch.setattr(document, "place", take)
    family = layout("yunnan_2018")
    land_document("yunnan", render(account_for(family, 1), family, "columnless"))
    options = [list(combinations(range(len(row.measures)), len(row.amounts))) for row in taken]
    model = _Model(taken, options, _instances(taken, identities()), may_break=True, effort=5.0)
    assert model.solve() is not None
    assert model.broken_now == []
