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

from flows.extract.readers.ocr.page import look_at, read_picture
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
