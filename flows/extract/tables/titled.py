"""Which standard table a grid is: the title, unit and notes around it, and its continuations.

A title counts only where it stands right above its grid; the table of contents prints the same
words above nothing. A table goes on where the next page begins with a grid of the same columns, or
where a grid without positions follows that repeats its headers. Grids with no title that is known
are given too, as `unknown`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flows.extract.model import Grid, GridCell, Line, Page, Reading
from flows.extract.normalise import has_decimals, squeeze
from flows.extract.tables.notes import declares_empty, unit_in
from flows.extract.tables.vocabulary import (
    FUNCTION_CODE,
    is_continued,
    looks_like_title,
    table_code_of_title,
    unit_in_label,
)

_ABOVE = 8  # lines above a grid among which its title stands
_NOTES = 12  # lines below a grid that can be its notes
_TITLE_LINES = 3  # a long title is broken over so many lines at most
_TITLE_ROWS = 4  # rows of a grid among which its title stands
_SAME_EDGE = 2.0  # points
_SCAN_EDGE = 4.0  # points: the same on scanned pages, once they are laid over each other
_SCAN_STRETCH = 0.03  # of the width: what a scanner stretches or shrinks a page

# What stands between a title and its grid, or at the top of a page, and is no text.
_FORM_NO = r"\(?(?:财决)?(?:公开|财决|附|样)?(?:表(?:\d{1,2}|[一二三四五六七八九十]{1,3})|\d{1,2}表)\)?"
_WHO = r"[\u4e00-\u9fff]{0,4}(?:部门|单位)(?:名称|\(公章\)|\(盖章\))?:.{0,60}"
_UNIT = r"(?:金额|货币|计量)?单位:.{0,8}"
_FURNITURE = re.compile(
    rf"[-—–·\d/]*|第?\d+页(?:,?共\d+页)?|\(?续表?\)?|{_FORM_NO}|{_WHO}|{_UNIT}|{_WHO}{_UNIT}|\d{{4}}年度?"
    r"|(?:收支)?(?:决算|预算)?(?:年度|日期|期间):.{0,12}"
)
_PIECES = re.compile(rf"{_FORM_NO}|(?:金额)?单位:(?:人民币)?[百万亿千]{{0,2}}元")
_PRINTED_PIECES = re.compile(
    r"[（(]?\s*(?:财决)?\s*公开\s*表?\s*\d{1,2}\s*表?\s*[）)]?|(?:金额)?单位\s*[:：]\s*(?:人民币)?[百万亿千]{0,2}元"
)
_NOTE = re.compile(r"\(?(注|说明|备注)\)?\d?[:.、]")
_PART = re.compile(r"第[一二三四五六七八九十]部分")
_TOTALS = {"合计", "总计", "本年收入合计", "本年支出合计"}


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
    """The grids of a reading with the titles above them, in the order of the document; `unknown` is the
    table_code of one whose title, if it has one, is not that of a known table.

    A continuation is the first grid of the next page with no text above it, with the same outer
    edges and no other rules between its columns than the table has; the same of pictures one below the
    other; where grids have no positions, the next grid of the page with no text before it that repeats the
    headers or has none.
    """
    found: list[TitledGrid] = []
    open_table: TitledGrid | None = None  # the table that may go on with the next grid
    for index, page in enumerate(reading.pages):
        for n, grid in enumerate(page.grids):
            above = _lines_above(page, n)
            titled = _titled(page, n, above)
            if titled is None and n == 0 and index:
                titled = _titled_on_page_before(reading.pages[index - 1], page, above)
            if open_table and _goes_on(open_table, titled, above, page, n):
                joined = _joined(open_table.grid, grid)
                if joined:
                    open_table = replace(open_table, grid=joined, last_page=page.number)
                    found[-1] = open_table
                    continue
            open_table = titled or _unknown(page, n, above)
            if n + 1 < len(page.grids):  # the last grid's notes can stand on the next page
                open_table = replace(open_table, notes=_notes_in(_lines_above(page, n + 1)))
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
    """The n-th grid of a page with its title, printed in its first rows or above it; the name of a
    sheet is the title of its only table where the sheet prints none."""
    grid = page.grids[n]
    inside = _title_inside(grid)
    if inside:
        code, text, row = inside
        heading = "".join(cell.text for cell in grid.cells if cell.row <= row + 3)
        return _table(code, text, heading, grid, grid.first_line)
    title = _title(above)
    if title:
        code, text, position = title
        heading = "".join(line.text for line in above[position:])
        return _table(code, text, heading, grid, above[position].line_no)
    code = _code_of_sheet(page)
    if code:
        return _table(code, page.name, "".join(line.text for line in above), grid, grid.first_line)
    return None


def _title_inside(grid: Grid) -> tuple[str, str, int] | None:
    """Table code, printed title and its last row, where the first rows of a grid print the title. A
    grid with several titles is a table of contents."""
    top = [cell for cell in grid.cells if cell.row < _TITLE_ROWS and cell.text.strip()]
    rows = [[cell.text for cell in top if cell.row == row] for row in range(_TITLE_ROWS)]
    if sum(table_code_of_title(cell.text) is not None for cell in grid.cells) > 1 and not all(
        is_continued(cell.text) or cell.row < _TITLE_ROWS
        for cell in grid.cells
        if table_code_of_title(cell.text)
    ):
        return None
    for row, texts in enumerate(rows):
        whole = "".join(rows[row - 1]) + texts[0] if row and len(rows[row - 1]) == len(texts) == 1 else ""
        for text in (whole, *texts):
            code = table_code_of_title(text) if text else None
            if code:
                return code, text, row
    return None


def _code_of_sheet(page: Page) -> str | None:
    if not page.name or len(page.grids) != 1:
        return None
    return table_code_of_title(page.name) or table_code_of_title(page.name + "表")


def _unknown(page: Page, n: int, above: Sequence[Line]) -> TitledGrid:
    """The n-th grid of a page with no title that is known; the nearest line above that ends in 表, or
    the sheet's name, is its title."""
    grid = page.grids[n]
    tail = above[-_ABOVE:]
    for i in range(len(tail) - 1, -1, -1):
        if looks_like_title(tail[i].text):
            heading = "".join(line.text for line in tail[i:])
            return _table("unknown", tail[i].text, heading, grid, tail[i].line_no)
        if not _is_furniture(tail[i].text):
            break
    first = [cell.text for cell in grid.cells if cell.row == 0 and cell.text.strip()]
    if len(first) == 1 and looks_like_title(first[0]):
        heading = "".join(cell.text for cell in grid.cells if cell.row < _TITLE_ROWS)
        return _table("unknown", first[0], heading, grid, grid.first_line)
    name = page.name if len(page.grids) == 1 else ""
    return _table("unknown", name, "".join(line.text for line in tail), grid, grid.first_line)


def _table(code: str, title: str, heading: str, grid: Grid, first_line: int) -> TitledGrid:
    return TitledGrid(
        table_code=code,
        title=" ".join(_PRINTED_PIECES.sub("", title).split()),
        unit=unit_in(heading) or (unit if (unit := unit_in_label(title)).endswith("元") else ""),
        notes="",
        grid=grid,
        first_line=first_line,
        last_page=grid.page,
    )


def _title(above: Sequence[Line]) -> tuple[str, str, int] | None:
    """Table code, printed title and position of the title in the lines above a grid.

    A title broken over lines is read as one first, since its last part alone may be the title of
    another table (… 基本 / 支出决算明细表).
    """
    for i in range(len(above) - 1, max(-1, len(above) - 1 - _ABOVE), -1):
        text = above[i].text
        code = table_code_of_title(text)
        if code or squeeze(text).endswith("表"):
            for start in range(max(0, i - _TITLE_LINES + 1), i):
                if any(table_code_of_title(line.text) for line in above[start:i]):
                    continue
                whole = "".join(line.text for line in above[start : i + 1])
                whole_code = table_code_of_title(whole)
                if whole_code and whole_code != code:
                    return whole_code, whole, start
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


def _goes_on(table: TitledGrid, titled: TitledGrid | None, above: Sequence[Line], page: Page, n: int) -> bool:
    """Whether the n-th grid of a page may be the continuation of a table that stands open."""
    grid = page.grids[n]
    if grid.column_edges:
        is_below = bool(n) and table.last_page == page.number
        if not page.width:  # pictures one below the other
            follows = is_below
        elif is_below:  # the same on a page
            follows = _is_scanned(grid) and _is_scanned(table.grid) and _begins_with_figures(grid)
        else:
            follows = not n and table.last_page == page.number - 1
        if not follows:
            return False
        if titled:
            return titled.table_code == table.table_code
        return all(_is_furniture(line.text) for line in above)
    if not n or table.last_page != page.number:
        return False
    if titled is None:
        return all(_is_furniture(line.text) for line in above)
    if titled.table_code != table.table_code:
        return False
    return is_continued("".join(line.text for line in above)) or not _has_total(grid)


def _joined(first: Grid, then: Grid) -> Grid | None:
    """Both grids as one, the second below the first; None where their columns differ."""
    if not first.column_edges and not then.column_edges:
        return _below(first, then, [*range(first.column_count + 1)]) if _repeats(first, then) else None
    if not first.column_edges or not then.column_edges:
        return None
    if _is_scanned(first) and _is_scanned(then):
        then = replace(then, column_edges=_laid_over(then.column_edges, first.column_edges))
    edges = max(first.column_edges, then.column_edges, key=len)
    columns = [_places(grid.column_edges, edges) for grid in (first, then)]
    if columns[0] is None or columns[1] is None:
        return None
    wide = replace(
        first,
        cells=tuple(_moved(cell, columns[0], 0) for cell in first.cells),
        column_count=len(edges) - 1,
        column_edges=edges,
    )
    return _below(wide, then, columns[1])


def _below(first: Grid, then: Grid, columns: Sequence[int]) -> Grid:
    """`then` below `first`, its columns at the places `columns` of the columns of `first`."""
    return replace(
        first,
        last_line=then.last_line,
        row_count=first.row_count + then.row_count,
        cells=(*first.cells, *(_moved(cell, columns, first.row_count) for cell in then.cells)),
    )


def _repeats(first: Grid, then: Grid) -> bool:
    """Whether a grid without positions goes on with the columns of the one before: it has as many, and
    begins with the same headers or with figures."""
    if first.column_count != then.column_count:
        return False
    headers = [{squeeze(text) for text in texts} for texts in _first_rows(first)]
    start = next((row for row in _first_rows(then) if not all(map(_is_furniture_or_title, row))), [])
    if {squeeze(text) for text in start} in headers:
        return True
    return any(has_decimals(squeeze(text)) for text in start) or any(
        FUNCTION_CODE.fullmatch(squeeze(text)) for text in start[:1]
    )


def _first_rows(grid: Grid) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(min(_TITLE_ROWS, grid.row_count))]
    for cell in grid.cells:
        if cell.row < len(rows) and cell.text.strip():
            rows[cell.row].append(cell.text)
    return rows


def _begins_with_figures(grid: Grid) -> bool:
    first = next((texts for texts in _first_rows(grid) if texts), [])
    return any(has_decimals(squeeze(text)) for text in first)


def _is_furniture_or_title(text: str) -> bool:
    return _is_furniture(text) or table_code_of_title(text) is not None


def _has_total(grid: Grid) -> bool:
    return any(squeeze(cell.text) in _TOTALS for cell in grid.cells)


def _is_scanned(grid: Grid) -> bool:
    return any(cell.recognition for cell in grid.cells)


def _laid_over(edges: Sequence[float], others: Sequence[float]) -> tuple[float, ...]:
    """The edges of a scanned grid where they would be had the scanner put both pages in one place: moved
    and stretched a little, each on the edge of the other grid that it is nearest to."""
    width, other_width = edges[-1] - edges[0], others[-1] - others[0]
    if abs(width - other_width) > _SCAN_STRETCH * other_width:
        return tuple(edges)
    moved = [others[0] + (edge - edges[0]) * other_width / width for edge in edges]
    nearest = [min(others, key=lambda other: abs(other - edge)) for edge in moved]
    pairs = zip(moved, nearest, strict=True)
    return tuple(other if abs(other - edge) <= _SCAN_EDGE else edge for edge, other in pairs)


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
    if not rows and (start, end) == (cell.column, cell.column + cell.column_span):
        return cell
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
