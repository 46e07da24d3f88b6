"""Pictures of pages: what a scanner or a careless export makes of a PDF with text.

Every page of a PDF is drawn, spoilt and put into a PDF of one picture a page. The same file, damage
and seed give the same bytes.
Pages must be set in embedded fonts (`fonts/`) to look the same on every machine.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageFilter

POINTS_PER_INCH = 72
_INK = 40  # the grey of black ink on grey paper
_SHADE = 18  # how much darker grey paper gets from one corner to the other


@dataclass(frozen=True)
class Damage:
    """How pages are drawn and spoilt. `skew` is in degrees, clockwise; `noise` is the standard
    deviation of grey levels; `salt` the share of pixels turned black or white; `blur` a radius in
    pixels; `paper` the grey of the paper; `jpeg` a quality, 0 for pictures without loss."""

    name: str
    dpi: int = 200
    skew: float = 0.0
    noise: float = 0.0
    salt: float = 0.0
    blur: float = 0.0
    paper: int = 255
    jpeg: int = 0


CLEAN = Damage("200 dpi")
DAMAGES = (
    CLEAN,
    Damage("150 dpi", dpi=150),
    Damage("100 dpi", dpi=100),
    Damage("200 dpi, JPEG 40", jpeg=40),
    Damage("150 dpi, JPEG 40", dpi=150, jpeg=40),
    Damage("100 dpi, JPEG 40", dpi=100, jpeg=40),
    Damage("200 dpi, skew 1°", skew=1.0),
    Damage("150 dpi, skew −2.5°", dpi=150, skew=-2.5),
    Damage("200 dpi, skew 5°", skew=5.0),
    Damage("200 dpi, noise", noise=20.0),
    Damage("150 dpi, noise", dpi=150, noise=16.0),
    Damage("200 dpi, salt and pepper", salt=0.01),
    Damage("200 dpi, grey paper, blur", paper=205, blur=1.0, noise=5.0),
    Damage("200 dpi, skew 3°, noise, JPEG 40", skew=3.0, noise=16.0, jpeg=40),
    Damage("150 dpi, skew −1.5°, noise, JPEG 40", dpi=150, skew=-1.5, noise=12.0, jpeg=40),
    Damage("150 dpi, grey paper, skew 2°, JPEG 40", dpi=150, paper=215, skew=2.0, noise=4.0, jpeg=40),
)


def image_only(data: bytes, damage: Damage = CLEAN, seed: int = 0) -> bytes:
    """A PDF of the pictures of all pages of the PDF `data`."""
    return pictures_pdf(list(pictures(data, damage, seed)), damage)


def pictures(data: bytes, damage: Damage, seed: int = 0) -> Iterator[Image.Image]:
    """The spoilt pictures of a PDF's pages, in shades of grey."""
    document = pdfium.PdfDocument(data)
    try:
        for number in range(len(document)):
            yield spoilt(drawn(document[number], damage.dpi), damage, seed + number)
    finally:
        document.close()


def spoilt(picture: Image.Image, damage: Damage, seed: int) -> Image.Image:
    """The picture as the damage leaves it, its JPEG quality excepted."""
    random = np.random.Generator(np.random.PCG64(seed))
    if damage.paper < 255:
        picture = _on_paper(picture, damage.paper)
    if damage.skew:
        picture = picture.rotate(-damage.skew, Image.Resampling.BICUBIC, expand=True, fillcolor=damage.paper)
    if damage.blur:
        picture = picture.filter(ImageFilter.GaussianBlur(damage.blur))
    if damage.noise or damage.salt:
        grey = np.array(picture, dtype=np.float32)
        grey += damage.noise * random.standard_normal(grey.shape, dtype=np.float32)
        chance = random.random(grey.shape, dtype=np.float32)
        grey[chance < damage.salt / 2] = 0
        grey[chance > 1 - damage.salt / 2] = 255
        picture = Image.fromarray(np.clip(np.rint(grey), 0, 255).astype(np.uint8))
    return picture


def _on_paper(picture: Image.Image, paper: int) -> Image.Image:
    """Ink and paper in grey, the paper darker towards one corner, as under a lamp."""
    grey = np.asarray(picture, dtype=np.float32) / 255
    height, width = grey.shape
    shade = np.add.outer(np.linspace(0, 0.5, height), np.linspace(0, 0.5, width)) * _SHADE
    grey = _INK + grey * (paper - shade - _INK)
    return Image.fromarray(np.rint(grey).astype(np.uint8))


def drawn(page: pdfium.PdfPage, dpi: int) -> Image.Image:
    """A page as a viewer shows it, in shades of grey."""
    # A copy: the bitmap's memory goes with the bitmap.
    return page.render(scale=dpi / POINTS_PER_INCH, grayscale=True).to_pil().convert("L").copy()


# -- PDF of pictures ------------------------------------------------------------------------------


def pictures_pdf(pages: Sequence[Image.Image], damage: Damage) -> bytes:
    """A PDF with one grey picture a page, each as large as its resolution says."""
    kids = " ".join(f"{3 * n + 3} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
    ]
    for n, picture in enumerate(pages):
        width, height = (f"{side * POINTS_PER_INCH / damage.dpi:.2f}" for side in picture.size)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents {3 * n + 4} 0 R "
            f"/Resources << /XObject << /P {3 * n + 5} 0 R >> >> >>".encode()
        )
        objects.append(_stream("", f"q {width} 0 0 {height} 0 0 cm /P Do Q".encode()))
        filter_name, body = encoded(picture, damage.jpeg)
        objects.append(
            _stream(
                f"/Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} "
                f"/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /{filter_name} ",
                body,
            )
        )
    return _pdf_of(objects)


def encoded(picture: Image.Image, jpeg: int) -> tuple[str, bytes]:
    """The PDF filter and the bytes of a picture."""
    if not jpeg:
        return "FlateDecode", zlib.compress(picture.tobytes(), 1)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=jpeg)
    return "DCTDecode", out.getvalue()


def _stream(entries: str, body: bytes) -> bytes:
    return f"<< {entries}/Length {len(body)} >>\nstream\n".encode() + body + b"\nendstream"


def _pdf_of(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
