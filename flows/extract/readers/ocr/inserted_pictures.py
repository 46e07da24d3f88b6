"""Reads the pictures that stand in documents without pages, whose resolution nothing says for certain."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from PIL import Image

from flows.extract.model import Box, Page
from flows.extract.readers.ocr.image import ink_of, is_noisy, without_noise
from flows.extract.readers.ocr.table_pictures import TablePictures

_LETTER = 0.105  # inches: the height of most of a table's characters and figures
_LEAST_MARKS = 20
_LOWEST, _TALLEST = 5, 150  # pixels of a character
_SCREEN = 96.0  # pixels an inch
_COARSEST, _FINEST = 60.0, 600.0
_TRUSTED = (0.7, 1.5)  # what is said of the size to what the letters tell
_FEWEST_CHARACTERS = 40  # of a page that has no table
_CLEAR = 0.9  # mean certainty of its lines: what is read on a photograph is not clear


def read_inserted(
    tables: TablePictures, image: Image.Image, width: float, is_page: bool
) -> tuple[Page | None, int]:
    """The lines and grids of a picture (grey) shown `width` points wide, 0 where that is not known, the
    next of its document's `tables`; places are points of the picture as it is shown, at 96 pixels an inch
    where nothing says how large. None where it holds no table and, unless it `is_page`, whatever else it
    shows; then with how many numbers it prints in columns that are not told."""
    grey = np.asarray(image, np.uint8)
    try:
        read = tables.read(grey, _dpi(grey, width), is_page)
    except cv2.error:  # a picture of a shape that cannot be worked on
        return None, 0
    page = read.page
    if page is None or not (page.grids or (is_page and _is_text(page))):
        return None, read.unplaced
    return _scaled(page, (width or grey.shape[1] * 72 / _SCREEN) / page.width), 0


def _dpi(grey: np.ndarray, width: float) -> float:
    """Pixels an inch. A table can be shown much smaller or larger than it was made, so what its letters
    tell goes before what is said of its size."""
    said = grey.shape[1] * 72 / width if width else 0.0
    told = _dpi_of_letters(grey)
    is_trusted = said and (not told or _TRUSTED[0] <= said / told <= _TRUSTED[1])
    return min(max(said if is_trusted else told or said or _SCREEN, _COARSEST), _FINEST)


def _dpi_of_letters(grey: np.ndarray) -> float:
    """Pixels an inch if the characters are as large as most in tables are; 0 where there are few."""
    plain = without_noise(grey) if is_noisy(grey) else grey
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink_of(plain, 150), connectivity=8)
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    is_letter = (height >= _LOWEST) & (height <= _TALLEST) & (width <= 1.5 * height) & (4 * width >= height)
    heights = height[is_letter]
    if len(heights) < _LEAST_MARKS:
        return 0.0
    return float(np.percentile(heights, 60)) / _LETTER


def _scaled(page: Page, factor: float) -> Page:
    """The page in another measure: pictures of one table go on with its columns if they have one measure."""

    def box(old: Box | None) -> Box | None:
        return Box(*(side * factor for side in old)) if old else None

    grids = tuple(
        replace(
            grid,
            cells=tuple(replace(cell, box=box(cell.box)) for cell in grid.cells),
            box=box(grid.box),
            column_edges=tuple(edge * factor for edge in grid.column_edges),
        )
        for grid in page.grids
    )
    lines = tuple(replace(line, box=box(line.box)) for line in page.lines)
    size = {"width": page.width * factor, "height": page.height * factor}
    return replace(page, lines=lines, grids=grids, **size)


def _is_text(page: Page) -> bool:
    certainties = [line.recognition.certainty for line in page.lines if line.recognition]
    count = sum(len("".join(line.text.split())) for line in page.lines)
    return count >= _FEWEST_CHARACTERS and sum(certainties) >= _CLEAR * len(certainties)
