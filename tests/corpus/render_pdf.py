"""Renders an account as a PDF with a text layer and ruled tables.

The rules are made as different writers make them: `fill` is one thin filled rectangle a cell
side, `path` is one path of all segments of a row, `stroke` is one stroke a cell side, `rows` are
strokes between the rows and `three` only above and below the header and at the end. The font
is the built-in STSong-Light, which every usual viewer replaces with a Chinese font it has: no
Chinese font file is needed, the files stay small and the bytes are the same on every machine.
Digits are set in an embedded font, so that they look the same, and have the same boxes, everywhere.
A TrueType font can stand in for STSong-Light where the pages are to be drawn as pictures.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tests.corpus.accounts import Account
from tests.corpus.book import Book, book_of
from tests.corpus.forms import Printed, Row, Sheet

_FONT = "STSong-Light"
_ASCII_FONT = "Vera"  # Bitstream Vera Sans, which comes with reportlab
_MARGIN = 48.0
_TABLE_SIZE = 8.5
_LINE = 11.0  # leading inside tables
_RULE = 0.48  # thickness of a rule
_TEXT_SIZE = 12.0
_TEXT_LEADING = 21.0
_GAP = 26.0  # between two tables on a page
_ROWS_AT_LEAST = 4  # of a table below its header, else it begins on the next page


@dataclass(frozen=True)
class Look:
    """How a layout's pages look. `rules` are those of the module; on each further page of a table its
    header, or its title and what stands around it, may be repeated; `turn` 90 puts wide tables on upright
    sheets that the file says to turn; with `flow` tables follow each other on upright pages; `centred`
    headers stand in the middle of their cells."""

    rules: str = "fill"
    repeat_header: bool = False
    repeat_title: bool = False
    turn: int = 0
    flow: bool = False
    page_numbers: bool = False
    centred: bool = False


def render(
    account: Account, rules: str = "fill", family: str = "numbered", repeat_header: bool = False
) -> bytes:
    """The document's bytes, the same for the same account and options."""
    return render_book(book_of(account, family), Look(rules=rules, repeat_header=repeat_header))


def render_book(
    book: Book,
    look: Look,
    font: str = "",
    ascii_font: str = "",
    make_writer: Callable[..., Writer] | None = None,
) -> bytes:
    """The document's bytes. `font` and `ascii_font` are TrueType files that stand in for the built-in
    Chinese font and for that of digits and signs; `make_writer` for the writer of the pages."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle("".join(book.cover))
    writer = (make_writer or Writer)(
        canvas, look, _registered(font, _FONT), _registered(ascii_font, _ASCII_FONT)
    )
    writer.cover(book)
    if book.tables_last:
        writer.flow([book.narrative_heading, *book.narrative])
    for sheet in book.sheets:
        writer.table(sheet)
    writer.end_page()
    if not book.tables_last:
        writer.flow([book.narrative_heading, *book.narrative])
    for sheet in book.annexes:
        writer.table(sheet)
    writer.end_page()
    canvas.save()
    return out.getvalue()


def _registered(path: str, built_in: str) -> str:
    """The name under which reportlab knows a font file, or a font that is always there."""
    if path:
        name = Path(path).stem
        pdfmetrics.registerFont(TTFont(name, path))
        return name
    if built_in == _FONT:
        pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    else:
        pdfmetrics.registerFont(TTFont(_ASCII_FONT, "Vera.ttf"))
    return built_in


class Writer:
    """Pages under construction. `y` is where the next row begins, None where no page with tables is
    open."""

    def __init__(self, canvas: Canvas, look: Look, font: str, ascii_font: str) -> None:
        self.canvas, self.look = canvas, look
        self.font, self.ascii_font = font, ascii_font
        self.page_size = A4
        self.page_count = 0
        self.y: float | None = None

    # -- text ------------------------------------------------------------------------------------

    def _runs(self, text: str) -> Iterator[tuple[str, str]]:
        """Runs of one font: (font, text)."""
        for is_ascii, run in groupby(text, str.isascii):
            yield self.ascii_font if is_ascii else self.font, "".join(run)

    def _width(self, text: str, size: float) -> float:
        return sum(pdfmetrics.stringWidth(run, font, size) for font, run in self._runs(text))

    def _draw(self, x: float, y: float, text: str, size: float, align: float = 0.0) -> None:
        """One line of text; `align` 0 puts its left end at x, 0.5 its middle, 1 its right end."""
        x -= align * self._width(text, size)
        for font, run in self._runs(text):
            self.canvas.setFont(font, size)
            # A viewer without any Chinese font finds a lone character no wider than nothing and drops
            # it from the text; with a blank behind it the character stays.
            self.canvas.drawString(x, y, f"{run} " if font == _FONT and len(run) == 1 else run)
            x += pdfmetrics.stringWidth(run, font, size)

    def _wrap(self, text: str, width: float, size: float) -> list[str]:
        """Lines no wider than `width`, broken at line ends too; numbers are never broken."""
        lines, line = [], ""
        for word in _words(text):
            if line and (word == "\n" or self._width(line + word, size) > width):
                lines.append(line)
                line = ""
            line += word.strip("\n")
        return [*lines, line]

    # -- pages -----------------------------------------------------------------------------------

    def cover(self, book: Book) -> None:
        width, height = A4
        self.canvas.setPageSize(A4)
        for n, text in enumerate(book.cover):
            self._draw(width / 2, height * 0.62 - n * 40, text, 22, 0.5)
        self.canvas.showPage()
        if book.contents:
            y = height - _MARGIN
            for text in book.contents:
                y -= _TEXT_LEADING
                self._draw(_MARGIN, y, text, _TEXT_SIZE)
            self.canvas.showPage()

    def flow(self, texts: Sequence[str]) -> None:
        """Paragraphs over as many pages as they need, two characters indented."""
        width, height = A4
        y = height - _MARGIN
        self.canvas.setPageSize(A4)
        for text in texts:
            for n, line in enumerate(self._wrap("　　" + text, width - 2 * _MARGIN, _TEXT_SIZE)):
                if y < _MARGIN + _TEXT_LEADING:
                    self.canvas.showPage()
                    self.canvas.setPageSize(A4)
                    y = height - _MARGIN
                y -= _TEXT_LEADING
                indent = 2 * _TEXT_SIZE if n == 0 else 0.0
                self._draw(_MARGIN + indent, y, line.strip(), _TEXT_SIZE)
        self.canvas.showPage()

    def _new_page(self, page_size: tuple[float, float]) -> None:
        self.end_page()
        canvas = self.canvas
        self.page_size = page_size
        is_turned = self.look.turn == 90 and page_size[0] > page_size[1]
        if self.look.turn:
            canvas.setPageRotation(90 if is_turned else 0)
        canvas.setPageSize(page_size)  # reportlab writes the sides of a turned page the other way round
        if is_turned:
            canvas.translate(page_size[1], 0)
            canvas.rotate(90)
        canvas.setLineWidth(_RULE)
        self.page_count += 1
        self.y = page_size[1] - _MARGIN

    def end_page(self) -> None:
        """Closes the page with tables, if one is open."""
        if self.y is None:
            return
        if self.look.page_numbers:
            self._draw(self.page_size[0] / 2, _MARGIN / 2, f"- {self.page_count} -", 9, 0.5)
        self.canvas.showPage()
        if self.look.turn:
            self.canvas.setPageRotation(0)
        self.y = None

    # -- tables ----------------------------------------------------------------------------------

    def table(self, sheet: Sheet) -> None:
        """One table, on a page of its own unless tables flow, continued over pages row by row."""
        page_size = landscape(A4) if sheet.is_wide and not self.look.flow else A4
        room = page_size[0] - 2 * _MARGIN
        self.edges = [_MARGIN]
        for width in sheet.widths:
            self.edges.append(self.edges[-1] + room * width / sum(sheet.widths))
        if self.look.flow and self.y is not None and self.page_size == page_size:
            needed = 54 + sum(map(self._height, (*sheet.header, *sheet.body[:_ROWS_AT_LEAST])))
            self.y -= _GAP
            if self.y - needed < _MARGIN:
                self._new_page(page_size)
        else:
            self._new_page(page_size)
        self._heading(sheet)
        self._across()
        self._rows(sheet.header, self.look.centred)
        self._across()
        for rows in _together(sheet.body):
            if self.y - sum(map(self._height, rows)) < _MARGIN:
                self._across()
                self._new_page(page_size)
                if self.look.repeat_title:
                    self._heading(sheet)
                self._across()
                if self.look.repeat_header:
                    self._rows(sheet.header, self.look.centred)
                    self._across()
            self._rows(rows)
        self._across()
        for note in sheet.notes:
            for line in self._wrap(note, self.edges[-1] - self.edges[0], 9):
                self.y -= 13
                self._draw(self.edges[0], self.y, line, 9)

    def _heading(self, sheet: Sheet) -> None:
        """Title, form number, department and unit."""
        title_size = 15
        while title_size > 9 and self._width(sheet.title, title_size) > self.edges[-1] - self.edges[0]:
            title_size -= 1
        self._draw(self.page_size[0] / 2, self.y - 16, sheet.title, title_size, 0.5)
        self._draw(self.edges[-1], self.y - 32, sheet.form_no, 9, 1)
        self._draw(self.edges[0], self.y - 46, sheet.department_line, 9)
        self._draw(self.edges[-1], self.y - 46, sheet.unit_line, 9, 1)
        self.y -= 54

    def _across(self) -> None:
        """One of the three rules."""
        if self.look.rules == "three":
            self.canvas.line(self.edges[0], self.y, self.edges[-1], self.y)

    def _lines(self, row: Row, column: int) -> list[str]:
        cell = row[column]
        width = self.edges[column + cell.column_span] - self.edges[column] - 4
        return self._wrap(cell.text, width, _TABLE_SIZE)

    def _height(self, row: Row) -> float:
        tallest = max(
            (len(self._lines(row, c)) for c, cell in enumerate(row) if cell and cell.row_span == 1), default=1
        )
        return tallest * _LINE + 4

    def _rows(self, rows: Sequence[Row], centred: bool = False) -> None:
        """Rows that stay together, so that cells may span them."""
        tops = [self.y]
        for n, row in enumerate(rows):
            height = self._height(row)
            # A cell over several rows needs room for its own lines, taken by its last row.
            for start in range(n + 1):
                for c, cell in enumerate(rows[start]):
                    if cell and cell.row_span > 1 and start + cell.row_span == n + 1:
                        wanted = len(self._lines(rows[start], c)) * _LINE + 4
                        height = max(height, wanted - (tops[start] - tops[n]))
            tops.append(tops[-1] - height)
        sides: list[tuple[float, float, float, float]] = []
        for n, row in enumerate(rows):
            for c, cell in enumerate(row):
                if cell is None:
                    continue
                x0, x1 = self.edges[c], self.edges[c + cell.column_span]
                top, bottom = tops[n], tops[n + cell.row_span]
                sides += [(x0, top, x1, top), (x0, bottom, x1, bottom)]
                sides += [(x0, bottom, x0, top), (x1, bottom, x1, top)]
                self._text(cell, self._lines(row, c), (x0, bottom, x1, top), centred)
        self._draw_rules(sides)
        self.y = tops[-1]

    def _text(
        self, cell: Printed, lines: list[str], box: tuple[float, float, float, float], centred: bool
    ) -> None:
        x0, bottom, x1, top = box
        is_plain = cell.kind == "label" and cell.column_span == 1 and cell.row_span == 1
        y = (top + bottom) / 2 + len(lines) * _LINE / 2 - _TABLE_SIZE
        size = _TABLE_SIZE
        while cell.kind == "number" and self._width(cell.text, size) > x1 - x0 - 5:
            size -= 0.5  # numbers are never broken: a narrow column prints them smaller
        for line in lines:
            if cell.kind == "number":
                self._draw(x1 - 3, y, line, size, 1)
            elif is_plain and not centred:
                self._draw(x0 + 2, y, line, _TABLE_SIZE)
            else:
                self._draw((x0 + x1) / 2, y, line, _TABLE_SIZE, 0.5)
            y -= _LINE

    def _draw_rules(self, sides: list[tuple[float, float, float, float]]) -> None:
        sides = sorted(set(sides))
        rules = self.look.rules
        if rules == "three":
            return
        if rules == "path":
            path = self.canvas.beginPath()
            for x0, y0, x1, y1 in sides:
                path.moveTo(x0, y0)
                path.lineTo(x1, y1)
            self.canvas.drawPath(path)
            return
        for x0, y0, x1, y1 in sides:
            if rules == "fill":
                self.canvas.rect(
                    x0 - _RULE / 2, y0 - _RULE / 2, x1 - x0 + _RULE, y1 - y0 + _RULE, stroke=0, fill=1
                )
            elif rules == "stroke" or y0 == y1:
                self.canvas.line(x0, y0, x1, y1)


def _together(body: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows in groups that a cell over several of them holds together."""
    group: list[Row] = []
    last = 0
    for n, row in enumerate(body):
        group.append(row)
        last = max([last, *(n + cell.row_span - 1 for cell in row if cell)])
        if last <= n:
            yield group
            group = []


def _words(text: str) -> Iterator[str]:
    """Single characters, but runs of digits and their signs whole."""
    run = ""
    for character in text:
        if character.isascii() and not character.isspace():
            run += character
            continue
        if run:
            yield run
            run = ""
        yield character
    if run:
        yield run
