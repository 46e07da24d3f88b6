"""Characters with their places: what lines, cells and pieces of text are made of. Knows no file format."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from flows.extract.model import Box

SAME_LINE = 3.0  # baselines closer than this are one line
APART = 0.1  # of the font size: pieces of text with a blank and a wider gap can be two cells
FAR = 1.0  # of the font size: so can those with this gap; a full-width bracket leaves half of it empty
JUSTIFIED = 4.0  # font sizes: 合 and 计 this far apart are still one word
_INK = 0.92  # of the font size: the ink of a Chinese character
_CODE_LEVELS = {"类", "款", "项"}  # headers of three columns side by side
_FIRST_CHINESE = "\u2e80"
_BASELINE, _LEFT = itemgetter(5), itemgetter(1)  # quicker than by name


class Glyph(NamedTuple):
    """One printed character, or a word read from a picture, with its ink box and baseline on the page
    as it is seen."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    baseline: float
    after_blank: bool  # a blank or a line end stands before it in the file


@dataclass(frozen=True)
class Piece:
    """Characters of one line with no wide gap between them."""

    glyphs: tuple[Glyph, ...]
    text: str
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True)
class TextLine:
    """One printed line in its pieces from left to right; `number` is its place on the page."""

    number: int
    baseline: float
    pieces: tuple[Piece, ...]

    @property
    def y0(self) -> float:
        return min(piece.y0 for piece in self.pieces)

    @property
    def y1(self) -> float:
        return max(piece.y1 for piece in self.pieces)

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2


def text_lines(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Characters grouped by baseline from top to bottom, each line from left to right."""
    lines: list[list[Glyph]] = []
    glyphs = sorted(glyphs, key=_BASELINE)
    if glyphs and _BASELINE(glyphs[-1]) <= _BASELINE(glyphs[0]) + SAME_LINE:
        lines.append(glyphs)
        glyphs = []
    end = -math.inf
    for glyph in glyphs:
        baseline = glyph[5]
        if baseline <= end:
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
            end = baseline + SAME_LINE
    for line in lines:
        line.sort(key=_LEFT)
    return lines


def text_of(line: Sequence[Glyph]) -> str:
    """The characters of a line with the blanks that the file has between them."""
    text = "".join([" " + text if after_blank else text for text, _, _, _, _, _, after_blank in line])
    return text[1:] if line[0].after_blank else text


def box_of(glyphs: Sequence[Glyph]) -> Box:
    """The box around one or more characters."""
    _, x0s, y0s, x1s, y1s, _, _ = zip(*glyphs, strict=True)
    return tuple.__new__(Box, (min(x0s), min(y0s), max(x1s), max(y1s)))  # as Box(…) does, quicker


def size_of(lines: Iterable[Sequence[Glyph]]) -> float:
    """The font size that most of the lines' characters have, in points."""
    chinese, other = [], []
    for line in lines:
        for text, x0, y0, x1, y1, _, _ in line:
            if text[0] >= _FIRST_CHINESE:
                chinese.append(max(y1 - y0, (x1 - x0) / len(text)) / _INK)
            else:
                other.append((y1 - y0) / 0.72)
    return statistics.median(chinese or other or [10.0])


def pieces_of(number: int, line: Sequence[Glyph], size: float) -> TextLine:
    """A line cut at its wide gaps; justified words (合　计) stay whole."""
    pieces: list[list[Glyph]] = [[line[0]]]
    for before, glyph in pairwise(line):
        gap = glyph.x0 - before.x1
        is_word = gap < JUSTIFIED * size and _is_justified(pieces[-1], line, glyph, size)
        if not is_word and (
            gap > (APART if glyph.after_blank else FAR) * size or _is_second_number(pieces[-1], glyph)
        ):
            pieces.append([])
        pieces[-1].append(glyph)
    made = [Piece(tuple(glyphs), text_of(glyphs), *box_of(glyphs)) for glyphs in pieces]
    return TextLine(number, line[0].baseline, tuple(made))


def _is_second_number(before: Sequence[Glyph], glyph: Glyph) -> bool:
    """Whether a digit begins the number of the next column, which touches the one before."""
    return (
        glyph.text.isdigit()
        and len(before) > 3
        and before[-3].text == "."
        and before[-1].text.isdigit()
        and before[-2].text.isdigit()
        and glyph.x0 - before[-1].x1 > glyph.x1 - glyph.x0
    )


def parts_of(piece: Piece, size: float) -> list[Piece]:
    """A justified word in its characters; any other piece whole."""
    glyphs = piece.glyphs
    if len(glyphs) != 2 or glyphs[1].x0 - glyphs[0].x1 <= APART * size:
        return [piece]
    return [Piece((glyph,), glyph.text, *box_of([glyph])) for glyph in glyphs]


def _is_justified(before: Sequence[Glyph], line: Sequence[Glyph], glyph: Glyph, size: float) -> bool:
    """Whether a lone Chinese character goes on with the lone one before it."""
    if len(before) > 1 or len(before[0].text) > 1 or len(glyph.text) > 1:  # words read from a picture
        return False
    if before[0].text < _FIRST_CHINESE or glyph.text < _FIRST_CHINESE:
        return False
    if {before[0].text, glyph.text} <= _CODE_LEVELS:
        return False
    after = next((other for other in line if other.x0 > glyph.x0), None)
    return after is None or after.x0 - glyph.x1 > APART * size
