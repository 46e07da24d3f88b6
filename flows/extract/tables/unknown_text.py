"""Tables in text without columns that are none of the known ones: every number with the words before it.

Neither row nor column has a meaning here: line_item, measure and column_path stay empty, and column_no counts
the numbers of a row from the left, since blank cells left no trace. What is no table is left alone: below
a title-like line must stand rows of several numbers, and the first sentence ends them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from flows.extract.model import CellDraft, Line, ProblemDraft, TableDraft
from flows.extract.normalise import has_decimals, is_amount, squeeze
from flows.extract.tables.columnless import Token, is_dash, is_run_together, tokens_of, unclaimed
from flows.extract.tables.segment import Segment
from flows.extract.tables.vocabulary import unit_in_label

_FEWEST_ROWS = 2  # with several numbers side by side
_CODE = re.compile(r"\d{3}(?:\d{2}){0,2}")  # of 支出功能分类 or 支出经济分类
_SENTENCE = re.compile(r"[。;]")


def unknown_text_table(segment: Segment) -> TableDraft | None:
    """The table below a title, or None where no rows of numbers stand below it."""
    body = _rows_of_table(segment.body)
    tokens = tokens_of(body)
    figures = _figures(tokens)
    if not figures:
        return None
    cells: list[CellDraft] = []
    run_together: list[ProblemDraft] = []
    label: list[str] = []
    row_no = column_no = 0
    for token in tokens:
        if id(token) not in figures:
            if not is_dash(squeeze(token.text)):
                label, column_no = ([] if column_no else label), 0
                label.append(token.text)
            continue
        row_no += not column_no
        column_no += 1
        if is_run_together(token.text):
            run_together.append(unclaimed(token, "".join(label)))
            continue
        cells.append(_cell(token, row_no, column_no, "".join(label)))
    numbers_in_row = [
        max((c.column_no for c in cells if c.row_no == n), default=0) for n in range(1, row_no + 1)
    ]
    if sum(count > 1 for count in numbers_in_row) < _FEWEST_ROWS:
        return None
    return TableDraft(
        table_code="unknown",
        printed_title=segment.title,
        printed_unit=segment.unit,
        first_page=segment.title_line.page,
        last_page=body[-1].page,
        first_line=segment.title_line.line_no,
        last_line=body[-1].line_no,
        row_count=row_no,
        column_count=max(numbers_in_row),
        is_declared_empty=segment.is_declared_empty,
        method="inferred",
        cells=tuple(cells),
        problems=(
            ProblemDraft(
                page=segment.title_line.page,
                line_no=segment.title_line.line_no,
                stage="recognise",
                code="unknown_table",
                detail=f"{squeeze(segment.title)[:40] or '-'} · {len(cells)}",
            ),
            *run_together,
        ),
    )


def _rows_of_table(body: Sequence[Line]) -> list[Line]:
    """The lines up to the first sentence."""
    end = next((n for n, line in enumerate(body) if _SENTENCE.search(line.text)), len(body))
    return list(body[:end])


def _figures(tokens: Sequence[Token]) -> set[int]:
    """The tokens that are figures: numbers with decimals; where there are none, whole numbers that are
    neither codes nor column numbers."""
    found = [token for token in tokens if has_decimals(token.text)]
    if not found:
        start = next((n for n, token in enumerate(tokens) if squeeze(token.text) == "栏次"), None)
        numbering: set[int] = set()
        if start is not None:
            for n, token in enumerate(tokens[start + 1 :], start=1):
                if token.text != str(n):
                    break
                numbering.add(id(token))
        found = [
            token
            for token in tokens
            if is_amount(token.text) and not _is_code(token.text) and id(token) not in numbering
        ]
    return {id(token) for token in found}


def _is_code(text: str) -> bool:
    return len(text) > 3 and _CODE.fullmatch(text) is not None


def _cell(token: Token, row_no: int, column_no: int, label: str) -> CellDraft:
    return CellDraft(
        row_no=row_no,
        column_no=column_no,
        page=token.line.page,
        line_no=token.line.line_no,
        row_code="",
        row_label=label,
        line_item="",
        column_path="",
        measure="",
        value_text=token.text,
        unit_text=unit_in_label(label),
        method="inferred",
    )
