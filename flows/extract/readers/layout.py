"""Characters with positions to lines in reading order and grids.

Knows no file format: PDF hands its characters over, recognition of scanned pages can do so too.
In ruled tables only the rules tell which row a text is in: labels and numbers of one row can
stand 12 points apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from flows.extract.model import Box, Grid, GridCell, Line
from flows.extract.normalise import has_decimals, is_amount
from flows.extract.readers.ruled import Lattice

SAME_LINE = 3.0  # baselines closer than this are one line
OVERFLOW_GAP = 0.35  # of the character height: closer characters are one word


class Glyph(NamedTuple):
    """One printed character with its ink box and baseline on the page as it is seen."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    baseline: float
    after_blank: bool  # a blank or a line end stands before it in the file


@dataclass
class _Block:
    """Something that stands on the page from `top` down: a line of text, or a grid."""

    top: float
    left: float
    glyphs: list[Glyph] = field(default_factory=list)
    lattice: Lattice | None = None
    contents: list[list[Glyph]] = field(default_factory=list)  # of a lattice: glyphs of each cell


def lay_out(
    glyphs: list[Glyph], lattices: list[Lattice], page: int
) -> tuple[list[Line], list[Grid], list[str]]:
    """The lines and grids of a page from top to bottom, and the words that cross a rule.

    `glyphs` are in the order of the file. `line_no` counts within the page; a row of a grid is one
    line, its cells parted by tabs.
    """
    blocks, crossing = _blocks(glyphs, lattices)
    lines, grids = _numbered(blocks, page)
    return lines, grids, crossing


def _blocks(glyphs: list[Glyph], lattices: list[Lattice]) -> tuple[list[_Block], list[str]]:
    """The page's lines and grids from top to bottom, and the words that cross a rule."""
    # the smaller lattice first: a table inside a cell of another one keeps its text
    by_size = sorted(
        range(len(lattices)),
        key=lambda n: (lattices[n].xs[-1] - lattices[n].xs[0]) * (lattices[n].ys[-1] - lattices[n].ys[0]),
    )
    homes: list[tuple[int, int] | None] = []
    for glyph in glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.y0 + glyph.y1) / 2
        for n in by_size:
            cell = lattices[n].cell_at(x, y)
            if cell is not None:
                homes.append((n, cell))
                break
        else:
            homes.append(None)
    crossing = _bring_home(glyphs, homes)

    contents: list[list[list[Glyph]]] = [[[] for _ in lattice.cells] for lattice in lattices]
    free: list[Glyph] = []
    for glyph, home in zip(glyphs, homes, strict=True):
        if home is None:
            free.append(glyph)
        else:
            contents[home[0]][home[1]].append(glyph)
    blocks = [
        _Block(top=lattice.ys[0], left=lattice.xs[0], lattice=lattice, contents=inside)
        for lattice, inside in zip(lattices, contents, strict=True)
        if any(inside)
    ]
    for line in _text_lines(free):
        top = sum((glyph.y0 + glyph.y1) / 2 for glyph in line) / len(line)
        blocks.append(_Block(top=top, left=line[0].x0, glyphs=line))
    return sorted(blocks, key=lambda block: (block.top, block.left)), crossing


def _bring_home(glyphs: list[Glyph], homes: list[tuple[int, int] | None]) -> list[str]:
    """Puts each word that overflows its cell into the cell that holds most of it.

    Two cells filled to the rule can look like one word; they are left apart where both parts
    are printed numbers of their own.
    """
    crossing: list[str] = []
    start = 0
    for end in range(1, len(glyphs) + 1):
        if end < len(glyphs) and _runs_on(glyphs[end - 1], glyphs[end]):
            continue
        word_homes = homes[start:end]
        if end - start > 1 and any(home != word_homes[0] for home in word_homes):
            parts: dict[tuple[int, int] | None, str] = {}
            for glyph, home in zip(glyphs[start:end], word_homes, strict=True):
                parts[home] = parts.get(home, "") + glyph.text
            if not all(has_decimals(part) for part in parts.values()):
                word = "".join(glyph.text for glyph in glyphs[start:end])
                if is_amount(word) or None not in parts:
                    crossing.append(word)
                    home = max(parts, key=lambda home: len(parts[home]))
                    homes[start:end] = [home] * (end - start)
        start = end
    return crossing


def _runs_on(before: Glyph, glyph: Glyph) -> bool:
    if glyph.after_blank or abs(before.baseline - glyph.baseline) > 1:
        return False
    height = max(before.y1 - before.y0, glyph.y1 - glyph.y0)
    return -height < glyph.x0 - before.x1 < OVERFLOW_GAP * height


def _text_lines(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Characters grouped by baseline from top to bottom, each line from left to right."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.baseline):
        if lines and glyph.baseline - lines[-1][0].baseline <= SAME_LINE:
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    for line in lines:
        line.sort(key=lambda glyph: glyph.x0)
    return lines


def _text(line: list[Glyph]) -> str:
    return line[0].text + "".join(
        (" " if glyph.after_blank else "") + glyph.text for glyph in line[1:]
    )


def _box(glyphs: list[Glyph]) -> Box:
    return Box(
        min(glyph.x0 for glyph in glyphs),
        min(glyph.y0 for glyph in glyphs),
        max(glyph.x1 for glyph in glyphs),
        max(glyph.y1 for glyph in glyphs),
    )


def _numbered(blocks: list[_Block], page: int) -> tuple[list[Line], list[Grid]]:
    """Lines and grids with their line numbers. A row of a grid is one line, its cells parted by
    tabs."""
    lines: list[Line] = []
    grids: list[Grid] = []
    for block in blocks:
        if block.lattice:
            grids.append(_grid(block.lattice, block.contents, page, lines))
        else:
            lines.append(Line(page, len(lines) + 1, _text(block.glyphs), _box(block.glyphs)))
    return lines, grids


def _grid(lattice: Lattice, contents: list[list[Glyph]], page: int, lines: list[Line]) -> Grid:
    """The grid of a lattice; appends its rows to `lines`."""
    first_line = len(lines) + 1
    cells: list[GridCell] = []
    row_texts: list[str] = []
    row_glyphs: list[Glyph] = []
    row = 0

    def end_row() -> None:
        if row_glyphs:
            lines.append(Line(page, len(lines) + 1, "\t".join(row_texts), _box(row_glyphs)))
            row_glyphs.clear()
        row_texts.clear()

    for cell, glyphs in zip(lattice.cells, contents, strict=True):
        if cell.row != row:
            end_row()
            row = cell.row
        # a cell's lines are pieces of one label or number, so they are put together again
        text = "".join(_text(line) for line in _text_lines(glyphs))
        row_texts.append(text)
        row_glyphs.extend(glyphs)
        cells.append(
            GridCell(
                row=cell.row,
                column=cell.column,
                text=text,
                row_span=cell.row_span,
                column_span=cell.column_span,
                page=page,
                line_no=len(lines) + 1,
                box=_box(glyphs) if glyphs else Box(*lattice.bounds_of(cell)),
            )
        )
    end_row()
    return Grid(
        page=page,
        first_line=first_line,
        last_line=len(lines),
        row_count=lattice.row_count,
        column_count=lattice.column_count,
        cells=tuple(cells),
        box=Box(lattice.xs[0], lattice.ys[0], lattice.xs[-1], lattice.ys[-1]),
        column_edges=lattice.xs,
    )
