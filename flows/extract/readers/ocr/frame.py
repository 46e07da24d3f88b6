"""From pixels of a straightened picture to points of the page as it is seen, and from words to the
lines and cells that they make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from flows.extract.model import Box, Grid, GridCell, Line, Recognition
from flows.extract.readers.glyphs import Glyph
from flows.extract.readers.ocr.decode import MOST_OTHERS
from flows.extract.readers.ruled import Lattice, Rule

Text = TypeVar("Text", Line, GridCell)


@dataclass(frozen=True)
class PageFrame:
    """How a straightened picture lies on its page.

    Text is laid out on the straightened page in points, its middle where the page's middle is, so that
    the columns of a table stand at the same places on pages of different skew. What comes out is then
    moved to where it is on the page as it is seen.
    """

    to_page: np.ndarray  # 2 × 3, from straightened pixels to pixels of the page
    page_pixels: tuple[int, int]  # width, height
    straight_pixels: tuple[int, int]
    pixels: float  # a point

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page in points."""
        return self.page_pixels[0] / self.pixels, self.page_pixels[1] / self.pixels

    @property
    def _offset(self) -> tuple[float, float]:
        (width, height), (grown_width, grown_height) = self.page_pixels, self.straight_pixels
        return (grown_width - width) / 2, (grown_height - height) / 2

    def in_points(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """Straightened pixels as points of the straightened page."""
        x, y = self._offset
        return (x0 - x) / self.pixels, (y0 - y) / self.pixels, (x1 - x) / self.pixels, (y1 - y) / self.pixels

    def lattice_in_points(self, lattice: Lattice) -> Lattice:
        return scaled(lattice, *self._offset, 1 / self.pixels)

    def rule_in_points(self, rule: Rule) -> Rule:
        """A horizontal rule."""
        x0, y, x1, _ = self.in_points(rule.start, rule.at, rule.end, rule.at)
        return Rule(y, x0, x1)

    def line(self, line: Line) -> Line:
        return replace(line, box=self._as_seen(line.box))

    def grid(self, grid: Grid) -> Grid:
        cells = tuple(replace(cell, box=self._as_seen(cell.box)) for cell in grid.cells)
        return replace(grid, cells=cells, box=self._as_seen(grid.box))

    def _as_seen(self, box: Box | None) -> Box | None:
        """The box of the same size around where its middle is on the page."""
        if box is None:
            return None
        x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        right, down = self._offset
        seen = self.to_page @ np.array([x * self.pixels + right, y * self.pixels + down, 1.0])
        dx, dy = float(seen[0]) / self.pixels - x, float(seen[1]) / self.pixels - y
        return Box(box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy)


def scaled(lattice: Lattice, left: float, top: float, factor: float) -> Lattice:
    """A lattice seen from another upper left corner, in another unit."""
    return replace(
        lattice,
        xs=tuple((x - left) * factor for x in lattice.xs),
        ys=tuple((y - top) * factor for y in lattice.ys),
    )


class Sources:
    """Which recognised words a line or a cell was put together of."""

    def __init__(self) -> None:
        self._words: list[tuple[Glyph, Recognition]] = []

    def add(self, word: Glyph, recognition: Recognition) -> None:
        self._words.append((word, recognition))

    def marked(self, whole: Text) -> Text:
        """A line or cell with its recognition: as certain as its least certain word, other texts with
        another reading of one word each. A cell without text stays as it is."""
        box = whole.box
        if not whole.text or box is None:
            return whole
        words = [
            (word, recognition)
            for word, recognition in self._words
            if box.x0 <= word.x0 and word.x1 <= box.x1 and box.y0 <= word.y0 and word.y1 <= box.y1
        ]
        words.sort(key=lambda item: item[1].certainty)
        others = [
            whole.text.replace(word.text, other, 1)
            for word, recognition in words
            for other in recognition.others
        ]
        certainty = words[0][1].certainty if words else 0.0
        return replace(whole, recognition=Recognition(certainty, tuple(dict.fromkeys(others))[:MOST_OTHERS]))
