"""Reads PDF with a text layer: lines in reading order, and grids from ruling lines.

PDFium gives the characters with their boxes, `pdf_rules` the rules that it draws; `ruled` makes lattices
of the rules, and `layout` puts the characters into their cells and lines.

A page without text is a picture of a page. It is reported as `page_without_text`, which is
where recognition of scanned pages takes over.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, repeat, starmap
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from flows.extract.model import Grid, Line, Page, ProblemDraft, Reading
from flows.extract.readers import UnreadableDocument, ocr, pdfium_calls, room
from flows.extract.readers.aligned import Unruled, tables_of, unruled_page
from flows.extract.readers.glyphs import Glyph
from flows.extract.readers.layout import Block, blocks_of, free_lines, numbered, with_tables
from flows.extract.readers.ocr.pdf_images import pictures_on
from flows.extract.readers.pdf_rules import Drawn, Frame, drawn_on
from flows.extract.readers.pdfium_calls import Columns, address_of
from flows.extract.readers.ruled import Lattice, TooManyRules, lattices_of, outside

if TYPE_CHECKING:  # what reads pictures is an extra
    from flows.extract.readers.ocr.table_pictures import TablePictures

MOST_PAGES = 2_000
MOST_CHARACTERS = 200_000  # of one page
MOST_ALIGNED = 100  # pages of one table without verticals
MOST_UNMAPPED = 0.3  # of a page's characters

_AT_ONCE = 64  # characters whose places are asked for in one go
_PRINTED = re.compile("[^\x01-\x20\xa0\u3000\ufeff\ufffe\uffff]+")
_UNMAPPED = "\ufffd"


def read(data: bytes, on_page: Callable[[int, int], None] | None = None) -> Reading:
    """The pages of a PDF with their lines and ruled grids; `line_no` counts within the page.
    `on_page` is told (page, of how many) when a page has been read.

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
        unruled: list[_Unfinished] = []
        tables = _Tables()
        problems: list[ProblemDraft] = []
        for number in range(1, count + 1):
            page, found = _read_page(document, number, unruled, tables)
            pages.append(page)
            # a table without verticals ends where a page has none; characters take much memory
            if unruled and (unruled[-1].page.number != number or len(unruled) >= MOST_ALIGNED):
                _add_aligned_tables(pages, unruled)
            problems.extend(found)
            if on_page:
                on_page(number, count)
    finally:
        document.close()
    _add_aligned_tables(pages, unruled)
    has_pictures = any(line.recognition for page in pages for line in page.lines)
    return Reading(
        reader="pdf+ocr" if has_pictures else "pdf",
        media_type="application/pdf",
        pages=tuple(pages),
        problems=tuple(problems),
    )


@dataclass
class _Tables:
    """The tables of a document that are pictures on its pages; made where a page shows one."""

    pictures: TablePictures | None = None


class _Unfinished(NamedTuple):
    """A page as it was read, on which a table could be that has no verticals."""

    page: Page
    unruled: Unruled
    blocks: list[Block]
    finish: Callable[[list[Block], int], tuple[list[Line], list[Grid]]] = numbered


def _add_aligned_tables(pages: list[Page], unfinished: list[_Unfinished]) -> None:
    """Makes grids of the tables that only the alignment of their text tells; they can go over pages."""
    tables = tables_of([read.unruled for read in unfinished])
    for page, _, blocks, finish in unfinished:
        if page.number in tables and pages[page.number - 1] is page:  # and no picture was read into it
            lines, grids = finish(with_tables(blocks, tables[page.number]), page.number)
            pages[page.number - 1] = replace(page, lines=tuple(lines), grids=tuple(grids))
    unfinished.clear()


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


def _read_page(
    document: pdfium.PdfDocument, number: int, unfinished: list[_Unfinished], tables: _Tables
) -> tuple[Page, list[ProblemDraft]]:
    # pypdfium2's own objects look after themselves, which costs as much as reading a short page
    page = raw.FPDF_LoadPage(document.raw, number - 1)
    text_page = raw.FPDFText_LoadPage(page) if page else None
    try:
        if not text_page:
            return _unreadable(number)
        text = _characters(text_page)
        turn = _turn(page, text_page, text)
        if turn:
            raw.FPDFText_ClosePage(text_page)
            text_page = None
            _turn_objects(page, turn)
            text_page = raw.FPDFText_LoadPage(page)
            if not text_page:
                return _unreadable(number)
            text = _characters(text_page)
        left, bottom, right, top = _sides(page)
        width, height = right - left, top - bottom
        if turn:
            width, height = (height, width) if turn in (90, 270) else (width, height)
            left, top = 0.0, height
        frame = Frame(left, top, width, height)
        read, problems, has_pictures = _page(page, text_page, text, number, frame, unfinished)
        is_readable = not any(problem.code == "unmapped_characters" for problem in problems)
        if is_readable and not has_pictures:
            return read, problems
        return _with_pictures(document, page, turn, frame, read, problems, unfinished, tables)
    finally:
        if text_page:
            raw.FPDFText_ClosePage(text_page)
        if page:
            raw.FPDF_ClosePage(page)


def _unreadable(number: int) -> tuple[Page, list[ProblemDraft]]:
    problem = _problem(number, "page_unreadable", "the page is damaged and could not be opened")
    return Page(number=number, lines=()), [problem]


def _with_pictures(
    document: pdfium.PdfDocument,
    page: raw.FPDF_PAGE,
    turn: int,
    frame: Frame,
    read: Page,
    problems: list[ProblemDraft],
    unfinished: list[_Unfinished],
    tables: _Tables,
) -> tuple[Page, list[ProblemDraft]]:
    """The page with what its pictures say, where the extra that reads pictures is installed."""
    if not ocr.available():
        return read, problems
    text = "".join(line.text for line in read.lines)
    is_unmapped = text.count(_UNMAPPED) > MOST_UNMAPPED * len(text)
    # text that nobody can read is as good as a picture of it
    seen = replace(read, lines=(), grids=()) if is_unmapped else read
    pictures = pictures_on(page, frame)
    if not pictures and (seen.lines or not raw.FPDFPage_CountObjects(page)):
        return read, problems
    room.make_room()
    from flows.extract.readers.ocr.pdf_pages import complete
    from flows.extract.readers.ocr.table_pictures import TablePictures

    tables.pictures = tables.pictures or TablePictures()
    completed = complete(document, turn, frame, seen, pictures, tables.pictures, problems)
    if completed is None:
        return read, problems
    if not isinstance(completed, Page):
        if completed.unruled:
            unfinished.append(
                _Unfinished(completed.page, completed.unruled, completed.blocks, completed.finish)
            )
        completed = completed.page
    return completed, [problem for problem in problems if problem.code != "page_without_text"]


def _page(
    page: raw.FPDF_PAGE,
    text_page: raw.FPDF_TEXTPAGE,
    text: str,
    number: int,
    frame: Frame,
    unfinished: list[_Unfinished],
) -> tuple[Page, list[ProblemDraft], bool]:
    """The page by its text layer, its problems, and whether it can have pictures. `text` are the
    characters of the text layer."""
    width, height = frame.width, frame.height
    glyphs = _glyphs(text_page, text, frame)
    if not glyphs:
        problems = []
        if raw.FPDFPage_CountObjects(page) > 0:
            problems.append(
                _problem(number, "page_without_text", "the page is a picture without a text layer")
            )
        return Page(number=number, lines=(), width=width, height=height), problems, True

    problems = []
    if raw.FPDFText_CountChars(text_page) > MOST_CHARACTERS:
        problems.append(
            _problem(number, "too_many_characters", f"only the first {MOST_CHARACTERS} were read")
        )
    if _UNMAPPED in text:
        problems.append(
            _problem(number, "unmapped_characters", "a font of the page does not say what its characters are")
        )
    drawn = Drawn([], [], True)
    lattices: list[Lattice] = []
    try:
        drawn = drawn_on(page, frame)
        lattices = lattices_of(drawn.horizontal, drawn.vertical)
    except TooManyRules:
        drawn = Drawn([], [], drawn.has_pictures)
        problems.append(
            _problem(number, "too_many_rules", "the page is a drawing of too many lines to look for tables")
        )
    blocks, crossing = blocks_of(glyphs, lattices)
    for word in crossing:
        problems.append(
            _problem(number, "text_crosses_rule", f"{word[:60]!r} is printed over the rule of its cell")
        )
    lines, grids = numbered(blocks, number)
    read = Page(number=number, lines=tuple(lines), grids=tuple(grids), width=width, height=height)
    unruled = unruled_page(number, free_lines(blocks), outside(drawn.horizontal, lattices))
    if unruled:
        unfinished.append(_Unfinished(read, unruled, blocks))
    return read, problems, drawn.has_pictures


def _problem(page: int, code: str, detail: str) -> ProblemDraft:
    return ProblemDraft(page=page, line_no=0, stage="read", code=code, detail=detail)


# --- what PDFium sees -------------------------------------------------------------------------


def turn_of(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> int:
    """The clockwise turn, in degrees, by which a page is read: boxes are of the page as turned by it."""
    return _turn(page.raw, text_page.raw, _characters(text_page.raw))


def _turn(page: raw.FPDF_PAGE, text_page: raw.FPDF_TEXTPAGE, text: str) -> int:
    turn = _turn_of_text(text_page, text)
    return 90 * raw.FPDFPage_GetRotation(page) if turn is None else turn


def _sides(page: raw.FPDF_PAGE) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of what is shown of a page."""
    sides = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, ctypes.byref(sides))
    return sides.left, sides.bottom, sides.right, sides.top


def _turn_of_text(text_page: raw.FPDF_TEXTPAGE, text: str) -> int | None:
    """The clockwise turn, in degrees, that sets the page's text upright, whatever the page says of
    its own rotation; None where the text runs in several directions or there is none."""
    address = address_of(text_page)
    # PDFium counts the angle clockwise, so text at angle a is set upright by turning it 2π − a
    turns = [
        -round(pdfium_calls.char_angle(address, i) / (math.pi / 2)) % 4
        for i in range(0, len(text), max(1, len(text) // 40))
        if text[i] > " " and text[i] != _UNMAPPED
    ]
    for turn in range(4):
        if turns.count(turn) > 0.8 * len(turns):
            return 90 * turn
    return None


def _turn_objects(page: raw.FPDF_PAGE, turn: int) -> None:
    """Turns all that is drawn on a page, lower left corner to the origin. PDFium loses text of fonts
    that are not embedded where it runs sideways, so the page is turned before it is read."""
    left, bottom, right, top = _sides(page)
    matrix = {
        90: (0, -1, 1, 0, -bottom, right),
        180: (-1, 0, 0, -1, right, top),
        270: (0, 1, -1, 0, top, -left),
    }[turn]
    for i in range(raw.FPDFPage_CountObjects(page)):
        raw.FPDFPageObj_Transform(raw.FPDFPage_GetObject(page, i), *matrix)


def _glyphs(text_page: raw.FPDF_TEXTPAGE, text: str, frame: Frame) -> list[Glyph]:
    """The printed ones of the page's characters `text`, in the order of the file. One call a fact and
    character is what reading costs, so nothing is asked for twice, and all is asked for in one go."""
    printed = [match.span() for match in _PRINTED.finditer(text)]
    places = list(chain.from_iterable(starmap(range, printed)))
    characters = "".join([text[start:end] for start, end in printed])
    after_blank = list(chain.from_iterable([[True, *[False] * (end - start - 1)] for start, end in printed]))
    address = address_of(text_page)
    x_origin, y_origin = frame.left, frame.top
    room = _room()
    glyphs: list[Glyph] = []
    for start in range(0, len(places), _AT_ONCE):
        asked = places[start : start + _AT_ONCE]
        room.ask(pdfium_calls.char_box, address, asked, slice(0, 4))
        room.ask(pdfium_calls.char_origin, address, asked, slice(4, 6))
        lefts, rights, bottoms, tops, baselines = map(room.column, (0, 1, 2, 3, 5))
        # as Glyph(…) does, without a call that costs as much as the rest
        glyphs += map(
            tuple.__new__,
            repeat(Glyph),
            zip(
                characters[start : start + _AT_ONCE],
                [left - x_origin for left in lefts] if x_origin else lefts,
                [y_origin - top for top in tops],
                [right - x_origin for right in rights] if x_origin else rights,
                [y_origin - bottom for bottom in bottoms],
                [y_origin - baseline for baseline in baselines],
                after_blank[start : start + _AT_ONCE],
                strict=False,  # the room is larger than what was asked for last
            ),
        )
    return glyphs


@cache
def _room() -> Columns:
    """Room for the boxes and the origins of characters."""
    return Columns(ctypes.c_double, 6, _AT_ONCE)


@cache
def _units(power: int) -> ctypes.Array[ctypes.c_ushort]:
    """Room for the text of a page with less than 2^power characters; an array type for each page's own
    length costs more than the reading."""
    return (ctypes.c_ushort * (1 << power))()


def _characters(text_page: raw.FPDF_TEXTPAGE) -> str:
    """A page's characters, U+FFFD where the font does not say which one it is."""
    count = min(raw.FPDFText_CountChars(text_page), MOST_CHARACTERS)
    units = _units(max(count, 0).bit_length())
    written = raw.FPDFText_GetText(text_page, 0, count, units) - 1
    text = bytes(memoryview(units)[:count]).decode("utf-16-le", "surrogatepass")
    # the whole text in one call says nothing of characters without a code, and writes those beyond
    # the first 65,536 in two units: then its places are not the characters' places
    if written != count or len(text) != count:
        address = address_of(text_page)
        text = "".join([chr(pdfium_calls.unicode_of(address, i)) for i in range(count)])
    return text.replace("\0", _UNMAPPED)
