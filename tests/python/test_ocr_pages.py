"""Pictures of pages are read like the pages: figures, lines, places, whatever the scanner did."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from flows.extract.model import Reading
from flows.extract.normalise import squeeze
from flows.extract.readers import UnreadableDocument, dispatch, ocr, pdf
from flows.extract.tables.grid import tables_from_grids

if not ocr.available():
    pytest.skip("the extra that reads pictures is not installed: make ocr", allow_module_level=True)

import numpy as np
import pypdfium2 as pdfium
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from flows.extract.readers.ocr.page import is_too_flat
from flows.extract.readers.ocr.text_lines import Piece

FONT = Path(__file__).parents[1] / "corpus" / "fonts" / "JuesuanSong.ttf"
pdfmetrics.registerFont(TTFont("Song", FONT))

TITLE = "收入支出决算总表"
ROWS = (
    ("收入", "", "支出", ""),
    ("项目", "决算数", "项目", "决算数"),
    ("一、一般公共预算财政拨款收入", "1,307.82", "一、一般公共服务支出", "1,264.87"),
    ("二、事业收入", "0.40", "二、社会保障和就业支出", "10.82"),
    ("本年收入合计", "1,308.22", "本年支出合计", "1,275.69"),
    ("年初结转和结余", "-", "年末结转和结余", "32.53"),
    ("总计", "1,308.22", "总计", "1,308.22"),
)
FIGURES = ["1,307.82", "1,264.87", "0.40", "10.82", "1,308.22", "1,275.69", "32.53", "1,308.22", "1,308.22"]
NARRATIVE = "2024年度收入总计1,308.22万元，比上年增加3.5%。"
WIDTHS = (150, 80, 150, 80)
LEFT, TOP, ROW = 60, 130, 24


def page_pdf(verticals: bool = True, rows: tuple = ROWS, title: str = TITLE) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    draw(canvas, verticals, rows, title)
    canvas.save()
    return out.getvalue()


def draw(canvas: Canvas, verticals: bool, rows: tuple, title: str) -> None:
    canvas.setFont("Song", 15)
    canvas.drawCentredString(297, 842 - 80, title)
    canvas.setFont("Song", 9)
    canvas.drawRightString(520, 842 - 115, "单位：万元")
    edges = [LEFT + sum(WIDTHS[:n]) for n in range(len(WIDTHS) + 1)]
    bottom = TOP + ROW * len(rows)
    for n, row in enumerate(rows):
        for column, text in enumerate(row):
            y = 842 - (TOP + ROW * n + 16)
            if n == 0 and text:  # over two columns
                canvas.drawCentredString(edges[column + 1] - 35, y, text)
            elif n == 1:
                canvas.drawCentredString((edges[column] + edges[column + 1]) / 2, y, text)
            elif column % 2:
                canvas.drawRightString(edges[column + 1] - 5, y, text)
            else:
                canvas.drawString(edges[column] + 5, y, text)
    ruled = range(len(rows) + 1) if verticals else (0, 2, len(rows))
    for n in ruled:
        canvas.line(edges[0], 842 - TOP - ROW * n, edges[-1], 842 - TOP - ROW * n)
    if verticals:
        for x in edges:
            canvas.line(x, 842 - TOP, x, 842 - bottom)
    canvas.setFont("Song", 12)
    canvas.drawString(LEFT, 842 - bottom - 60, NARRATIVE)


def picture(data: bytes, dpi: int = 200) -> Image.Image:
    document = pdfium.PdfDocument(data)
    return document[0].render(scale=dpi / 72, grayscale=True).to_pil().convert("L").copy()


def picture_pdf(image: Image.Image, width: float = 595, height: float = 842, note: str = "") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height))
    canvas.drawImage(ImageReader(image), 0, 0, width, height)
    if note:
        canvas.setFont("Song", 9)
        canvas.drawCentredString(width / 2, 20, note)
    canvas.save()
    return out.getvalue()


def figures(reading: Reading) -> list[str]:
    return [cell.value_text for table in tables_from_grids(reading) for cell in table.cells]


def texts(reading: Reading) -> list[str]:
    return [squeeze(line.text) for line in reading.lines]


def skewed(image: Image.Image) -> Image.Image:
    return image.rotate(-4.5, Image.Resampling.BICUBIC, fillcolor=255)


def noisy(image: Image.Image) -> Image.Image:
    noise = np.random.default_rng(1).normal(0, 20, (image.height, image.width))
    return Image.fromarray(np.clip(np.asarray(image, float) + noise, 0, 255).astype(np.uint8))


def on_grey_paper(image: Image.Image) -> Image.Image:
    grey = image.point(lambda value: 40 + value * 170 // 255)
    return grey.rotate(2, Image.Resampling.BICUBIC, expand=True, fillcolor=210)


def as_jpeg(image: Image.Image) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=40)
    return Image.open(io.BytesIO(out.getvalue()))


@pytest.fixture(scope="module")
def clean() -> Reading:
    return pdf.read(picture_pdf(picture(page_pdf())))


def test_a_scanned_page_yields_its_table_lines_and_narrative(clean: Reading):
    assert clean.reader == "pdf+ocr"
    assert clean.media_type == "application/pdf"
    assert not clean.problems
    assert figures(clean) == FIGURES
    assert texts(clean)[:2] == [TITLE, "单位:万元"]
    assert squeeze(NARRATIVE) in texts(clean)[-1]


def test_all_that_is_recognised_says_how_surely(clean: Reading):
    page = clean.pages[0]
    assert all(line.recognition and 0 < line.recognition.certainty <= 1 for line in page.lines)
    assert all(bool(cell.recognition) == bool(cell.text) for grid in page.grids for cell in grid.cells)


def test_positions_are_those_of_the_page_with_text(clean: Reading):
    printed = pdf.read(page_pdf()).pages[0]
    (grid,), (expected,) = clean.pages[0].grids, printed.grids
    assert (grid.row_count, grid.column_count) == (expected.row_count, expected.column_count)
    assert grid.column_edges == pytest.approx(expected.column_edges, abs=1)
    for cell, other in zip(grid.cells, expected.cells, strict=True):
        assert (cell.row, cell.column, cell.line_no) == (other.row, other.column, other.line_no)
        assert cell.box == pytest.approx(other.box, abs=3)
    assert (grid.first_line, grid.last_line) == (expected.first_line, expected.last_line)


@pytest.mark.parametrize(
    ("damage", "dpi"),
    [
        (skewed, 200),
        (noisy, 200),
        (as_jpeg, 100),
        (on_grey_paper, 150),
        (lambda image: as_jpeg(noisy(skewed(image))), 150),
        (lambda image: image.rotate(180), 150),
        (lambda image: image.rotate(90, expand=True), 150),
        (lambda image: image.rotate(270, expand=True), 150),
    ],
    ids=["skewed", "noisy", "coarse", "grey", "all together", "on its head", "on its left", "on its right"],
)
def test_what_a_scanner_does_changes_no_figure(damage, dpi):
    image = damage(picture(page_pdf(), dpi))
    width, height = image.width * 72 / dpi, image.height * 72 / dpi
    reading = pdf.read(picture_pdf(image, width, height))
    assert figures(reading) == FIGURES
    assert squeeze(NARRATIVE)[:12] in texts(reading)[-1]
    assert reading.pages[0].width < reading.pages[0].height


def test_a_table_without_verticals_is_read_from_a_picture_too():
    data = page_pdf(verticals=False)
    assert figures(pdf.read(data)) == FIGURES
    assert figures(pdf.read(picture_pdf(picture(data)))) == FIGURES


def test_a_picture_of_a_table_stands_in_its_place_among_the_text():
    table = picture(page_pdf(), 200).crop((150, 350, 1480, 840))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.setFont("Song", 12)
    canvas.drawString(220, 800, TITLE)
    canvas.drawString(440, 780, "单位：万元")
    canvas.drawImage(ImageReader(table), 60, 560, 479, 176)
    canvas.drawString(60, 500, NARRATIVE)
    canvas.save()
    reading = pdf.read(out.getvalue())
    assert figures(reading) == FIGURES
    assert texts(reading)[0] == TITLE
    assert texts(reading)[-1] == squeeze(NARRATIVE)
    lines = reading.pages[0].lines
    assert [line.line_no for line in lines] == list(range(1, len(lines) + 1))
    assert lines[0].recognition is None
    assert lines[3].recognition
    (grid,) = reading.pages[0].grids
    assert (grid.first_line, grid.last_line) == (3, 9)
    assert grid.box == pytest.approx((66, 106, 526, 274), abs=8)


def test_a_page_with_text_over_its_picture_is_not_read_again():
    image = picture(page_pdf())
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.drawImage(ImageReader(image), 0, 0, 595, 842)
    draw(canvas, True, ROWS, TITLE)
    canvas.save()
    reading = pdf.read(out.getvalue())
    assert reading.reader == "pdf"
    assert figures(reading) == FIGURES


def test_a_page_number_is_no_text_layer():
    reading = pdf.read(picture_pdf(picture(page_pdf()), note="- 7 -"))
    assert figures(reading) == FIGURES


def test_a_picture_with_nothing_to_read_is_a_problem():
    reading = pdf.read(picture_pdf(Image.new("L", (1654, 2339), 255)))
    assert [problem.code for problem in reading.problems] == ["page_without_text"]


def test_without_the_extra_the_page_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ocr, "available", lambda: False)
    reading = pdf.read(picture_pdf(Image.new("L", (200, 300), 255)))
    assert reading.reader == "pdf"
    assert [problem.code for problem in reading.problems] == ["page_without_text"]


@pytest.mark.parametrize(("format", "media_type"), [("PNG", "image/png"), ("TIFF", "image/tiff")])
def test_files_that_are_pictures(format: str, media_type: str):
    out = io.BytesIO()
    picture(page_pdf()).save(out, format)
    heard = []
    reading = dispatch.read(out.getvalue(), lambda page, of: heard.append((page, of)))
    assert (reading.reader, reading.media_type, heard) == ("ocr", media_type, [(1, 1)])
    assert figures(reading) == FIGURES


def test_a_table_goes_on_over_pages_that_the_scanner_shifted():
    body = ROWS[2:]
    first = picture(page_pdf(rows=ROWS[:4]))
    second = picture(page_pdf(rows=body[2:], title=""))
    shifted = Image.new("L", second.size, 255)
    shifted.paste(second.crop((0, 330, 1654, 700)), (14, 190))  # the table alone, moved
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    # nothing may stand between the parts of a table
    top = first.crop((0, 0, 1654, 640))
    whole = Image.new("L", first.size, 255)
    whole.paste(top, (0, 0))
    for image in (whole, shifted):
        canvas.drawImage(ImageReader(image), 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    (table,) = [t for t in tables_from_grids(pdf.read(out.getvalue())) if t.table_code == "gk01"]
    assert (table.first_page, table.last_page) == (1, 2)
    assert [cell.value_text for cell in table.cells] == FIGURES


def test_a_damaged_picture_is_refused_with_a_reason():
    with pytest.raises(UnreadableDocument) as refused:
        dispatch.read(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    assert "图片已损坏" in refused.value.reason


def test_nothing_is_fetched_while_reading():
    """In a process in which no socket can be opened."""
    program = (
        "import socket, sys\n"
        "def refuse(*_, **__): raise SystemExit('a socket was opened')\n"
        "socket.socket = refuse\n"
        "from flows.extract.readers import dispatch\n"
        "print(len(dispatch.read(sys.stdin.buffer.read()).lines))\n"
    )
    out = io.BytesIO()
    picture(page_pdf()).save(out, "PNG")
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=out.getvalue(),
        capture_output=True,
        cwd=Path(__file__).parents[2],
        check=True,
    )
    assert int(done.stdout) >= 9


@pytest.mark.parametrize(
    ("width", "height", "text", "is_dash"),
    [(19, 4, "1", True), (19, 4, "11", True), (11, 18, "1", False), (30, 9, "0.00", False)],
)
def test_what_is_too_low_for_its_digits_is_a_dash(width: int, height: int, text: str, is_dash: bool):
    """Specks on a long dash made it 1."""
    assert is_too_flat(Piece(100, 50, 100 + width, 50 + height, 50 + height, (0, 0)), text) == is_dash
