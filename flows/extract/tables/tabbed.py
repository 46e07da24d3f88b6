"""Standard tables in tab-separated text: a grid without spans, set right row by row.

Whoever saved the text kept the tabs and lost some cells. Three slips are known and mended by
position, never by value: a code and its name in one field, a label cell that is missing so
that the numbers stand one column too far left, and a total's number on the line below it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from flows.extract.model import Grid, GridCell, Line
from flows.extract.normalise import has_decimals, squeeze

_CODE_AND_NAME = re.compile(r"(\d{3}(?:\d{2}){0,2})[\s　]+(\D.*)")
_NAME_HEADER = "科目名称"


class _Field(NamedTuple):
    text: str
    line: Line


def grid_of(lines: Sequence[Line]) -> Grid:
    """The grid of a tab-separated body; lines without a tab (公开01表, 金额单位：万元) stay out."""
    rows = [
        [_Field(text.strip(), line) for text in line.text.split("\t")] for line in lines if "\t" in line.text
    ]
    rows = _lift_numbers_below(rows)
    name_column = next(
        (c for row in rows for c, field in enumerate(row) if squeeze(field.text) == _NAME_HEADER), None
    )
    if name_column is not None:
        rows = [_align(row, name_column) for row in rows]
    width = max(len(row) for row in rows)
    return Grid(
        page=rows[0][0].line.page,
        first_line=rows[0][0].line.line_no,
        last_line=rows[-1][-1].line.line_no,
        row_count=len(rows),
        column_count=width,
        cells=tuple(
            GridCell(row=r, column=c, text=field.text, page=field.line.page, line_no=field.line.line_no)
            for r, row in enumerate(rows)
            for c, field in enumerate(row)
        ),
    )


def fields_after_column_numbers(line: Line) -> list[str]:
    """The fields that ran on behind the column numbers of a line (1 2 … 12 0.00 0.00 …), blank ones
    too: the n-th of them stands in the n-th column. Empty where the line has no such run."""
    fields = [field.strip() for field in line.text.split("\t")]
    start = next((i for i, field in enumerate(fields) if field), 0)
    count = next((i for i, field in enumerate(fields[start:]) if field != str(i + 1)), 0)
    rest = fields[start + count :]
    return rest if count > 2 and any(has_decimals(field) for field in rest) else []


def _align(row: list[_Field], name_column: int) -> list[_Field]:
    """Puts a row's numbers back to the right of the name column."""
    joined = _CODE_AND_NAME.fullmatch(row[0].text)
    if joined and name_column > 0:
        return [_Field(joined[1], row[0].line), _Field(joined[2], row[0].line), *row[1:]]
    first = next((c for c, field in enumerate(row) if has_decimals(field.text)), None)
    if first is not None and first <= name_column:
        missing = [_Field("", row[0].line)] * (name_column + 1 - first)
        return row[:first] + missing + row[first:]
    return row


def _lift_numbers_below(rows: list[list[_Field]]) -> list[list[_Field]]:
    """A row of totals whose numbers were pushed to a line of their own gets them back."""
    lifted: list[list[_Field]] = []
    for row in rows:
        filled = [field.text for field in row if field.text]
        if lifted and filled and all(has_decimals(text) for text in filled):
            width = max(len(lifted[-1]), len(row))
            above, below = _padded(lifted[-1], width), _padded(row, width)
            totals = [field.text for field in above if field.text]
            free = not any(a.text and b.text for a, b in zip(above, below, strict=True))
            if totals and free and all("合计" in text for text in totals):
                lifted[-1] = [a if a.text else b for a, b in zip(above, below, strict=True)]
                continue
        lifted.append(row)
    return lifted


def _padded(row: list[_Field], width: int) -> list[_Field]:
    return row + [_Field("", row[0].line)] * (width - len(row))
