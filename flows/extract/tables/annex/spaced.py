"""Reads annexes whose rows print a value, or a dash, for every header, with blanks between."""

from __future__ import annotations

import re

from flows.extract.model import Line, TableDraft
from flows.extract.normalise import squeeze
from flows.extract.tables.annex.drafting import Drafting, headers_in, words_of
from flows.extract.tables.annex.find import Annex
from flows.extract.tables.annex.knowledge import header_year, headers_of, line_item
from flows.extract.tables.annex.numbers import compact, known_number

_BLANKS = ("-", "—", "–", "－", "/")
_SENTENCE = re.compile(r"[，。；：:,;]|.{41}")  # no label: the text behind the table
_MAX_LABEL_LINES = 3  # more lines without a value than this are the text behind the table


def spaced_table(annex: Annex, fiscal_year: str) -> TableDraft | None:
    """A table whose rows are `label value value …`, the label perhaps begun on earlier lines.

    None where no row could be read: then the title was only the name of a table.
    """
    draft = Drafting(annex)
    code, is_titled = annex.table_code, annex.table_code != "pf05"
    year = header_year("".join(line.text for line in annex.lines), fiscal_year)
    headers = headers_of(code, year)
    columns = [] if is_titled else headers_in(squeeze(annex.title.text), headers)
    pending: list[str] = []
    parent, projects = "", 0
    for line in annex.lines:
        found = headers_in(squeeze(line.text), headers)
        if len(found) > 1:
            columns, pending = found, []
            continue
        words = words_of(line.text)
        values = _values_at_end(words)
        if not columns or not values:
            pending.append(compact(line.text))
            if len(pending) > _MAX_LABEL_LINES and columns:
                break
            continue
        label = "".join([*pending, *words[: len(words) - len(values)]])
        item = line_item(code, label)
        if _SENTENCE.search(label) or not label:
            break
        pending = []
        name = item.line_item if item else ""
        if not item and parent == "project_expenditure" and len(values) == len(columns):
            projects += 1
            name = f"project.{projects}"
        parent = name if item else parent
        if not name or len(values) != len(columns):
            _unplaced(draft, line, label, values)
            continue
        draft.row_no += 1
        for n, (column, value) in enumerate(zip(columns, values, strict=True), start=2):
            printed = known_number(value)
            if printed:
                draft.land(line, name, label, column, n, printed)
    if not draft.cells:
        return None
    return draft.table(compact(annex.title.text) if is_titled else "", draft.last)


def _values_at_end(tokens: list[str]) -> list[str]:
    count = 0
    while count < len(tokens) and (tokens[-1 - count] in _BLANKS or known_number(tokens[-1 - count])):
        count += 1
    return tokens[len(tokens) - count :]


def _unplaced(draft: Drafting, line: Line, label: str, values: list[str]) -> None:
    for n, value in enumerate(values, start=1):
        if known_number(value):
            detail = f"{value}, value {n} of {len(values)} in the row {label[:40]}"
            draft.problem(line, "unclaimed_number", detail)
    draft.last = line
