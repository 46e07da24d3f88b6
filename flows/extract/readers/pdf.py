"""Reads PDF with a text layer: lines in reading order, and grids from ruling lines.

Here PDFium gives characters with boxes and the drawn paths; `ruled` makes lattices of the paths,
and `layout` puts the characters into their cells and lines.

A page without text is a picture of a page. It is reported as `page_without_text`, which is
where recognition of scanned pages takes over.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from flows.extract.model import Page, ProblemDraft, Reading
from flows.extract.readers import UnreadableDocument
from flows.extract.readers.layout import Glyph, lay_out
from flows.extract.readers.ruled import Rule, TooManyRules, lattices_of

MOST_PAGES = 2_000
MOST_OBJECTS = 100_000  # page objects; drawings with more are not walked through
MOST_SEGMENTS = 200_000  # path segments of one page
MOST_CHARACTERS = 200_000  # of one page
DEEPEST_FORM = 8  # form objects inside form objects
THIN = 2.5  # a filled bar up to this many points wide is a rule
STRAIGHT = 0.7  # a stroke that strays less than this is horizontal or vertical
PALEST = 245  # a lighter rule is white on white: layout, not a table

_NOT_PRINTED = {0xA0, 0x3000, 0xFEFF, 0xFFFE, 0xFFFF}
_UNMAPPED = "\ufffd"

Matrix = tuple[float, float, float, float, float, float]


class Frame(NamedTuple):
    """The upper left corner of the page in PDF user space, and its size in points."""

    left: float
    top: float
    width: float
    height: float


def read(data: bytes) -> Reading:
    """The pages of a PDF with their lines and ruled grids; `line_no` counts within the page.

    Raises UnreadableDocument where the file is not a PDF, is damaged or encrypted, or has no
    page or more than 2,000 of them.
    """
    document = _open(data)
    try:
        count = len(document)
        if count == 0:
            raise UnreadableDocument(
                "PDF 没有页面，请索取完整文件 / the PDF has no pages; ask the publisher for a complete file"
            )
        if count > MOST_PAGES:
            raise UnreadableDocument(
                f"PDF 有 {count} 页，超过 {MOST_PAGES} 页，请拆分 / "
                f"the PDF has {count} pages, more than {MOST_PAGES}; split it and add the parts"
            )
        pages: list[Page] = []
        problems: list[ProblemDraft] = []
        for number in range(1, count + 1):
            page, found = _read_page(document, number)
            pages.append(page)
            problems.extend(found)
    finally:
        document.close()
    return Reading(
        reader="pdf", media_type="application/pdf", pages=tuple(pages), problems=tuple(problems)
    )


def _open(data: bytes) -> pdfium.PdfDocument:
    if not data:
        raise UnreadableDocument("文件为空，请重新下载 / the file is empty; download it again")
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise UnreadableDocument(
                "PDF 有密码，请另存为无密码的副本 / "
                "the PDF is encrypted with a password; save a copy without the password and add that"
            ) from error
        raise UnreadableDocument(
            "PDF 已损坏，请重新下载或另存 / "
            "the PDF is damaged or is not a PDF; download it again or save it again as PDF"
        ) from error


def _read_page(document: pdfium.PdfDocument, number: int) -> tuple[Page, list[ProblemDraft]]:
    # Page and text page stay in variables until all is read: PDFium frees what Python drops.
    try:
        page = document[number - 1]
        text_page = page.get_textpage()
        turn = _turn_of_text(text_page.raw)
        if turn is None:
            turn = page.get_rotation()
        if turn:
            text_page.close()
            _turn_objects(page, turn)
            text_page = page.get_textpage()
    except pdfium.PdfiumError:
        problem = _problem(number, "page_unreadable", "the page is damaged and could not be opened")
        return Page(number=number, lines=()), [problem]
    left, bottom, right, top = page.get_bbox()
    width, height = right - left, top - bottom
    if turn:
        width, height = (height, width) if turn in (90, 270) else (width, height)
        left, top = 0.0, height
    try:
        return _page(page.raw, text_page.raw, number, Frame(left, top, width, height))
    finally:
        text_page.close()
        page.close()


def _page(
    page: raw.FPDF_PAGE, text_page: raw.FPDF_TEXTPAGE, number: int, frame: Frame
) -> tuple[Page, list[ProblemDraft]]:
    width, height = frame.width, frame.height
    glyphs = list(_glyphs(text_page, frame))
    if not glyphs:
        problems = []
        if raw.FPDFPage_CountObjects(page) > 0:
            problems.append(
                _problem(number, "page_without_text", "the page is a picture without a text layer")
            )
        return Page(number=number, lines=(), width=width, height=height), problems

    problems = []
    if raw.FPDFText_CountChars(text_page) > MOST_CHARACTERS:
        problems.append(
            _problem(number, "too_many_characters", f"only the first {MOST_CHARACTERS} were read")
        )
    if any(glyph.text == _UNMAPPED for glyph in glyphs):
        problems.append(
            _problem(number, "unmapped_characters", "a font of the page does not say what its characters are")
        )
    try:
        lattices = lattices_of(*_rules(page, frame))
    except TooManyRules:
        lattices = []
        problems.append(
            _problem(number, "too_many_rules", "the page is a drawing of too many lines to look for tables")
        )
    lines, grids, crossing = lay_out(glyphs, lattices, number)
    for word in crossing:
        problems.append(
            _problem(number, "text_crosses_rule", f"{word[:60]!r} is printed over the rule of its cell")
        )
    return (
        Page(number=number, lines=tuple(lines), grids=tuple(grids), width=width, height=height),
        problems,
    )


def _problem(page: int, code: str, detail: str) -> ProblemDraft:
    return ProblemDraft(page=page, line_no=0, stage="read", code=code, detail=detail)


# --- what PDFium sees -------------------------------------------------------------------------


def _turn_of_text(text_page: raw.FPDF_TEXTPAGE) -> int | None:
    """The clockwise turn, in degrees, that sets the page's text upright, whatever the page says of
    its own rotation; None where the text runs in several directions or there is none."""
    count = raw.FPDFText_CountChars(text_page)
    # PDFium counts the angle clockwise, so text at angle a is set upright by turning it 2π − a
    turns = [
        -round(raw.FPDFText_GetCharAngle(text_page, i) / (math.pi / 2)) % 4
        for i in range(0, count, max(1, count // 40))
        if raw.FPDFText_GetUnicode(text_page, i) > 32
    ]
    for turn in range(4):
        if turns.count(turn) > 0.8 * len(turns):
            return 90 * turn
    return None


def _turn_objects(page: pdfium.PdfPage, turn: int) -> None:
    """Turns all that is drawn on a page, lower left corner to the origin. PDFium loses text of fonts
    that are not embedded where it runs sideways, so the page is turned before it is read."""
    left, bottom, right, top = page.get_bbox()
    matrix = {
        90: (0, -1, 1, 0, -bottom, right),
        180: (-1, 0, 0, -1, right, top),
        270: (0, 1, -1, 0, top, -left),
    }[turn]
    for i in range(raw.FPDFPage_CountObjects(page.raw)):
        raw.FPDFPageObj_Transform(raw.FPDFPage_GetObject(page.raw, i), *matrix)


def _glyphs(text_page: raw.FPDF_TEXTPAGE, frame: Frame) -> Iterator[Glyph]:
    """The printed characters in the order of the file. One call a fact and character is what
    reading costs, so nothing is asked for twice."""
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    to_left, to_right, to_bottom, to_top, to_x, to_y = map(
        ctypes.byref, (left, right, bottom, top, x, y)
    )
    unicode_of, box_of, origin_of = (
        raw.FPDFText_GetUnicode,
        raw.FPDFText_GetCharBox,
        raw.FPDFText_GetCharOrigin,
    )
    x_origin, y_origin = frame.left, frame.top
    after_blank = True
    for i in range(min(raw.FPDFText_CountChars(text_page), MOST_CHARACTERS)):
        code = unicode_of(text_page, i)
        if (0 < code <= 32) or code in _NOT_PRINTED:
            after_blank = True
            continue
        box_of(text_page, i, to_left, to_right, to_bottom, to_top)
        origin_of(text_page, i, to_x, to_y)
        yield Glyph(
            chr(code) if code else _UNMAPPED,
            left.value - x_origin,
            y_origin - top.value,
            right.value - x_origin,
            y_origin - bottom.value,
            y_origin - y.value,
            after_blank,
        )
        after_blank = False


def _rules(page: raw.FPDF_PAGE, frame: Frame) -> tuple[list[Rule], list[Rule]]:
    """The horizontal and the vertical rules: strokes, and thin filled bars.

    Raises TooManyRules beyond MOST_OBJECTS or MOST_SEGMENTS.
    """
    horizontal: list[Rule] = []
    vertical: list[Rule] = []
    for points, is_stroked in _outlines(page):
        corners = [(x - frame.left, frame.top - y) for x, y in points]
        xs, ys = [c[0] for c in corners], [c[1] for c in corners]
        x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
        if x1 - x0 <= THIN or y1 - y0 <= THIN:  # a line or a bar: one rule on its centre line
            if max(x1 - x0, y1 - y0) <= 0.3:
                continue
            if y1 - y0 <= x1 - x0:
                horizontal.append(Rule((y0 + y1) / 2, x0, x1))
            else:
                vertical.append(Rule((x0 + x1) / 2, y0, y1))
        elif is_stroked:
            for (ax, ay), (bx, by) in pairwise(corners):
                if abs(by - ay) <= STRAIGHT:
                    horizontal.append(Rule((ay + by) / 2, min(ax, bx), max(ax, bx)))
                elif abs(bx - ax) <= STRAIGHT:
                    vertical.append(Rule((ax + bx) / 2, min(ay, by), max(ay, by)))
    return horizontal, vertical


def _outlines(page: raw.FPDF_PAGE) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """The visible subpaths of a page in PDF user space, each with whether it is stroked."""
    x, y = ctypes.c_float(), ctypes.c_float()
    to_x, to_y = ctypes.byref(x), ctypes.byref(y)
    budget = MOST_SEGMENTS
    for path, (a, b, c, d, e, f) in _paths(page):
        is_stroked = _visible_stroke(path)
        if is_stroked is None:
            continue
        count = raw.FPDFPath_CountSegments(path)
        budget -= count
        if budget < 0:
            raise TooManyRules
        subpath: list[tuple[float, float]] = []
        for k in range(count):
            segment = raw.FPDFPath_GetPathSegment(path, k)
            raw.FPDFPathSegment_GetPoint(segment, to_x, to_y)
            px, py = x.value, y.value
            if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
                if len(subpath) > 1:
                    yield subpath, is_stroked
                subpath = []
            subpath.append((a * px + c * py + e, b * px + d * py + f))
            if raw.FPDFPathSegment_GetClose(segment) and len(subpath) > 1:
                subpath.append(subpath[0])
        if len(subpath) > 1:
            yield subpath, is_stroked


def _paths(page: raw.FPDF_PAGE) -> Iterator[tuple[raw.FPDF_PAGEOBJECT, Matrix]]:
    """The path objects of a page, those inside form objects too, with their matrix to the page."""
    matrix = raw.FS_MATRIX()
    to_matrix = ctypes.byref(matrix)
    budget = MOST_OBJECTS

    def walk(
        count: int, get: Callable[[int], raw.FPDF_PAGEOBJECT], outer: Matrix | None, depth: int
    ) -> Iterator[tuple[raw.FPDF_PAGEOBJECT, Matrix]]:
        nonlocal budget
        for i in range(count):
            budget -= 1
            if budget < 0:
                raise TooManyRules
            item = get(i)
            kind = raw.FPDFPageObj_GetType(item)
            if kind not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM):
                continue
            raw.FPDFPageObj_GetMatrix(item, to_matrix)
            own = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
            if outer:
                own = _product(own, outer)
            if kind == raw.FPDF_PAGEOBJ_PATH:
                yield item, own
            elif depth < DEEPEST_FORM:
                yield from walk(
                    raw.FPDFFormObj_CountObjects(item),
                    lambda k, form=item: raw.FPDFFormObj_GetObject(form, k),
                    own,
                    depth + 1,
                )

    yield from walk(
        raw.FPDFPage_CountObjects(page), lambda k: raw.FPDFPage_GetObject(page, k), None, 0
    )


def _product(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _visible_stroke(path: raw.FPDF_PAGEOBJECT) -> bool | None:
    """Whether a path is stroked; None where it leaves nothing to see: neither stroked nor filled,
    transparent, or white."""
    fill_mode, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, ctypes.byref(fill_mode), ctypes.byref(stroke))
    if not stroke.value and not fill_mode.value:
        return None
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    colour_of = raw.FPDFPageObj_GetStrokeColor if stroke.value else raw.FPDFPageObj_GetFillColor
    known = colour_of(path, *map(ctypes.byref, (red, green, blue, alpha)))
    if known and (alpha.value == 0 or min(red.value, green.value, blue.value) > PALEST):
        return None
    return bool(stroke.value)
