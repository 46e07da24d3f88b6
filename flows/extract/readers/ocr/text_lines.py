"""Where the text lines of a picture are: in the cells of its tables, and outside them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import cv2
import numpy as np

from flows.extract.readers.ruled import Lattice, Rule, outside

# Inches.
_INSET = 0.018  # from a rule's middle to where a cell's text can begin
_LARGEST = 0.8  # of a character; larger are pictures
_SMALLEST_LETTER = 0.045
_SHORTEST_DASH = 0.028
_LETTER = 0.25  # larger letters are titles
_TITLE = 1.35  # so are those this many times as large as the page's
_DIRTY = 60  # specks of a page that stand alone
_BESIDE_DIRTY = 0.06
_BESIDE = 0.1  # specks this close to a letter are its dots
_RULE_LENGTH, _RULE_WIDTH = 0.6, 0.04  # what is longer and thinner is a rule under text
_SLIVER = 0.05  # a part of a line, such as the upper stroke of 二, is less tall
_SLIVER_GAP = 0.03
_PADDING = 0.02

_LINE_GAP = 0.015  # blank rows between two lines
_PIECE_GAP = 1.3  # blank columns between two pieces of a line outside tables, in line heights
_COLUMN_GAP = 0.5  # the same between columns of a table without verticals
_HALF_BLANK = 0.85  # the same where the half of a bracket or comma is blank
_POINT_GAP = 0.3  # the same between a point and the number or word that it belongs to
_TABLE_RULE = 1.4  # inches: shorter rules are no rules of a table without verticals
_NEAR = 0.035  # from a rule to where the lattice has it
_CELL_GAP = 4.0  # the same in cells, whose labels are justified with blanks
_DEEPEST_CUT = 6


class Piece(NamedTuple):
    """A piece of a text line in pixels: its ink, the foot of its line, and its home: the number of its
    lattice and cell, or None outside tables."""

    x0: int
    y0: int
    x1: int
    y1: int
    foot: int
    home: tuple[int, int] | None


class _Mark(NamedTuple):
    """A connected piece of ink: a character or a part of one."""

    x0: int
    y0: int
    x1: int
    y1: int


def pieces_of(
    ink: np.ndarray,
    lattices: Sequence[Lattice],
    across: Sequence[Rule],
    down: Sequence[Rule],
    dpi: float,
) -> list[Piece]:
    """The pieces of text lines, those of each cell from top to bottom, then those outside the cells.
    `lattices` and the rules that they were made of are in pixels."""
    inside, free = _marks_by_home(_without_rules(ink, lattices, across, down, dpi), lattices, dpi)
    between = between_rules(outside(across, lattices), dpi)
    pieces: list[Piece] = []
    for home, marks in inside.items():
        for line in _lines(marks, dpi):
            foot = max(mark.y1 for mark in line)
            for part in _split(line, _CELL_GAP * _height(line)):
                pieces.append(_piece(part, foot, home))
    for line in _cut(free, between, dpi):
        pieces.append(_piece(line, max(mark.y1 for mark in line), None))
    return _on_common_feet(pieces)


def blank_between(piece: Piece, other: Piece) -> float:
    """How far behind `piece` the other one stands on its line outside tables, in line heights; infinite
    where it stands elsewhere."""
    is_beside = piece.home is None and other.home is None and piece.foot == other.foot
    gap = (other.x0 - piece.x1) / max(piece.y1 - piece.y0, other.y1 - other.y0)
    return gap if is_beside and gap >= 0 else math.inf


def united(piece: Piece, other: Piece) -> Piece:
    """Two pieces of one line as one."""
    return piece._replace(
        x0=min(piece.x0, other.x0),
        y0=min(piece.y0, other.y0),
        x1=max(piece.x1, other.x1),
        y1=max(piece.y1, other.y1),
    )


def crop_of(grey: np.ndarray, piece: Piece, bounds: tuple[float, ...] | None, dpi: float) -> np.ndarray:
    """The picture of a piece, with some paper around it, none of it beyond its cell's `bounds`."""
    pad = int(dpi * _PADDING)
    # a dash alone must not be blown up to the height of a letter
    more = max(0, int(dpi * 2 * _SMALLEST_LETTER) - (piece.y1 - piece.y0)) // 2
    x0, x1, y0, y1 = piece.x0 - pad, piece.x1 + pad, piece.y0 - pad - more, piece.y1 + pad + more
    if bounds:
        inset = max(2, int(dpi * _INSET)) - 1
        x0, y0 = max(x0, int(bounds[0]) + inset), max(y0, int(bounds[1]) + inset)
        x1, y1 = min(x1, int(bounds[2]) - inset + 1), min(y1, int(bounds[3]) - inset + 1)
    crop = grey[max(0, y0) : y1, max(0, x0) : x1]
    paper = int(np.percentile(crop, 90)) if crop.size else 255
    return cv2.copyMakeBorder(crop, 3, 3, 6, 6, cv2.BORDER_CONSTANT, value=paper)


# --- ink --------------------------------------------------------------------------------------


def _without_rules(
    ink: np.ndarray, lattices: Sequence[Lattice], across: Sequence[Rule], down: Sequence[Rule], dpi: float
) -> np.ndarray:
    """The ink without the rules of tables, where the lattices have them and where they really are: rules
    of two tables on one page are one to the lattices if they stand close."""
    inset = max(2, int(dpi * _INSET))
    cleared = ink.copy()
    for lattice in lattices:
        for rule in across:
            if any(abs(rule.at - y) <= dpi * _NEAR for y in lattice.ys) and lattice.xs[0] < rule.end:
                start, end, at = int(rule.start), int(rule.end), int(rule.at)
                cv2.line(cleared, (start, at), (end, at), 0, 2 * inset - 1)
        for rule in down:
            if any(abs(rule.at - x) <= dpi * _NEAR for x in lattice.xs) and lattice.ys[0] < rule.end:
                start, end, at = int(rule.start), int(rule.end), int(rule.at)
                cv2.line(cleared, (at, start), (at, end), 0, 2 * inset - 1)
    for lattice in lattices:
        for cell in lattice.cells:
            x0, y0, x1, y1 = map(int, lattice.bounds_of(cell))
            cv2.rectangle(cleared, (x0, y0), (x1, y1), 0, 2 * inset - 1)
    return cleared


def _marks_by_home(
    ink: np.ndarray, lattices: Sequence[Lattice], dpi: float
) -> tuple[dict[tuple[int, int], list[_Mark]], list[_Mark]]:
    """The marks of each cell, by number of lattice and cell, and those outside all of them."""
    by_size = sorted(
        range(len(lattices)),
        key=lambda n: (lattices[n].xs[-1] - lattices[n].xs[0]) * (lattices[n].ys[-1] - lattices[n].ys[0]),
    )
    inside: dict[tuple[int, int], list[_Mark]] = {}
    outside: list[_Mark] = []
    for mark in _marks(ink, dpi):
        x, y = (mark.x0 + mark.x1) / 2, (mark.y0 + mark.y1) / 2
        for n in by_size:
            field = lattices[n].field_at(x, y)
            if field is not None:
                inside.setdefault((n, field.cell), []).append(mark)
                break
        else:
            outside.append(mark)
    return dict(sorted(inside.items())), outside


def _marks(ink: np.ndarray, dpi: float) -> list[_Mark]:
    """The marks that are characters or parts of them: no rules, no pictures, no specks of dirt."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    x, y, width, height, area = stats[1:].T
    longer, shorter = np.maximum(width, height), np.minimum(width, height)
    speck = (dpi / 100) ** 2
    is_rule = (longer > dpi * _RULE_LENGTH) & (shorter < dpi * _RULE_WIDTH)
    at_edge = (x < 2) | (y < 2) | (x + width > ink.shape[1] - 2) | (y + height > ink.shape[0] - 2)
    possible = (area >= max(3, 0.9 * speck)) & (longer < dpi * _LARGEST) & ~is_rule & ~at_edge
    is_letter = possible & (longer >= dpi * _SMALLEST_LETTER) & (area >= 4 * speck)
    # a decimal point looks like a speck of dirt, but stands beside a letter
    middle = (y + height // 2, x + width // 2)
    letters = stats[1:][is_letter]
    is_stray = ~is_letter & (_around(letters, ink.shape, int(dpi * _BESIDE))[middle] == 0)
    if np.count_nonzero(is_stray) < _DIRTY:
        is_dot = possible & ~is_letter & ~is_stray
        # tables print a dash where there is nothing; on a dirty page it cannot be told from dirt
        is_bar = (width >= dpi * _SHORTEST_DASH) & (2 * width >= 3 * height) & (area > 0.7 * width * height)
        is_dot |= possible & is_bar
    else:
        is_dot = possible & ~is_letter & (_around(letters, ink.shape, int(dpi * _BESIDE_DIRTY))[middle] > 0)
    kept = np.nonzero(is_letter | is_dot)[0]
    return [_Mark(int(x[i]), int(y[i]), int(x[i] + width[i]), int(y[i] + height[i])) for i in kept]


def _around(letters: np.ndarray, shape: tuple[int, ...], reach: int) -> np.ndarray:
    """1 where a letter is no further than `reach`, 0 elsewhere. A row of `letters` is x, y, width, height
    and area."""
    near = np.zeros(shape, np.uint8)
    for x, y, width, height, _ in letters.tolist():
        near[max(0, y - reach) : y + height + reach, max(0, x - reach) : x + width + reach] = 1
    return near


# --- lines ------------------------------------------------------------------------------------


def _lines(marks: Iterable[_Mark], dpi: float) -> list[list[_Mark]]:
    """Marks parted where a blank strip runs across all of them, slivers put to the line next to them."""
    gap = max(2, int(dpi * _LINE_GAP))
    lines: list[list[_Mark]] = []
    foot = 0
    for mark in sorted(marks, key=lambda mark: mark.y0):
        if lines and mark.y0 - foot < gap:
            lines[-1].append(mark)
            foot = max(foot, mark.y1)
        else:
            lines.append([mark])
            foot = mark.y1
    whole: list[list[_Mark]] = []
    for line in lines:
        if whole and _is_sliver_beside(whole[-1], line, dpi):
            whole[-1].extend(line)
        else:
            whole.append(line)
    return [line for line in whole if max(_height(line), _width(line)) >= dpi * _SHORTEST_DASH]


def _is_sliver_beside(upper: list[_Mark], lower: list[_Mark], dpi: float) -> bool:
    gap = min(mark.y0 for mark in lower) - max(mark.y1 for mark in upper)
    return min(_height(upper), _height(lower)) < dpi * _SLIVER and gap < dpi * _SLIVER_GAP


def _split(line: list[_Mark], gap: float) -> list[list[_Mark]]:
    """Marks parted where they leave a blank strip down wider than `gap`, from left to right."""
    parts: list[list[_Mark]] = []
    end = 0
    for mark in sorted(line, key=lambda mark: mark.x0):
        if parts and mark.x0 - end <= gap:
            parts[-1].append(mark)
            end = max(end, mark.x1)
        else:
            parts.append([mark])
            end = mark.x1
    return parts


def _cut(
    marks: list[_Mark], between: tuple[float, float], dpi: float, usual: float = 0.0, depth: int = 0
) -> list[list[_Mark]]:
    """The pieces of the lines outside tables: cut across, then down, then across again, since the
    lines of two columns do not stand on one foot. `between` is where tables without verticals can be,
    `usual` the height of the page's letters."""
    pieces: list[list[_Mark]] = []
    usual = usual or _letter_of(marks)
    for line in _with_all_strokes(_lines(marks, dpi), usual):
        letter = min(_height(line), dpi * _LETTER)
        parts = _split(line, _PIECE_GAP * letter)
        if between[0] < min(mark.y0 for mark in line) < between[1]:
            own = _letter_of(line)  # a label of two lines beside a number of one is no large letter
            if own <= _TITLE * usual:
                own = max(own, min(usual, _height(line)))  # quotes are no small letters
                parts = [cell for part in parts for cell in _split_columns(part, own)]
        if len(parts) == 1 or depth == _DEEPEST_CUT:
            pieces.append(line)
        else:
            for part in parts:
                pieces.extend(_cut(part, between, dpi, usual, depth + 1))
    return pieces


def _with_all_strokes(lines: Sequence[list[_Mark]], usual: float) -> list[list[_Mark]]:
    """Lines put together that are no taller than a letter together: 二 alone looks like two lines."""
    whole: list[list[_Mark]] = []
    for line in lines:
        if whole and _height([*whole[-1], *line]) <= 1.1 * usual:
            whole[-1] = [*whole[-1], *line]
        else:
            whole.append(line)
    return whole


def between_rules(rules: Sequence[Rule], dpi: float) -> tuple[float, float]:
    """From the first to the last long rule outside ruled tables."""
    at = [rule.at for rule in rules if rule.end - rule.start >= dpi * _TABLE_RULE]
    return (min(at), max(at)) if len(at) > 1 else (0.0, 0.0)


def _letter_of(marks: Sequence[_Mark]) -> float:
    """The height of most letters; parts of them are less tall."""
    return float(np.percentile([mark.y1 - mark.y0 for mark in marks], 80)) if marks else 0.0


def _split_columns(line: list[_Mark], letter: float) -> list[list[_Mark]]:
    """Marks of a line of a table without verticals parted where two columns come close: a number set to
    the right and the label beside it. The half of a bracket or comma that is blank is no gap, and a speck
    of dirt in a gap bridges none."""
    parts: list[list[_Mark]] = []
    end = line[0]
    top = min(mark.y0 for mark in line)
    marks = sorted(line, key=lambda mark: mark.x0)
    for mark in marks:
        if _is_speck(mark, letter) and not (parts and _is_point_behind(parts[-1], mark, letter)):
            continue
        gap = (mark.x0 - end.x1) / letter
        is_blank = _is_half_blank(end, top, letter) or _is_bracket(mark, letter)
        if parts and (gap < _COLUMN_GAP or (gap < _HALF_BLANK and is_blank)):
            parts[-1].append(mark)
        else:
            parts.append([mark])
            end = mark
        end = max(end, mark, key=lambda mark: mark.x1)
    placed = {mark for part in parts for mark in part}
    for mark in marks:
        if mark not in placed:
            away = [max(part[0].x0 - mark.x1, mark.x0 - max(m.x1 for m in part)) for part in parts]
            nearest = parts[away.index(min(away))] if parts else []
            if nearest and min(away) < _POINT_GAP * letter and not _is_short_bar(nearest, letter):
                nearest.append(mark)
    return parts or [line]


def _is_speck(mark: _Mark, letter: float) -> bool:
    """Whether a mark is a point or a speck of dirt."""
    return max(mark.x1 - mark.x0, mark.y1 - mark.y0) < 0.22 * letter


def _is_short_bar(marks: Sequence[_Mark], letter: float) -> bool:
    """Whether marks are the dash that tables print where there is nothing."""
    return 2 * _width(marks) >= 3 * _height(marks) and _width(marks) < 0.7 * letter


def _is_point_behind(marks: Sequence[_Mark], speck: _Mark, letter: float) -> bool:
    """Whether a speck stands at the foot of the mark before it."""
    return any(
        speck.x0 - mark.x1 < _POINT_GAP * letter and -0.25 * letter < speck.y1 - mark.y1 < 0.3 * letter
        for mark in marks
        if mark.x1 <= speck.x1
    )


def _is_half_blank(mark: _Mark, top: int, letter: float) -> bool:
    """Whether a mark is a comma, a quote or a bracket, in whose right half nothing is."""
    height = mark.y1 - mark.y0
    is_comma = height < 0.5 * letter and (mark.y0 > top + 0.6 * letter or mark.y1 < top + 0.5 * letter)
    return is_comma or _is_bracket(mark, letter)


def _is_bracket(mark: _Mark, letter: float) -> bool:
    """Whether a mark is as tall as a letter and narrow; a 1 is less tall."""
    return mark.x1 - mark.x0 < 0.35 * letter and mark.y1 - mark.y0 > 0.95 * letter


def _on_common_feet(pieces: list[Piece]) -> list[Piece]:
    """Pieces outside tables that stand side by side get one foot, so that they become one line:
    a comma or a bracket reaches lower than letters do."""
    result = [piece for piece in pieces if piece.home is not None]
    lines: list[list[Piece]] = []
    for piece in sorted((piece for piece in pieces if piece.home is None), key=lambda p: (p.y0 + p.y1, p.x0)):
        middle = (piece.y0 + piece.y1) / 2
        for line in lines[-3:]:
            first = line[0]
            if first.y0 < middle < first.y1 and piece.y0 < (first.y0 + first.y1) / 2 < piece.y1:
                line.append(piece)
                break
        else:
            lines.append([piece])
    for line in lines:
        foot = max(piece.y1 for piece in line)
        result.extend(piece._replace(foot=foot) for piece in sorted(line, key=lambda piece: piece.x0))
    return result


def _piece(marks: list[_Mark], foot: int, home: tuple[int, int] | None) -> Piece:
    return Piece(
        min(mark.x0 for mark in marks),
        min(mark.y0 for mark in marks),
        max(mark.x1 for mark in marks),
        max(mark.y1 for mark in marks),
        foot,
        home,
    )


def _height(marks: Sequence[_Mark]) -> int:
    return max(mark.y1 for mark in marks) - min(mark.y0 for mark in marks)


def _width(marks: Sequence[_Mark]) -> int:
    return max(mark.x1 for mark in marks) - min(mark.x0 for mark in marks)
