"""Reads files that are themselves pictures: PNG, JPEG, TIFF."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace

# OpenCV looks at this once, when it opens its first picture
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(100_000_000))

import cv2
import numpy as np

from flows.extract.model import Page, ProblemDraft, Reading
from flows.extract.readers import UnreadableDocument
from flows.extract.readers.aligned import tables_of
from flows.extract.readers.layout import with_tables
from flows.extract.readers.ocr.page import Recognised, read_picture

MOST_PAGES = 500
MOST_PIXELS = 40_000_000  # larger pictures are reduced
_SHORT_SIDE = 8.27  # inches of A4: a picture of a page says nothing certain of its size
_COARSEST, _FINEST = 72.0, 600.0

_MEDIA_TYPES = ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"", "image/tiff"))


def read(data: bytes, on_page: Callable[[int, int], None] | None = None) -> Reading:
    """The pages of a picture file. Positions are points of a page of A4 width.

    Raises UnreadableDocument where the picture is damaged or has more than 100 million pixels.
    """
    images = _images(data)
    problems: list[ProblemDraft] = []
    read_pages: list[Recognised] = []
    for number, image in enumerate(images, start=1):
        recognised = read_picture(image, dpi_of(image), number)
        if not recognised.page.lines:
            detail = "nothing could be read on the picture"
            problems.append(ProblemDraft(number, 0, "read", "page_without_text", detail))
        read_pages.append(recognised)
        if on_page:
            on_page(number, len(images))
    media_type = next(name for magic, name in _MEDIA_TYPES if data.startswith(magic))
    return Reading("ocr", media_type, tuple(_with_aligned_tables(read_pages)), tuple(problems))


def decoded(data: bytes) -> np.ndarray | None:
    """The first picture in the bytes of a picture file, grey; None where there is none."""
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        return None
    return None if image is None else _within_limits(image)


def dpi_of(image: np.ndarray, width: float = 0.0) -> float:
    """The pixels an inch of a picture printed `width` points wide; where that is not known, those of a
    picture of an A4 page."""
    dpi = image.shape[1] * 72 / width if width > 0 else min(image.shape[:2]) / _SHORT_SIDE
    return min(max(dpi, _COARSEST), _FINEST)


def _images(data: bytes) -> Sequence[np.ndarray]:
    try:
        # a page more than is allowed tells that there are more
        _, images = cv2.imdecodemulti(
            np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE, range=(0, MOST_PAGES + 1)
        )
    except cv2.error:
        images = ()
    if not images:
        first = decoded(data)
        images = () if first is None else (first,)
    if not images or len(images) > MOST_PAGES:
        raise UnreadableDocument(
            "图片已损坏或过大，请重新扫描或另存为 PDF / "
            "the picture is damaged or too large; scan it again or save it as PDF"
        )
    return [_within_limits(image) for image in images]


def _within_limits(image: np.ndarray) -> np.ndarray:
    pixels = image.shape[0] * image.shape[1]
    if pixels <= MOST_PIXELS:
        return image
    factor = (MOST_PIXELS / pixels) ** 0.5
    return cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)


def _with_aligned_tables(pages: Sequence[Recognised]) -> list[Page]:
    tables = tables_of([read.unruled for read in pages if read.unruled])
    result = []
    for read in pages:
        page = read.page
        if page.number in tables:
            lines, grids = read.finish(with_tables(read.blocks, tables[page.number]), page.number)
            page = replace(page, lines=tuple(lines), grids=tuple(grids))
        result.append(page)
    return result
