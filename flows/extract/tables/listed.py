"""The tables that forms add (gk10, gk11, gk12): items with one number each, as rows or as columns.

An item is a subject of the narrative's claims (agency_operating_expenses, vehicles.total,
procurement.goods …), so that table and narrative speak of the same fact in the same words. What is
counted (vehicles, equipment) has the measure `count`, what is paid the phase that its column says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.extract.model import GridCell
from flows.extract.normalise import has_words, squeeze
from flows.extract.tables.form import Figure, Form
from flows.extract.tables.vocabulary import (
    ECONOMIC_CODE,
    THREE_PUBLIC,
    is_counted,
    list_item_of,
    measure_of,
    number_and_unit,
    says_phase,
    unit_in_label,
    unit_kind,
)

_WHOLE = frozenset({"合计", "总计", "小计"})  # the row of a table by units that speaks of the department


def list_figures(form: Form) -> Iterator[Figure]:
    """The figures of a list, row by row."""
    items = {column: item for column in range(form.column_count) if (item := _item_of_column(form, column))}
    if len(items) > 1:
        yield from _across(form, {column: item for column, item in items.items()})
    else:
        yield from _down(form)


def _item_of_column(form: Form, column: int) -> tuple[str, str] | None:
    """What a column is about and what it measures, where its headers name an item."""
    path = form.path(column)
    names = [part for part in path if not says_phase(part)]
    item = next((item for part in reversed(names) if (item := list_item_of(form.table_code, part))), None)
    if item is None or not names or list_item_of(form.table_code, names[-1]) != item:
        return None
    phases = [part for part in path if says_phase(part)] or ["决算数"]
    measure = measure_of(form.table_code, phases, form.fiscal_year)
    return (item, _measure(item, measure, form.unit(column))) if measure else None


def _across(form: Form, items: dict[int, tuple[str, str]]) -> Iterator[Figure]:
    """Items as columns: the only row of numbers, or of several the one that is the whole."""
    rows = [cells for _, cells in form.body() if any(number_and_unit(cell.text) for cell in cells)]
    if len(rows) > 1:
        rows = [cells for cells in rows if _label(cells) in _WHOLE]
    for cells in rows:
        for cell in cells:
            if cell.column in items and number_and_unit(cell.text):
                item, measure = items[cell.column]
                yield Figure(cell, "", _label(cells), item, measure)


def _down(form: Form) -> Iterator[Figure]:
    """Items as rows, in one block or in several side by side: a number belongs to the label before it."""
    texts = (cell.text for row in form.rows for cell in row)
    with_three_public = any(THREE_PUBLIC in squeeze(text) for text in texts)
    values_beside_counts = {"count", "final"} <= set(form.measures.values())  # 数量 and 价值
    for _, cells in form.body():
        label, item, code = "", None, ""
        for cell in cells:
            number = number_and_unit(cell.text)
            coded = ECONOMIC_CODE.fullmatch(squeeze(cell.text))
            if coded and cell.column not in form.measures:
                code, label = coded[1], coded[2] or ""
                item = f"economic.{code}"
            elif number is None and has_words(cell.text) and not form.is_unit(cell.column):
                label = "".join(cell.text.split())
                item = f"economic.{code}" if code else list_item_of(form.table_code, label, with_three_public)
            elif number and item and cell.column in form.measures:
                unit = number[1] or form.unit_of_row(cells) or unit_in_label(label)
                measure = form.measures[cell.column]
                if not values_beside_counts:
                    measure = _measure(item, measure, unit or form.unit(cell.column))
                yield Figure(cell, code, label, item, measure, unit)


def _measure(item: str, measure: str, unit: str) -> str:
    """The measure of an item: final accounts of what is counted are counts."""
    counted = is_counted(item) and unit_kind(unit) != "money"
    return "count" if counted and measure == "final" else measure


def _label(cells: Sequence[GridCell]) -> str:
    texts = (squeeze(cell.text) for cell in cells)
    return next((text for text in texts if not number_and_unit(text)), "")
