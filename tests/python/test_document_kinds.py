"""The kind of a document is told by its content, and what cannot be read says what to do instead."""

from __future__ import annotations

import io
import zipfile
from random import Random

import pypdfium2 as pdfium
import pytest
from ruled_pdf import RuledPdf

from flows.extract.readers import UnreadableDocument, dispatch, libreoffice, ocr
from flows.extract.readers.compound import MAGIC, kind_of_compound
from flows.land import land_document
from tests.corpus import render_docx, render_html, render_pdf, render_txt, render_xlsx
from tests.corpus.generate import random_account
from tests.corpus.xls_book import container

ACCOUNT = random_account(Random(1))
HTML = render_html.render(ACCOUNT)


def zipped(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def mhtml(*pages: bytes) -> bytes:
    head = b'From: <Saved>\r\nContent-Type: multipart/related;\r\n\tboundary="=_x"\r\n\r\n'
    parts = b"".join(b"--=_x\r\nContent-Type: text/html\r\n\r\n" + page + b"\r\n" for page in pages)
    return head + parts + b"--=_x--"


def about(data: bytes) -> dict[str, str]:
    return land_document("名不副实.xls", data)["landed_documents"][0]


@pytest.mark.parametrize(
    ("data", "reader"),
    [
        (render_pdf.render(ACCOUNT), "pdf"),
        (b"junk before it\r\n" + render_pdf.render(ACCOUNT), "pdf"),
        (render_docx.render(ACCOUNT), "docx"),
        (render_xlsx.render(ACCOUNT), "xlsx"),
        (render_xlsx.render(ACCOUNT, legacy=True), "xls"),
        (HTML, "html"),
        (b"\xef\xbb\xbf\r\n" + HTML, "html"),
        (mhtml(HTML), "mhtml"),
        (render_txt.render(ACCOUNT, "tabbed").encode(), "text"),
        ("关于 %PDF-1.4 与 PK 的说明\n".encode() + render_txt.render(ACCOUNT, "tabbed").encode(), "text"),
    ],
    ids=["pdf", "junk and pdf", "docx", "xlsx", "xls", "html", "html with mark", "mhtml", "text", "mention"],
)
def test_the_content_decides_and_all_formats_say_the_same(data: bytes, reader: str) -> None:
    rows = land_document("名不副实.xls", data)
    assert rows["landed_documents"][0]["reader"] == reader
    assert rows["landed_documents"][0]["status"] == "landed"
    landed = {(c["table_code"], c["line_item"], c["measure"], c["value_text"]) for c in cells_of(rows)}
    assert landed == {(c.table_code, c.line_item, c.measure, c.value_text) for c in ACCOUNT.cells}


def cells_of(rows: dict[str, list[dict[str, str]]]) -> list[dict[str, str]]:
    codes = {table["table_no"]: table["table_code"] for table in rows["landed_tables"]}
    return [cell | {"table_code": codes[cell["table_no"]]} for cell in rows["landed_cells"]]


@pytest.mark.parametrize(
    ("data", "media_type", "advice"),
    [
        (b"", "text/plain", "download it again"),
        (b"\0" * 5000, "text/plain", "download it again"),
        (b"GIF89a...", "image/gif", "save it as PNG"),
        (b"Rar!\x1a\x07\x01\0...", "application/vnd.rar", "pack them as ZIP"),
        (b"7z\xbc\xaf\x27\x1c...", "application/x-7z-compressed", "pack them as ZIP"),
        (b"\x1f\x8b\x08\0...", "application/gzip", "pack them as ZIP"),
        (zipped(("OFD.xml", b"<x/>")), "application/zip", "save it as PDF"),
        (zipped(("mimetype", b""), ("META-INF/manifest.xml", b"")), "application/zip", "as DOCX or XLSX"),
        (zipped(("ppt/presentation.xml", b"<x/>")), "application/zip", "save it as PDF"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "application/xml",
            "save it as XLSX",
        ),
        (container(b"", "PowerPoint Document"), "application/vnd.ms-powerpoint", "save it as PDF"),
        (container(b"", "EncryptedPackage"), "application/x-ole-storage", "without the password"),
        (container(b"", "Something"), "application/x-ole-storage", "save it as PDF, DOCX or XLSX"),
        (MAGIC, "application/x-ole-storage", "save it as PDF, DOCX or XLSX"),
        (container(b"\xec\xa5" + b"\0" * 8 + b"\0\x01", "WordDocument"), "application/msword", "password"),
        (mhtml(), "multipart/related", "save it again"),
    ],
)
def test_a_refusal_says_what_to_do(data: bytes, media_type: str, advice: str) -> None:
    row = about(data)
    assert (row["status"], row["media_type"]) == ("rejected", media_type)
    chinese, english = row["status_reason"].split(" / ", 1)
    assert advice in english and any("\u4e00" <= c <= "\u9fff" for c in chinese)


def test_a_picture_without_the_extra_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    for head, kind in ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff\xe0", "jpeg"), (b"II*\0", "tiff")):
        row = about(head + b"...")
        assert (row["media_type"], "make ocr" in row["status_reason"]) == (f"image/{kind}", True)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_a_picture_of_a_page_is_read_as_a_scanned_page(kind: str) -> None:
    if not ocr.available():
        pytest.skip("the extra that reads pictures is not installed (make ocr)")
    source = RuledPdf()
    source.text(150, 60, "2023年度支出决算表")
    source.table([["科目编码", "科目名称", "基本支出"], ["2010101", "行政运行", "1,024.50"]], (120, 150, 120))
    page = pdfium.PdfDocument(source.bytes())[0]
    picture = page.render(scale=200 / 72).to_pil()
    out = io.BytesIO()
    picture.save(out, kind, dpi=(200, 200) if kind != "JPEG" else (72, 72))  # 72: a camera's
    reading = dispatch.read(out.getvalue())
    assert (reading.reader, reading.media_type) == ("ocr", f"image/{kind.lower()}")
    texts = [cell.text for grid in reading.pages[0].grids for cell in grid.cells]
    assert texts == ["科目编码", "科目名称", "基本支出", "2010101", "行政运行", "1,024.50"]
    cut = about(out.getvalue()[:300])
    assert "picture is damaged" in cut["status_reason"]


def test_only_the_root_of_a_compound_file_says_what_it_is() -> None:
    for name, kind in (("WordDocument", "doc"), ("workbook", "xls"), ("Book", "xls"), ("Other", "")):
        assert kind_of_compound(container(b"Workbook", name)) == kind
    torn = container(b"", "WordDocument")
    torn = torn[:48] + b"\xf0\xff\xff\x0f" + torn[52:]  # the directory is said to lie beyond the end
    assert kind_of_compound(torn) == "doc"


def test_an_archive_of_a_workbook_in_frames_has_a_page_a_sheet() -> None:
    frames = b'<html><frameset rows="*"><frame src="sheet001.htm"></frameset></html>'
    sheet = "<html><table><tr><td>{0}甲</td><td>乙</td></tr><tr><td>1.00</td><td>2.00</td></tr></table>"
    reading = dispatch.read(mhtml(frames, sheet.format("一").encode(), sheet.format("二").encode()))
    assert [page.number for page in reading.pages] == [1, 2]
    heads = [(cell.page, cell.text) for page in reading.pages for cell in page.grids[0].cells if not cell.row]
    assert heads == [(1, "一甲"), (1, "乙"), (2, "二甲"), (2, "乙")]


def test_a_web_archive_is_decoded_as_its_header_says() -> None:
    head = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n"
    part = b"Content-Type: text/html; charset=gb2312\nContent-Transfer-Encoding: quoted-printable\n\n"
    quoted = "".join(f"={byte:02X}" for byte in "<p>收入支出</p>".encode("gb2312")).encode()
    reading = dispatch.read(head + part + quoted + b"\n--x--\n")
    assert [line.text for line in reading.lines] == ["收入支出"]


# -- DOC ----------------------------------------------------------------------------------------------


def test_a_doc_without_libreoffice_says_how_to_convert_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "converter", lambda: "")
    for data in (container(b"\xec\xa5" + bytes(100), "WordDocument"), b"{\\rtf1 x}"):
        row = about(data)
        assert row["status"] == "rejected"
        assert "LibreOffice" in row["status_reason"] and "as DOCX with Word" in row["status_reason"]


@pytest.fixture
def soffice() -> str:
    path = libreoffice.converter()
    if not path:
        pytest.skip("LibreOffice (soffice) is not installed: DOC is not tested")
    return path


@pytest.mark.parametrize("kind", ["doc", "rtf"])
def test_a_doc_says_the_same_as_the_docx_it_was_made_from(soffice: str, kind: str) -> None:
    docx = render_docx.render(ACCOUNT)
    made = libreoffice.converted(soffice, docx, "docx", kind)
    rows, expected = land_document("x", made), land_document("x", docx)
    (row,) = rows["landed_documents"]
    assert (row["status"], row["reader"]) == ("landed", kind)
    assert row["title"] == expected["landed_documents"][0]["title"]
    figures, same = (
        [(cell["line_item"], cell["measure"], cell["value_text"]) for cell in cells_of(landed)]
        for landed in (rows, expected)
    )
    assert figures == same != []


def test_a_doc_that_is_cut_off_has_its_reason(soffice: str) -> None:
    row = about(container(b"\xec\xa5" + bytes(6000), "WordDocument"))
    assert row["status"] == "rejected"
    assert "report it" not in row["status_reason"]


def test_a_conversion_has_its_time(soffice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "SECONDS", 0.01)
    with pytest.raises(UnreadableDocument, match="could not convert the file within"):
        libreoffice.converted(soffice, render_docx.render(ACCOUNT), "docx", "doc")
