"""Which standard table a grid is: the title, unit and notes around it, and its continuations.

A title counts only where it stands right above its grid; the table of contents prints the same
words above nothing. A table goes on where the next page begins with a grid of the same columns.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flows.extract.model import Grid, GridCell, Line, Page, Reading
from flows.extract.normalise import squeeze
from flows.extract.tables.notes import declares_empty, unit_in
from flows.extract.tables.vocabulary import table_code_of_title

_ABOVE = 8  # lines above a grid among which its title stands
_NOTES = 12  # lines below a grid that can be its notes
_SAME_EDGE = 2.0  # points

# What stands between a title and its grid, or at the top of a page, and is no text.
_FURNITURE = re.compile(
    r"[-—–·\d/]*|第?\d+页(共\d+页)?|\(?续表?\)?"
    r"|\(?公开(表)?\d{1,2}表?\)?|(编制|填报|公开)?(部门|单位)(名称|\(公章\))?:.{0,60}|(金额)?单位:.{0,8}"
    r"|(编制|填报|公开)?(部门|单位)(名称)?:.{0,60}(金额)?单位:.{0,8}|\d{4}年度?"
)
_PIECES = re.compile(r"\(?公开(?:表)?\d{1,2}表?\)?|(?:金额)?单位:(?:人民币)?[百万亿千]{0,2}元")
_PRINTED_PIECES = re.compile(
    r"[（(]?\s*公开\s*表?\s*\d{1,2}\s*表?\s*[）)]?|(?:金额)?单位\s*[:：]\s*(?:人民币)?[百万亿千]{0,2}元"
)
_NOTE = re.compile(r"\(?(注|说明|备注)\)?\d?[:.、]")
_PART = re.compile(r"第[一二三四五六七八九十]部分")


@dataclass(frozen=True)
class TitledGrid:
    """A grid, its pages joined, with what is printed around it. `grid.page` is its first page."""

    table_code: str
    title: str
    unit: str
    notes: str
    grid: Grid
    first_line: int  # of the title, on grid.page
    last_page: int

    @property
    def is_declared_empty(self) -> bool:
        return declares_empty(self.notes)


def titled_grids(reading: Reading) -> list[TitledGrid]:
    """The grids below the title of a standard table, in the order of the document.

    A continuation is the first grid of the next page with no text above it, with the same outer
    edges and no other rules between its columns than the table has.
    """
    found: list[TitledGrid] = []
    open_table: TitledGrid | None = None  # the table that may go on with the next grid
    for index, page in enumerate(reading.pages):
        for n, grid in enumerate(page.grids):
            above = _lines_above(page, n)
            titled = _titled(page, n, above)
            if titled is None and n == 0 and index:
                titled = _titled_on_page_before(reading.pages[index - 1], page, above)
            if open_table and n == 0 and _goes_on(open_table, titled, above, page):
                joined = _joined(open_table.grid, grid)
                if joined:
                    open_table = replace(open_table, grid=joined, last_page=page.number)
                    found[-1] = open_table
                    continue
            open_table = titled
            if titled:
                if n + 1 < len(page.grids):  # the last grid's notes can stand on the next page
                    open_table = replace(titled, notes=_notes_in(_lines_above(page, n + 1)))
                found.append(open_table)
        if open_table and page.grids:
            notes = _notes(page, reading.pages[index + 1 : index + 2])
            found[-1] = open_table = replace(open_table, notes=open_table.notes + notes)
            below = page.lines[page.grids[-1].last_line :]
            if not all(_is_furniture(line.text) for line in below):
                open_table = None
        elif page.lines:
            open_table = None
    return [_with_inner_notes(table) for table in found]


def _lines_above(page: Page, n: int) -> tuple[Line, ...]:
    start = page.grids[n - 1].last_line if n else 0
    return page.lines[start : page.grids[n].first_line - 1]


def _titled(page: Page, n: int, above: Sequence[Line]) -> TitledGrid | None:
    """The n-th grid of a page with its title, printed above it or in its first rows."""
    grid = page.grids[n]
    for row in range(min(3, grid.row_count)):
        texts = [cell.text for cell in grid.cells if cell.row == row and cell.text]
        code = table_code_of_title(texts[0]) if texts else None
        if code:
            heading = "".join(cell.text for cell in grid.cells if cell.row <= row + 3)
            return _table(code, texts[0], heading, grid, grid.first_line)
    title = _title(above)
    if title is None:
        return None
    code, text, position = title
    heading = "".join(line.text for line in above[position:])
    return _table(code, text, heading, grid, above[position].line_no)


def _table(code: str, title: str, heading: str, grid: Grid, first_line: int) -> TitledGrid:
    return TitledGrid(
        table_code=code,
        title=" ".join(_PRINTED_PIECES.sub("", title).split()),
        unit=unit_in(heading),
        notes="",
        grid=grid,
        first_line=first_line,
        last_page=grid.page,
    )


def _title(above: Sequence[Line]) -> tuple[str, str, int] | None:
    """Table code, printed title and position of the title in the lines above a grid.

    A title broken over two lines is read as one first, since its second half alone may be the
    title of another table (… 基本 / 支出决算明细表).
    """
    for i in range(len(above) - 1, max(-1, len(above) - 1 - _ABOVE), -1):
        text = above[i].text
        code = table_code_of_title(text)
        if code or squeeze(text).endswith("表"):
            if i:
                whole = above[i - 1].text + text
                whole_code = table_code_of_title(whole)
                if whole_code and whole_code != code and not table_code_of_title(above[i - 1].text):
                    return whole_code, whole, i - 1
            if code:
                return code, text, i
        if not _is_furniture(text):
            return None
    return None


def _titled_on_page_before(before: Page, page: Page, above: Sequence[Line]) -> TitledGrid | None:
    """A title that stands alone at the foot of the page before its grid; a list of titles there is
    a table of contents."""
    if not all(_is_furniture(line.text) for line in above):
        return None
    start = before.grids[-1].last_line if before.grids else 0
    tail = [line for line in before.lines[start:] if not _is_furniture(line.text)]
    if not tail or not table_code_of_title(tail[-1].text):
        return None
    if len(tail) > 1 and table_code_of_title(tail[-2].text):
        return None
    title = _title(tail[-2:])
    if title is None:
        return None
    heading = tail[-1].text + "".join(line.text for line in above)
    return _table(title[0], title[1], heading, page.grids[0], page.grids[0].first_line)


def _is_furniture(text: str) -> bool:
    text = squeeze(text)
    return _FURNITURE.fullmatch(text) is not None or _FURNITURE.fullmatch(_PIECES.sub("", text)) is not None


def _goes_on(table: TitledGrid, titled: TitledGrid | None, above: Sequence[Line], page: Page) -> bool:
    if table.last_page != page.number - 1:
        return False
    if titled:
        return titled.table_code == table.table_code
    return all(_is_furniture(line.text) for line in above)


def _joined(first: Grid, then: Grid) -> Grid | None:
    """Both grids as one, the second below the first; None where their columns differ."""
    if not first.column_edges or not then.column_edges:
        return None  # as many columns on the next sheet of a workbook do not make it the same table
    edges = max(first.column_edges, then.column_edges, key=len)
    columns = [_places(grid.column_edges, edges) for grid in (first, then)]
    if columns[0] is None or columns[1] is None:
        return None
    cells = [_moved(cell, columns[0], 0) for cell in first.cells]
    cells += [_moved(cell, columns[1], first.row_count) for cell in then.cells]
    return replace(
        first,
        last_line=then.last_line,
        row_count=first.row_count + then.row_count,
        column_count=len(edges) - 1,
        cells=tuple(cells),
        column_edges=edges,
    )


def _places(edges: Sequence[float], among: Sequence[float]) -> list[int] | None:
    """Where the edges of one grid stand among those of another; None where one is missing there or
    the outer ones differ."""
    places = []
    for edge in edges:
        i = bisect_left(among, edge - _SAME_EDGE)
        if i == len(among) or abs(among[i] - edge) > _SAME_EDGE:
            return None
        places.append(i)
    return places if places[0] == 0 and places[-1] == len(among) - 1 else None


def _moved(cell: GridCell, columns: Sequence[int], rows: int) -> GridCell:
    start, end = columns[cell.column], columns[cell.column + cell.column_span]
    return replace(cell, row=cell.row + rows, column=start, column_span=end - start)


def _notes(page: Page, following: Sequence[Page]) -> str:
    """The notes below the last grid of a page, or at the top of the next page where none of the
    page's own text is left below the grid."""
    below = list(page.lines[page.grids[-1].last_line :])
    if all(_is_furniture(line.text) for line in below) and following:
        below = list(following[0].lines)
        if not below or not _NOTE.match(squeeze(below[0].text)):
            return ""
    return _notes_in(below)


def _notes_in(below: Sequence[Line]) -> str:
    """The lines below a grid up to the next title or part of the document."""
    notes = []
    for line in below[:_NOTES]:
        if table_code_of_title(line.text) or _PART.match(squeeze(line.text)):
            break
        notes.append(line.text)
    return "".join(notes)


def _with_inner_notes(table: TitledGrid) -> TitledGrid:
    """Adds notes that are printed in the last rows of the grid itself."""
    inner = [cell.text for cell in table.grid.cells if _NOTE.match(squeeze(cell.text))]
    return replace(table, notes=table.notes + "".join(inner)) if inner else table
