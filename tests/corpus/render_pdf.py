"""Renders an account as a PDF with a text layer and ruled tables.

The rules are made as different writers make them: `fill` is one thin filled rectangle a cell
side, `path` is one path of all segments of a row, `stroke` is one stroke a cell side. The font
is the built-in STSong-Light, which every usual viewer replaces with a Chinese font it has: no
Chinese font file is needed, the files stay small and the bytes are the same on every machine.
Digits are set in an embedded font, so that they look the same, and have the same boxes, everywhere.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import groupby

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tests.corpus.accounts import Account
from tests.corpus.forms import Printed, Row, Sheet, sheets
from tests.corpus.narrative import paragraphs

_FONT = "STSong-Light"
_ASCII_FONT = "Vera"  # Bitstream Vera Sans, which comes with reportlab
_MARGIN = 48.0
_TABLE_SIZE = 8.5
_LINE = 11.0  # leading inside tables
_RULE = 0.48  # thickness of a rule
_TEXT_SIZE = 12.0
_TEXT_LEADING = 21.0


def render(
    account: Account, rules: str = "fill", family: str = "numbered", repeat_header: bool = False
) -> bytes:
    """The document's bytes, the same for the same account and options."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    pdfmetrics.registerFont(TTFont(_ASCII_FONT, "Vera.ttf"))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle(f"{account.department_name}{account.fiscal_year}年度部门决算")
    _cover(canvas, account)
    for sheet in sheets(account, family):
        _TablePages(canvas, sheet, account, rules, repeat_header).draw()
    heading = f"第三部分 {account.fiscal_year}年度部门决算情况说明"
    _flow(canvas, [heading, *paragraphs(account)])
    canvas.save()
    return out.getvalue()


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """Runs of one font: (font, text)."""
    for is_ascii, run in groupby(text, str.isascii):
        yield _ASCII_FONT if is_ascii else _FONT, "".join(run)


def _width(text: str, size: float) -> float:
    return sum(pdfmetrics.stringWidth(run, font, size) for font, run in _runs(text))


def _draw(canvas: Canvas, x: float, y: float, text: str, size: float, align: float = 0.0) -> None:
    """One line of text; `align` 0 puts its left end at x, 0.5 its middle, 1 its right end."""
    x -= align * _width(text, size)
    for font, run in _runs(text):
        canvas.setFont(font, size)
        # A viewer without any Chinese font finds a lone character no wider than nothing and drops
        # it from the text; with a blank behind it the character stays.
        canvas.drawString(x, y, f"{run} " if font == _FONT and len(run) == 1 else run)
        x += pdfmetrics.stringWidth(run, font, size)


def _wrap(text: str, width: float, size: float) -> list[str]:
    """Lines no wider than `width`; numbers are never broken."""
    lines, line = [], ""
    for word in _words(text):
        if line and _width(line + word, size) > width:
            lines.append(line)
            line = ""
        line += word
    return [*lines, line]


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


def _cover(canvas: Canvas, account: Account) -> None:
    width, height = A4
    canvas.setPageSize(A4)
    for n, text in enumerate((account.department_name, f"{account.fiscal_year}年度部门决算")):
        _draw(canvas, width / 2, height * 0.62 - n * 40, text, 22, 0.5)
    canvas.showPage()


def _flow(canvas: Canvas, texts: Sequence[str]) -> None:
    """Paragraphs over as many pages as they need, two characters indented."""
    width, height = A4
    y = height - _MARGIN
    canvas.setPageSize(A4)
    for text in texts:
        for n, line in enumerate(_wrap("　　" + text, width - 2 * _MARGIN, _TEXT_SIZE)):
            if y < _MARGIN + _TEXT_LEADING:
                canvas.showPage()
                canvas.setPageSize(A4)
                y = height - _MARGIN
            y -= _TEXT_LEADING
            indent = 2 * _TEXT_SIZE if n == 0 else 0.0
            _draw(canvas, _MARGIN + indent, y, line.strip(), _TEXT_SIZE)
    canvas.showPage()


class _TablePages:
    """One table from a page of its own on, continued over pages row by row."""

    def __init__(
        self, canvas: Canvas, sheet: Sheet, account: Account, rules: str, repeat_header: bool
    ) -> None:
        self.canvas, self.sheet, self.account = canvas, sheet, account
        self.rules, self.repeat_header = rules, repeat_header
        self.page_size = landscape(A4) if sheet.is_wide else A4
        room = self.page_size[0] - 2 * _MARGIN
        self.edges = [_MARGIN]
        for width in sheet.widths:
            self.edges.append(self.edges[-1] + room * width / sum(sheet.widths))

    def draw(self) -> None:
        canvas, sheet = self.canvas, self.sheet
        self._new_page()
        _draw(canvas, self.page_size[0] / 2, self.y - 16, sheet.title, 15, 0.5)
        _draw(canvas, self.edges[-1], self.y - 32, sheet.form_no, 9, 1)
        _draw(canvas, self.edges[0], self.y - 46, f"部门：{self.account.department_name}", 9)
        _draw(canvas, self.edges[-1], self.y - 46, sheet.unit_line, 9, 1)
        self.y -= 54
        self._rows(sheet.header)
        for row in sheet.body:
            if self.y - self._height(row) < _MARGIN:
                self.canvas.showPage()
                self._new_page()
                if self.repeat_header:
                    self._rows(sheet.header)
            self._rows([row])
        for note in sheet.notes:
            for line in _wrap(note, self.edges[-1] - self.edges[0], 9):
                self.y -= 13
                _draw(canvas, self.edges[0], self.y, line, 9)
        canvas.showPage()

    def _new_page(self) -> None:
        self.canvas.setPageSize(self.page_size)
        self.canvas.setLineWidth(_RULE)
        self.y = self.page_size[1] - _MARGIN

    def _lines(self, row: Row, column: int) -> list[str]:
        cell = row[column]
        width = self.edges[column + cell.column_span] - self.edges[column] - 4
        return _wrap(cell.text, width, _TABLE_SIZE)

    def _height(self, row: Row) -> float:
        tallest = max(
            (len(self._lines(row, c)) for c, cell in enumerate(row) if cell and cell.row_span == 1), default=1
        )
        return tallest * _LINE + 4

    def _rows(self, rows: Sequence[Row]) -> None:
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
                self._text(cell, self._lines(row, c), x0, x1, top, bottom)
        self._draw_rules(sides)
        self.y = tops[-1]

    def _text(self, cell: Printed, lines: list[str], x0: float, x1: float, top: float, bottom: float) -> None:
        y = (top + bottom) / 2 + len(lines) * _LINE / 2 - _TABLE_SIZE
        for line in lines:
            if cell.kind == "number":
                _draw(self.canvas, x1 - 3, y, line, _TABLE_SIZE, 1)
            elif cell.kind == "label" and cell.column_span == 1 and cell.row_span == 1:
                _draw(self.canvas, x0 + 2, y, line, _TABLE_SIZE)
            else:
                _draw(self.canvas, (x0 + x1) / 2, y, line, _TABLE_SIZE, 0.5)
            y -= _LINE

    def _draw_rules(self, sides: list[tuple[float, float, float, float]]) -> None:
        sides = sorted(set(sides))
        if self.rules == "path":
            path = self.canvas.beginPath()
            for x0, y0, x1, y1 in sides:
                path.moveTo(x0, y0)
                path.lineTo(x1, y1)
            self.canvas.drawPath(path)
            return
        for x0, y0, x1, y1 in sides:
            if self.rules == "fill":
                self.canvas.rect(
                    x0 - _RULE / 2, y0 - _RULE / 2, x1 - x0 + _RULE, y1 - y0 + _RULE, stroke=0, fill=1
                )
            else:
                self.canvas.line(x0, y0, x1, y1)
