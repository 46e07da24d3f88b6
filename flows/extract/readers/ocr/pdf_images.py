"""The pictures that a page of a PDF shows: where they stand and how fine they are."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from typing import NamedTuple

import pypdfium2.raw as raw

from flows.extract.model import Box
from flows.extract.readers import pdfium_calls
from flows.extract.readers.pdf_rules import Frame
from flows.extract.readers.pdfium_calls import address_of

MOST_OBJECTS = 100_000  # looked through for pictures
DEEPEST_FORM = 4  # form objects inside form objects

_IMAGE, _FORM = raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM


class Picture(NamedTuple):
    """A picture on a page: its place in points, its pixels an inch."""

    box: Box
    dpi: float

    @property
    def area(self) -> float:
        return (self.box.x1 - self.box.x0) * (self.box.y1 - self.box.y0)


def pictures_on(page: raw.FPDF_PAGE, frame: Frame) -> list[Picture]:
    """The pictures of a page as far as they lie within it, the largest first."""
    found: list[Picture] = []
    budget = MOST_OBJECTS

    def look(
        owner: int, count: int, get: Callable[[int, int], int], matrices: list[raw.FS_MATRIX]
    ) -> None:
        nonlocal budget
        count = min(count, budget)
        budget -= count
        for i in range(count):
            item = get(owner, i)
            kind = pdfium_calls.kind_of(item)
            if kind == _IMAGE:
                picture = _picture(ctypes.cast(item, raw.FPDF_PAGEOBJECT), matrices, page, frame)
                if picture:
                    found.append(picture)
            elif kind == _FORM and len(matrices) < DEEPEST_FORM:
                form, matrix = ctypes.cast(item, raw.FPDF_PAGEOBJECT), raw.FS_MATRIX()
                raw.FPDFPageObj_GetMatrix(form, ctypes.byref(matrix))
                inside = raw.FPDFFormObj_CountObjects(form)
                look(item, inside, pdfium_calls.object_of_form, [matrix, *matrices])

    look(address_of(page), raw.FPDFPage_CountObjects(page), pdfium_calls.object_of_page, [])
    return sorted(found, key=lambda picture: (-picture.area, picture.box))


def _picture(
    item: raw.FPDF_PAGEOBJECT, matrices: list[raw.FS_MATRIX], page: raw.FPDF_PAGE, frame: Frame
) -> Picture | None:
    sides = [ctypes.c_float() for _ in range(4)]
    facts = raw.FPDF_IMAGEOBJ_METADATA()
    if not raw.FPDFPageObj_GetBounds(item, *map(ctypes.byref, sides)):
        return None
    if not raw.FPDFImageObj_GetImageMetadata(item, page, ctypes.byref(facts)):
        return None
    x0, y0, x1, y1 = (side.value for side in sides)
    corners = [(x0, y0), (x1, y1), (x0, y1), (x1, y0)]
    for m in matrices:
        corners = [(m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f) for x, y in corners]
    xs = [x - frame.left for x, _ in corners]
    ys = [frame.top - y for _, y in corners]
    points = (max(xs) - min(xs)) * (max(ys) - min(ys))
    if points <= 0 or not facts.width or not facts.height:
        return None
    box = Box(max(0.0, min(xs)), max(0.0, min(ys)), min(frame.width, max(xs)), min(frame.height, max(ys)))
    if box.x1 <= box.x0 or box.y1 <= box.y0:
        return None
    # the area tells, whichever way round the picture lies
    return Picture(box, 72 * math.sqrt(facts.width * facts.height / points))
