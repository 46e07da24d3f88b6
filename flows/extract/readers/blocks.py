"""Paragraphs, tables and pictures in document order to lines and grids.

For formats that know no positions: a word processor's document, a web page. Such documents use
tables for layout too: a frame around text, a page cut into columns, a strip with 部门 and 单位.
These are taken apart, so that what is left are tables that hold figures, each at its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from flows.extract.model import Grid, GridCell, Line, Page, ProblemDraft
from flows.extract.normalise import has_decimals, squeeze
from flows.extract.readers.inserted import OnPage, Picture, PictureReader, moved

MOST_COLUMNS = 256  # a span never reaches further
MOST_PLACES = 500_000  # rows times columns; larger tables are read as lines only
_MOST_PARAGRAPHS = 20  # a cell with more is a column of a page, not a cell of a table

_NOT_PRINTED = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufffe"))
_BLANKS = re.compile(r"[^\S\t]+")


@dataclass(frozen=True)
class Cell:
    """One cell of a table, merged cells once. `column` counts from 0."""

    column: int
    blocks: tuple[Block, ...]
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True)
class Table:
    """The cells that begin in each row."""

    rows: tuple[tuple[Cell, ...], ...]


Block = str | Table | Picture  # a paragraph's text, a table, or a picture that may hold one
Row = Sequence[Cell]


def clean(text: str) -> str:
    """A paragraph's text: characters that print nothing are dropped, blanks made one; tabs stay."""
    return _BLANKS.sub(" ", text.translate(_NOT_PRINTED)).strip()


def settled(rows: Iterable[Row]) -> list[Block]:
    """A table as the blocks that stand in its place: itself where it is one, or what its cells hold
    where it is only layout. The tables inside its cells must have been settled before.

    A row of layout holds a table, a picture, or a text of many paragraphs, and no amount beside it.
    """
    blocks: list[Block] = []
    run: list[Row] = []
    for row in rows:
        if _is_layout(row):
            blocks += _settled_run(run)
            run = []
            blocks += [block for cell in row for block in cell.blocks]
        else:
            run.append(row)
    return blocks + _settled_run(run)


def page_of(blocks: Iterable[Block], on_page: OnPage | None = None) -> tuple[Page, list[ProblemDraft]]:
    """One page with all lines and grids. A row of a grid is one line, its cells parted by tabs. Pictures
    of tables are read; `on_page` is told (picture, of how many)."""
    lines: list[Line] = []
    grids: list[Grid] = []
    problems: list[ProblemDraft] = []
    blocks = list(blocks)
    pictures = PictureReader(sum(isinstance(block, Picture) for block in blocks), on_page)
    for block in blocks:
        if isinstance(block, Picture):
            inner = pictures.read(block, 1, len(lines) + 1)
            if inner:
                inner = moved(inner, 1, len(lines))
                lines += inner.lines
                grids += inner.grids
            continue
        if isinstance(block, str):
            if block.strip():
                lines.append(Line(1, len(lines) + 1, block))
            continue
        grid = _grid(block, lines)
        if grid.row_count * grid.column_count <= MOST_PLACES:
            grids.append(grid)
        else:
            detail = f"{grid.row_count} rows of {grid.column_count} columns were read as text only"
            problems.append(ProblemDraft(1, grid.first_line, "read", "table_too_large", detail))
    return Page(number=1, lines=tuple(lines), grids=tuple(grids)), problems + pictures.problems


def _is_layout(row: Row) -> bool:
    holds_more = any(
        len(cell.blocks) > _MOST_PARAGRAPHS or any(not isinstance(block, str) for block in cell.blocks)
        for cell in row
    )
    return holds_more and not any(has_decimals(squeeze(_text(cell))) for cell in row)


def _settled_run(rows: Sequence[Row]) -> list[Block]:
    """Rows that stand together: a table, or lines where they have no columns."""
    if not _is_grid(rows):
        return [block for row in rows for block in _row_as_lines(row)]
    table = Table(
        tuple(
            tuple(
                replace(cell, blocks=(_text(cell),), row_span=min(cell.row_span, len(rows) - n))
                for cell in row
            )
            for n, row in enumerate(rows)
        )
    )
    inside = [b for row in rows for cell in row for b in cell.blocks if not isinstance(b, str)]
    return [table, *inside]


def _is_grid(rows: Sequence[Row]) -> bool:
    """Whether rows are a table: two rows with two texts each, or one header over blank cells. A
    single row of a few texts is a strip of 部门, year and 单位 above a table."""
    begin = [0] * (len(rows) + 1)  # of each row: texts that begin in it less those that ended above
    for n, row in enumerate(rows):
        for cell in row:
            if _text(cell):
                begin[n] += 1
                begin[min(n + cell.row_span, len(rows))] -= 1
    texts = list(accumulate(begin[:-1]))
    if sum(count >= 2 for count in texts) >= 2:
        return True
    return max(texts, default=0) >= 4 and sum(len(row) >= 2 for row in rows) >= 2


def _row_as_lines(row: Row) -> list[Block]:
    blocks = [block for cell in row for block in cell.blocks]
    if any(not isinstance(block, str) or len(cell.blocks) > 1 for cell in row for block in cell.blocks):
        return blocks
    return ["\t".join(_text(cell) for cell in row if cell.blocks)]


def _text(cell: Cell) -> str:
    """A cell's paragraphs are pieces of one label or number, and are put together again. Two that
    would run into one number stay apart: a number is never made of two."""
    pieces = [piece for b in cell.blocks if isinstance(b, str) for piece in b.split("\t") if piece.strip()]
    text = ""
    for piece in map(str.strip, pieces):
        text += ";" + piece if text and _is_numeric(text[-1]) and _is_numeric(piece[0]) else piece
    return text


def _is_numeric(character: str) -> bool:
    return character.isdigit() or character in ".,．，-−－"


def _grid(table: Table, lines: list[Line]) -> Grid:
    """The grid of a table; appends its rows to `lines`. A row without text leaves no line."""
    first_line = len(lines) + 1
    cells: list[GridCell] = []
    for n, row in enumerate(table.rows):
        line_no = len(lines) + 1
        texts = [_text(cell) for cell in row]
        if any(texts):
            lines.append(Line(1, line_no, "\t".join(texts)))
        cells += [
            GridCell(n, cell.column, text, cell.row_span, cell.column_span, line_no=line_no)
            for cell, text in zip(row, texts, strict=True)
        ]
    return Grid(
        page=1,
        first_line=first_line,
        last_line=len(lines),
        row_count=len(table.rows),
        column_count=max((cell.column + cell.column_span for cell in cells), default=0),
        cells=tuple(cells),
    )
