"""A picture of a page to its lines and grids: the grid first, then the text lines in its cells and
outside them, each recognised on its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from flows.extract.model import Grid, Line, Page, Recognition
from flows.extract.readers.aligned import Unruled, tables_of, unruled_page
from flows.extract.readers.glyphs import Glyph
from flows.extract.readers.layout import Block, blocks_of, free_lines, numbered, with_tables
from flows.extract.readers.ocr.decode import looks_numeric, read_number, read_text
from flows.extract.readers.ocr.engine import recogniser
from flows.extract.readers.ocr.frame import PageFrame, Sources, scaled
from flows.extract.readers.ocr.image import (
    at_working_resolution,
    grey_of,
    ink_of,
    is_noisy,
    set_straight,
    skew_of,
    upright,
    without_noise,
)
from flows.extract.readers.ocr.rules import rules_of
from flows.extract.readers.ocr.text_lines import (
    Piece,
    between_rules,
    blank_between,
    crop_of,
    pieces_of,
    united,
)
from flows.extract.readers.ruled import Lattice, Rule, TooManyRules, lattices_of, outside

_SAMPLE = 8  # pieces that tell whether a page stands on its head
_READABLE = 0.7  # mean certainty of a sample that needs no second look
_FEWEST_FIELDS = 4  # of a table
_LONGEST_DASH = 0.07  # inches; a Chinese character is wider
_TALLEST_DASH = 0.05
_STROKE_ENDS = 0.03  # a rule in a word can end so far beside it
_ONES = re.compile("[1Il]{2,4}")  # 11 between the rules of a table without verticals
_WORD_GAP, _POINT_GAP = 1.0, 0.6  # line heights that a blank within a word and a lost point can take
_CUT = "\n"
_ORDINAL = r"^[(（]?[一二三四五六七八九十]{1,3}[)）]?[、,，.．]?"
_CHINESE = r"[\u4e00-\u9fff]"
# 六、 and what is so numbered; a word behind a comma or a colon; brackets with what stands in and before them
_GOES_ON = re.compile(
    rf"{_ORDINAL}{_CUT}{_CHINESE}{{2}}|[（(“，,、：:]{_CUT}{_CHINESE}|{_CHINESE}{_CUT}[（(]"
    rf"|{_CUT}[)）”]|[)）]{_CUT}{_CHINESE}"
)
_NUMBER = re.compile(rf"-?\d[\d,]*{_CUT}\d+")


@dataclass(frozen=True)
class Picture:
    """A picture of a page set upright and straight, and what was found in it before reading. All places
    are in pixels of the straightened picture."""

    grey: np.ndarray
    dpi: float
    rules: tuple[Rule, ...]  # horizontal ones
    lattices: tuple[Lattice, ...]
    pieces: tuple[Piece, ...]
    frame: PageFrame

    def crops(self, pieces: Sequence[Piece]) -> list[np.ndarray]:
        return [crop_of(self.grey, piece, self._bounds(piece), self.dpi) for piece in pieces]

    def is_in_text(self, rule: Rule) -> bool:
        """Whether a rule is made of strokes of a word outside tables, as 上 and 土 have at their feet."""
        near = _STROKE_ENDS * self.dpi
        return any(
            piece.home is None
            and piece.y0 - 1 <= rule.at <= piece.y1 + 1
            and piece.x0 - near <= rule.start
            and rule.end <= piece.x1 + near
            for piece in self.pieces
        )

    def _bounds(self, piece: Piece) -> tuple[float, ...] | None:
        if piece.home is None:
            return None
        lattice = self.lattices[piece.home[0]]
        return lattice.bounds_of(lattice.cells[piece.home[1]])


@dataclass(frozen=True)
class Recognised:
    """A page read from its picture: as it is where it has no table but the ruled ones, and what is
    needed to find tables that have no verticals, which can go over several pages."""

    page: Page
    unruled: Unruled | None
    blocks: list[Block]
    finish: Callable[[list[Block], int], tuple[list[Line], list[Grid]]]

    def with_own_tables(self) -> Page:
        """The page with the tables without verticals that it tells of alone."""
        tables = tables_of([self.unruled]) if self.unruled else {}
        if not tables:
            return self.page
        lines, grids = self.finish(with_tables(self.blocks, tables[self.page.number]), self.page.number)
        return replace(self.page, lines=tuple(lines), grids=tuple(grids))


def read_picture(image: np.ndarray, dpi: float, number: int = 1) -> Recognised:
    """The lines and grids of a picture of a page (rows by columns, grey or BGR, uint8), each with its
    `recognition`. Positions are points on the page as it is seen; `line_no` counts from 1.

    Pages that lie on their side or stand on their head are set upright; a page with no text has no
    lines.
    """
    picture = look_at(grey_of(image), dpi)
    if picture.pieces and _is_upside_down(picture):
        picture = look_at(grey_of(image), dpi, upside_down=True)
    return _recognised(*_whole(picture, _read(picture)), number)


def look_at(grey: np.ndarray, dpi: float, upside_down: bool = False) -> Picture:
    """Sets a page upright and straight and finds its rules and text lines. Which of the two upright
    ways is right only reading can tell: `upside_down` asks for the other one."""
    grey, dpi = at_working_resolution(grey, dpi)
    noisy = is_noisy(grey)
    if noisy:
        grey = without_noise(grey)
    grey = upright(grey, dpi)
    if upside_down:
        grey = np.rot90(grey, 2)
    height, width = grey.shape
    grey, to_page = set_straight(grey, skew_of(grey, dpi))
    ink = ink_of(grey, dpi)
    across, down = rules_of(grey, ink, dpi, noisy)
    lattices = _lattices(across, down, dpi)
    frame = PageFrame(to_page, (width, height), (grey.shape[1], grey.shape[0]), dpi / 72)
    pieces = pieces_of(ink, lattices, across, down, dpi)
    return Picture(grey, dpi, tuple(across), tuple(lattices), tuple(pieces), frame)


def _lattices(horizontal: list[Rule], vertical: list[Rule], dpi: float) -> list[Lattice]:
    """The lattices of rules in pixels. Rules are joined in points, as those of drawn pages are."""
    in_points, in_pixels = 72 / dpi, dpi / 72
    try:
        found = lattices_of(
            [_scaled(rule, in_points) for rule in horizontal], [_scaled(rule, in_points) for rule in vertical]
        )
    except TooManyRules:
        return []
    return [
        scaled(lattice, 0, 0, in_pixels)
        for lattice in found
        if lattice.row_count * lattice.column_count >= _FEWEST_FIELDS
    ]


def _scaled(rule: Rule, factor: float) -> Rule:
    return Rule(*(value * factor for value in rule))


def _is_upside_down(picture: Picture) -> bool:
    """Whether the widest pieces read better when they are turned around."""
    widest = sorted(picture.pieces, key=lambda p: (p.x0 - p.x1, p.y0, p.x0))[:_SAMPLE]
    crops = picture.crops(widest)
    as_is = _mean_certainty(crops)
    return as_is < _READABLE and _mean_certainty([np.rot90(crop, 2) for crop in crops]) > as_is


def _mean_certainty(crops: list[np.ndarray]) -> float:
    engine = recogniser()
    best = engine.recognise(crops, lambda _, scores: scores.max(axis=1)[scores.argmax(axis=1) > 0])
    return sum(float(peaks.mean()) if peaks.size else 0.0 for peaks in best) / len(best)


def _read(picture: Picture) -> list[tuple[str, Recognition]]:
    """The text of each piece. In a cell, a text that looks like a number is read as one."""
    engine = recogniser()
    top, bottom = between_rules(outside(picture.rules, picture.lattices), picture.dpi)

    def decode(n: int, scores: np.ndarray) -> tuple[str, Recognition]:
        text, recognition = read_text(scores, engine.alphabet)
        if _is_dash(picture.pieces[n], picture.dpi):
            return "-", recognition  # alone, it may be read as anything
        piece = picture.pieces[n]
        if looks_numeric(text) and is_too_flat(piece, text):
            return "-", recognition  # a long dash
        in_cell = piece.home is not None
        is_number = looks_numeric(text) and (in_cell or "." in text)  # elsewhere, 3 can be a page number
        if is_number or (top < piece.y0 < bottom and _ONES.fullmatch(text)):
            return read_number(scores, engine.alphabet) or (text, recognition)
        return text, recognition

    return engine.recognise(picture.crops(picture.pieces), decode)


def _whole(
    picture: Picture, texts: list[tuple[str, Recognition]]
) -> tuple[Picture, list[tuple[str, Recognition]]]:
    """The picture with the words and numbers put together that punctuation or a lost point cut in two,
    read anew."""
    joined = list(picture.pieces)
    for n in reversed(range(1, len(joined))):
        both = f"{texts[n - 1][0]}{_CUT}{texts[n][0]}"
        is_word = _GOES_ON.search(both) and blank_between(joined[n - 1], joined[n]) < _WORD_GAP
        if is_word or (_NUMBER.fullmatch(both) and blank_between(joined[n - 1], joined[n]) < _POINT_GAP):
            joined[n - 1 : n + 1] = [united(joined[n - 1], joined[n])]
    if len(joined) == len(texts):
        return picture, texts
    known = dict(zip(picture.pieces, texts, strict=True))
    new = [piece for piece in joined if piece not in known]
    known |= zip(new, _read(replace(picture, pieces=tuple(new))), strict=True)
    return replace(picture, pieces=tuple(joined)), [known[piece] for piece in joined]


def _is_dash(piece: Piece, dpi: float) -> bool:
    """Whether a piece is wider than tall and less tall than any digit."""
    width, height = piece.x1 - piece.x0, piece.y1 - piece.y0
    return height < width < dpi * _LONGEST_DASH and height < dpi * _TALLEST_DASH


def is_too_flat(piece: Piece, number: str) -> bool:
    """Whether a piece is too low for its width to print `number`: digits are taller than wide."""
    return piece.x1 - piece.x0 > 2 * len(number) * (piece.y1 - piece.y0)


def _recognised(picture: Picture, texts: list[tuple[str, Recognition]], number: int) -> Recognised:
    frame = picture.frame
    glyphs: list[Glyph] = []
    sources = Sources()
    for piece, (text, recognition) in zip(picture.pieces, texts, strict=True):
        if text:
            # to the layout, a piece is one wide character with blanks around it
            glyph = Glyph(text, *frame.in_points(*piece[:4]), frame.in_points(0, piece.foot, 0, 0)[1], True)
            glyphs.append(glyph)
            sources.add(glyph, recognition)
    lattices = [frame.lattice_in_points(lattice) for lattice in picture.lattices]
    across = [frame.rule_in_points(rule) for rule in picture.rules if not picture.is_in_text(rule)]

    def finish(blocks: list[Block], number: int) -> tuple[list[Line], list[Grid]]:
        lines, grids = numbered(blocks, number)
        return [frame.line(sources.marked(line)) for line in lines], [
            frame.grid(replace(grid, cells=tuple(map(sources.marked, grid.cells)))) for grid in grids
        ]

    blocks, _ = blocks_of(glyphs, lattices)
    lines, grids = finish(blocks, number)
    page = Page(number, tuple(lines), tuple(grids), *frame.size)
    unruled = unruled_page(number, free_lines(blocks), outside(across, lattices))
    return Recognised(page, unruled, blocks, finish)
