"""Ruling lines to lattices: which cells the rules of a page make, and which cell a point is in.

Knows no file format. Positions are points, origin at the top left of the page as it is seen,
y downwards; the pixels of a scanned page do as well.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

SNAP = 2.0  # rules closer than this are one rule: double lines, shares of neighbouring cells
JOIN = 3.0  # collinear pieces with a smaller gap are one piece: strokes per cell, dashes
SHORTEST = 3.0  # judged after joining, since some writers draw a rule as a row of dabs
REACH = 3.0  # a rule that ends this close to another one meets it
OPEN_SIDE = 8.0  # rules that run on further than this beyond the outermost enclose cells there
MOST_CELLS = 200_000
MOST_CROSSINGS = 4_000_000


class Rule(NamedTuple):
    """A straight piece of line: `at` is the y of a horizontal piece, the x of a vertical one."""

    at: float
    start: float
    end: float


class LatticeCell(NamedTuple):
    """One cell, merged cells once, counted from 0 at the upper left corner."""

    row: int
    column: int
    row_span: int
    column_span: int


class Field(NamedTuple):
    """What lies between two neighbouring rules each way: the index of its cell, and its sides. A merged
    cell covers several fields."""

    cell: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class Lattice:
    """The cells that connected rules make. `xs` and `ys` are the rules' positions, ascending."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[LatticeCell, ...]  # sorted by row, column
    cell_numbers: tuple[int, ...]  # of each field, row by row: index into `cells`

    @property
    def row_count(self) -> int:
        return len(self.ys) - 1

    @property
    def column_count(self) -> int:
        return len(self.xs) - 1

    def field_at(self, x: float, y: float) -> Field | None:
        """The field around a point; None outside."""
        column, row = bisect_right(self.xs, x), bisect_right(self.ys, y)
        if 0 < column < len(self.xs) and 0 < row < len(self.ys):
            number = self.cell_numbers[(row - 1) * self.column_count + column - 1]
            return Field(number, self.xs[column - 1], self.ys[row - 1], self.xs[column], self.ys[row])
        return None

    def bounds_of(self, cell: LatticeCell) -> tuple[float, float, float, float]:
        """x0, y0, x1, y1 of a cell."""
        return (
            self.xs[cell.column],
            self.ys[cell.row],
            self.xs[cell.column + cell.column_span],
            self.ys[cell.row + cell.row_span],
        )


class TooManyRules(Exception):
    """The page's rules are a drawing rather than tables."""


def lattices_of(horizontal: Iterable[Rule], vertical: Iterable[Rule]) -> list[Lattice]:
    """The lattices of a page from top to bottom, frames around a single field left out.

    Raises TooManyRules where the rules cross more often than tables do.
    """
    across, down = joined(horizontal), joined(vertical)
    if len(across) * len(down) > MOST_CROSSINGS:
        raise TooManyRules
    lattices = []
    for rows, columns in _connected(across, down):
        lattice = _lattice(_closed(rows, columns), _closed(columns, rows))
        if lattice:
            lattices.append(lattice)
    return sorted(lattices, key=lambda lattice: (lattice.ys[0], lattice.xs[0]))


def outside(rules: Iterable[Rule], lattices: Sequence[Lattice]) -> list[Rule]:
    """The horizontal rules that are in no lattice."""
    return [
        rule
        for rule in rules
        if not any(
            lattice.ys[0] - SNAP <= rule.at <= lattice.ys[-1] + SNAP
            and lattice.xs[0] - REACH <= rule.start
            and rule.end <= lattice.xs[-1] + REACH
            for lattice in lattices
        )
    ]


def joined(rules: Iterable[Rule]) -> list[Rule]:
    """Rules at nearly the same position as one, collinear pieces that touch as one."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules):
        if groups and rule.at - groups[-1][0].at <= SNAP:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    result = []
    for group in groups:
        at = sum(rule.at for rule in group) / len(group)
        group.sort(key=lambda rule: (rule.start, rule.end))
        start, end = group[0].start, group[0].end
        for rule in group[1:]:
            if rule.start - end <= JOIN:
                end = max(end, rule.end)
            else:
                result.append(Rule(at, start, end))
                start, end = rule.start, rule.end
        result.append(Rule(at, start, end))
    return [rule for rule in result if rule.end - rule.start >= SHORTEST]


class _Union:
    """Disjoint sets of the numbers below `size`."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, i: int) -> int:
        parent = self._parent
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def unite(self, i: int, j: int) -> None:
        self._parent[self.find(j)] = self.find(i)


def _connected(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Groups of rules that cross each other: one group is one table."""
    union = _Union(len(across) + len(down))
    for i, h in enumerate(across):
        for j, v in enumerate(down, start=len(across)):
            if (
                h.start - REACH <= v.at <= h.end + REACH
                and v.start - REACH <= h.at <= v.end + REACH
            ):
                union.unite(i, j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate(across + down):
        groups.setdefault(union.find(i), ([], []))[i >= len(across)].append(rule)
    return list(groups.values())


def _closed(rules: list[Rule], crossing: list[Rule]) -> list[Rule]:
    """`rules` with the outer sides that the table does not draw: where the rules that cross them run
    on beyond the outermost, tables with open sides, and rows cut open by a page break."""
    if not rules or len(crossing) < 2:
        return rules
    closed = list(rules)
    for edge, outermost in (
        (min(rule.start for rule in crossing), min(rule.at for rule in rules)),
        (max(rule.end for rule in crossing), max(rule.at for rule in rules)),
    ):
        reaching = [rule.at for rule in crossing if rule.start - REACH <= edge <= rule.end + REACH]
        if abs(edge - outermost) > OPEN_SIDE and len(reaching) > 1:
            closed.append(Rule(edge, min(reaching), max(reaching)))
    return closed


def _lattice(rows: list[Rule], columns: list[Rule]) -> Lattice | None:
    ys, xs = sorted({rule.at for rule in rows}), sorted({rule.at for rule in columns})
    row_count, column_count = len(ys) - 1, len(xs) - 1
    if row_count < 1 or column_count < 1 or row_count * column_count > MOST_CELLS:
        return None
    pieces_across: dict[float, list[Rule]] = {y: [] for y in ys}
    pieces_down: dict[float, list[Rule]] = {x: [] for x in xs}
    for rule in rows:
        pieces_across[rule.at].append(rule)
    for rule in columns:
        pieces_down[rule.at].append(rule)

    # fields with no rule between them are one merged cell
    union = _Union(row_count * column_count)
    for j, x in enumerate(xs[1:-1]):
        for i in _open_between(pieces_down[x], ys):
            union.unite(i * column_count + j, i * column_count + j + 1)
    for i, y in enumerate(ys[1:-1]):
        for j in _open_between(pieces_across[y], xs):
            union.unite(i * column_count + j, (i + 1) * column_count + j)
    roots = [union.find(field) for field in range(row_count * column_count)]
    extents: dict[int, list[int]] = {}
    for field, root in enumerate(roots):
        i, j = divmod(field, column_count)
        if root not in extents:
            extents[root] = [i, j, i, j]
            continue
        extent = extents[root]
        extent[1], extent[2], extent[3] = min(extent[1], j), i, max(extent[3], j)
    if len(extents) < 2:
        return None  # a frame around text, or around the whole page
    order = sorted(extents, key=extents.__getitem__)
    numbers = {root: number for number, root in enumerate(order)}
    return Lattice(
        xs=tuple(xs),
        ys=tuple(ys),
        cells=tuple(
            LatticeCell(r0, c0, r1 - r0 + 1, c1 - c0 + 1)
            for r0, c0, r1, c1 in (extents[root] for root in order)
        ),
        cell_numbers=tuple([numbers[root] for root in roots]),
    )


def _open_between(pieces: list[Rule], edges: Sequence[float]) -> list[int]:
    """Which of the stretches from edge to edge none of the pieces of a rule covers."""
    if any([first - SNAP <= edges[0] and edges[-1] <= last + SNAP for _, first, last in pieces]):
        return []
    return [
        n
        for n, (start, end) in enumerate(pairwise(edges))
        if not any([first - SNAP <= start and end <= last + SNAP for _, first, last in pieces])
    ]
