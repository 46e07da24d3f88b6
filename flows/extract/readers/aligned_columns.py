"""The columns of a table without verticals, from where the texts of all its rows stand.

What no row prints across parts two columns. A column that no row fills is known by its header alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

from flows.extract.readers.aligned_rows import is_number
from flows.extract.readers.glyphs import Piece

CLEAR = 0.08  # font sizes: a strip of this width that stays empty in all rows parts columns
SAME_EDGE = 1.5  # points: numbers that end this close to each other are set to the right
MOST_UNDER_ONE = 6  # columns of labels under one header

_VALUE = re.compile(r"\d\.\d|^[-−–—]+$")  # an amount, or the mark of none
_NEVER = 1e9


@dataclass
class Cluster:
    """What stands below each other in the rows."""

    x0: float
    x1: float
    pieces: list[Piece]

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def has_amounts(self) -> bool:
        return all(map(is_number, self.pieces)) and any(_VALUE.search(piece.text) for piece in self.pieces)

    def may_have_middle_at(self, x: float, size: float) -> bool:
        """Whether the middle of the column can be at `x`: text set to one side has it on the other."""
        widths = [piece.x1 - piece.x0 for piece in self.pieces]
        if max(widths) - min(widths) <= 2 * SAME_EDGE:  # both sides are even
            return x <= self.x1 + SAME_EDGE if self.has_amounts else True
        if _is_even([piece.x1 for piece in self.pieces]):
            return x <= self.x1 + SAME_EDGE
        if _is_even([piece.x0 for piece in self.pieces]):
            return x >= self.x0 - SAME_EDGE
        return True


@dataclass
class Column:
    """One column: the place of its texts, and the number of the header cell right above them."""

    x0: float
    x1: float
    leaf: int | None
    cluster: Cluster | None = None


def _is_even(values: Sequence[float]) -> bool:
    """Whether a side of a column is even, a few texts excepted that a speck of dirt widens."""
    middle = median_low(values)
    return sum(abs(value - middle) > SAME_EDGE for value in values) <= len(values) // 5


def clusters_of(rows: Sequence[Sequence[Piece]], size: float) -> list[Cluster] | None:
    """The clusters of the rows' pieces from left to right; None where two numbers of one row are in one.

    A label may run over several columns that its row leaves empty: it parts none of them.
    """
    placed = [(piece, n) for n, row in enumerate(rows) if len(row) > 1 for piece in row]
    placed.sort(key=lambda item: item[0].x0)
    clusters = []
    while placed:
        end = _end_of_cluster(placed, size)
        inside, placed = placed[:end], placed[end:]
        parts = _without_wide_labels(inside, size)
        if parts is None:
            return None
        clusters += [
            Cluster(part[0][0].x0, max(piece.x1 for piece, _ in part), [piece for piece, _ in part])
            for part in parts
        ]
    return clusters


def _end_of_cluster(placed: Sequence[tuple[Piece, int]], size: float) -> int:
    """How many pieces, sorted by their left sides, run into each other."""
    right = placed[0][0].x1
    for n, (piece, _) in enumerate(placed):
        if piece.x0 - right > CLEAR * size:
            return n
        right = max(right, piece.x1)
    return len(placed)


def _without_wide_labels(
    placed: list[tuple[Piece, int]], size: float
) -> list[list[tuple[Piece, int]]] | None:
    """A cluster, or the clusters that it falls into without the labels that run over several columns."""
    if not _has_two_in_a_row(placed):
        return [placed]
    rows = Counter(row for _, row in placed)
    labels = [item for item in placed if rows[item[1]] == 1 and not is_number(item[0])]
    labels.sort(key=lambda item: item[0].x0 - item[0].x1)
    for count in range(1, len(labels) + 1):
        wide = {id(piece) for piece, _ in labels[:count]}
        rest = [item for item in placed if id(item[0]) not in wide]
        parts = []
        while rest:
            end = _end_of_cluster(rest, size)
            parts.append(rest[:end])
            rest = rest[end:]
        if len(parts) > 1 and not any(map(_has_two_in_a_row, parts)):
            return parts
    return None


def _has_two_in_a_row(placed: Sequence[tuple[Piece, int]]) -> bool:
    """Whether a row has two texts side by side in a cluster, one of them a number; a code and its name can
    be one text."""
    by_row: dict[int, list[Piece]] = {}
    for piece, row in placed:
        by_row.setdefault(row, []).append(piece)
    return any(
        any(map(is_number, pieces))
        and any(_are_two(a, b) for a, b in pairwise(pieces))
        for pieces in by_row.values()
        if len(pieces) > 1
    )


def _are_two(before: Piece, piece: Piece) -> bool:
    gap = before.y1 - before.y0 if not is_number(piece) else 0.0
    return before.x1 + gap <= piece.x0 and abs(before.y1 - piece.y1) < piece.y1 - piece.y0


def columns_of(
    clusters: Sequence[Cluster], leaves: Sequence[tuple[float, float]], size: float
) -> list[Column] | None:
    """The columns that clusters and the lowest header cells (x0, x1) make together, from left to right.

    Each cluster belongs to one header, each cluster of amounts to one of its own; a header without a
    cluster is an empty column. None where that cannot be.
    """
    matched = _matched(clusters, leaves, size)
    if matched is None:
        return None
    columns = []
    for leaf, (start, end) in enumerate(matched):
        x0, x1 = leaves[leaf]
        if start == end:
            columns.append(Column(x0, x1, leaf))
        elif end - start == 1:
            cluster = clusters[start]
            columns.append(Column(min(x0, cluster.x0), max(x1, cluster.x1), leaf, cluster))
        else:
            columns += [Column(c.x0, c.x1, leaf, c) for c in clusters[start:end]]
    return columns


def _matched(
    clusters: Sequence[Cluster], leaves: Sequence[tuple[float, float]], size: float
) -> list[tuple[int, int]] | None:
    """For each header the clusters below it, first and behind the last: the arrangement in which headers
    and clusters are closest to each other, in order."""
    # cost[i] of the best arrangement of the headers so far with the first i clusters
    cost = [0.0] + [_NEVER] * len(clusters)
    steps: list[list[int]] = []
    for x0, x1 in leaves:
        best, step = [_NEVER] * len(cost), [0] * len(cost)
        for end in range(len(cost)):
            for start in range(max(0, end - MOST_UNDER_ONE), end + 1):
                if cost[start] >= _NEVER:
                    continue
                total = cost[start] + _distance(clusters[start:end], x0, x1, size)
                if total < best[end]:
                    best[end], step[end] = total, start
        cost = best
        steps.append(step)
    if cost[-1] >= _NEVER:
        return None
    result = []
    end = len(clusters)
    for step in reversed(steps):
        result.append((step[end], end))
        end = step[end]
    return result[::-1]


def _distance(below: Sequence[Cluster], x0: float, x1: float, size: float) -> float:
    if not below:
        return 0.0
    middle = (x0 + x1) / 2
    if len(below) > 1:
        if any(cluster.has_amounts for cluster in below):
            return _NEVER
        inside = below[0].x0 - size <= middle <= below[-1].x1 + size
        return float(len(below)) if inside else _NEVER
    (cluster,) = below
    if not cluster.may_have_middle_at(middle, size):
        return _NEVER
    gap = max(x0 - cluster.x1, cluster.x0 - x1, 0.0) / size
    return gap + abs(middle - cluster.centre) / size / 100
