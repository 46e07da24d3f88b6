"""The header of a table without verticals: which texts are one cell, and which columns each one heads.

A header stands in the middle of the columns that it heads and in the middle of its height; a header over
other headers stands above them and over the middle of all of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from flows.extract.readers.aligned_columns import Cluster, Column
from flows.extract.readers.glyphs import Piece, TextLine, box_of, parts_of
from flows.extract.readers.ruled import LatticeCell, Rule

LEADING = 1.45  # font sizes: lines of one cell are no further apart
PADDING = 3.0  # points between a text and the side of its cell
MOST_ASKEW = 2.5  # font sizes that a header may stand off the middle of its columns

_SMALL = re.compile(r"\d{1,2}")
_COLUMN_NUMBERS = {"栏次", "行次"}
_MOST_CELLS = 200
_WITHIN_WORD = 0.7  # font sizes between the parts of a word that a picture cut in two
_UNLIKELY, _NEVER = 20.0, 1e9


@dataclass
class HeaderCell:
    """The lines of one header, from top to bottom."""

    pieces: list[Piece]

    @property
    def x0(self) -> float:
        return min(piece.x0 for piece in self.pieces)

    @property
    def x1(self) -> float:
        return max(piece.x1 for piece in self.pieces)

    @property
    def y0(self) -> float:
        return self.pieces[0].y0

    @property
    def y1(self) -> float:
        return self.pieces[-1].y1

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2


@dataclass
class Header:
    """A header's cells, those right above the columns apart from those above them, and its height."""

    leaves: list[HeaderCell]  # from left to right
    parents: list[HeaderCell]
    unsure: list[HeaderCell]  # among the parents: they could be leaves
    numbering: TextLine | None  # 栏次 1 2 3
    top: float
    bottom: float  # of the cells, the numbering below it
    size: float
    rules: list[Rule]  # over a part of the width


def numbers_columns(line: TextLine) -> bool:
    """Whether a line numbers the columns: 栏次 1 2 3."""
    texts = ["".join(piece.text.split()) for piece in line.pieces]
    numbers = [int(text) for text in texts if _SMALL.fullmatch(text)]
    words = [text for text in texts if not _SMALL.fullmatch(text)]
    if not numbers or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return False
    return any(word in _COLUMN_NUMBERS for word in words) or (len(numbers) > 2 and not words)


def header_of(lines: Sequence[TextLine], top: float, bottom: float, rules: list[Rule], size: float) -> Header:
    """The header that lines from `top` to `bottom` print."""
    numbering = next((line for line in lines if numbers_columns(line)), None)
    if numbering:
        bottom = max(2 * numbering.middle - bottom, numbering.y0 - 2 * PADDING)
    cells = _cells([line for line in lines if line is not numbering], rules, size)
    answers = [_heads_others(cell, cells, (top, bottom), size) for cell in cells]
    parents = [cell for cell, answer in zip(cells, answers, strict=True) if answer is not False]
    unsure = [cell for cell, answer in zip(cells, answers, strict=True) if answer is None]
    leaves = sorted((cell for cell in cells if cell not in parents), key=lambda cell: cell.x0)
    return Header(leaves, parents, unsure, numbering, top, bottom, size, rules)


def with_leaves(header: Header) -> Header:
    """The header with the cells that are not surely parents as leaves."""
    leaves = sorted(header.leaves + header.unsure, key=lambda cell: cell.x0)
    parents = [cell for cell in header.parents if cell not in header.unsure]
    return replace(header, leaves=leaves, parents=parents, unsure=[])


def with_whole_words(header: Header, clusters: Sequence[Cluster]) -> Header:
    """The header with its leaves put together that are one word, which a faint picture cut in two: no text
    stands below the one, and what stands below the other reaches as far as if it stood below both."""
    leaves = list(header.leaves)
    for n in reversed(range(1, len(leaves))):
        if _are_one_word(leaves[n - 1], leaves[n], clusters, header.size):
            (before,), (after,) = leaves[n - 1].pieces, leaves[n].pieces
            glyphs = before.glyphs + after.glyphs
            whole = Piece(glyphs, before.text + after.text, *box_of(glyphs))
            leaves[n - 1 : n + 1] = [HeaderCell([whole])]
    return replace(header, leaves=leaves)


def _are_one_word(left: HeaderCell, right: HeaderCell, clusters: Sequence[Cluster], size: float) -> bool:
    is_beside = len(left.pieces) == len(right.pieces) == 1 and abs(left.middle - right.middle) < 0.3 * size
    is_read = any(len(glyph.text) > 1 for cell in (left, right) for glyph in cell.pieces[0].glyphs)
    if not (is_beside and is_read and right.x0 - left.x1 < _WITHIN_WORD * size):
        return False
    return _reaches_over(left, right, clusters) or _reaches_over(right, left, clusters)


def _reaches_over(cell: HeaderCell, other: HeaderCell, clusters: Sequence[Cluster]) -> bool:
    """Whether what stands below `cell`, which stands over its middle, takes the place of `other` too."""
    own = [cluster for cluster in clusters if _stand_below(cluster, cell)]
    if len(own) != 1 or any(_stand_below(cluster, other) for cluster in clusters):
        return False
    half = max(cell.centre - own[0].x0, own[0].x1 - cell.centre)
    return cell.centre - half <= other.x0 and other.x1 <= cell.centre + half


def _stand_below(cluster: Cluster, cell: HeaderCell) -> bool:
    return cluster.x0 < cell.x1 and cell.x0 < cluster.x1


def _cells(lines: Sequence[TextLine], rules: Sequence[Rule], size: float) -> list[HeaderCell]:
    """Pieces put together that are lines of one cell: close below each other and on one middle."""
    cells: list[HeaderCell] = []
    for line in lines:
        above = list(cells)
        pieces = [part for piece in line.pieces for part in _apart(piece, above, size)]
        for piece in pieces:
            over = [cell for cell in above if cell.x0 < piece.x1 and piece.x0 < cell.x1]
            cell = max(over, key=lambda cell: cell.y1, default=None)
            below = [other for other in pieces if cell and other.x0 < cell.x1 and cell.x0 < other.x1]
            if (
                cell is not None
                and len(below) == 1
                and _leading(cell.pieces[-1], piece) <= LEADING * size
                and (abs(cell.centre - piece.centre) <= size or abs(cell.x0 - piece.x0) <= 1)
                and not any(_between(rule, cell, piece) for rule in rules)
            ):
                cell.pieces.append(piece)
            else:
                cells.append(HeaderCell([piece]))
    return cells


def _leading(upper: Piece, lower: Piece) -> float:
    """How far one piece stands below the other. In a picture all words side by side have one baseline,
    that of the lowest."""
    return min(lower.glyphs[0].baseline - upper.glyphs[0].baseline, lower.y1 - upper.y1)


def _apart(piece: Piece, above: Sequence[HeaderCell], size: float) -> list[Piece]:
    """A justified word as it is, but in its characters where these end two headers side by side."""
    parts = parts_of(piece, size)
    if len(parts) > 1:
        below = [[cell for cell in above if cell.x0 < part.x1 and part.x0 < cell.x1] for part in parts]
        if all(below) and below[0][-1] is not below[1][-1]:
            return parts
    return [piece]


def _between(rule: Rule, cell: HeaderCell, piece: Piece) -> bool:
    return cell.y1 - 1 < rule.at < piece.y0 + 1 and _over(rule, piece.centre)


def _over(rule: Rule, x: float) -> bool:
    return rule.start <= x <= rule.end


def _heads_others(
    cell: HeaderCell, cells: Sequence[HeaderCell], sides: tuple[float, float], size: float
) -> bool | None:
    """Whether there are other headers below one: right below it, or on both sides of its middle. None
    where its place does not tell: in the middle of three rows stands too what fills all of them."""
    top, bottom = sides
    lower = [other for other in cells if other.y0 >= cell.y1 - 0.3 * size]
    if any(other.x0 < cell.x1 and cell.x0 < other.x1 for other in lower):
        return True
    left = max((other for other in lower if other.x1 <= cell.x0), key=lambda c: c.x1, default=None)
    right = min((other for other in lower if other.x0 >= cell.x1), key=lambda c: c.x0, default=None)
    if left is None or right is None:
        return False
    # which is nearer to its middle: that of the rows down to the bottom, or down to those below it
    edge = 2 * min(left.middle, right.middle) - bottom
    tops = _row_edges([other for other in cells if other.y1 <= cell.y0], top)
    tall = min(abs(cell.middle - (above + bottom) / 2) for above in tops)
    short = min(abs(cell.middle - (above + edge) / 2) for above in tops)
    return None if abs(short - tall) < 0.2 * size else short < tall


def _row_edges(above: Sequence[HeaderCell], top: float) -> list[float]:
    """Where rows can begin: at the top, and as far below the middle of a cell as its top is above it."""
    edges = {top}
    for cell in sorted(above, key=lambda cell: cell.middle)[:_MOST_CELLS]:
        below = {round(2 * cell.middle - edge) for edge in edges if edge < cell.y0}
        edges |= {edge for edge in below if edge > cell.y1 - 1}
    return sorted(edges)


@dataclass
class _Leaf:
    """A lowest header with the columns below it."""

    cell: HeaderCell
    first: int  # column
    end: int  # the one behind its last column
    x0: float  # sides, as far as its texts tell them
    x1: float


def placed(
    header: Header, columns: Sequence[Column]
) -> tuple[float, list[tuple[LatticeCell, HeaderCell]]] | None:
    """The header's cells in rows from 0 and in the columns, and how far they stand off the middles of
    theirs; None where a header stands over no columns that can be its own."""
    leaves = _leaves(header, columns)
    found = _place(header, leaves, header.parents, (0, len(leaves)), 0, header.top)
    if found is None or found[0] >= _UNLIKELY:
        return None
    cost, spans = found
    depth = [0] * len(leaves)
    for row, _, start, end in spans:
        for n in range(start, end):
            depth[n] = max(depth[n], row + 1)
    height = max(depth, default=0) + 1
    result = [
        (LatticeCell(row, leaves[a].first, 1, leaves[b - 1].end - leaves[a].first), cell)
        for row, cell, a, b in spans
    ]
    result += [
        (LatticeCell(depth[n], leaf.first, height - depth[n], leaf.end - leaf.first), leaf.cell)
        for n, leaf in enumerate(leaves)
    ]
    return cost, sorted(result, key=lambda item: item[0])


def _leaves(header: Header, columns: Sequence[Column]) -> list[_Leaf]:
    leaves = []
    for n, cell in enumerate(header.leaves):
        own = [c for c, column in enumerate(columns) if column.leaf == n]
        x0, x1 = min(columns[c].x0 for c in own), max(columns[c].x1 for c in own)
        half = max(cell.centre - x0, x1 - cell.centre) + PADDING  # a header stands over the middle
        leaves.append(_Leaf(cell, own[0], own[-1] + 1, cell.centre - half, cell.centre + half))
    for before, leaf in pairwise(leaves):
        if leaf.x0 < before.x1:  # one of them was taken for wider than it is
            edge = max(columns[before.end - 1].x1, min(columns[leaf.first].x0, (leaf.x0 + before.x1) / 2))
            before.x1 = leaf.x0 = edge
    return leaves


_Span = tuple[int, HeaderCell, int, int]  # row, cell, first leaf, leaf behind the last


def _place(
    header: Header,
    leaves: Sequence[_Leaf],
    parents: Sequence[HeaderCell],
    within: tuple[int, int],
    row: int,
    top: float,
) -> tuple[float, list[_Span]] | None:
    """The leaves below each of `parents`, all of which head leaves `within`, and how unlikely that is;
    None where it is impossible."""
    if not parents:
        return 0.0, []
    first = min(parent.middle for parent in parents)
    levels = [
        [parent for parent in parents if parent.middle - first <= 0.5 * header.size],
        # one that fills two rows has its middle further down, and still a row below it
        [parent for parent in parents if 2 * parent.middle - top <= header.bottom - header.size],
    ]
    best = None
    for level in levels if len(levels[1]) > len(levels[0]) else levels[:1]:
        found = _place_level(header, leaves, parents, sorted(level, key=lambda p: p.x0), within, row, top)
        if found and (best is None or found[0] < best[0]):
            best = found
    return best


def _place_level(
    header: Header,
    leaves: Sequence[_Leaf],
    parents: Sequence[HeaderCell],
    level: Sequence[HeaderCell],
    within: tuple[int, int],
    row: int,
    top: float,
) -> tuple[float, list[_Span]] | None:
    """The same where `level` are the headers of the uppermost row, from left to right."""
    runs = _runs(header, leaves, level, within, top)
    if runs is None:
        return None
    total, places = runs
    spans: list[_Span] = []
    rest = [parent for parent in parents if parent not in level]
    for parent, (start, end) in zip(level, places, strict=True):
        spans.append((row, parent, start, end))
        x0, x1 = leaves[start].x0, leaves[end - 1].x1
        inside = [other for other in rest if x0 <= other.centre <= x1]
        rest = [other for other in rest if other not in inside]
        found = _place(header, leaves, inside, (start, end), row + 1, 2 * parent.middle - top)
        if found is None:
            return None
        total += found[0]
        spans += found[1]
    return (total, spans) if not rest else None  # what is left stands over leaves of no header of this row


def _runs(
    header: Header,
    leaves: Sequence[_Leaf],
    level: Sequence[HeaderCell],
    within: tuple[int, int],
    top: float,
) -> tuple[float, list[tuple[int, int]]] | None:
    """The leaves that each header of one row heads, first and behind the last: the arrangement in which
    the headers are closest to the middles of theirs and no leaf below them is left alone."""
    start, end = within
    size = header.size
    alone = [_cost_alone(header, leaf, level, top) for leaf in leaves]
    together = [_UNLIKELY - cost if cost in (0.0, _UNLIKELY) else 0.0 for cost in alone]
    best: dict[int, tuple[float, list[tuple[int, int]]]] = {start: (0.0, [])}
    for n in range(start, end):  # leaves before the first header
        cost, _ = best[n]
        best[n + 1] = (cost + alone[n], [])
    for parent in level:
        after: dict[int, tuple[float, list[tuple[int, int]]]] = {}
        for a in range(start, end):
            if a not in best:
                continue
            cost, runs = best[a]
            for b in range(a + 1, end + 1):
                if leaves[b - 1].cell.y0 < parent.y1 - 0.3 * size:
                    break  # stands beside it, not below
                cost += together[b - 1]
                askew = abs(parent.centre - (leaves[a].x0 + leaves[b - 1].x1) / 2) / size
                if askew > MOST_ASKEW and askew * size > 0.25 * (leaves[b - 1].x1 - leaves[a].x0):
                    continue
                total = cost + askew
                if b not in after or total < after[b][0]:
                    after[b] = (total, [*runs, (a, b)])
        for n in range(start, end):  # leaves behind it that no header of this row heads
            if n in after:
                total = after[n][0] + alone[n]
                if n + 1 not in after or total < after[n + 1][0]:
                    after[n + 1] = (total, after[n][1])
        best = after
    return best.get(end)


def _cost_alone(header: Header, leaf: _Leaf, level: Sequence[HeaderCell], top: float) -> float:
    """How unlikely it is that no header of a row stands above a leaf: one below the middle of the height
    has something above it, one in the middle has not."""
    below = max(parent.y1 for parent in level)
    rules = [rule for rule in header.rules if below - 1 <= rule.at <= header.bottom - header.size / 2]
    rules = [rule for rule in rules if rule.at <= min(rule.at for rule in rules) + 1]
    if rules:
        return _UNLIKELY if any(_over(rule, leaf.cell.centre) for rule in rules) else 0.0
    middle = (top + header.bottom) / 2
    if leaf.cell.middle > middle + 0.3 * header.size:
        return _UNLIKELY
    return 0.0
