"""Reads the annexes of documents whose tables have rules: a grid below an annex title."""

from __future__ import annotations

from dataclasses import replace

from flows.extract.model import Line, TableDraft
from flows.extract.normalise import squeeze
from flows.extract.tables.annex.find import Annex, Cell
from flows.extract.tables.annex.knowledge import table_kinds
from flows.extract.tables.annex.ruled import ruled_table
from flows.extract.tables.titled import TitledGrid


def annex_without_title(table: TitledGrid, fiscal_year: str) -> TableDraft | None:
    """The annex in a grid below no annex title whose first row is the header of a form that has none
    (综合评分表); None where it is another grid."""
    first = "".join(cell.text for cell in sorted(table.grid.cells, key=lambda c: c.column) if cell.row == 0)
    kind = next((k for k in table_kinds() if k.is_headed_only and k.title.match(squeeze(first))), None)
    if kind is None:
        return None
    title = table.title or squeeze(first)
    return annex_of_grid(replace(table, table_code=kind.table_code, title=title), fiscal_year)


def annex_of_grid(table: TitledGrid, fiscal_year: str) -> TableDraft | None:
    """The annex in a grid below an annex title, its cells with their boxes; None where the grid is
    not the form that the title announces (a list of annexes)."""
    kind = next((k for k in table_kinds() if k.table_code == table.table_code), None)
    grid = table.grid
    if kind is None or not kind.confirm.search(squeeze("".join(cell.text for cell in grid.cells))):
        return None
    rows = [
        [Cell("", Line(grid.page, grid.first_line, "")) for _ in range(grid.column_count)]
        for _ in range(grid.row_count)
    ]
    boxes = {}
    for cell in grid.cells:
        rows[cell.row][cell.column] = Cell(cell.text, Line(cell.page, cell.line_no, cell.text))
        boxes[cell.row + 1, cell.column + 1] = cell.box.as_text() if cell.box else ""
    annex = Annex(
        table_code=table.table_code,
        title=Line(grid.page, table.first_line, table.title),
        lines=(),
        rows=tuple(map(tuple, rows)),
        last=Line(table.last_page, grid.last_line, ""),
    )
    draft = ruled_table(annex, fiscal_year)
    return replace(
        draft, cells=tuple(replace(cell, box=boxes[cell.row_no, cell.column_no]) for cell in draft.cells)
    )
