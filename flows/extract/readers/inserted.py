"""Pictures in documents that have no pages, DOCX, web pages and workbooks: a table pasted as a picture is
read where it stands.

What is too small to hold a table, a seal, a logo, a QR code, is left out without a look. A picture that
holds a table, or is as large as a page, is read (`ocr`); where nothing can read it, a problem says so.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from PIL import Image, ImageOps

from flows.extract.model import Grid, Page, ProblemDraft
from flows.extract.readers import ocr, room

if TYPE_CHECKING:  # what reads pictures is an extra
    from flows.extract.readers.ocr.table_pictures import TablePictures

OnPage = Callable[[int, int], None]

MOST_PICTURES = 60  # of a document that are looked at
MOST_PIXELS = 40_000_000  # of a picture; a page at 300 dpi has nine million
MOST_PIXELS_IN_ALL = 400_000_000
_LEAST_WIDTH, _LEAST_HEIGHT = 150.0, 12.0  # points as shown; a table can end with one row more
_LEAST_PIXELS = (300, 24)
_LEAST_BYTES = 4_000  # of one that cannot be opened, so that its pixels are not known
_PAGE_AREA = 0.5 * 595 * 842  # square points: half of A4
_PAGE_SIDE = 800  # pixels of the short side of a page
_PAPER = (1.25, 1.6)  # long side to short side

_KINDS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
_DAMAGE = (
    OSError, ValueError, SyntaxError, struct.error, EOFError, KeyError, IndexError, TypeError,
    OverflowError, Image.DecompressionBombError,
)  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """The bytes of a picture file; how large it is shown, in points, 0 where that is not said; and the
    shares of it that are cut off at left, top, right and bottom."""

    data: bytes
    width: float = 0.0
    height: float = 0.0
    cut: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)

    @property
    def may_hold_table(self) -> bool:
        """Whether it is large enough, as shown and in pixels, which is told without unpacking it."""
        if 0 < self.width < _LEAST_WIDTH or 0 < self.height < _LEAST_HEIGHT:
            return False
        try:
            width, height = _opened(self.data).size
        except _DAMAGE:
            return len(self.data) >= _LEAST_BYTES
        return width >= _LEAST_PIXELS[0] and height >= _LEAST_PIXELS[1]


@dataclass
class PictureReader:
    """Reads the pictures of one document one after the other and keeps what it could not read. `on_page`
    is told (picture, of how many)."""

    count: int
    on_page: OnPage | None = None
    problems: list[ProblemDraft] = field(default_factory=list)
    _done: int = 0
    _pixels_left: int = MOST_PIXELS_IN_ALL
    _tables: TablePictures | None = None

    def read(self, picture: Picture, page: int, line_no: int) -> Page | None:
        """The lines and grids of a picture, numbered from 1; None where it holds no table. Places are
        points of the picture. `page` and `line_no` say where it stands."""
        self._done += 1
        read, why = self._read(picture)
        if why:
            self.problems.append(ProblemDraft(page, line_no, "read", "picture_not_read", why))
        if self.on_page:
            self.on_page(self._done, self.count)
        return read

    def _read(self, picture: Picture) -> tuple[Page | None, str]:
        """The picture's page, or the reason why there is none; neither where it holds no table."""
        if self._done > MOST_PICTURES:
            return None, f"only the first {MOST_PICTURES} pictures of a document are looked at"
        try:
            image = _opened(picture.data)
        except _DAMAGE:
            return None, f"{_kind_of(picture.data)} cannot be read; insert it as PNG"
        width, height = image.size
        size = f"a picture of {width} × {height} pixels"
        if width * height > min(MOST_PIXELS, self._pixels_left):
            return None, f"{size} is too large, or the document has too many"
        self._pixels_left -= width * height
        if not ocr.available():
            return None, f"{size} was not read; `make ocr` installs what reads pictures"
        room.make_room()
        try:
            grey = _as_seen(image, picture.cut)
        except _DAMAGE:
            return None, f"{size} is damaged"
        from flows.extract.readers.ocr.inserted_pictures import read_inserted
        from flows.extract.readers.ocr.table_pictures import TablePictures

        self._tables = self._tables or TablePictures()
        shown = picture.width if grey.size == (width, height) else 0.0
        page, unplaced = read_inserted(self._tables, grey, shown, _is_page(picture, grey.size))
        return page, f"{unplaced} numbers of {size} stand in columns that are not told" if unplaced else ""


def _opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=_KINDS)


def _is_page(picture: Picture, size: tuple[int, int]) -> bool:
    """Whether a picture is as large as a page and of its shape, so that it may be one."""
    short, long = sorted(size)
    is_large = picture.width * picture.height >= _PAGE_AREA if picture.width else short >= _PAGE_SIDE
    return is_large and _PAPER[0] <= long / short <= _PAPER[1]


def _as_seen(image: Image.Image, cut: tuple[float, float, float, float]) -> Image.Image:
    """The picture in grey, on white where it is transparent, turned as cameras say, and cut."""
    image = ImageOps.exif_transpose(image)
    if image.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info:
        seen = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
    grey = image.convert("L")
    if not any(cut):
        return grey
    left, top, right, bottom = (min(max(share, 0.0), 1.0) for share in cut)
    width, height = grey.size
    return grey.crop((
        int(left * width), int(top * height),
        max(int(left * width) + 1, round((1 - right) * width)),
        max(int(top * height) + 1, round((1 - bottom) * height)),
    ))  # fmt: skip


def _kind_of(data: bytes) -> str:
    if data[40:44] == b" EMF" or data.startswith((b"\xd7\xcd\xc6\x9a", b"\x01\0\x09\0")):
        return "a drawing (EMF or WMF)"
    return "a picture of a kind that is not known, or damaged,"


def moved(inner: Page, number: int, lines: int) -> Page:
    """The page of a picture as part of page `number`, `lines` lines further down."""
    return replace(
        inner,
        number=number,
        lines=tuple(replace(line, page=number, line_no=line.line_no + lines) for line in inner.lines),
        grids=tuple(_moved_grid(grid, number, lines) for grid in inner.grids),
    )


def _moved_grid(grid: Grid, number: int, lines: int) -> Grid:
    cells = tuple(replace(cell, page=number, line_no=cell.line_no + lines) for cell in grid.cells)
    first, last = grid.first_line + lines, grid.last_line + lines
    return replace(grid, page=number, first_line=first, last_line=last, cells=cells)


def reader_of(name: str, pages: Iterable[Page]) -> str:
    """The name of a reader, and that pictures were read where they were."""
    has_read = any(line.recognition for page in pages for line in page.lines)
    return f"{name}+ocr" if has_read else name
