"""Pictures of pages for the score: the same everywhere, complete, and as spoilt as they say."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, TTFontFile
from reportlab.pdfgen.canvas import Canvas

from tests.corpus import layouts, render_mixed, render_pdf
from tests.corpus.accounts import functional_names
from tests.corpus.forms import Sheet
from tests.corpus.images import CLEAN, DAMAGES, Damage, drawn, image_only, pictures, spoilt
from tests.corpus.score_cases import FONTS


def _two_pages() -> bytes:
    """A page of squares and one half black, without a font."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(200, 100), invariant=1)
    for x in range(10, 190, 20):
        canvas.rect(x, 40, 10, 10, stroke=0, fill=1)
    canvas.showPage()
    canvas.rect(0, 0, 100, 100, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _book() -> tuple[layouts.Layout, layouts.Account]:
    layout = layouts.layout("official_2021")
    return layout, layouts.account_for(layout, 0, 1)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_the_same_damage_gives_the_same_bytes(damage: Damage) -> None:
    data = _two_pages()
    assert image_only(data, damage, 7) == image_only(data, damage, 7)


def test_another_seed_gives_other_noise() -> None:
    damage = Damage("noise", dpi=72, noise=10.0)
    assert image_only(_two_pages(), damage, 1) != image_only(_two_pages(), damage, 2)


def test_a_clean_picture_is_what_a_viewer_draws() -> None:
    first, second = pictures(_two_pages(), Damage("", dpi=72))
    assert first.size == second.size == (200, 100)
    half = np.asarray(second)
    assert (half[:, :99] == 0).all() and (half[:, 101:] == 255).all()


@pytest.mark.parametrize("jpeg", [0, 40])
def test_pages_are_pictures_of_the_same_size_without_text(jpeg: int) -> None:
    document = pdfium.PdfDocument(image_only(_two_pages(), Damage("", dpi=150, jpeg=jpeg)))
    assert len(document) == 2
    for page in document:
        assert page.get_size() == pytest.approx((200, 100), abs=0.5)
        assert page.get_textpage().count_chars() == 0
        assert [item.type for item in page.get_objects()] == [pdfium.raw.FPDF_PAGEOBJ_IMAGE]


def test_the_picture_survives_its_file() -> None:
    damage = Damage("", dpi=144)
    page = pdfium.PdfDocument(image_only(_two_pages(), damage))[1]
    before = np.asarray(list(pictures(_two_pages(), damage))[1], dtype=int)
    assert np.abs(np.asarray(drawn(page, 144), dtype=int) - before).max() <= 2


def test_skew_turns_clockwise_and_loses_nothing() -> None:
    paper = Image.new("L", (400, 300), 255)
    for x in (20, 370):
        paper.paste(0, (x, 100, x + 10, 110))
    skewed = np.asarray(spoilt(paper, Damage("", skew=5.0), 0)) < 128
    left, right = skewed[:, : skewed.shape[1] // 2], skewed[:, skewed.shape[1] // 2 :]
    drop = np.nonzero(right)[0].mean() - np.nonzero(left)[0].mean()
    assert drop == pytest.approx(350 * np.sin(np.radians(5)), abs=1)
    assert skewed.sum() == pytest.approx(200, rel=0.1)


def test_noise_and_paper_are_as_strong_as_they_say() -> None:
    grey = Image.new("L", (300, 300), 128)
    noisy = np.asarray(spoilt(grey, Damage("", noise=20.0), 3), dtype=float)
    assert noisy.std() == pytest.approx(20, rel=0.05)
    salted = np.asarray(spoilt(grey, Damage("", salt=0.02), 3))
    assert ((salted == 0) | (salted == 255)).mean() == pytest.approx(0.02, rel=0.2)
    paper = np.asarray(spoilt(Image.new("L", (50, 50), 255), Damage("", paper=205), 0))
    assert paper.max() == 205 and paper.min() >= 185


# -- fonts -----------------------------------------------------------------------------------------------


def _characters(sheet: Sheet) -> str:
    texts = [sheet.title, sheet.form_no, sheet.unit_line, sheet.department_line, *sheet.notes]
    texts += [cell.text for row in (*sheet.header, *sheet.body) for cell in row if cell]
    return "".join(texts)


@pytest.fixture(scope="module")
def printed() -> set[str]:
    """The characters that the layouts print, and those of all functional names."""
    found = set("".join(functional_names().values()))
    for layout in layouts.layouts():
        book = layouts.book(layouts.account_for(layout, 0), layout)
        texts = [*book.cover, *book.contents, book.narrative_heading, *book.narrative]
        found.update("".join(texts), *map(_characters, book.sheets))
    return found - {"\n"}


@pytest.mark.parametrize("path", FONTS)
def test_the_fonts_hold_every_character_that_a_layout_prints(path: str, printed: set[str]) -> None:
    known = TTFontFile(path).charToGlyph
    missing = sorted(character for character in printed if ord(character) not in known)
    assert not missing, f"add them to tests/corpus/fonts/characters.txt: {''.join(missing)}"


def test_a_page_in_the_fonts_needs_no_font_of_the_machine() -> None:
    layout, account = _book()
    data = render_pdf.render_book(layouts.book(account, layout), layout.pdf, FONTS[0], FONTS[0])
    assert b"STSong" not in data and data.count(b"/FontFile2") >= 1


@pytest.mark.parametrize("path", FONTS)
def test_every_character_of_the_fonts_leaves_ink(path: str) -> None:
    characters = (Path(path).parent / "characters.txt").read_text(encoding="utf-8").replace("\n", "")
    pdfmetrics.registerFont(TTFont("Tried", path))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(1200, 30 * (len(characters) // 40 + 1)), invariant=1)
    canvas.setFont("Tried", 20)
    for n, character in enumerate(characters):
        canvas.drawString(30 * (n % 40) + 5, 30 * (n // 40) + 8, character)
    canvas.save()
    page = np.asarray(drawn(pdfium.PdfDocument(out.getvalue())[0], 72))[::-1]
    boxes = {c: page[30 * (n // 40) :, 30 * (n % 40) :][:30, :30] for n, c in enumerate(characters)}
    assert [c for c, box in boxes.items() if box.min() > 200] == []
    assert len({box.tobytes() for box in boxes.values()}) > 0.98 * len(characters)  # no box for unknown ones


# -- tables as pictures ------------------------------------------------------------------------------------


def test_tables_become_pictures_and_titles_stay_text() -> None:
    layout, account = _book()
    book = layouts.book(account, layout)
    book = replace(book, sheets=book.sheets[:2])
    data = render_mixed.render(book, layout.pdf, FONTS[0])
    assert data == render_mixed.render(book, layout.pdf, FONTS[0])
    document = pdfium.PdfDocument(data)
    plain = pdfium.PdfDocument(render_pdf.render_book(book, layout.pdf, FONTS[0], FONTS[0]))
    assert len(document) == len(plain)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert all(sheet.title in text for sheet in book.sheets) and book.narrative[0] in text
    assert "一般公共服务支出" not in text and "0.00" not in text
    # It looks as before, seen from so far that half a pixel makes no difference.
    page, before = (np.asarray(drawn(d[1], 100).reduce(20), dtype=float) for d in (document, plain))
    assert np.abs(page - before).max() < 30 < before.max() - before.min()


def test_tables_on_turned_pages_are_refused() -> None:
    layout, account = _book()
    with pytest.raises(ValueError, match="turned"):
        render_mixed.render(layouts.book(account, layout), render_pdf.Look(turn=90), FONTS[0], CLEAN)
