"""What the pictures on a page of a PDF add to its text layer.

A page without text is read from its picture as a whole. A page with text never is; but a picture on
it that holds a table, and no text over it, is read and put in its place.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import pypdfium2 as pdfium

from flows.extract.model import Box, Page, ProblemDraft
from flows.extract.readers.ocr.page import Recognised, read_picture
from flows.extract.readers.ocr.pdf_images import Picture
from flows.extract.readers.ocr.place import placed
from flows.extract.readers.ocr.table_pictures import TablePictures
from flows.extract.readers.pdf_rules import Frame

DRAWN_DPI = 200  # for pages that are drawn, not scanned
COARSEST_DPI, FINEST_DPI = 60, 300
MOST_PIXELS = 40_000_000
MOST_PICTURES = 12  # of one page

_LEAST_WIDTH, _LEAST_HEIGHT = 150.0, 12.0  # points; a table can end with one row more
_LEAST_PIXELS = 300  # of a table's width
_STRAY = 40  # characters: a page number or a scanner's mark is not yet a text layer
_OVER_PICTURE = 10  # characters: a picture with more text over it is the background of that text
_WHOLE = 0.5  # of the page's area: the page is a picture


def complete(
    document: pdfium.PdfDocument,
    turn: int,
    frame: Frame,
    text: Page,
    pictures: list[Picture],
    tables: TablePictures,
    problems: list[ProblemDraft],
) -> Page | Recognised | None:
    """What the pictures of a page add to `text`, the page as its text layer has it: the whole page where
    it is a picture, the page with the tables in its pictures, or None where they add nothing.

    The page was turned clockwise by `turn` degrees into `frame` before it was read, and `pictures` found
    on it, the largest first. `tables` are those of the pages before; `problems` gets what was not read.
    """
    area = frame.width * frame.height
    is_whole = any(picture.area > _WHOLE * area for picture in pictures)
    try:
        if _characters_in(text, None) <= (_STRAY if is_whole else 0):
            dpi = max((p.dpi for p in pictures if p.area > 0.2 * area), default=DRAWN_DPI)
            read = read_picture(*_rendered(document, text.number, turn, dpi), text.number)
            return read if read.page.lines else None
        return _with_tables(document, turn, text, pictures, tables, problems)
    except (pdfium.PdfiumError, cv2.error):  # a picture that is no picture: the page stays as it is
        return None


def _with_tables(
    document: pdfium.PdfDocument,
    turn: int,
    text: Page,
    pictures: list[Picture],
    tables: TablePictures,
    problems: list[ProblemDraft],
) -> Page | None:
    large = [
        picture
        for picture in pictures
        if picture.box.x1 - picture.box.x0 >= _LEAST_WIDTH
        and picture.box.y1 - picture.box.y0 >= _LEAST_HEIGHT
        and (picture.box.x1 - picture.box.x0) * picture.dpi / 72 >= _LEAST_PIXELS
        and _characters_in(text, picture.box) <= _OVER_PICTURE
    ][:MOST_PICTURES]
    result: Page | None = None
    for picture in sorted(large, key=lambda picture: (picture.box.y0, picture.box.x0)):
        image, dpi = _rendered(document, text.number, turn, picture.dpi)
        x0, y0, x1, y1 = (max(0, round(value * dpi / 72)) for value in picture.box)
        cut = np.ascontiguousarray(image[y0:y1, x0:x1])
        read = tables.read(cut, dpi) if cut.size else None
        if read and read.page and read.page.grids:
            result = placed(result or text, read.page, picture.box.x0, picture.box.y0)
        elif read and read.unplaced:
            detail = f"{read.unplaced} numbers of a picture stand in columns that are not told"
            problems.append(ProblemDraft(text.number, 0, "read", "picture_not_read", detail))
    return result


def _characters_in(page: Page, box: Box | None) -> int:
    """The printed characters of the lines whose middle is in `box`, or of the whole page."""
    count = 0
    for line in page.lines:
        x = (line.box.x0 + line.box.x1) / 2 if line.box else 0.0
        y = (line.box.y0 + line.box.y1) / 2 if line.box else 0.0
        if box is None or (box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1):
            count += len("".join(line.text.split()))
    return count


def _rendered(document: pdfium.PdfDocument, number: int, turn: int, dpi: float) -> tuple[np.ndarray, float]:
    """The page as an image (grey), turned clockwise by `turn` from how it lies in the file, with the
    pixels an inch that it has."""
    page = document[number - 1]  # anew: the reader may have turned what is drawn on its own
    try:
        width, height = page.get_size()
        dpi = min(max(dpi, COARSEST_DPI), FINEST_DPI, 72 * math.sqrt(MOST_PIXELS / max(1.0, width * height)))
        # a scan of 1,654 pixels must not be stretched to 1,655
        bitmap = page.render(scale=dpi / 72 * (1 - 1e-6), grayscale=True)
        image = bitmap.to_numpy().reshape(bitmap.height, -1)[:, : bitmap.width].copy()
        bitmap.close()
        quarters = (turn - page.get_rotation()) // 90 % 4
    finally:
        page.close()
    return np.ascontiguousarray(np.rot90(image, -quarters)), dpi
