"""Which printed lines are one row of a table without verticals.

A label may be broken over lines, its numbers standing beside the first line or beside the middle of all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from flows.extract.readers.glyphs import Piece, TextLine
from flows.extract.readers.ruled import Rule

BESIDE = 0.75  # font sizes: lines closer than this stand side by side, not one below the other
LEADING = 1.45  # font sizes: lines of one label are no further apart, where the rows do not tell

NUMBER = re.compile(r"[-−–—△▲(（]?\d[\d,]*(\.\d+)?[)）%％]?|[-−–—]{1,3}")


@dataclass
class RowOfText:
    """The lines of one row. Complete is one with a number."""

    lines: list[TextLine]

    @property
    def pieces(self) -> list[Piece]:
        return [piece for line in self.lines for piece in line.pieces]

    @property
    def is_complete(self) -> bool:
        return any(is_number(piece) for piece in self.pieces)


def is_number(piece: Piece) -> bool:
    """Whether a piece prints one number, a share or the mark of none."""
    return NUMBER.fullmatch(piece.text.strip()) is not None


def rows_of(lines: Sequence[TextLine], rules: Sequence[Rule], size: float) -> list[RowOfText]:
    """The rows that lines, from top to bottom, make. `rules` over the whole width part rows; where they
    stand between all rows, they alone do."""
    bands: list[list[TextLine]] = [[]]
    edges = sorted(rule.at for rule in rules)
    for line in lines:
        while edges and edges[0] < line.middle:
            edges.pop(0)
            if bands[-1]:
                bands.append([])
        bands[-1].append(line)
    pitch = _pitch(lines)
    result = []
    for band in bands:
        rows = _joined([RowOfText([line]) for line in band], size, pitch)
        if len(bands) > 2 and sum(row.is_complete for row in rows) <= 1:
            rows = [RowOfText([line for row in rows for line in row.lines])]
        result += rows
    return [row for row in result if row.lines]


def _pitch(lines: Sequence[TextLine]) -> float | None:
    """The least distance of two rows: of lines with numbers that follow each other."""
    with_number = [any(map(is_number, line.pieces)) for line in lines]
    gaps = [
        after.baseline - before.baseline
        for (before, one), (after, other) in pairwise(zip(lines, with_number, strict=True))
        if one and other
    ]
    return min(gaps, default=None)


def _joined(rows: list[RowOfText], size: float, pitch: float | None) -> list[RowOfText]:
    """Rows with the lines put to them that have no number of their own, the closest first."""
    most = LEADING * size if pitch is None or pitch < BESIDE * size else min(pitch - 1, 2 * size)
    while len(rows) > 1:
        gaps = [
            (after.lines[0].baseline - before.lines[-1].baseline, n)
            for n, (before, after) in enumerate(pairwise(rows))
        ]
        fitting = [
            (gap, n)
            for gap, n in gaps
            if gap < BESIDE * size or (gap < most and not (rows[n].is_complete and rows[n + 1].is_complete))
        ]
        if not fitting:
            break
        _, n = min(fitting)
        rows[n : n + 2] = [RowOfText(rows[n].lines + rows[n + 1].lines)]
    return rows
