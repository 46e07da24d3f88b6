"""Tables that only the alignment of their text tells: of three rules, of rules between rows, or of none.

Knows no file format: `lines` of characters or words with their places come in, and lattices with the
contents of their cells go out, as if the rules had been drawn. A table is taken only where all its rows
prove its columns: no text of any row stands across two of them, and each column of numbers has a header
of its own. What does not prove itself stays text.

A table over several pages is solved in one piece, since a page with few rows says little of the columns.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from flows.extract.readers.aligned_columns import Cluster, Column, clusters_of, columns_of
from flows.extract.readers.aligned_header import (
    Header,
    HeaderCell,
    header_of,
    numbers_columns,
    placed,
    with_leaves,
    with_whole_words,
)
from flows.extract.readers.aligned_rows import RowOfText, is_number, rows_of
from flows.extract.readers.glyphs import Glyph, Piece, TextLine, pieces_of, size_of
from flows.extract.readers.ruled import Lattice, LatticeCell, Rule, joined

SHORTEST_RULE = 100.0  # points
SAME_END = 3.0  # points: rules that begin and end so close to each other belong to one table
MOST_PAGES = 100  # of one table
MOST_HEADER_LINES = 14
FARTHEST = 4.0  # font sizes between lines of a table without rules
PADDING = 3.0  # points

_DECIMAL = re.compile(r"[-−–—△▲(（]?\d[\d,]*\.\d+[)）%％]?")
_NUMERIC = re.compile(r"[-−–—△▲(（]?\d|[-−–—]")
_BODY_LABEL = re.compile(r"[一二三四五六七八九十]{1,3}、|\d{3,7}$")
_CODE_LEVELS = {"类", "款", "项"}  # printed beside 合计, in the first row, over the codes below it
# what stands above or below a table and never in it
_AROUND = re.compile(
    r"(单位|部门|日期)[^:：]{0,6}[:：]|公开\s*\d+\s*表|(决算|预算|情况|明细)总?表$|^\s*(注|说明|备注)\d?[:：.、]"
)
_PAGE_NUMBER = re.compile(r"[-—–·\s]*\d{1,4}[-—–·\s]*|第\s*\d+\s*页.*")


@dataclass
class Unruled:
    """A page's lines and rules outside ruled tables, where a table could be among them."""

    page: int
    lines: list[list[Glyph]]  # from top to bottom, each from left to right
    rules: list[Rule]  # horizontal ones


@dataclass
class AlignedTable:
    """A table, or its part on one page: the characters in its cells, and which lines it takes."""

    lattice: Lattice
    contents: list[list[Glyph]]
    lines: list[int]


@dataclass
class _Region:
    """Where a page has a table: its lines, those of the header first."""

    page: int
    header: list[TextLine]
    body: list[TextLine]
    rules: list[Rule]  # over the whole width, from top to bottom; none where the table has none
    inner_rules: list[Rule]  # over a part of it
    size: float
    is_first: bool = False  # on its page
    is_last: bool = False

    @property
    def lines(self) -> list[TextLine]:
        return [*self.header, *self.body]

    @property
    def header_text(self) -> list[str]:
        return ["".join(piece.text.split()) for line in self.header for piece in line.pieces]

    @property
    def sides(self) -> tuple[float, float]:
        if self.rules:
            return min(rule.start for rule in self.rules), max(rule.end for rule in self.rules)
        pieces = [piece for line in self.lines for piece in line.pieces]
        return min(p.x0 for p in pieces) - PADDING, max(p.x1 for p in pieces) + PADDING


def unruled_page(page: int, lines: list[list[Glyph]], rules: Sequence[Rule]) -> Unruled | None:
    """The page, if a table without verticals could be on it."""
    rules = joined(rules)
    long = [rule for rule in rules if rule.end - rule.start >= SHORTEST_RULE]
    if not lines or (len(long) < 2 and not any(map(_has_decimals_apart, lines))):
        return None
    return Unruled(page, lines, rules)


def _has_decimals_apart(line: Sequence[Glyph]) -> bool:
    """Whether a line prints a decimal point, and a number with a wide gap before it."""
    return "." in "".join([glyph[0] for glyph in line]) and any(
        glyph.after_blank and glyph.x0 - before.x1 > glyph.y1 - glyph.y0 and _NUMERIC.match(glyph.text)
        for before, glyph in pairwise(line)
    )


def tables_of(pages: Sequence[Unruled]) -> dict[int, list[AlignedTable]]:
    """The tables of pages given in their order, by the number of the page."""
    found: dict[int, list[AlignedTable]] = {}
    for chain in _chains(region for page in pages for region in _regions(page)):
        tables = _solved(chain)
        # pages that print the same header can still be tables of their own
        parts = [(chain, tables)]
        if tables is None and len(chain) > 1:
            parts = [([region], _solved([region])) for region in chain]
        for regions, solved in parts:
            for region, table in zip(regions, solved or [], strict=False):
                found.setdefault(region.page, []).append(table)
    return found


def _chains(regions: Iterator[_Region]) -> Iterator[list[_Region]]:
    """The regions of one table each, in the order of the pages."""
    chain: list[_Region] = []
    for region in regions:
        if chain and _goes_on(chain, region):
            chain.append(region)
            continue
        if chain:
            yield chain
        chain = [region]
    if chain:
        yield chain


def _goes_on(chain: Sequence[_Region], region: _Region) -> bool:
    """Whether a region is the next page's part of a table; a header that is none becomes rows."""
    first, last = chain[0], chain[-1]
    if last.page != region.page - 1 or not last.is_last or len(chain) >= MOST_PAGES:
        return False
    if bool(first.rules) != bool(region.rules):
        return False
    if first.rules and any(abs(a - b) > SAME_END for a, b in zip(first.sides, region.sides, strict=True)):
        return False
    if region.header and region.header_text == first.header_text:
        return True
    if not region.is_first:
        return False
    if region.header:
        repeated = sum(text in first.header_text for text in region.header_text)
        if repeated * 2 > len(region.header_text):
            return False  # a header of its own
        region.header, region.body = [], region.lines
    return True


# -- where tables stand --------------------------------------------------------------------------


def _regions(page: Unruled) -> list[_Region]:
    size = size_of(page.lines)
    lines = [pieces_of(n, line, size) for n, line in enumerate(page.lines)]
    regions = list(_between_rules(page, lines, size))
    if not regions:
        regions = list(_without_rules(page, lines, size))
    regions.sort(key=lambda region: region.lines[0].baseline)
    if regions:
        regions[0].is_first = all(map(_is_page_number, lines[: regions[0].lines[0].number]))
        regions[-1].is_last = all(map(_is_page_number, lines[regions[-1].lines[-1].number + 1 :]))
    return regions


def _is_page_number(line: TextLine) -> bool:
    return _PAGE_NUMBER.fullmatch(" ".join(piece.text for piece in line.pieces)) is not None


def _between_rules(page: Unruled, lines: Sequence[TextLine], size: float) -> Iterator[_Region]:
    """Tables between rules of the same ends."""
    long = sorted(
        (rule for rule in page.rules if rule.end - rule.start >= SHORTEST_RULE),
        key=lambda rule: (rule.start - rule.end, rule.at),
    )
    while long:
        widest = long[0]
        same = [rule for rule in long if _same_ends(rule, widest)]
        long = [rule for rule in long if rule not in same]
        if len(same) < 2:
            continue
        same.sort()
        run: list[tuple[Rule, Rule, list[TextLine]]] = []
        for upper, lower in pairwise(same):
            inside = [line for line in lines if upper.at < line.middle < lower.at and _meets(line, widest)]
            if any(_AROUND.search(piece.text) for line in inside for piece in line.pieces):
                yield from _region_of(page, run, size)
                run = []
            else:
                run.append((upper, lower, inside))
        yield from _region_of(page, run, size)
        top, bottom = same[0].at, same[-1].at
        long = [rule for rule in long if not top <= rule.at <= bottom]  # its own inner rules


def _same_ends(rule: Rule, other: Rule) -> bool:
    return abs(rule.start - other.start) <= SAME_END and abs(rule.end - other.end) <= SAME_END


def _meets(line: TextLine, rule: Rule) -> bool:
    return line.pieces[0].x0 < rule.end and line.pieces[-1].x1 > rule.start


def _region_of(
    page: Unruled, bands: list[tuple[Rule, Rule, list[TextLine]]], size: float
) -> Iterator[_Region]:
    """The table of the bands between neighbouring rules."""
    while bands and not bands[0][2]:
        bands = bands[1:]
    while bands and not bands[-1][2]:
        bands = bands[:-1]
    if not bands:
        return
    rules = [bands[0][0], *(lower for _, lower, _ in bands)]
    lines = [line for _, _, inside in bands for line in inside]
    inner = [rule for rule in page.rules if rule not in rules and rules[0].at < rule.at < rules[-1].at]
    if len(bands) == 2 and not any(map(_has_decimals, bands[0][2])):
        header = len(bands[0][2])
    else:
        header = _header_length(lines)
        if header < len(lines):  # a label's first line can stand above the first number, in the same band
            band = next(inside for _, _, inside in bands if lines[header] in inside)
            if band is not bands[0][2] and not numbers_columns(lines[header - 1]):
                header = lines.index(band[0])
    yield _Region(page.page, *_parted(lines, header), rules, inner, size)


def _parted(lines: Sequence[TextLine], header: int) -> tuple[list[TextLine], list[TextLine]]:
    """Header and rows; what the first row prints of the header goes to it."""
    above, rows = list(lines[:header]), list(lines[header:])
    for n, line in enumerate(rows[:2]):
        levels = [piece for piece in line.pieces if piece.text.strip() in _CODE_LEVELS]
        if len(levels) == len(_CODE_LEVELS):
            above.append(replace(line, pieces=tuple(levels)))
            rest = tuple(piece for piece in line.pieces if piece not in levels)
            rows[n : n + 1] = [replace(line, pieces=rest)] if rest else []
    return above, rows


def _header_length(lines: Sequence[TextLine]) -> int:
    """How many lines stand above the first row."""
    for n, line in enumerate(lines):
        if numbers_columns(line):
            return n + 1
        first = "".join(line.pieces[0].text.split())
        if _has_decimals(line) or _BODY_LABEL.match(first) or sum(map(is_number, line.pieces)) > 1:
            return n
    return len(lines)


def _has_decimals(line: TextLine) -> bool:
    return any(_DECIMAL.fullmatch("".join(piece.text.split())) for piece in line.pieces)


def _without_rules(page: Unruled, lines: Sequence[TextLine], size: float) -> Iterator[_Region]:
    """Tables of lines that print amounts apart from their labels, with the lines above them."""
    is_row = [len(line.pieces) > 1 and _has_decimals(line) for line in lines]
    start = 0
    while True in is_row[start:]:
        first = last = is_row.index(True, start)
        while last + 1 < len(lines) and _belongs(lines[last], lines[last + 1], size):
            last += 1
        end = last
        while not is_row[end] and end + 1 > first and not _is_beside(lines[end - 1], lines[end], size):
            end -= 1
        header = first
        while (
            header > start
            and first - header < MOST_HEADER_LINES
            and _belongs(lines[header], lines[header - 1], size)
            and _height(lines[header - 1]) < 1.3 * size
        ):
            header -= 1
        around = lines[header : end + 1]
        length = _header_length(around)
        yield _Region(page.page, *_parted(around, length), [], [], size)
        start = last + 1


def _is_beside(line: TextLine, other: TextLine, size: float) -> bool:
    return abs(other.baseline - line.baseline) < 1.45 * size


def _belongs(line: TextLine, other: TextLine, size: float) -> bool:
    """Whether a line can be of the same table as its neighbour."""
    return abs(other.baseline - line.baseline) <= FARTHEST * size and not any(
        _AROUND.search(piece.text) or piece.text.rstrip().endswith(("。", "；")) for piece in other.pieces
    )


def _height(line: TextLine) -> float:
    return max(glyph.y1 - glyph.y0 for piece in line.pieces for glyph in piece.glyphs)


# -- what tables they are ------------------------------------------------------------------------


def _solved(chain: Sequence[_Region]) -> list[AlignedTable] | None:
    """The parts of one table on its pages, with the same columns; None where it proves to be none."""
    first = chain[0]
    if not first.header or not any(region.body for region in chain):
        return None
    headers = [_header(region) if region.header else None for region in chain]
    rows = [rows_of(region.body, region.rules, region.size) for region in chain]
    clusters = clusters_of([row.pieces for part in rows for row in part], first.size)
    if clusters is None or not (first.rules or any(cluster.has_amounts for cluster in clusters)):
        return None
    if headers[0].unsure:
        headers = _likelier(headers, [header and with_leaves(header) for header in headers], clusters)
    headers = [header and with_whole_words(header, clusters) for header in headers]
    columns = _columns(headers[0], clusters)
    if columns is None or len(columns) < 2:
        return None
    edges = _edges(columns, first.sides)
    tables = []
    for region, header, part in zip(chain, headers, rows, strict=True):
        table = _Part(edges)
        if header and not table.add_header(header, columns):
            return None
        for row in part:
            if not table.add_row(row, columns):
                return None
        tables.append(table.finished(region))
    return tables


def _columns(header: Header, clusters: Sequence[Cluster]) -> list[Column] | None:
    return columns_of(clusters, [(leaf.x0, leaf.x1) for leaf in header.leaves], header.size)


def _likelier(
    headers: list[Header | None], others: list[Header | None], clusters: Sequence[Cluster]
) -> list[Header | None]:
    """Of two ways to see the headers of a table the one that fits its columns better."""
    costs = []
    for way in (headers, others):
        columns = _columns(way[0], clusters)
        fit = columns and placed(way[0], columns)
        costs.append(fit[0] if fit else math.inf)
    return others if costs[1] < costs[0] else headers


def _header(region: _Region) -> Header:
    if region.rules:
        top = region.rules[0].at
        below = [rule.at for rule in region.rules if rule.at > region.header[-1].middle]
        bottom = below[0]
        if region.body and region.body[0].middle < bottom:  # no rule below the header
            bottom = (region.header[-1].y1 + region.body[0].y0) / 2
    else:
        top = min(line.y0 for line in region.header) - PADDING
        bottom = max(line.y1 for line in region.header) + PADDING
    return header_of(region.header, top, bottom, region.rules + region.inner_rules, region.size)


def _edges(columns: Sequence[Column], sides: tuple[float, float]) -> tuple[float, ...]:
    """The lines between columns, halfway between the texts on both sides."""
    inner = [(before.x1 + after.x0) / 2 for before, after in pairwise(columns)]
    return (min(sides[0], columns[0].x0), *inner, max(sides[1], columns[-1].x1))


class _Part:
    """The part of a table on one page, filled row by row."""

    def __init__(self, edges: tuple[float, ...]) -> None:
        self._edges = edges
        self._cells: list[tuple[LatticeCell, list[Glyph]]] = []
        self._tops: list[float] = []  # of the rows
        self._bottom = 0.0

    def add_header(self, header: Header, columns: Sequence[Column]) -> bool:
        """Adds the header's rows; false where its cells stand over no columns."""
        fit = placed(header, columns)
        if fit is None:
            return False
        _, cells = fit
        height = max(cell.row + cell.row_span for cell, _ in cells)
        step = (header.bottom - header.top) / height
        self._tops += [header.top + step * row for row in range(height)]
        self._cells += [(cell, _glyphs(content.pieces)) for cell, content in cells]
        self._bottom = header.bottom
        if header.numbering:
            return self.add_row(RowOfText([header.numbering]), columns, by_header=header.leaves)
        return True

    def add_row(
        self, row: RowOfText, columns: Sequence[Column], by_header: Sequence[HeaderCell] = ()
    ) -> bool:
        """Adds one row; false where a text of it stands in no column."""
        number = len(self._tops)
        pieces = row.pieces
        contents: dict[tuple[int, int], list[Piece]] = {}
        for piece in pieces:
            if by_header:
                place = _nearest(piece, columns, by_header)
            else:
                place = _place(piece, columns, may_be_wide=len(pieces) == 1 or not is_number(piece))
            if place is None:
                return False
            contents.setdefault(place, []).append(piece)
        filled = {column for start, end in contents for column in range(start, end)}
        if len(filled) < sum(end - start for start, end in contents):
            return False
        contents |= {(c, c + 1): [] for c in range(len(columns)) if c not in filled}
        self._tops.append(min(line.y0 for line in row.lines))
        self._bottom = max(line.y1 for line in row.lines)
        self._cells += [
            (LatticeCell(number, start, 1, end - start), _glyphs(contents[start, end]))
            for start, end in sorted(contents)
        ]
        return True

    def finished(self, region: _Region) -> AlignedTable:
        """The part as a lattice with its contents."""
        ys = []
        for top in self._tops:
            ys.append(max(top, ys[-1] + 0.1) if ys else top)
        ys.append(max(self._bottom, ys[-1] + 0.1))
        cells = sorted(self._cells, key=lambda item: item[0])
        lattice = Lattice(self._edges, tuple(ys), tuple(cell for cell, _ in cells), ())
        return AlignedTable(lattice, [glyphs for _, glyphs in cells], [line.number for line in region.lines])


def _place(piece: Piece, columns: Sequence[Column], may_be_wide: bool) -> tuple[int, int] | None:
    """The columns that a piece is in: first, and behind the last. Only a label or the one piece of a row
    can be in several."""
    inside = [
        n
        for n, column in enumerate(columns)
        if column.cluster and piece.x0 < column.cluster.x1 and column.cluster.x0 < piece.x1
    ]
    if len(inside) == 1 or (inside and may_be_wide):
        return inside[0], inside[-1] + 1
    if inside or not may_be_wide:
        return None
    nearest = min(range(len(columns)), key=lambda n: max(columns[n].x0 - piece.x1, piece.x0 - columns[n].x1))
    return nearest, nearest + 1


def _nearest(piece: Piece, columns: Sequence[Column], leaves: Sequence[HeaderCell]) -> tuple[int, int]:
    """The columns below the header that a column number stands under."""
    leaf = min(range(len(leaves)), key=lambda n: abs(leaves[n].centre - piece.centre))
    own = [n for n, column in enumerate(columns) if column.leaf == leaf]
    return own[0], own[-1] + 1


def _glyphs(pieces: Sequence[Piece]) -> list[Glyph]:
    return [glyph for piece in pieces for glyph in piece.glyphs]
