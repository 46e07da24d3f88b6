"""Renders a document whose tables are pictures between pages of text, as offices paste them from a
spreadsheet: titles, units, notes and narrative are text, what the rules enclose is a picture."""

from __future__ import annotations

import io
from functools import partial

import pypdfium2 as pdfium
from reportlab.lib.utils import ImageReader

from tests.corpus.book import Book
from tests.corpus.forms import Sheet
from tests.corpus.images import CLEAN, POINTS_PER_INCH, Damage, drawn, encoded, spoilt
from tests.corpus.render_pdf import Look, Writer, render_book

_PAD = 3.0  # points around the rules of a table
_QUALITY = 95  # of pictures that are to be without loss: with less they are hard to tell from these


def render(book: Book, look: Look, font: str, damage: Damage = CLEAN, seed: int = 0) -> bytes:
    """The document's bytes, all of it in the TrueType file `font`. Turned pages (`look.turn`) are not
    supported: ValueError."""
    if look.turn:
        raise ValueError("a turned page cannot have its table as a picture")
    plain = pdfium.PdfDocument(render_book(book, look, font, font))
    try:
        return render_book(book, look, font, font, partial(_PictureWriter, plain, damage, seed))
    finally:
        plain.close()


class _PictureWriter(Writer):
    """Draws no table: where one stands on a page of `plain`, this page gets its picture."""

    def __init__(self, plain: pdfium.PdfDocument, damage: Damage, seed: int, *others: object) -> None:
        super().__init__(*others)
        self.plain, self.damage, self.seed = plain, damage, seed
        self.regions: list[list[float]] = []  # left, bottom, right, top of the tables of this page
        self.is_new_table = True

    def table(self, sheet: Sheet) -> None:
        self.is_new_table = True
        super().table(sheet)

    def end_page(self) -> None:
        for region in self.regions:
            self._place(*region)
        self.regions, self.is_new_table = [], True
        super().end_page()

    def _rows(self, *rows: object) -> None:
        top = self.y
        super()._rows(*rows)
        if self.is_new_table:
            self.regions.append([self.edges[0], self.y, self.edges[-1], top])
            self.is_new_table = False
        self.regions[-1][1] = self.y

    def _across(self) -> None:
        pass

    def _text(self, *what: object) -> None:
        pass

    def _draw_rules(self, *what: object) -> None:
        pass

    def _place(self, left: float, bottom: float, right: float, top: float) -> None:
        number = self.canvas.getPageNumber() - 1
        scale = self.damage.dpi / POINTS_PER_INCH
        page = drawn(self.plain[number], self.damage.dpi)
        height = self.page_size[1]
        x0, x1 = round((left - _PAD) * scale), round((right + _PAD) * scale)
        y0, y1 = round((height - top - _PAD) * scale), round((height - bottom + _PAD) * scale)
        picture = spoilt(page.crop((x0, y0, x1, y1)), self.damage, self.seed + number)
        jpeg = ImageReader(io.BytesIO(encoded(picture, self.damage.jpeg or _QUALITY)[1]))
        # A picture set askew is larger than the place of its table; it keeps its middle there.
        width, tall = picture.width / scale, picture.height / scale
        x, y = (left + right - width) / 2, (top + bottom - tall) / 2
        self.canvas.drawImage(jpeg, x, y, width, tall)
