"""Pictures of the place on a page where a figure is printed, with the figure outlined."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pypdfium2 as pdfium
from PIL import Image, ImageDraw

from flows.extract.model import Box
from flows.extract.readers.pdf import turn_of
from flows.report.printed import position_of

BYTES_AT_MOST = 60_000  # of one picture
_PIXELS_A_POINT = 2.0
_MOST_WIDTH = 1_500  # pixels
_AROUND = 42.0  # points above and below the figure
_LEEWAY = 2.0  # points between a figure and its outline
_COLOURS = 32
_RED, _BLUE = (200, 16, 46), (31, 94, 168)

Pixels = tuple[int, int, int, int]  # x0 y0 x1 y1


@dataclass(frozen=True)
class Picture:
    """A part of a page. `box` is the outlined figure in pixels of the picture, x0 y0 x1 y1; `n_others` how
    many others are outlined with it."""

    data: bytes
    media_type: str
    width: int
    height: int
    box: Pixels
    n_others: int = 0


class Pages:
    """The pages of one PDF, drawn upright as the reader sees them; the last one is kept, as findings come by
    page. To be closed."""

    def __init__(self, data: bytes) -> None:
        """Raises pdfium.PdfiumError where the bytes are no PDF."""
        self._document = pdfium.PdfDocument(data)
        self._number = 0
        self._image: Image.Image | None = None
        self._scale = 1.0

    def close(self) -> None:
        self._document.close()

    def picture(self, page: int, box: Box, others: list[Box]) -> Picture:
        """The stretch of a page around a box, the box outlined in red and others in blue. Boxes are in points
        from the top left of the upright page. Raises IndexError, PdfiumError or ValueError where there is no
        such place."""
        image, scale = self._drawn(page)
        top = max(0, round((box.y0 - _AROUND) * scale))
        bottom = min(image.height, round((box.y1 + _AROUND) * scale))
        outline = _within(image, box, scale)
        if bottom - top < 8 or not outline:
            raise ValueError("the box is not on the page")
        cut = image.crop((0, top, image.width, bottom))
        placed = [where for other in others if (where := _within(image, other, scale))]
        near = [_moved(where, top) for where in placed if top <= where[1] and where[3] <= bottom]
        return _packed(cut, _moved(outline, top), near)

    def _drawn(self, number: int) -> tuple[Image.Image, float]:
        if self._image is None or self._number != number:
            page = self._document[number - 1]
            try:
                turn = self._turn(page)
                width = page.get_height() if turn % 180 else page.get_width()
                self._scale = min(_PIXELS_A_POINT, _MOST_WIDTH / max(1.0, width))
                image = page.render(scale=self._scale).to_pil().convert("RGB")
            finally:
                page.close()
            self._image, self._number = image.rotate(-turn, expand=True) if turn else image, number
        return self._image, self._scale

    @staticmethod
    def _turn(page: pdfium.PdfPage) -> int:
        """How far a page as it is shown has to be turned clockwise to be as it was read."""
        text_page = page.get_textpage()
        try:
            return (turn_of(page, text_page) - page.get_rotation()) % 360
        finally:
            text_page.close()

    def box_in_line(self, number: int, line: Box, value: str, evidence: str) -> Box:
        """Where a number stands in a line of text; the whole line where that cannot be told."""
        page = self._document[number - 1]
        text_page = page.get_textpage()
        try:
            if turn_of(page, text_page):
                return line
            left, _, _, top = page.get_bbox()
            characters: list[tuple[str, Box]] = []
            text = text_page.get_text_range()
            for place in range(min(text_page.count_chars(), len(text))):
                if text[place].isspace():
                    continue
                x0, y0, x1, y1 = text_page.get_charbox(place)
                box = Box(x0 - left, top - y1, x1 - left, top - y0)
                if _is_inside(box, line):
                    characters.append((text[place], box))
        finally:
            text_page.close()
            page.close()
        value = "".join(value.split())
        place = position_of("".join(character for character, _ in characters), value, evidence)
        if place < 0:
            return line
        boxes = [box for _, box in characters[place : place + len(value)]]
        return Box(
            min(box.x0 for box in boxes), min(box.y0 for box in boxes),
            max(box.x1 for box in boxes), max(box.y1 for box in boxes),
        )  # fmt: skip


def _is_inside(box: Box, line: Box) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return line.x0 - 1 <= x <= line.x1 + 1 and line.y0 - 1 <= y <= line.y1 + 1


def _within(image: Image.Image, box: Box, scale: float) -> Pixels | None:
    """A box in pixels with some room around it, None where it is not on the page."""
    x0, y0 = (round((value - _LEEWAY) * scale) for value in box[:2])
    x1, y1 = (round((value + _LEEWAY) * scale) for value in box[2:])
    x0, y0, x1, y1 = max(0, x0), max(0, y0), min(image.width - 1, x1), min(image.height - 1, y1)
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def _moved(box: Pixels, top: int) -> Pixels:
    return box[0], box[1] - top, box[2], box[3] - top


def _packed(image: Image.Image, box: Pixels, others: list[Pixels]) -> Picture:
    """The picture in at most BYTES_AT_MOST: as PNG where that will do, else as JPEG, else smaller."""
    for shrink in (1.0, 0.8, 0.65, 0.5, 0.35, 0.2):
        size = max(1, round(image.width * shrink)), max(1, round(image.height * shrink))
        small = image if shrink == 1.0 else image.resize(size, Image.Resampling.LANCZOS)
        red, *blue = (_scaled(one, shrink) for one in (box, *others))
        for kind, drawn, options in (
            ("png", _outlined_in_few_colours(small, red, blue), {"optimize": True}),
            ("jpeg", _outlined(small.copy(), red, blue, _RED, _BLUE), {"quality": 60, "optimize": True}),
        ):
            out = io.BytesIO()
            drawn.save(out, kind, **options)
            if out.tell() <= BYTES_AT_MOST or shrink == 0.2:
                return Picture(out.getvalue(), f"image/{kind}", *size, red, len(blue))
    raise AssertionError("the last size is always taken")


def _scaled(box: Pixels, shrink: float) -> Pixels:
    x0, y0, x1, y1 = (round(value * shrink) for value in box)
    return x0, y0, x1, y1


def _outlined_in_few_colours(image: Image.Image, red: Pixels, blue: list[Pixels]) -> Image.Image:
    # The outlines' colours get places of their own: a palette made of the page would turn them grey.
    few = image.quantize(_COLOURS - 2, dither=Image.Dither.NONE)
    colours = (few.getpalette() or [])[: 3 * (_COLOURS - 2)]
    colours += [0] * (3 * (_COLOURS - 2) - len(colours))
    few.putpalette([*colours, *_RED, *_BLUE])
    return _outlined(few, red, blue, _COLOURS - 2, _COLOURS - 1)


def _outlined(
    image: Image.Image, red: Pixels, blue: list[Pixels], red_ink: int | tuple, blue_ink: int | tuple
) -> Image.Image:
    draw = ImageDraw.Draw(image)
    for one in blue:
        draw.rectangle(one, outline=blue_ink, width=2)
    draw.rectangle(red, outline=red_ink, width=3)
    return image
