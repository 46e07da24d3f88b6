"""Puts what was read from a picture onto the page that the picture stands on."""

from __future__ import annotations

from dataclasses import replace

from flows.extract.model import Box, Grid, Line, Page


def placed(page: Page, inner: Page, left: float, top: float) -> Page:
    """`page` with the lines and grids of `inner` in their place in the reading order; `left` and `top`
    are where the picture stands, in points. The lines are numbered anew."""
    above = _lines_above(page, top)
    before, after = page.lines[:above], page.lines[above:]
    lines = (
        *before,
        *(_moved_line(line, left, top, above) for line in inner.lines),
        *(_moved_line(line, 0, 0, len(inner.lines)) for line in after),
    )
    grids = (
        *(grid for grid in page.grids if grid.first_line <= above),
        *(_moved_grid(grid, left, top, above) for grid in inner.grids),
        *(_moved_grid(grid, 0, 0, len(inner.lines)) for grid in page.grids if grid.first_line > above),
    )
    numbered = tuple(replace(line, page=page.number) for line in lines)
    return replace(page, lines=numbered, grids=tuple(_on_page(grid, page.number) for grid in grids))


def _lines_above(page: Page, top: float) -> int:
    """How many lines stand above `top`; a grid is not cut in two."""
    above = sum(1 for line in page.lines if line.box is None or (line.box.y0 + line.box.y1) / 2 < top)
    for grid in page.grids:
        if grid.first_line <= above < grid.last_line:
            return grid.last_line
    return above


def _moved_line(line: Line, left: float, top: float, lines: int) -> Line:
    return replace(line, line_no=line.line_no + lines, box=_moved_box(line.box, left, top))


def _moved_grid(grid: Grid, left: float, top: float, lines: int) -> Grid:
    cells = tuple(
        replace(cell, line_no=cell.line_no + lines, box=_moved_box(cell.box, left, top))
        for cell in grid.cells
    )
    return replace(
        grid,
        first_line=grid.first_line + lines,
        last_line=grid.last_line + lines,
        cells=cells,
        box=_moved_box(grid.box, left, top),
        column_edges=tuple(edge + left for edge in grid.column_edges),
    )


def _moved_box(box: Box | None, left: float, top: float) -> Box | None:
    return Box(box.x0 + left, box.y0 + top, box.x1 + left, box.y1 + top) if box else None


def _on_page(grid: Grid, number: int) -> Grid:
    return replace(grid, page=number, cells=tuple(replace(cell, page=number) for cell in grid.cells))
