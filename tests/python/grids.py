"""Grids and documents for tests of table recognition, written as rows of texts."""

from __future__ import annotations

from collections.abc import Sequence

from ruled_pdf import Cell

from flows.extract.model import Grid, GridCell, Line, Page, Reading, TableDraft
from flows.extract.tables.grid import table_from_grid, tables_from_grids


def grid_of(rows: Sequence[Sequence[Cell]]) -> Grid:
    """A grid without positions: a text, a text with row and column span, or None under a span."""
    cells = []
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell is None:
                continue
            text, row_span, column_span = (cell, 1, 1) if isinstance(cell, str) else cell
            cells.append(GridCell(r, c, text, row_span, column_span, page=1, line_no=r + 1))
    return Grid(1, 1, len(rows), len(rows), max(len(row) for row in rows), tuple(cells))


def fields(text: str) -> list[list[Cell]]:
    """Rows of cells from lines, the cells written apart by |."""
    return [list(line.strip().split("|")) for line in text.strip().splitlines()]


def table(code: str, text: str, **options) -> TableDraft:
    """The table in a grid that is written as `fields`."""
    return table_from_grid(grid_of(fields(text)), table_code=code, **options)


def figures(table: TableDraft) -> set[tuple[str, str, str]]:
    return {(cell.line_item, cell.measure, cell.value_text) for cell in table.cells}


def reading(*blocks: str | Sequence[Sequence[Cell]], name: str = "") -> Reading:
    """One page of lines and grids in the order given, as formats without positions yield it; a grid is
    its rows."""
    lines: list[Line] = []
    grids: list[Grid] = []
    for block in blocks:
        if isinstance(block, str):
            lines += [Line(1, len(lines) + n, text) for n, text in enumerate(block.split("\n"), start=1)]
            continue
        bare = grid_of(block)
        first = len(lines) + 1
        texts = ["\t".join(c.text for c in bare.cells if c.row == row) for row in range(bare.row_count)]
        lines += [Line(1, first + row, text) for row, text in enumerate(texts)]
        cells = tuple(
            GridCell(c.row, c.column, c.text, c.row_span, c.column_span, 1, first + c.row) for c in bare.cells
        )
        grids.append(Grid(1, first, len(lines), bare.row_count, bare.column_count, cells))
    return Reading("test", "text/plain", (Page(1, tuple(lines), tuple(grids), name=name),), has_pages=False)


def tables(*blocks: str | Sequence[Sequence[Cell]], name: str = "", year: str = "2023") -> list[TableDraft]:
    """The tables recognised on one page."""
    return tables_from_grids(reading(*blocks, name=name), year)
