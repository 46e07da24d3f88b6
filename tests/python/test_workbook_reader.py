"""XLSX and XLS to pages, grids and figures, as the sheets show them."""

from __future__ import annotations

import datetime
import io
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from random import Random

import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from flows.extract.document import draft_document
from flows.extract.model import Reading
from flows.extract.readers import UnreadableDocument
from flows.extract.readers.number_format import plain_number, printed_number
from flows.extract.readers.workbook import is_xls, read
from flows.extract.tables.grid import tables_from_grids
from tests.corpus import render_xlsx
from tests.corpus.accounts import Account, Cell, departments
from tests.corpus.cells import compare
from tests.corpus.generate import random_account
from tests.corpus.xls_book import XlsBook, _record

ACCOUNTS = [account for account in departments() if account.cells]
ACCOUNTS += [random_account(Random(seed), zeros=seed % 2 == 1) for seed in (1, 2)]
HEADER = ("科目代码", "科目名称", "本年支出合计", "基本支出", "项目支出")


def book(fill: Callable[..., None], legacy: bool = False) -> bytes:
    """A workbook that `fill(workbook, first sheet)` has filled."""
    out = io.BytesIO()
    workbook = XlsBook(out) if legacy else xlsxwriter.Workbook(out, {"in_memory": True})
    fill(workbook, workbook.add_worksheet("表"))
    workbook.close()
    return out.getvalue()


def texts(reading: Reading, page: int = 1) -> list[str]:
    return [line.text for line in reading.pages[page - 1].lines]


def figures(reading: Reading) -> set[tuple[str, str, str, str]]:
    return {
        (table.table_code, cell.line_item, cell.measure, cell.value_text)
        for table in tables_from_grids(reading)
        if table.table_code != "unknown"
        for cell in table.cells
    }


def function_table(sheet: object, row: int, title: str, amount: float, style: object) -> int:
    """A table of 合计 and one class from `row` on; returns the row below it."""
    sheet.write_string(row, 0, title)
    sheet.write_string(row + 1, 4, "单位：万元")
    for column, header in enumerate(HEADER):
        sheet.write_string(row + 2, column, header)
    for n, (code, name) in enumerate((("", "合计"), ("201", "一般公共服务支出")), start=row + 3):
        if code:
            sheet.write_number(n, 0, float(code))
        sheet.write_string(n, 1, name)
        sheet.write_number(n, 2, amount, style)
    return row + 5


# -- documents with known truth --------------------------------------------------------------------


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.key)
@pytest.mark.parametrize("family", ["numbered", "plain"])
@pytest.mark.parametrize("one_sheet", [False, True])
@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize("legacy", [False, True], ids=["xlsx", "xls"])
def test_every_figure_is_read(
    account: Account, family: str, one_sheet: bool, as_text: bool, legacy: bool
) -> None:
    reading = read(render_xlsx.render(account, family, one_sheet, as_text, legacy))
    tables = tables_from_grids(reading)
    assert [table.table_code for table in tables] == list(account.printed_tables)
    landed = [Cell(t.table_code, c.line_item, c.measure, c.value_text) for t in tables for c in t.cells]
    score = compare(account.cells, landed)
    assert score.is_perfect, (score.wrong, score.missing, score.invented)
    assert {table.printed_unit for table in tables} == {"万元"}
    for table in tables:
        assert table.is_declared_empty is not account.has_figures(table.table_code)
        assert not table.problems
    assert not reading.problems


@pytest.mark.parametrize("legacy", [False, True])
def test_the_narrative_is_read_beside_the_tables(legacy: bool) -> None:
    account = next(account for account in ACCOUNTS if account.narrative)
    draft = draft_document(read(render_xlsx.render(account, legacy=legacy)))
    assert draft.department_name == account.department_name
    assert draft.fiscal_year == account.fiscal_year
    assert draft.claims


def test_rendering_is_repeatable() -> None:
    account = ACCOUNTS[0]
    for legacy in (False, True):
        assert render_xlsx.render(account, legacy=legacy) == render_xlsx.render(account, legacy=legacy)


# -- numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (540.4, "0.00", "540.40"),
        (1234.5, "#,##0.00", "1,234.50"),
        (1234.5, "General", "1234.5"),
        (0.1 + 0.2, "", "0.3"),
        (201.0, "", "201"),
        (1e-7, "", "0.0000001"),
        (1.5e20, "0.00", "150000000000000000000"),
        (1234.5, "0.00E+00", "1234.5"),
        (2.675, "0.00", "2.68"),  # half away from zero on the decimal, as Excel does; not 2.67
        (-1234.5, "#,##0.00;[Red]#,##0.00", "-1,234.50"),
        (-1234.5, "#,##0.00_);(#,##0.00)", "-1,234.50"),
        (0.0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
        (12.3, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "12.30"),
        (-0.001, "0.00", "0.00"),
        (0.0, "0.00;-0.00;;@", ""),
        (0.123, "0.0%", "12.3%"),
        (12.5, '0.00"万元"', "12.50万元"),
        (12.5, "[$¥-804]#,##0.00", "12.50"),
        (5.0, "00", "05"),
        (1234567.0, "#,##0.00,", "1,234.57"),
        (12.0, "0.##", "12"),
        (0.0, "#,##0.00;-#,##0.00;0", "0"),
        (7.0, "G/通用格式", "7"),
        (12345.0, "0!.0,", None),
        (5.0, '[=0]"";0.00', None),
        (5.0, "[DBNum1]General", None),
    ],
)
def test_number_formats(value: float, code: str, text: str | None) -> None:
    assert printed_number(value, code) == text


@given(st.integers(-(10**14), 10**14), st.integers(0, 6))
def test_a_printed_amount_survives_the_double(units: int, decimals: int) -> None:
    amount = Decimal(units).scaleb(-decimals)
    code = "#,##0" + ("." + "0" * decimals if decimals else "")
    assert printed_number(float(amount), code) == f"{amount:,f}"


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(0.0)
@example(-0.0)
def test_a_plain_number_is_a_decimal_of_15_digits(value: float) -> None:
    text = plain_number(value)
    assert set(text) <= set("-.0123456789")
    assert Decimal(text) == Decimal(f"{value:.15g}")
    assert not ("." in text and text.endswith("0")) and text != "-0"


# -- a sheet -----------------------------------------------------------------------------------


@pytest.mark.parametrize("legacy", [False, True])
def test_lines_bear_the_row_numbers_of_the_sheet(legacy: bool) -> None:
    def fill(workbook, sheet) -> None:
        function_table(sheet, 4, "支出决算表", 540.4, workbook.add_format({"num_format": "0.00"}))

    reading = read(book(fill, legacy))
    assert [line.line_no for line in reading.lines] == list(range(1, 10))
    assert reading.lines[8].text == "201\t一般公共服务支出\t540.40"
    (grid,) = reading.pages[0].grids
    assert (grid.first_line, grid.last_line, grid.row_count) == (7, 9, 3)
    (table,) = tables_from_grids(reading)
    places = [(cell.line_no, cell.column_no, cell.row_code) for cell in table.cells]
    assert places == [(8, 3, ""), (9, 3, "201")]


@pytest.mark.parametrize("blank_rows", [0, 1, 3])
@pytest.mark.parametrize("legacy", [False, True])
def test_tables_on_one_sheet_are_parted(blank_rows: int, legacy: bool) -> None:
    def fill(workbook, sheet) -> None:
        style = workbook.add_format({"num_format": "0.00"})
        row = function_table(sheet, 0, "支出决算表", 1.5, style)
        function_table(sheet, row + blank_rows, "一般公共预算财政拨款支出决算表", 2.5, style)

    assert {(code, value) for code, _, _, value in figures(read(book(fill, legacy)))} == {
        ("gk03", "1.50"),
        ("gk05", "2.50"),
    }


def test_a_table_of_another_kind_below_adds_no_figure() -> None:
    def fill(workbook, sheet) -> None:
        row = function_table(sheet, 0, "支出决算表", 1.5, workbook.add_format({"num_format": "0.00"}))
        sheet.write_string(row + 1, 0, "国有资产占用情况表")
        for column, text in enumerate(HEADER):
            sheet.write_string(row + 2, column, text)
        sheet.write_string(row + 3, 1, "合计")
        sheet.write_number(row + 3, 2, 99.25)

    assert {value for *_, value in figures(read(book(fill)))} == {"1.50"}


def test_an_untitled_sheet_of_another_kind_is_no_continuation() -> None:
    def fill(workbook, sheet) -> None:
        function_table(sheet, 0, "支出决算表", 1.5, workbook.add_format({"num_format": "0.00"}))
        other = workbook.add_worksheet("资产")
        other.write_string(0, 0, "国有资产占用情况表")
        for column, text in enumerate(HEADER):
            other.write_string(1, column, text)
        other.write_string(2, 1, "合计")
        other.write_number(2, 2, 99.25)

    assert {value for *_, value in figures(read(book(fill)))} == {"1.50"}


def test_a_sheet_without_a_title_is_named_by_its_sheet() -> None:
    def fill(workbook, sheet) -> None:
        function_table(sheet, 0, "支出决算表", 1.5, workbook.add_format({"num_format": "0.00"}))
        other = workbook.add_worksheet("5一般公共预算财政拨款支出决算表")
        for column, text in enumerate(HEADER):
            other.write_string(0, column, text)
        other.write_string(1, 0, "205")
        other.write_number(1, 2, 99)

    found = {(code, value) for code, *_, value in figures(read(book(fill)))}
    assert found == {("gk03", "1.50"), ("gk05", "99")}


@pytest.mark.parametrize("blank_after", [0, 1, 2, 3])
def test_a_blank_row_inside_a_table_loses_nothing(blank_after: int) -> None:
    def fill(workbook, sheet) -> None:
        rows = [["支出决算表"], ["", "", "", "", "单位：万元"], list(HEADER)]
        rows.append(["201", "一般公共服务支出", "3.00"])
        rows.insert(blank_after + 1, [])
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                if text:
                    sheet.write_string(r, c, text)

    assert figures(read(book(fill))) == {("gk03", "function.201", "total", "3.00")}


@pytest.mark.parametrize("legacy", [False, True])
def test_what_is_hidden_is_reported_and_not_read(legacy: bool) -> None:
    def fill(workbook, sheet) -> None:
        function_table(sheet, 0, "支出决算表", 1.5, workbook.add_format({"num_format": "0.00"}))
        sheet.write_number(4, 3, 77.0)
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_column(3, 3, None, None, {"hidden": True})
        other = workbook.add_worksheet("隐藏")
        other.write_number(0, 0, 1)
        other.hide()

    reading = read(book(fill, legacy))
    assert figures(reading) == {("gk03", "function.201", "total", "1.50")}
    assert [(p.page, p.line_no, p.code) for p in reading.problems] == [
        (1, 4, "hidden_text"),
        (1, 5, "hidden_text"),
        (2, 0, "hidden_sheet"),
    ]
    assert len(reading.pages) == 2 and reading.pages[1].lines == ()


def test_texts_dates_formulas_and_errors() -> None:
    def fill(workbook, sheet) -> None:
        sheet.write_formula(0, 0, "=SUM(B1:B9)", None, 2.5)
        sheet.write_formula(1, 0, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, 0, "=B1", None, "")
        sheet.write_datetime(3, 0, datetime.datetime(2023, 12, 31), workbook.add_format({"num_format": 14}))
        sheet.write_boolean(4, 0, True)
        sheet.write_string(5, 0, "公务用车购置\n及运行维护费")
        sheet.write_string(6, 0, "12\n34")
        sheet.write_number(7, 0, 5, workbook.add_format({"num_format": '[>9]"多";0'}))

    reading = read(book(fill))
    assert texts(reading) == ["2.5", "", "", "2023-12-31", "TRUE", "公务用车购置及运行维护费", "12;34", "5"]
    assert [(p.line_no, p.stage, p.code) for p in reading.problems] == [
        (2, "read", "cell_error"),
        (8, "read", "unknown_number_format"),
    ]


def test_errors_and_short_numbers_of_xls() -> None:
    def fill(workbook, sheet) -> None:
        style = workbook.add_format({"num_format": "0.00"})
        sheet.write_error(0, 0, 23)
        sheet.write_rk(1, 0, (54040 << 2) | 3, style)  # the integer 54040, in hundredths
        sheet.write_string(1, 1, "x")

    reading = read(book(fill, legacy=True))
    assert texts(reading) == ["", "540.40\tx"]
    assert [(p.line_no, p.code, p.detail) for p in reading.problems] == [(1, "cell_error", "column 1: #REF!")]


# -- hostile and broken files --------------------------------------------------------------------


def test_a_cell_far_away_is_not_laid_out() -> None:
    def fill(workbook, sheet) -> None:
        sheet.write_number(0, 0, 1)
        sheet.write_number(1_048_575, 16_383, 1)
        workbook.add_worksheet("好").write_string(0, 0, "a")

    reading = read(book(fill))
    assert [(p.page, p.code) for p in reading.problems] == [(1, "table_too_large")]
    assert texts(reading, 2) == ["a"]


def with_part(data: bytes, name: str, edit: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            new.writestr(entry.filename, edit(part) if entry.filename == name else part)
    return out.getvalue()


def test_merged_cells_that_overlap_or_reach_beyond_the_sheet() -> None:
    def fill(workbook, sheet) -> None:
        function_table(sheet, 0, "支出决算表", 1.5, workbook.add_format({"num_format": "0.00"}))
        sheet.merge_range(5, 0, 5, 4, "注：无")

    merges = b'<mergeCell ref="A6:XFD1048576"/><mergeCell ref="A6:B7"/><mergeCell ref="A1:E1"/>'
    data = with_part(
        book(fill), "xl/worksheets/sheet1.xml", lambda part: part.replace(b'<mergeCell ref="A6:E6"/>', merges)
    )
    assert {value for *_, value in figures(read(data))} == {"1.50"}


def test_files_that_cannot_be_read() -> None:
    good = book(lambda workbook, sheet: sheet.write_string(0, 0, "a"))
    old = book(lambda workbook, sheet: sheet.write_string(0, 0, "a"), legacy=True)
    locked = old.replace(_record(0x0042, struct.pack("<H", 1200)), _record(0x002F, b"\1\0"))
    package = old.replace("Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")[:16])
    bomb = with_part(good, "xl/worksheets/sheet1.xml", lambda part: part + b" " * (40 * 2**20))
    typed = b"<!DOCTYPE x><workbook"
    doctype = with_part(good, "xl/workbook.xml", lambda part: part.replace(b"<workbook", typed))
    cut = (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", good[:2000], old[:600])
    for data in (*cut, locked, package, bomb, doctype):
        with pytest.raises(UnreadableDocument) as refusal:
            read(data)
        assert " / " in refusal.value.reason
    with pytest.raises(UnreadableDocument, match="密码"):
        read(locked)


@pytest.mark.parametrize("legacy", [False, True])
def test_mutated_files_are_read_or_refused(legacy: bool) -> None:
    data = bytearray(render_xlsx.render(ACCOUNTS[0], legacy=legacy))
    for seed in range(60):
        random, mutated = Random(seed), bytearray(data)
        for _ in range(random.randint(1, 20)):
            mutated[random.randrange(len(mutated))] = random.randrange(256)
        with suppress(UnreadableDocument):
            read(bytes(mutated))


def test_xls_is_told_from_other_ole_files() -> None:
    old = book(lambda workbook, sheet: sheet.write_string(0, 0, "a"), legacy=True)
    assert is_xls(old)
    assert not is_xls(old.replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le")))
    assert not is_xls(book(lambda workbook, sheet: sheet.write_string(0, 0, "a")))


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/sharedStrings.xml", b' count="', b' count="99999999'),
        ("xl/styles.xml", b'<cellXfs count="', b'<cellXfs count="99999999'),
        ("xl/worksheets/sheet1.xml", b'<c r="A1"', b'<c r="A4294967295"'),
        ("xl/worksheets/sheet1.xml", b'<c r="A1"', b'<c r="ZZZZZZZ1"'),
    ],
)
def test_sizes_that_are_not_true_do_not_end_the_process(part: str, old: bytes, new: bytes) -> None:
    good = book(lambda workbook, sheet: [sheet.write_string(row, 0, "a") for row in range(2)])
    data = with_part(good, part, lambda data: data.replace(old, new))
    try:
        assert [problem.code for problem in read(data).problems] == ["table_too_large"]
    except UnreadableDocument as refusal:
        assert " / " in refusal.reason


@pytest.mark.parametrize("extent", [(0, 2**31, 0, 255), (2**30, 1, 0, 1), (0, 1, 9, 1)])
def test_an_extent_of_xls_that_is_not_true_does_not_end_the_process(extent: tuple[int, ...]) -> None:
    old = book(lambda workbook, sheet: sheet.write_string(0, 0, "a"), legacy=True)
    true = _record(0x0200, struct.pack("<IIHHH", 0, 1, 0, 1, 0))
    assert true in old
    with pytest.raises(UnreadableDocument, match=" / "):
        read(old.replace(true, _record(0x0200, struct.pack("<IIHHH", *extent, 0))))
