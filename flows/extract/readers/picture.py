"""Reads a picture of pages (PNG, JPEG, TIFF) as a PDF that holds nothing else: see pdf and ocr."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace

import pypdfium2 as pdfium
from PIL import Image, ImageOps, ImageSequence

from flows.extract.model import Reading
from flows.extract.readers import UnreadableDocument, ocr, pdf, room

MOST_PIXELS = 400_000_000  # of all pages together; one page at 300 dpi has nine million
_A4_LONG_SIDE = 11.7  # inches
_PAPER = (5.0, 25.0)  # inches of a page's long side; cameras say 72 dpi of what they do not know
_KINDS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/tiff": "TIFF"}
_DAMAGE = (OSError, ValueError, SyntaxError, struct.error, EOFError, KeyError, Image.DecompressionBombError)


def read(data: bytes, media_type: str, on_page: Callable[[int, int], None] | None = None) -> Reading:
    """The pages of a picture; of a TIFF as many as it has.

    Raises UnreadableDocument where the extra that reads pictures is not installed, or the picture is
    damaged or larger than MOST_PIXELS.
    """
    if not ocr.available():
        raise UnreadableDocument(
            "文件是图片，识别图片需先运行 make ocr / "
            "the file is a picture; `make ocr` installs what reads pictures, then refresh again"
        )
    room.make_room()
    return replace(pdf.read(as_pdf(data, media_type), on_page), reader="ocr", media_type=media_type)


def as_pdf(data: bytes, media_type: str) -> bytes:
    """The picture as the PDF it is read as: a page a picture, so that boxes are in points.

    Raises UnreadableDocument where the picture is damaged or larger than MOST_PIXELS.
    """
    try:
        return _as_pdf(Image.open(io.BytesIO(data), formats=[_KINDS[media_type]]))
    except _DAMAGE as error:
        raise UnreadableDocument(
            "图片已损坏，请重新下载或扫描 / the picture is damaged; download or scan it again"
        ) from error


def _as_pdf(image: Image.Image) -> bytes:
    document = pdfium.PdfDocument.new()
    for frame in _frames(image):
        dpi = _dpi(frame) or max(frame.size) / _A4_LONG_SIDE
        width, height = (72 * pixels / dpi for pixels in frame.size)
        page = document.new_page(width, height)
        drawn = pdfium.PdfImage.new(document)
        drawn.set_bitmap(pdfium.PdfBitmap.from_pil(frame.convert("L")))
        drawn.set_matrix(pdfium.PdfMatrix().scale(width, height))
        page.insert_obj(drawn)
        page.gen_content()
        page.close()
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def _frames(image: Image.Image) -> Iterator[Image.Image]:
    """The pages of a picture, each as it is seen. Sizes are known before anything is unpacked."""
    left = MOST_PIXELS
    for frame in ImageSequence.Iterator(image):
        left -= frame.width * frame.height
        if left < 0:
            raise UnreadableDocument(
                f"图片超过 {MOST_PIXELS // 10**6} 百万像素，请拆分 / "
                f"the picture has more than {MOST_PIXELS // 10**6} million pixels; split it"
            )
        dpi = frame.info.get("dpi")
        upright = ImageOps.exif_transpose(frame)
        upright.info["dpi"] = dpi
        yield upright


def _dpi(frame: Image.Image) -> float:
    """Pixels an inch by what the picture says; 0 where that makes it no page."""
    dpi = frame.info.get("dpi") or (0, 0)
    value = float(dpi[0] or 0)
    return value if value and _PAPER[0] <= max(frame.size) / value <= _PAPER[1] else 0.0
