"""The ruling lines that a page of a PDF draws: strokes, and thin filled bars.

Word draws a rule as a thin filled rectangle, WPS all rules of a table as one path of many segments,
ONLYOFFICE one stroke for each side of a cell. What cannot be seen, being white or transparent, is no
rule.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise, repeat
from typing import NamedTuple

import pypdfium2.raw as raw

from flows.extract.readers import pdfium_calls as pdfium
from flows.extract.readers.pdfium_calls import Results, address_of
from flows.extract.readers.ruled import Rule, TooManyRules

MOST_OBJECTS = 100_000  # page objects; drawings with more are not walked through
MOST_SEGMENTS = 200_000  # path segments of one page
DEEPEST_FORM = 8  # form objects inside form objects
THIN = 2.5  # a filled bar up to this many points wide is a rule
STRAIGHT = 0.7  # a stroke that strays less than this is horizontal or vertical
PALEST = 245  # a lighter rule is white on white: layout, not a table
SMALLEST = 0.3  # a mark no longer than this is a dot

_ONE_OUTLINE = 5  # segments: a filled path of so few has one outline with an area
_PICTURE = raw.FPDF_PAGEOBJ_IMAGE
_PATH, _FORM, _MOVE = raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM, raw.FPDF_SEGMENT_MOVETO

Matrix = Sequence[float]  # a to f, as PDF writes it
Point = Sequence[float]  # x, y


class Frame(NamedTuple):
    """The upper left corner of the page in PDF user space, and its size in points."""

    left: float
    top: float
    width: float
    height: float


class Drawn(NamedTuple):
    """What a page draws beside its text: rules in points from the page's upper left corner, pictures."""

    horizontal: list[Rule]
    vertical: list[Rule]
    has_pictures: bool


def drawn_on(page: raw.FPDF_PAGE, frame: Frame) -> Drawn:
    """The horizontal and the vertical rules of a page, and whether it has pictures.

    Raises TooManyRules beyond MOST_OBJECTS or MOST_SEGMENTS.
    """
    found = _Found()
    paths = _path_reader()
    budget = MOST_SEGMENTS
    has_pictures = False
    for path, outer in _paths(page, (1, 0, 0, -1, -frame.left, frame.top)):
        if path is None:
            has_pictures = True
            continue
        is_stroked = paths.is_visibly_stroked(path)
        if is_stroked is None:
            continue
        count = pdfium.count_of_segments(path)
        budget -= count
        if budget < 0:
            raise TooManyRules
        if count <= _ONE_OUTLINE and not is_stroked:
            found.add_box(paths.bounds(path), outer)
            continue
        matrix = _product(paths.matrix(path), outer)
        if count == 2:
            found.add_line(paths.line(path), matrix)
            continue
        for outline in paths.outlines(path, count):
            found.add_outline(_moved(outline, matrix), is_stroked)
    return Drawn(found.horizontal, found.vertical, has_pictures)


class _Found:
    """The rules among the outlines of a page."""

    def __init__(self) -> None:
        self.horizontal: list[Rule] = []
        self.vertical: list[Rule] = []

    def add_line(self, ends: list[Point], matrix: Matrix) -> None:
        """A stroke from point to point, which the matrix moves."""
        a, b, c, d, e, f = matrix
        (ax, ay), (bx, by) = ends
        ax, ay, bx, by = a * ax + c * ay + e, b * ax + d * ay + f, a * bx + c * by + e, b * bx + d * by + f
        if ax > bx:
            ax, bx = bx, ax
        if ay > by:
            ay, by = by, ay
        self._add_bar(ax, ay, bx, by)

    def add_box(self, bounds: list[float], matrix: Matrix) -> None:
        """A filled outline in its box (x0, y0, x1, y1), which the matrix moves."""
        x0, y0, x1, y1 = bounds
        if matrix[1] or matrix[2]:
            self.add_outline(_moved([(x0, y0), (x0, y1), (x1, y0), (x1, y1)], matrix), False)
        else:
            self.add_line([(x0, y0), (x1, y1)], matrix)

    def add_outline(self, points: list[Point], is_stroked: bool) -> None:
        """An outline: a bar is a rule, of a stroked frame each straight side is one."""
        xs, ys = zip(*points, strict=True)
        if not self._add_bar(min(xs), min(ys), max(xs), max(ys)) and is_stroked:
            for (ax, ay), (bx, by) in pairwise(points):
                if abs(by - ay) <= STRAIGHT:
                    self.horizontal.append(Rule((ay + by) / 2, min(ax, bx), max(ax, bx)))
                elif abs(bx - ax) <= STRAIGHT:
                    self.vertical.append(Rule((ax + bx) / 2, min(ay, by), max(ay, by)))

    def _add_bar(self, x0: float, y0: float, x1: float, y1: float) -> bool:
        """A line or a thin bar is one rule on its centre line; false where it is neither."""
        wide, high = x1 - x0, y1 - y0
        if wide > THIN and high > THIN:
            return False
        if wide > SMALLEST or high > SMALLEST:
            if high <= wide:
                self.horizontal.append(Rule((y0 + y1) / 2, x0, x1))
            else:
                self.vertical.append(Rule((x0 + x1) / 2, y0, y1))
        return True


class _PathReader:
    """What PDFium knows of a path, in the path's own coordinates."""

    def __init__(self) -> None:
        self._modes, self._colours = Results(ctypes.c_int, 2), Results(ctypes.c_uint, 4)
        self._bounds, self._matrix = Results(ctypes.c_float, 4), Results(ctypes.c_float, 6)
        self._point = Results(ctypes.c_float, 2)

    def is_visibly_stroked(self, path: int) -> bool | None:
        """Whether a path is stroked; None where it leaves nothing to see: neither stroked nor filled,
        transparent, or white."""
        pdfium.draw_mode(path, *self._modes.places)
        is_filled, is_stroked = self._modes.values()
        if not is_filled and not is_stroked:
            return None
        colour_of = pdfium.stroke_colour if is_stroked else pdfium.fill_colour
        if colour_of(path, *self._colours.places):
            red, green, blue, alpha = self._colours.values()
            if alpha == 0 or (red > PALEST and green > PALEST and blue > PALEST):
                return None
        return bool(is_stroked)

    def matrix(self, item: int) -> Matrix:
        """The matrix from a path's or a form's own coordinates to those around it."""
        pdfium.matrix_of(item, self._matrix.places[0])
        return self._matrix.values()

    def bounds(self, path: int) -> list[float]:
        """The box (x0, y0, x1, y1) around a filled path, in the coordinates around it."""
        pdfium.bounds_of(path, *self._bounds.places)
        return self._bounds.values()

    def line(self, path: int) -> list[Point]:
        """Both ends of a path of two segments."""
        return [self._point_of(pdfium.segment_of(path, 0)), self._point_of(pdfium.segment_of(path, 1))]

    def outlines(self, path: int, count: int) -> Iterator[list[Point]]:
        """The outlines of a path of `count` segments, closed ones with their first point again."""
        outline: list[Point] = []
        last = 0
        for k in range(count):
            segment = pdfium.segment_of(path, k)
            if k and pdfium.segment_kind(segment) == _MOVE:
                yield from _closed(outline, last)
                outline = []
            outline.append(self._point_of(segment))
            last = segment
        yield from _closed(outline, last)

    def _point_of(self, segment: int) -> Point:
        pdfium.point_of(segment, *self._point.places)
        return self._point.values()


@cache
def _path_reader() -> _PathReader:
    return _PathReader()


def _closed(outline: list[Point], last_segment: int) -> Iterator[list[Point]]:
    if len(outline) > 2 and outline[0] != outline[-1] and pdfium.is_closed(last_segment):
        outline.append(outline[0])
    if len(outline) > 1:
        yield outline


def _paths(page: raw.FPDF_PAGE, to_frame: Matrix) -> Iterator[tuple[int | None, Matrix]]:
    """The path objects of a page, those inside form objects too, each with the matrix from what is
    around it to the frame; None in the place of a picture."""
    matrix_of = _path_reader().matrix
    budget = MOST_OBJECTS

    def walk(
        owner: int, count: int, get: Callable[[int, int], int], outer: Matrix, depth: int
    ) -> Iterator[tuple[int | None, Matrix]]:
        nonlocal budget
        budget -= count
        if budget < 0:
            raise TooManyRules
        items = list(map(get, repeat(owner), range(count)))
        for item, kind in zip(items, map(pdfium.kind_of, items), strict=True):
            if kind == _PATH:
                yield item, outer
            elif kind == _PICTURE:
                yield None, outer
            elif kind == _FORM and depth < DEEPEST_FORM:
                inside = raw.FPDFFormObj_CountObjects(ctypes.cast(item, raw.FPDF_PAGEOBJECT))
                own = _product(matrix_of(item), outer)
                yield from walk(item, inside, pdfium.object_of_form, own, depth + 1)

    yield from walk(address_of(page), raw.FPDFPage_CountObjects(page), pdfium.object_of_page, to_frame, 0)


def _moved(points: Iterable[Point], matrix: Matrix) -> list[Point]:
    a, b, c, d, e, f = matrix
    return [(a * x + c * y + e, b * x + d * y + f) for x, y in points]


def _product(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)
