"""Reads self-evaluations whose columns are gone: the text of a PDF, a line a piece of a cell."""

from __future__ import annotations

import re
from itertools import pairwise

from flows.extract.model import Line, TableDraft
from flows.extract.normalise import squeeze
from flows.extract.tables.annex.classified import KIND_OF_INDICATOR, Classified
from flows.extract.tables.annex.drafting import Drafting, headers_in, words_of
from flows.extract.tables.annex.find import Annex
from flows.extract.tables.annex.knowledge import Column, header_year, headers_of, labels_of, line_item
from flows.extract.tables.annex.numbers import Printed, compact, known_number
from flows.extract.tables.annex.wrapped import Wrapped

_DATE = re.compile(r"(?:19|20)\d\d\s*年(?:\s*\d{1,2}\s*月)?(?:\s*\d{1,2}\s*日)?(?:度)?")


def indicator_table(annex: Annex, fiscal_year: str) -> TableDraft | None:
    """A self-evaluation: the funds at its head, then the indicators with target and result.

    None where nothing could be placed: then the title was only the name of a table.
    """
    draft = Drafting(annex)
    year = header_year("".join(line.text for line in annex.lines), fiscal_year)
    headers = headers_of(annex.table_code, year)
    lines = list(annex.lines)
    start = next((i for i, line in enumerate(lines) if "三级指标" in squeeze(line.text)), len(lines))
    _funds(draft, lines[:start], headers)
    columns = {
        column.measure: column
        for found in headers.values()
        for column in found
        if column.section == "indicator"
    }
    area = lines[start:]
    if any(KIND_OF_INDICATOR.search(text) for text in _two_lines(area)):
        Classified(draft, columns).read(area)
    else:
        Wrapped(draft, columns, area).read()
    if not draft.cells:
        return None
    last = annex.last if annex.is_closed else draft.last
    draft.problems = [p for p in draft.problems if (p.page, p.line_no) <= (last.page, last.line_no)]
    return draft.table(compact(annex.title.text), last)


def _two_lines(lines: list[Line]) -> list[str]:
    texts = [squeeze(line.text) for line in lines]
    return [a + b for a, b in pairwise(texts)]


def _funds(draft: Drafting, lines: list[Line], headers: dict[str, list[Column]]) -> None:
    """Totals at the head: a known label right before one number, or before as many numbers as
    the headers printed since the last one."""
    pending = ""
    for line in lines:
        tokens = words_of(_DATE.sub(" ", line.text))
        at = 0
        while at < len(tokens):
            run = []
            while at < len(tokens) and (printed := known_number(tokens[at])):
                run.append(printed)
                at += 1
            if run:
                pending = _place_run(draft, line, pending, run, headers, is_sentence=at < len(tokens))
            else:
                pending += squeeze(tokens[at])
                at += 1


def _place_run(
    draft: Drafting, line: Line, pending: str, run: list[Printed], headers: dict[str, list[Column]],
    is_sentence: bool,
) -> str:  # fmt: skip
    """Lands a run of numbers, or reports it; returns the text that may still be a label."""
    code = draft.annex.table_code
    label = next((label for label in labels_of(code) if pending.endswith(label)), "")
    item = line_item(code, label)
    columns: list[Column] = []
    if item and item.measure and len(run) == 1:
        columns = [Column("funds", "", item.measure, item.unit_kind)]
    elif item:
        columns = headers_in(pending, headers)
    if item and len(columns) == len(run):
        draft.row_no += 1
        for n, (column, printed) in enumerate(zip(columns, run, strict=True), start=2):
            draft.land(line, item.line_item, label, column, n, printed)
        return ""
    values = " ".join(map(str, run))
    problem = "number_in_text" if is_sentence else "unclaimed_number"
    draft.problem(line, problem, f"{values} after {pending[-20:]}")
    return pending
