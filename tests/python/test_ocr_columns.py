"""Pictures of tables without verticals: neither noise nor a broken header makes or loses a column."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from flows.extract.readers import ocr

if not ocr.available():
    pytest.skip("the extra that reads pictures is not installed: make ocr", allow_module_level=True)

import numpy as np
import pypdfium2 as pdfium
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from flows.extract.readers.aligned import tables_of, unruled_page
from flows.extract.readers.glyphs import Glyph
from flows.extract.readers.ocr.page import look_at, read_picture
from flows.extract.readers.ocr.text_lines import pieces_of
from flows.extract.readers.ruled import Rule
from tests.corpus.images import Damage, spoilt

FONTS = Path(__file__).parents[1] / "corpus" / "fonts"
pdfmetrics.registerFont(TTFont("Song", FONTS / "JuesuanSong.ttf"))
pdfmetrics.registerFont(TTFont("Hei", FONTS / "JuesuanHei.ttf"))

RULES = (100, 141, 185)
# middle or right side, baseline, text; the lines of a header are 11 points apart
HEADER = (
    (75, 124, "项目"), (131, 124, "合计"), (187, 118, "因公出国（境"), (187, 129, "）费"),
    (298, 111, "公务用车购置及运行维护费"), (242, 131, "小计"), (298, 126, "公务用车购置"), (298, 137, "费"),
    (353, 126, "公务用车运行"), (353, 137, "维护费"), (409, 124, "公务接待费"),
)  # fmt: skip
ROWS = (
    ("“三公”预算数", "37.12", "10.00", "1.53", "0.00", "1.53", "35.59"),
    ("决算数", "1,218.97", "4.56", "9.95", "1.34", "8.61", "4.46"),
)
RIGHT = (155, 211, 267, 322, 378, 433)
DAMAGES = (
    Damage("clean", 200),
    Damage("noise", 200, noise=20),
    Damage("coarse", 150, jpeg=40),
    Damage("all", 150, skew=-1.5, noise=12, jpeg=40),
)


def page(font: str, damage: Damage) -> np.ndarray:
    """A page with a table of three rules as a spoilt picture."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(480, 320))
    canvas.setLineWidth(0.5)
    canvas.setFont(font, 8.5)
    for y in RULES:
        canvas.line(48, 320 - y, 440, 320 - y)
    for x, y, text in HEADER:
        canvas.drawCentredString(x, 320 - y, text)
    for n, (label, *amounts) in enumerate(ROWS):
        canvas.drawString(50, 320 - 155 - 20 * n, label)
        for x, amount in zip(RIGHT, amounts, strict=True):
            canvas.drawRightString(x, 320 - 155 - 20 * n, amount)
    canvas.save()
    drawn = pdfium.PdfDocument(out.getvalue())[0].render(scale=damage.dpi / 72, grayscale=True)
    picture = spoilt(drawn.to_pil().convert("L"), damage, 7)
    if damage.jpeg:
        packed = io.BytesIO()
        picture.save(packed, "JPEG", quality=damage.jpeg)
        picture = Image.open(packed)
    return np.asarray(picture)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
@pytest.mark.parametrize("font", ["Song", "Hei"])
def test_a_broken_header_stays_the_header_of_one_column(font: str, damage: Damage):
    (grid,) = read_picture(page(font, damage), damage.dpi).with_own_tables().grids
    heads = {(cell.column, cell.column_span): cell.text for cell in grid.cells if cell.row == 0}
    assert (grid.column_count, heads[3, 3]) == (7, "公务用车购置及运行维护费")
    assert heads[2, 1].replace("\n", "").replace("(", "（").replace(")", "）") == "因公出国（境）费"
    bodies = [[c.text for c in grid.cells if c.row == grid.row_count - n] for n in (2, 1)]
    assert [body[1:] for body in bodies] == [list(row[1:]) for row in ROWS]
    assert [body[0].strip("“”\"'三公") for body in bodies] == ["预算数", "决算数"]


@pytest.mark.parametrize("font", ["Song", "Hei"])
def test_strokes_that_noise_joins_are_no_rules(font: str):
    damage = DAMAGES[1]
    picture = look_at(page(font, damage), damage.dpi)
    rules = sorted(rule.at * 72 / damage.dpi for rule in picture.rules if not picture.is_in_text(rule))
    assert rules == pytest.approx(RULES, abs=1)


def test_the_parts_of_a_faint_header_are_one_column():
    """As pictures yield them: 项目 and 支出 of one header with a gap, and amounts set to the right."""
    words = [
        [("科目名称", 100, 133), ("基本支出", 300, 333), ("项目", 404, 419), ("支出", 423, 438)],
        [("行政运行", 100, 133), ("1,234.50", 318, 352), ("5,155.11", 425, 459)],
        [("合计", 100, 116), ("4.50", 334, 352), ("-47.64", 434, 459)],
    ]
    lines = [
        [Glyph(text, x0, 100 + 20 * n, x1, 108 + 20 * n, 108 + 20 * n, True) for text, x0, x1 in line]
        for n, line in enumerate(words)
    ]
    rules = [Rule(y, 90, 470) for y in (95, 114, 152)]
    (table,) = tables_of([unruled_page(1, lines, rules)])[1]
    assert table.lattice.column_count == 3


def test_words_between_rules_come_apart_by_their_letters_alone():
    """A speck of dirt in a gap, a narrow letter at the end of a label, and a lone 二."""
    ink = np.zeros((120, 400), np.uint8)
    for y in (4, 114):
        ink[y : y + 2, 10:390] = 255
    for x in (20, 42, 200, 222):  # two letters each in two columns
        ink[20:40, x : x + 20] = 255
    ink[20:40, 64:69] = 255  # the right part of a letter is as narrow as a bracket
    ink[36:39, 246:249] = 255  # a point, and two digits behind it
    ink[22:40, 256:266] = ink[22:40, 269:279] = 255
    ink[27:30, 290:293] = 255  # dirt between two columns
    ink[22:40, 300:310] = ink[22:40, 312:322] = 255
    ink[70:73, 24:38] = ink[86:89, 20:40] = 255  # 二
    across = [Rule(5, 10, 390), Rule(115, 10, 390)]
    pieces = pieces_of(ink, [], across, [], 200)
    assert [(piece.x0, piece.x1) for piece in pieces] == [(20, 69), (200, 279), (300, 322), (20, 40)]
