"""A table of three rules that is cut into pictures: only the first prints the header."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from flows.extract.readers import dispatch, ocr

if not ocr.available():
    pytest.skip("the extra that reads pictures is not installed: make ocr", allow_module_level=True)

import pypdfium2 as pdfium
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from test_inserted_pictures import docx, html, png

from flows.extract.model import Reading
from flows.extract.tables.grid import tables_from_grids
from tests.corpus.images import Damage, drawn, spoilt

FONTS = Path(__file__).parents[1] / "corpus" / "fonts"
pdfmetrics.registerFont(TTFont("Cut", FONTS / "JuesuanSong.ttf"))

TITLE, UNIT = "一般公共预算财政拨款支出决算表", "单位：万元"
HEADER = ("科目编码", "科目名称", "小计", "基本支出", "项目支出")
ROWS = (
    ("", "合计", "1,308.62", "1,066.27", "242.35"),
    ("201", "一般公共服务支出", "1,239.51", "997.16", "242.35"),
    ("20103", "政府办公厅（室）及相关机构事务", "1,239.51", "997.16", "242.35"),
    ("2010301", "行政运行", "997.16", "997.16", "0.00"),
    ("2010302", "一般行政管理事务", "242.35", "0.00", "242.35"),
    ("208", "社会保障和就业支出", "69.11", "69.11", "0.00"),
    ("20805", "行政事业单位养老支出", "69.11", "69.11", "0.00"),
    ("2080505", "机关事业单位基本养老保险缴费支出", "69.11", "69.11", "0.00"),
)
FIGURES = [text for row in ROWS for text in row[2:]]
LEFT, RIGHT_EDGE, STEP = 20, 460, 20
RIGHT = (290, 370, 450)
CLEAN = Damage("200 dpi")
DAMAGES = (CLEAN, Damage("150 dpi, JPEG 40", dpi=150, jpeg=40), Damage("150 dpi, noise", dpi=150, noise=12))


def part(
    rows: Sequence[Sequence[str]], has_header: bool, damage: Damage = CLEAN, rules: bool = True
) -> Image.Image:
    """A part of the table as a picture, between two rules, its header above a third."""
    height = STEP * (len(rows) + has_header) + 12
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(480, height))
    canvas.setFont("Cut", 9)
    canvas.setLineWidth(0.6)
    top = height - 6
    if rules:
        for y in (top, *([top - STEP] if has_header else []), 6):
            canvas.line(LEFT, y, RIGHT_EDGE, y)
    for n, row in enumerate([HEADER, *rows] if has_header else rows):
        y = top - STEP * n - 14
        canvas.drawString(LEFT + 4, y, row[0])
        canvas.drawString(LEFT + 60, y, row[1])
        for x, text in zip(RIGHT, row[2:], strict=True):
            canvas.drawRightString(x, y, text)
    canvas.showPage()
    canvas.save()
    return spoilt(drawn(pdfium.PdfDocument(out.getvalue())[0], damage.dpi), damage, 1)


def pdf(*pages: Sequence[str | Image.Image]) -> bytes:
    """A PDF of pages with lines and pictures, one below the other."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for page in pages:
        canvas.setFont("Cut", 10)
        y = 780.0
        for item in page:
            if isinstance(item, str):
                canvas.drawString(60, y, item)
                y -= 20
                continue
            height = item.height * 480 / item.width
            canvas.drawImage(ImageReader(item), 57, y - height, 480, height)
            y -= height + 20
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def figures(reading: Reading) -> list[list[str]]:
    return [[cell.value_text for cell in found.cells] for found in tables_from_grids(reading)]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_the_second_picture_goes_on_with_the_columns_of_the_first(damage: Damage):
    first, second = part(ROWS[:5], True, damage), part(ROWS[5:], False, damage)
    reading = dispatch.read(html(TITLE, UNIT, png(first), png(second)))
    assert figures(reading) == [FIGURES]
    assert not reading.problems


def test_a_table_in_three_pictures_of_a_document_the_last_with_one_row():
    cut = (part(ROWS[:5], True), part(ROWS[5:7], False), part(ROWS[7:], False))
    reading = dispatch.read(docx(TITLE, UNIT, *map(png, cut), shown=(0, 0)))
    assert figures(reading) == [FIGURES]


def test_pictures_on_pages_with_text():
    cut = (part(ROWS[:5], True), part(ROWS[5:], False))
    for pages in ([(TITLE, UNIT, *cut)], [(TITLE, UNIT, cut[0]), (cut[1], "第三部分 说明")]):
        reading = dispatch.read(pdf(*pages))
        assert figures(reading) == [FIGURES]
        assert not reading.problems


def test_what_tells_no_columns_is_a_problem():
    """Numbers are never left out without a word."""
    first, second = part(ROWS[:5], True), part(ROWS[5:], False, rules=False)
    reading = dispatch.read(html(TITLE, UNIT, png(first), png(second)))
    assert figures(reading) == [FIGURES[:15]]
    (problem,) = reading.problems
    assert (problem.code, problem.detail.partition(" of a ")[0]) == ("picture_not_read", "9 numbers")

    alone = part(ROWS[5:], False)
    for data in (html("说明", png(alone)), pdf(["说明", alone])):
        (problem,) = dispatch.read(data).problems
        assert (problem.code, problem.detail.partition(" of a ")[0]) == ("picture_not_read", "9 numbers")


def test_another_table_behind_text_is_its_own():
    again = ("政府性基金预算财政拨款支出决算表", UNIT)
    pictures = [png(part(ROWS[:5], True)), png(part(ROWS[5:], False)), png(part(ROWS[:5], True))]
    reading = dispatch.read(html(TITLE, UNIT, *pictures[:2], *again, pictures[2]))
    assert figures(reading) == [FIGURES, FIGURES[:15]]
