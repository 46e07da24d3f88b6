"""The pictures of one document that show tables, read in their order.

A table that is cut into several pictures prints its header in the first one only. Where rules part its
columns each picture tells them; a table without verticals goes on with the columns of the picture before.
What prints numbers and tells no columns is no table: the caller says so, since they are not landed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from flows.extract.model import Grid, Page
from flows.extract.normalise import has_decimals, squeeze
from flows.extract.readers.aligned import tables_of
from flows.extract.readers.layout import with_tables
from flows.extract.readers.ocr.page import Recognised, look_at, read_picture

_LONG = 0.4  # of the picture's width: a rule of a table without verticals
_FEWEST_RULES = 3
_RULES_OF_A_PART = 2  # above and below what is left of a table
_SAME_WIDTH = 0.02  # of the width: pictures cut out of one table
_MOST_PARTS = 20  # of one table
_FEWEST_NUMBERS = 2  # of a table that was not understood
_NUMBER = re.compile(r"(?<![\d.])\d[\d,]*\.\d+(?![\d.])")


@dataclass(frozen=True)
class PictureOfTable:
    """A picture as it was read; `page` is None where it was not looked into. `unplaced` are the numbers
    that it prints in lines without columns."""

    page: Page | None = None
    unplaced: int = 0


class TablePictures:
    """Reads pictures one after the other and keeps the table that the next one may go on with."""

    def __init__(self) -> None:
        self._parts: list[Recognised] = []
        self._edges: tuple[float, ...] = ()
        self._width, self._dpi = 0, 0.0

    def read(self, grey: np.ndarray, dpi: float, is_page: bool = False) -> PictureOfTable:
        """The lines and grids of a picture (grey, uint8) that shows a table or a part of one, or that
        `is_page`; without grids where its columns are not told. Places are points of the picture."""
        found = look_at(grey, dpi)
        long = sum(rule.end - rule.start > _LONG * found.grey.shape[1] for rule in found.rules)
        may_go_on = bool(self._parts) and abs(grey.shape[1] - self._width) <= _SAME_WIDTH * self._width
        if not (is_page or found.lattices or long >= _RULES_OF_A_PART or may_go_on):
            return PictureOfTable()
        page: Page | None = None
        if is_page or found.lattices or long >= _FEWEST_RULES:
            read = read_picture(grey, dpi)
            page = read.with_own_tables()
            if page.grids:
                self._begin(read, page.grids[-1], grey.shape[1], dpi)
                return PictureOfTable(page)
        part = self._next_part(grey) if may_go_on else None
        if part:
            return PictureOfTable(part)
        page = page or read_picture(grey, dpi).page
        numbers = sum(len(_NUMBER.findall(line.text)) for line in page.lines)
        return PictureOfTable(page, numbers if numbers >= _FEWEST_NUMBERS else 0)

    def _begin(self, read: Recognised, last: Grid, width: int, dpi: float) -> None:
        is_open = read.unruled is not None and last not in read.page.grids
        self._parts = [read] if is_open else []
        self._edges, self._width, self._dpi = last.column_edges, width, dpi

    def _next_part(self, grey: np.ndarray) -> Page | None:
        """What goes on with the columns of the table before, at its resolution."""
        dpi = self._dpi * grey.shape[1] / self._width
        read = read_picture(grey, dpi)
        if read.unruled is None or len(self._parts) >= _MOST_PARTS:
            return None
        parts = [*self._parts, read]
        tables = tables_of([replace(part.unruled, page=n) for n, part in enumerate(parts)])
        own = tables.get(len(self._parts))
        if not own or len(own) > 1:
            return None
        lines, grids = read.finish(with_tables(read.blocks, own), read.page.number)
        (grid,) = grids
        if len(grid.column_edges) != len(self._edges) or not _begins_with_figures(grid):
            return None
        self._parts = parts
        grid = replace(grid, column_edges=self._edges)
        return replace(read.page, lines=tuple(lines), grids=(grid,))


def _begins_with_figures(grid: Grid) -> bool:
    """Whether the first row holds amounts: else it is a header, so that another table begins."""
    first = min((cell.row for cell in grid.cells if cell.text.strip()), default=0)
    return any(cell.row == first and has_decimals(squeeze(cell.text)) for cell in grid.cells)
