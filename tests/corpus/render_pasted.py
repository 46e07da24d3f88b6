"""Renders a document whose tables are pictures in a DOCX or a web page, as offices paste them: titles,
units, notes and narrative are text, what the rules enclose is a picture, or several where it is long."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from functools import partial
from html import escape

import pypdfium2 as pdfium
from lxml import etree
from PIL import Image

from tests.corpus.book import Book
from tests.corpus.forms import Sheet
from tests.corpus.images import CLEAN, POINTS_PER_INCH, Damage, drawn, spoilt
from tests.corpus.render_docx import element, package, paragraph
from tests.corpus.render_pdf import Look, Writer, render_book

FORMATS = ("docx", "html")
_PAD = 3.0  # points around the rules of a table
_TEXT_WIDTH = 425.0  # points that a page of text has for a picture
_EMU = 12_700
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

Region = tuple[int, float, float, float, float]  # page from 0, left, bottom, right, top in points


def render(book: Book, look: Look, font: str, format: str, damage: Damage = CLEAN, seed: int = 0) -> bytes:
    """The document's bytes as docx or html, its pictures drawn in the TrueType file `font`. Turned pages
    (`look.turn`) are not supported: ValueError."""
    if look.turn:
        raise ValueError("a turned page cannot have its table as a picture")
    pictures = table_pictures(book, look, font, damage, seed)
    return (_docx if format == "docx" else _html)(book, pictures, damage)


def table_pictures(
    book: Book, look: Look, font: str, damage: Damage = CLEAN, seed: int = 0
) -> list[list[bytes]]:
    """Of each sheet the picture files of its table, one for each page that it would take."""
    regions: list[list[Region]] = []
    document = pdfium.PdfDocument(render_book(book, look, font, font, partial(_Recorder, regions)))
    try:
        scale = damage.dpi / POINTS_PER_INCH
        found: list[list[bytes]] = []
        for n, of_sheet in enumerate(regions):
            found.append([])
            for number, left, bottom, right, top in of_sheet:
                height = document[number].get_height()
                box = (left - _PAD, height - top - _PAD, right + _PAD, height - bottom + _PAD)
                table = drawn(document[number], damage.dpi).crop([round(side * scale) for side in box])
                found[-1].append(_file(spoilt(table, damage, seed + n), damage.jpeg))
        return found
    finally:
        document.close()


class _Recorder(Writer):
    """Notes where the tables stand."""

    def __init__(self, regions: list[list[Region]], *others: object) -> None:
        super().__init__(*others)
        self.regions = regions

    def table(self, sheet: Sheet) -> None:
        self.regions.append([])
        super().table(sheet)

    def _rows(self, *rows: object) -> None:
        top, number = self.y, self.canvas.getPageNumber() - 1
        super()._rows(*rows)
        of_sheet = self.regions[-1]
        if of_sheet and of_sheet[-1][0] == number:
            top = of_sheet.pop()[4]
        of_sheet.append((number, self.edges[0], self.y, self.edges[-1], top))


def _file(picture: Image.Image, jpeg: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=jpeg) if jpeg else picture.save(out, "PNG")
    return out.getvalue()


def _texts(sheet: Sheet) -> list[str]:
    """What stands above a table."""
    heading = f"{sheet.department_line}\t{sheet.unit_line}"
    return [text for text in (sheet.title, sheet.form_no, heading) if text]


# -- DOCX ----------------------------------------------------------------------------------------------


def _docx(book: Book, pictures: list[list[bytes]], damage: Damage) -> bytes:
    media = [picture for of_sheet in pictures for picture in of_sheet]
    numbers = iter(range(len(media)))
    tables: list[etree._Element] = []
    for sheet, of_sheet in zip(book.sheets, pictures, strict=True):
        tables += [paragraph(text) for text in _texts(sheet)]
        for picture in of_sheet:
            drawing = inline_picture(f"rIdP{next(numbers)}", *_shown(picture, damage))
            tables.append(element("p", element("r", element("drawing", drawing))))
        tables += [paragraph(note) for note in sheet.notes]
    told = [paragraph(text) for text in (book.narrative_heading, *book.narrative)]
    content = [paragraph(text) for text in (*book.cover, *book.contents)]
    content += [*told, *tables] if book.tables_last else [*tables, *told]
    return package(content, pictures={f"rIdP{n}": picture for n, picture in enumerate(media)})


def _shown(picture: bytes, damage: Damage) -> tuple[float, float]:
    """The size in points that Word shows a pasted picture in: no wider than the text."""
    width, height = (side * POINTS_PER_INCH / damage.dpi for side in Image.open(io.BytesIO(picture)).size)
    factor = min(1.0, _TEXT_WIDTH / width)
    return width * factor, height * factor


def inline_picture(relation: str, width: float, height: float) -> etree._Element:
    """A picture in a line of text, `width` times `height` points large."""
    cx, cy = round(width * _EMU), round(height * _EMU)
    return etree.fromstring(
        f'<wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" xmlns:a="{_DRAWING}/main" '
        f'xmlns:pic="{_DRAWING}/picture" xmlns:r="{_OFFICE}"><wp:extent cx="{cx}" cy="{cy}"/>'
        f'<a:graphic><a:graphicData uri="{_DRAWING}/picture"><pic:pic><pic:blipFill>'
        f'<a:blip r:embed="{relation}"/></pic:blipFill><pic:spPr><a:xfrm><a:ext cx="{cx}" cy="{cy}"/>'
        "</a:xfrm></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>"
    )


# -- HTML ----------------------------------------------------------------------------------------------


def _html(book: Book, pictures: list[list[bytes]], damage: Damage) -> bytes:
    title = "".join(book.cover)
    lines = [f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body>']
    lines += [f"<p>{escape(text)}</p>" for text in (*book.cover, *book.contents)]
    tables: list[str] = []
    for sheet, of_sheet in zip(book.sheets, pictures, strict=True):
        tables += [f"<p>{escape(text)}</p>" for text in _texts(sheet)]
        tables += [f"<p>{image}</p>" for image in _images(of_sheet, damage)]
        tables += [f"<p>{escape(note)}</p>" for note in sheet.notes]
    told = [f"<h2>{book.narrative_heading}</h2>", *(f"<p>{escape(text)}</p>" for text in book.narrative)]
    lines += [*told, *tables] if book.tables_last else [*tables, *told]
    return "\n".join([*lines, "</body></html>", ""]).encode()


def _images(pictures: list[bytes], damage: Damage) -> Iterator[str]:
    kind = "jpeg" if damage.jpeg else "png"
    for picture in pictures:
        yield f'<img alt="" src="data:image/{kind};base64,{base64.b64encode(picture).decode()}">'
