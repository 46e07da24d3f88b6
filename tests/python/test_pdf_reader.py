"""PDF files to lines and grids."""

from __future__ import annotations

import io
import time
from itertools import pairwise

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from ruled_pdf import RuledPdf

from flows.extract.model import Grid
from flows.extract.readers import UnreadableDocument
from flows.extract.readers.pdf import read
from flows.extract.readers.ruled import Rule, joined, lattices_of


def texts(grid: Grid) -> dict[tuple[int, int], str]:
    return {(cell.row, cell.column): cell.text for cell in grid.cells if cell.text}


@pytest.mark.parametrize("style", ["stroke", "bar", "dabs"])
def test_every_way_of_drawing_rules_makes_the_same_grid(style: str) -> None:
    pdf = RuledPdf()
    pdf.text(200, 100, "支出决算表")
    pdf.table([["201", "教育支出", "1,093.15"], ["20502", "普通教育", ""]], [60, 150, 80], style=style)
    pdf.text(50, 200, "注：本表反映支出。")
    page = read(pdf.bytes()).pages[0]
    (grid,) = page.grids
    assert (grid.row_count, grid.column_count) == (2, 3)
    assert texts(grid) == {
        (0, 0): "201", (0, 1): "教育支出", (0, 2): "1,093.15", (1, 0): "20502", (1, 1): "普通教育",
    }  # fmt: skip
    assert [line.text for line in page.lines] == [
        "支出决算表", "201\t教育支出\t1,093.15", "20502\t普通教育\t", "注：本表反映支出。",
    ]  # fmt: skip
    assert [line.line_no for line in page.lines] == [1, 2, 3, 4]
    assert (grid.first_line, grid.last_line) == (2, 3)
    assert [cell.line_no for cell in grid.cells] == [2, 2, 2, 3, 3, 3]


def test_white_rules_are_no_table() -> None:
    pdf = RuledPdf()
    pdf.table([["甲", "乙"], ["丙", "丁"]], [80, 80], style="white")
    assert read(pdf.bytes()).pages[0].grids == ()


def test_a_frame_around_the_page_is_no_table_and_steals_no_text() -> None:
    pdf = RuledPdf()
    for side in ((20, 20, 575, 20), (20, 800, 575, 800), (20, 20, 20, 800), (575, 20, 575, 800)):
        pdf.line(*side)
    pdf.text(200, 100, "收入决算表")
    pdf.table([["甲", "1.00"], ["乙", "2.00"]], [80, 80])
    page = read(pdf.bytes()).pages[0]
    assert [texts(grid)[0, 1] for grid in page.grids] == ["1.00"]
    assert page.lines[0].text == "收入决算表"


def test_merged_cells_have_spans_and_stand_once() -> None:
    pdf = RuledPdf()
    rows = [[("项目", 1, 2), None, ("合计", 2, 1)], ["编码", "名称", None], ["201", "甲", "1.00"]]
    pdf.table(rows, [60, 100, 80])
    (grid,) = read(pdf.bytes()).pages[0].grids
    spans = {cell.text: (cell.row, cell.column, cell.row_span, cell.column_span) for cell in grid.cells}
    assert spans["项目"] == (0, 0, 1, 2)
    assert spans["合计"] == (0, 2, 2, 1)
    assert len(grid.cells) == 7


def test_numbers_that_sit_lower_than_their_labels_stay_in_their_row() -> None:
    pdf = RuledPdf()
    pdf.table([["甲", "1.00"], ["乙", "2.00"], ["丙", "3.00"]], [80, 80], drop=8)
    (grid,) = read(pdf.bytes()).pages[0].grids
    assert [texts(grid)[row, 1] for row in range(3)] == ["1.00", "2.00", "3.00"]


def test_a_label_broken_over_lines_is_one_text() -> None:
    pdf = RuledPdf()
    pdf.table([["附属单位\n上缴收入", "5.00"], ["甲", ""]], [80, 80])
    (grid,) = read(pdf.bytes()).pages[0].grids
    assert texts(grid)[0, 0] == "附属单位上缴收入"


@pytest.mark.parametrize(("turn", "page_rotation"), [(90, 90), (270, 270), (90, 0), (270, 0)])
def test_turned_pages_are_read_the_way_the_text_runs(turn: int, page_rotation: int) -> None:
    pdf = RuledPdf(turn=turn, page_rotation=page_rotation)
    pdf.text(300, 50, "收入决算表")
    pdf.table([["201", "教育支出", "1.25"], ["202", "外交支出", "0.00"]], [60, 150, 80], x=100, y=80)
    page = read(pdf.bytes()).pages[0]
    (grid,) = page.grids
    assert texts(grid)[0, 2] == "1.25"
    assert texts(grid)[1, 1] == "外交支出"
    assert page.lines[0].text == "收入决算表"
    assert (page.width, page.height) == pytest.approx((842, 595), abs=1)
    box = next(cell.box for cell in grid.cells if cell.text == "1.25")
    assert box is not None
    assert 310 <= box.x0 < box.x1 <= 390 and 80 <= box.y0 < box.y1 <= 104


@pytest.mark.parametrize("turn", [0, 90, 270])
def test_positions_count_from_the_upper_left_corner_of_the_visible_page(turn: int) -> None:
    pdf = RuledPdf(turn=turn)
    pdf.table([["甲", "1.00"], ["乙", "2.00"]], [80, 80], x=100, y=150)
    data = pdf.bytes()
    cropped = data.replace(b"/MediaBox [ 0 0 595 842 ]", b"/MediaBox [ 9 7 590 840 ]")
    assert cropped != data
    (whole,), (cut,) = read(data).pages[0].grids, read(cropped).pages[0].grids
    assert whole.box == pytest.approx((100, 150, 260, 198), abs=0.6)
    left, top = {0: (9, 2), 90: (7, 9), 270: (2, 5)}[turn]
    assert cut.box == pytest.approx((100 - left, 150 - top, 260 - left, 198 - top), abs=0.6)


def test_a_number_wider_than_its_cell_stays_whole_and_is_reported() -> None:
    pdf = RuledPdf()
    pdf.table([["甲", "1234567.89", ""], ["乙", "2.00", "3.00"]], [60, 34, 60])
    reading = read(pdf.bytes())
    (grid,) = reading.pages[0].grids
    assert texts(grid)[0, 1] == "1234567.89"
    assert (0, 2) not in texts(grid)
    assert [problem.code for problem in reading.problems] == ["text_crosses_rule"]
    assert "1234567.89" in reading.problems[0].detail


def test_a_page_that_is_a_picture_is_reported() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.rect(100, 100, 200, 200, fill=1)
    canvas.showPage()
    canvas.showPage()
    canvas.drawString(100, 100, "text")
    canvas.save()
    reading = read(buffer.getvalue())
    assert len(reading.pages) == 3
    assert [(p.page, p.stage, p.code) for p in reading.problems] == [(1, "read", "page_without_text")]


def test_a_drawing_of_too_many_lines_is_given_up_and_its_text_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.extract.readers.pdf_rules.MOST_OBJECTS", 50)
    pdf = RuledPdf()
    for i in range(100):
        pdf.line(10, 10 + i, 500, 10 + i)
    pdf.text(100, 300, "正文")
    reading = read(pdf.bytes())
    assert [problem.code for problem in reading.problems] == ["too_many_rules"]
    assert [line.text for line in reading.pages[0].lines] == ["正文"]


def test_a_page_cut_short_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.extract.readers.pdf.MOST_CHARACTERS", 3)
    pdf = RuledPdf()
    pdf.text(100, 300, "收入决算表")
    reading = read(pdf.bytes())
    assert [problem.code for problem in reading.problems] == ["too_many_characters"]
    assert [line.text for line in reading.pages[0].lines] == ["收入决"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b"not a pdf", "damaged"), (b"%PDF-1.4\n%%EOF", "damaged")],
)
def test_damaged_files_are_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        read(data)


def test_an_encrypted_file_is_refused_with_a_reason() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption("secret", canPrint=0))
    canvas.drawString(100, 100, "text")
    canvas.save()
    with pytest.raises(UnreadableDocument, match="encrypted"):
        read(buffer.getvalue())


def test_half_a_file_is_read_or_refused_but_never_crashes() -> None:
    pdf = RuledPdf()
    pdf.table([["甲", "1.00"], ["乙", "2.00"]], [80, 80])
    data = pdf.bytes()
    for length in range(0, len(data), max(1, len(data) // 25)):
        try:
            read(data[:length])
        except UnreadableDocument as error:
            assert error.reason.endswith(tuple("abcdefghijklmnopqrstuvwxyzF"))


def test_two_readings_are_equal() -> None:
    pdf = RuledPdf()
    pdf.table([["甲", "1.00"], ["乙", "2.00"]], [80, 80])
    data = pdf.bytes()
    assert read(data) == read(data)


@given(
    st.lists(st.integers(5, 60), min_size=1, max_size=8),
    st.lists(st.integers(5, 60), min_size=1, max_size=8),
)
def test_a_full_lattice_has_a_cell_for_every_row_and_column(heights: list[int], widths: list[int]) -> None:
    ys = [float(sum(heights[:i])) for i in range(len(heights) + 1)]
    xs = [float(sum(widths[:i])) for i in range(len(widths) + 1)]
    # every cell draws its own sides, so rules come in pieces and twice
    across = [Rule(y, a, b) for y in ys for a, b in pairwise(xs)] * 2
    down = [Rule(x, a, b) for x in xs for a, b in pairwise(ys)] * 2
    lattices = lattices_of(across, down)
    if len(heights) * len(widths) == 1:
        assert lattices == []
        return
    (lattice,) = lattices
    assert (lattice.row_count, lattice.column_count) == (len(heights), len(widths))
    assert len(lattice.cells) == len(heights) * len(widths)
    for cell in lattice.cells:
        x0, y0, x1, y1 = lattice.bounds_of(cell)
        field = lattice.field_at((x0 + x1) / 2, (y0 + y1) / 2)
        assert field is not None and lattice.cells[field.cell] == cell


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 50)), min_size=1, max_size=30))
def test_joined_pieces_are_apart_and_cover_what_they_were_made_of(pieces: list[tuple[int, int]]) -> None:
    rules = [Rule(10.0, float(start), float(start + length)) for start, length in pieces]
    result = joined(rules)
    assert all(b.start - a.end > 3 for a, b in pairwise(result))
    for rule in rules:
        if rule.end - rule.start >= 3:
            assert any(r.start <= rule.start and rule.end <= r.end for r in result)


def test_open_sides_are_closed() -> None:
    across = [Rule(y, 0.0, 300.0) for y in (0.0, 20.0, 40.0)]
    down = [Rule(x, 0.0, 40.0) for x in (100.0, 200.0)]
    (lattice,) = lattices_of(across, down)
    assert lattice.xs == (0.0, 100.0, 200.0, 300.0)


def test_a_row_cut_open_by_the_page_end_is_closed() -> None:
    across = [Rule(y, 0.0, 300.0) for y in (20.0, 40.0)]
    down = [Rule(x, 0.0, 60.0) for x in (0.0, 100.0, 300.0)]
    (lattice,) = lattices_of(across, down)
    assert lattice.ys == (0.0, 20.0, 40.0, 60.0)


def test_real_documents_are_read_fast_and_without_problems(real_documents) -> None:
    for path in real_documents.paths:
        if path.suffix != ".pdf":
            continue
        data = path.read_bytes()
        start = time.perf_counter()
        reading = read(data)
        elapsed = time.perf_counter() - start
        assert reading.problems == ()
        assert len(reading.pages) == len(pdfium.PdfDocument(data))
        assert elapsed < 5


def hand_made(*bodies: str | bytes, start: int | None = None) -> bytes:
    """A PDF of objects numbered from 1; the first is the catalogue. `start`: what startxref says."""
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(out))
        data = body.encode() if isinstance(body, str) else body
        out += f"{number} 0 obj\n".encode() + data + b"\nendobj\n"
    table = b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    xref = f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n".encode() + table
    trailer = f"trailer\n<< /Size {len(offsets) + 1} /Root 1 0 R >>\nstartxref\n"
    return out + xref + f"{trailer}{len(out) if start is None else start}\n%%EOF".encode()


def content(data: bytes, more: str = "") -> bytes:
    return f"<< /Length {len(data)} {more}>>\nstream\n".encode() + data + b"\nendstream"


CATALOGUE = "<< /Type /Catalog /Pages 2 0 R >>"
PAGES = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = (
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    " /Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >> >>"
)
FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
TEXT = b"BT /F 12 Tf 100 700 Td (Hello) Tj ET\n"
FORM = "/Type /XObject /Subtype /Form /BBox [0 0 500 500] /Resources << /XObject << /X 6 0 R >> >> "


@pytest.mark.parametrize(
    "data",
    [
        hand_made(CATALOGUE, PAGES, PAGE, content(TEXT + b"/X Do"), FONT, content(b"/X Do", FORM)),
        hand_made(CATALOGUE, "<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>", PAGE, content(TEXT), FONT),
        hand_made(CATALOGUE, "<< /Type /Pages /Kids [3 0 R] /Count 900 >>", PAGE, content(TEXT), FONT),
        hand_made(CATALOGUE, PAGES, PAGE.replace("595 842", "9999999999 9999999999"), content(TEXT), FONT),
        hand_made(CATALOGUE, PAGES, PAGE, content(TEXT), FONT, start=99_999_999),
    ],
    ids=["a form in itself", "a page tree in itself", "pages that are not there", "a huge page", "no xref"],
)
def test_a_file_that_loops_or_lies_is_read_as_far_as_it_goes(data: bytes) -> None:
    started = time.process_time()
    reading = read(data)
    assert [line.text for page in reading.pages for line in page.lines][:1] == ["Hello"]
    assert time.process_time() - started < 5


def test_a_page_tree_without_pages_is_refused() -> None:
    looped = hand_made(CATALOGUE, "<< /Type /Pages /Kids [2 0 R] /Count 1 >>", PAGE, content(TEXT), FONT)
    try:
        assert not any(page.lines for page in read(looped).pages)
    except UnreadableDocument as refusal:
        assert " / " in refusal.reason


def test_a_drawing_of_400_000_lines_costs_seconds_at_most() -> None:
    lines = b"".join(b"%d %d m 500 %d l S\n" % (i % 400, i % 800, i % 800) for i in range(400_000))
    started = time.process_time()
    reading = read(hand_made(CATALOGUE, PAGES, PAGE, content(TEXT + lines), FONT))
    assert [problem.code for problem in reading.problems] == ["too_many_rules"]
    assert [line.text for line in reading.pages[0].lines] == ["Hello"]
    assert time.process_time() - started < 10


def test_two_thousand_pages_are_read_and_one_more_is_refused() -> None:
    def pages(count: int) -> bytes:
        kids = " ".join(f"{number} 0 R" for number in range(6, 6 + count))
        tree = f"<< /Type /Pages /Kids [{kids}] /Count {count} >>"
        return hand_made(CATALOGUE, tree, "null", content(TEXT), FONT, *[PAGE] * count)

    seen: list[tuple[int, int]] = []
    started = time.process_time()
    reading = read(pages(2_000), lambda number, count: seen.append((number, count)))
    assert time.process_time() - started < 20
    assert len(reading.pages) == 2_000 and seen[0] == (1, 2_000) and seen[-1] == (2_000, 2_000)
    with pytest.raises(UnreadableDocument, match="2001"):
        read(pages(2_001))


def test_pdfplumber_sees_the_same_numbers_in_the_same_rows() -> None:
    pdfplumber = pytest.importorskip("pdfplumber")
    pdf = RuledPdf()
    rows = [[f"2010{n:03d}", f"{n}.25", "" if n % 3 else f"1,00{n % 10}.50"] for n in range(20)]
    pdf.table(rows, [80, 100, 100])
    data = pdf.bytes()
    (grid,) = read(data).pages[0].grids
    with pdfplumber.open(io.BytesIO(data)) as other:
        (table,) = other.pages[0].extract_tables()
    ours = [[texts(grid).get((r, c), "") for c in range(3)] for r in range(20)]
    assert ours == [[cell or "" for cell in row] for row in table] == rows
