"""Characters with positions to lines in reading order and grids.

Knows no file format: PDF hands its characters over, recognition of scanned pages can do so too.
In ruled tables only the rules tell which row a text is in: labels and numbers of one row can
stand 12 points apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from flows.extract.model import Box, Grid, GridCell, Line
from flows.extract.normalise import has_decimals, is_amount
from flows.extract.readers.aligned import AlignedTable
from flows.extract.readers.glyphs import Glyph, box_of, text_lines, text_of
from flows.extract.readers.ruled import Lattice

OVERFLOW_GAP = 0.35  # of the character height: closer characters are one word

Home = tuple[int, int] | None  # number of the lattice, number of the cell in it


@dataclass
class Block:
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
    blocks, crossing = blocks_of(glyphs, lattices)
    lines, grids = numbered(blocks, page)
    return lines, grids, crossing


def free_lines(blocks: list[Block]) -> list[list[Glyph]]:
    """The lines outside all grids, from top to bottom."""
    return [block.glyphs for block in blocks if block.lattice is None]


def with_tables(blocks: list[Block], tables: list[AlignedTable]) -> list[Block]:
    """The blocks with tables in the place of the free lines that they are made of."""
    taken = {number for table in tables for number in table.lines}
    free = [block for block in blocks if block.lattice is None]
    kept = [block for block in blocks if block.lattice] + [
        block for number, block in enumerate(free) if number not in taken
    ]
    kept += [
        Block(top=free[table.lines[0]].top, left=table.lattice.xs[0], lattice=table.lattice,
              contents=table.contents)
        for table in tables
    ]  # fmt: skip
    return sorted(kept, key=lambda block: (block.top, block.left))


def blocks_of(glyphs: list[Glyph], lattices: list[Lattice]) -> tuple[list[Block], list[str]]:
    """The page's lines and grids from top to bottom, and the words that cross a rule."""
    if not lattices:
        return _line_blocks(glyphs), []
    homes = _homes(glyphs, lattices)
    crossing = _bring_home(glyphs, homes)

    contents: list[list[list[Glyph]]] = [[[] for _ in lattice.cells] for lattice in lattices]
    free: list[Glyph] = []
    for glyph, home in zip(glyphs, homes, strict=True):
        if home is None:
            free.append(glyph)
        else:
            contents[home[0]][home[1]].append(glyph)
    blocks = [
        Block(top=lattice.ys[0], left=lattice.xs[0], lattice=lattice, contents=inside)
        for lattice, inside in zip(lattices, contents, strict=True)
        if any(inside)
    ]
    blocks += _line_blocks(free)
    return sorted(blocks, key=lambda block: (block.top, block.left)), crossing


def _line_blocks(glyphs: list[Glyph]) -> list[Block]:
    """The lines of text from top to bottom."""
    blocks = []
    for line in text_lines(glyphs):
        top = sum([(glyph[2] + glyph[4]) / 2 for glyph in line]) / len(line)
        blocks.append(Block(top=top, left=line[0].x0, glyphs=line))
    return sorted(blocks, key=lambda block: (block.top, block.left))


def _homes(glyphs: list[Glyph], lattices: list[Lattice]) -> list[Home]:
    """The lattice and the cell in it that each character's middle is in."""
    # the smaller lattice first: a table inside a cell of another one keeps its text
    by_size = sorted(
        range(len(lattices)),
        key=lambda n: (lattices[n].xs[-1] - lattices[n].xs[0]) * (lattices[n].ys[-1] - lattices[n].ys[0]),
    )
    homes: list[Home] = []
    home: Home = None
    x0 = y0 = x1 = y1 = 0.0  # where the last character's home is, while nothing smaller can be inside
    for _, left, upper, right, lower, _, _ in glyphs:
        x, y = (left + right) / 2, (upper + lower) / 2
        if not x0 <= x < x1 or not y0 <= y < y1:
            home = None
            x0 = x1 = 0.0
            for n in by_size:
                field = lattices[n].field_at(x, y)
                if field is not None:
                    home = (n, field.cell)
                    if n == by_size[0]:
                        _, x0, y0, x1, y1 = field
                    break
        homes.append(home)
    return homes


def _bring_home(glyphs: list[Glyph], homes: list[Home]) -> list[str]:
    """Puts each word that overflows its cell into the cell that holds most of it.

    Two cells filled to the rule can look like one word; they are left apart where both parts
    are printed numbers of their own.
    """
    crossing: list[str] = []
    end = 0
    moves = [i for i, (before, home) in enumerate(pairwise(homes), start=1) if home != before]
    for i in moves:
        if i < end or not _runs_on(glyphs[i - 1], glyphs[i]):
            continue
        start, end = _word_around(glyphs, i)
        parts: dict[Home, str] = {}
        for glyph, home in zip(glyphs[start:end], homes[start:end], strict=True):
            parts[home] = parts.get(home, "") + glyph.text
        if not all(has_decimals(part) for part in parts.values()):
            word = "".join(glyph.text for glyph in glyphs[start:end])
            if is_amount(word) or None not in parts:
                crossing.append(word)
                home = max(parts, key=lambda home: len(parts[home]))
                homes[start:end] = [home] * (end - start)
    return crossing


def _word_around(glyphs: list[Glyph], i: int) -> tuple[int, int]:
    """The first character of the word that runs on at `i`, and the first one after it."""
    start, end = i - 1, i + 1
    while start > 0 and _runs_on(glyphs[start - 1], glyphs[start]):
        start -= 1
    while end < len(glyphs) and _runs_on(glyphs[end - 1], glyphs[end]):
        end += 1
    return start, end


def _runs_on(before: Glyph, glyph: Glyph) -> bool:
    if glyph.after_blank or abs(before.baseline - glyph.baseline) > 1:
        return False
    height = max(before.y1 - before.y0, glyph.y1 - glyph.y0)
    return -height < glyph.x0 - before.x1 < OVERFLOW_GAP * height


def numbered(blocks: list[Block], page: int) -> tuple[list[Line], list[Grid]]:
    """Lines and grids with their line numbers. A row of a grid is one line, its cells parted by
    tabs."""
    lines: list[Line] = []
    grids: list[Grid] = []
    for block in blocks:
        if block.lattice:
            grids.append(_grid(block.lattice, block.contents, page, lines))
        else:
            lines.append(Line(page, len(lines) + 1, text_of(block.glyphs), box_of(block.glyphs)))
    return lines, grids


def _grid(lattice: Lattice, contents: list[list[Glyph]], page: int, lines: list[Line]) -> Grid:
    """The grid of a lattice; appends its rows to `lines`."""
    first_line = len(lines) + 1
    cells: list[GridCell] = []
    row_texts: list[str] = []
    row_boxes: list[Box] = []
    row = 0

    def end_row() -> None:
        if row_boxes:
            x0s, y0s, x1s, y1s = zip(*row_boxes, strict=True)
            box = Box(min(x0s), min(y0s), max(x1s), max(y1s))
            lines.append(Line(page, len(lines) + 1, "\t".join(row_texts), box))
            row_boxes.clear()
        row_texts.clear()

    xs, ys = lattice.xs, lattice.ys
    for (cell_row, column, row_span, column_span), glyphs in zip(lattice.cells, contents, strict=True):
        if cell_row != row:
            end_row()
            row = cell_row
        # a cell's lines are pieces of one label or number, so they are put together again
        text = "".join([text_of(line) for line in text_lines(glyphs)]) if glyphs else ""
        row_texts.append(text)
        if glyphs:
            box = box_of(glyphs)
            row_boxes.append(box)
        else:
            box = Box(xs[column], ys[row], xs[column + column_span], ys[row + row_span])
        cells.append(GridCell(row, column, text, row_span, column_span, page, len(lines) + 1, box))
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
