"""Tables that are pictures in a DOCX, a web page or a workbook are read where they stand."""

from __future__ import annotations

import base64
import io
import struct
import zlib

import pytest
import xlsxwriter
from lxml import etree
from PIL import Image
from test_ocr_pages import FIGURES, NARRATIVE, ROWS, TITLE, page_pdf, picture

from flows.extract.document import draft_document
from flows.extract.model import Reading
from flows.extract.normalise import squeeze
from flows.extract.readers import dispatch, inserted, ocr
from flows.extract.tables.grid import tables_from_grids
from flows.land import land_document
from tests.corpus.render_docx import element, package, paragraph
from tests.corpus.render_pasted import inline_picture

UNIT = "单位：万元"
SHOWN = (425.0, 157.0)  # points, of a table that is 479 wide


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def table(top: int = 0, bottom: int = len(ROWS), **changes: object) -> bytes:
    """The rows of the table as a picture at 200 dpi."""
    page = picture(page_pdf(**changes))
    row = 24 * 200 / 72
    return png(page.crop((150, round(361 + top * row - 8), 1480, round(361 + bottom * row + 8))))


@pytest.fixture(scope="module")
def pasted() -> bytes:
    return table()


def docx(*content: str | bytes, shown: tuple[float, float] = SHOWN, cut: str = "") -> bytes:
    """A document of paragraphs and pictures."""
    body, pictures = [], {}
    for n, item in enumerate(content):
        if isinstance(item, str):
            body.append(paragraph(item))
            continue
        pictures[f"p{n}"] = item
        drawing = inline_picture(f"p{n}", *shown)
        if cut:
            blip = next(drawing.iter("{*}blip"))
            blip.addnext(etree.fromstring(f"<srcRect {cut}/>"))
        body.append(element("p", element("r", element("drawing", drawing))))
    return package(body, pictures=pictures)


def html(*content: str | bytes) -> bytes:
    items = [
        f"<p>{item}</p>"
        if isinstance(item, str)
        else f'<p><img src="data:image/png;base64,{base64.b64encode(item).decode()}" alt=""></p>'
        for item in content
    ]
    return f'<html><head><meta charset="utf-8"></head><body>{"".join(items)}</body></html>'.encode()


def mhtml(*content: str | bytes) -> bytes:
    page, parts = "", b""
    for n, item in enumerate(content):
        if isinstance(item, str):
            page += f"<p>{item}</p>"
            continue
        page += f'<p><img src="a.files/image{n}.png"></p>'
        parts += f"--X\r\nContent-Type: image/png\r\nContent-Location: file:///C:/a.files/image{n}.png\r\n".encode()
        parts += b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(item) + b"\r\n"
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="X"\r\n\r\n--X\r\n'
    head += 'Content-Type: text/html; charset="utf-8"\r\n\r\n<html><body>'
    return head.encode() + page.encode() + b"</body></html>\r\n" + parts + b"--X--\r\n"


def xlsx(*content: str | bytes) -> bytes:
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = workbook.add_worksheet("表")
    row = 0
    for item in content:
        if isinstance(item, str):
            sheet.write_string(row, 0, item)
            row += 1
        else:
            sheet.insert_image(row, 0, "t.png", {"image_data": io.BytesIO(item)})
            row += 20
    workbook.close()
    return out.getvalue()


def figures(reading: Reading) -> list[str]:
    return [cell.value_text for found in tables_from_grids(reading) for cell in found.cells]


def texts(reading: Reading) -> list[str]:
    return [squeeze(line.text) for line in reading.lines if line.text]


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


@pytest.mark.parametrize("make", [docx, html, mhtml, xlsx])
def test_a_picture_of_a_table_is_read_in_its_place(make, pasted: bytes):
    reading = dispatch.read(make(TITLE, UNIT, pasted, NARRATIVE))
    assert figures(reading) == FIGURES
    assert [found.table_code for found in tables_from_grids(reading)] == ["gk01"]
    assert texts(reading)[:2] == [squeeze(TITLE), squeeze(UNIT)]
    assert texts(reading)[-1] == squeeze(NARRATIVE)
    assert reading.reader == f"{make.__name__}+ocr"
    assert not reading.problems
    assert [line.line_no for line in reading.lines] == list(range(1, len(reading.lines) + 1))


def test_its_figures_are_marked_and_say_no_place_on_a_page(pasted: bytes):
    draft = draft_document(dispatch.read(docx(TITLE, UNIT, pasted, NARRATIVE)))
    (found,) = draft.tables
    assert found.method == "ocr" and {cell.confidence for cell in found.cells} == {"ocr"}
    assert {cell.box for cell in found.cells} == {""}
    assert all(cell.recognition for cell in found.cells)
    assert {claim.confidence for claim in draft.claims} == {"certain"}


def test_a_table_in_several_pictures_is_one_table():
    reading = dispatch.read(html(TITLE, UNIT, table(0, 4), table(4, len(ROWS))))
    (found,) = tables_from_grids(reading)
    assert [cell.value_text for cell in found.cells] == FIGURES


def test_a_picture_in_a_table_that_is_only_layout_is_read_too(pasted: bytes):
    image = f'<img src="data:image/png;base64,{base64.b64encode(pasted).decode()}">'
    page = f"<table><tr><td>{TITLE}<tr><td>{UNIT}<tr><td>{image}<tr><td>{NARRATIVE}</table>"
    assert figures(dispatch.read(f"<html><body>{page}</body></html>".encode())) == FIGURES


def test_what_a_picture_has_cut_off_is_not_read(pasted: bytes):
    below_two_rows = "b='71500'"  # thousandths of a percent of the height: two of seven rows are left
    reading = dispatch.read(docx(TITLE, UNIT, pasted, shown=(425.0, 46.0), cut=below_two_rows))
    assert figures(reading) == []
    assert "项目" in texts(reading)[-1]


def test_a_scanned_page_in_a_document_is_read_whole():
    reading = dispatch.read(docx("2024年度部门决算", png(picture(page_pdf())), shown=(440.0, 622.0)))
    assert figures(reading) == FIGURES
    assert squeeze(NARRATIVE) in texts(reading)


def test_what_is_small_is_not_looked_at(monkeypatch: pytest.MonkeyPatch, pasted: bytes):
    monkeypatch.setattr(inserted.PictureReader, "read", lambda *_: pytest.fail("was looked at"))
    seal = png(Image.new("L", (420, 420), 128))
    dispatch.read(docx("公章", seal, shown=(119, 119)))
    dispatch.read(html(png(Image.new("L", (280, 280), 128))))
    icon = base64.b64encode(pasted).decode()
    dispatch.read(f'<html><p><img width=120 src="data:image/png;base64,{icon}"></html>'.encode())


def test_a_photograph_is_no_table_and_no_problem():
    photograph = Image.radial_gradient("L").resize((900, 640))
    reading = dispatch.read(docx("办公楼", png(photograph), shown=(425, 302)))
    assert texts(reading) == ["办公楼"] and not reading.problems


def test_without_the_extra_the_problem_names_it(monkeypatch: pytest.MonkeyPatch, pasted: bytes):
    monkeypatch.setattr(ocr, "available", lambda: False)
    data = docx("东海市文化局", "2024年度部门决算", TITLE, UNIT, pasted, NARRATIVE)
    rows = land_document("a.docx", data)
    problem = next(row for row in rows["landed_problems"] if row["code"] == "picture_not_read")
    assert problem["line_no"] == "5"
    size = "a picture of 1330 × 483 pixels"
    assert problem["detail"] == f"{size} was not read; `make ocr` installs what reads pictures"
    (document,) = rows["landed_documents"]
    assert document["status"] == "partial"
    assert "1 幅图片未读，识别需先运行 make ocr" in document["status_reason"]


def test_what_cannot_be_opened_is_named():
    drawing = b"\x01\0\0\0" + bytes(36) + b" EMF" + bytes(9000)
    reading = dispatch.read(docx(TITLE, drawing))
    assert codes(reading) == ["picture_not_read"]
    assert reading.problems[0].detail == "a drawing (EMF or WMF) cannot be read; insert it as PNG"
    truncated = table()[:3000]
    assert codes(dispatch.read(html(TITLE, truncated))) == ["picture_not_read"]


def test_pictures_and_their_pixels_are_limited(monkeypatch: pytest.MonkeyPatch, pasted: bytes):
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    vast = b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IDAT" + bytes(5000)
    assert codes(dispatch.read(docx(TITLE, vast))) == ["picture_not_read"]
    monkeypatch.setattr(inserted, "MOST_PICTURES", 1)
    reading = dispatch.read(html(TITLE, UNIT, pasted, pasted))
    assert figures(reading) == FIGURES
    assert codes(reading) == ["picture_not_read"]


def test_progress_counts_the_pictures(pasted: bytes):
    told: list[tuple[int, int]] = []
    blank = png(Image.new("L", (900, 300), 255))
    dispatch.read(docx(TITLE, blank, blank), lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]


@pytest.mark.parametrize("src", ["src={}", 'src="{}"', "src=' {}'", 'SRC="{} "'])
def test_an_address_ends_where_its_quotes_end(src: str, monkeypatch: pytest.MonkeyPatch):
    data = png(Image.effect_noise((320, 60), 90))
    text = base64.b64encode(data).decode()
    if src != "src={}":
        text = "\n".join(text[n : n + 76] for n in range(0, len(text), 76))
    seen: list[bytes] = []
    monkeypatch.setattr(inserted.PictureReader, "read", lambda self, found, *_: seen.append(found.data))
    image = f"<img {src.format('data:image/png;base64,' + text)} alt=图>"
    reading = dispatch.read(f"<html><body><p>前</p>{image}<p>后</p></body></html>".encode())
    assert texts(reading) == ["前", "后"]
    assert seen == [data]


def test_a_large_picture_does_not_cut_the_page_off():
    """The parser of web pages drops what follows an attribute of ten million characters."""
    data = html("前", b"\xff\xd8\xff" + bytes(8_000_000), "后")
    reading = dispatch.read(data)
    assert texts(reading) == ["前", "后"]
    assert codes(reading) == ["picture_not_read"]
