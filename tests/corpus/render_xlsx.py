"""Renders an account as an XLSX or XLS workbook, a table a sheet or several on one.

Numbers are stored as numbers under `0.00` or `#,##0.00`, or as texts; 行次 and codes as numbers where
the others are. The bytes are the same for the same account and options.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Sequence
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tests.corpus.accounts import Account
from tests.corpus.book import Book, book_of
from tests.corpus.forms import Printed, Row, Sheet
from tests.corpus.xls_book import XlsBook

_CREATED = datetime.datetime(2024, 1, 1)


def render(
    account: Account,
    family: str = "numbered",
    one_sheet: bool = False,
    as_text: bool = False,
    legacy: bool = False,
) -> bytes:
    """The workbook's bytes: cover, tables and narrative.

    With `one_sheet` all tables stand below each other on one sheet; with `as_text` numbers are texts;
    `legacy` makes it XLS.
    """
    return render_book(book_of(account, family), one_sheet, as_text, legacy)


def render_book(
    document: Book, one_sheet: bool = False, as_text: bool = False, legacy: bool = False
) -> bytes:
    """The workbook's bytes; the options are those of `render`."""
    out = io.BytesIO()
    book = XlsBook(out) if legacy else xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": _CREATED})
    writer = _Writer(book, as_text)
    writer.texts(book.add_worksheet("封面"), document.cover)
    if document.contents:
        writer.texts(book.add_worksheet("目录"), document.contents)
    told = [document.narrative_heading, *document.narrative]
    if document.tables_last:
        writer.texts(book.add_worksheet("情况说明"), told)
    if one_sheet:
        worksheet, row = book.add_worksheet("决算表"), 0
        for table in document.sheets:
            row = writer.table(worksheet, table, row) + 2
    else:
        for n, table in enumerate(document.sheets, start=1):
            writer.table(book.add_worksheet(f"{n:02d} {_sheet_name(table.title)[:24]}"), table, 0)
    if not document.tables_last:
        writer.texts(book.add_worksheet("情况说明"), told)
    for n, table in enumerate(document.annexes, start=1):
        writer.table(book.add_worksheet(f"附{n} {_sheet_name(table.title)[:24]}"), table, 0)
    book.close()
    return out.getvalue()


def _sheet_name(title: str) -> str:
    """A title without what the name of a sheet cannot hold."""
    return re.sub(r"[\[\]:*?/\\]", "", title)


class _Writer:
    def __init__(self, book: xlsxwriter.Workbook | XlsBook, as_text: bool) -> None:
        self.book, self.as_text = book, as_text
        self.label = book.add_format({"border": 1, "text_wrap": True, "align": "center"})
        self.formats = {
            code: book.add_format({"border": 1, "num_format": code}) for code in ("0", "0.00", "#,##0.00")
        }

    def texts(self, worksheet: Worksheet, texts: Sequence[str]) -> None:
        for row, text in enumerate(texts):
            worksheet.write_string(row, 0, text)

    def table(self, worksheet: Worksheet, table: Sheet, row: int) -> int:
        """Writes a table from `row` on and returns the first row below it."""
        last = len(table.widths) - 1
        worksheet.merge_range(row, 0, row, last, table.title, self.label)
        if table.form_no:
            row += 1
            worksheet.write_string(row, last, table.form_no)
        row += 1
        worksheet.write_string(row, 0, table.department_line)
        worksheet.write_string(row, last, table.unit_line)
        for cells in (*table.header, *table.body):
            row += 1
            self._row(worksheet, row, cells)
        for note in table.notes:
            row += 1
            worksheet.merge_range(row, 0, row, last, note, self.label)
        return row + 1

    def _row(self, worksheet: Worksheet, row: int, cells: Row) -> None:
        for column, cell in enumerate(cells):
            if cell is None:
                continue
            if cell.row_span > 1 or cell.column_span > 1:
                end = (row + cell.row_span - 1, column + cell.column_span - 1)
                worksheet.merge_range(row, column, *end, "", self.label)
            self._cell(worksheet, row, column, cell)

    def _cell(self, worksheet: Worksheet, row: int, column: int, cell: Printed) -> None:
        if not cell.text:
            worksheet.write_blank(row, column, None, self.label)
        elif cell.kind == "label" or self.as_text or not _is_number(cell.text):
            worksheet.write_string(row, column, cell.text, self.label)
        else:
            worksheet.write_number(row, column, _stored(cell.text), self._format(cell.text))

    def _format(self, text: str) -> Format:
        """The format under which the number is shown as `text`."""
        decimals = text.partition(".")[2]
        code = "#,##0" if "," in text else "0"
        code += f".{'0' * len(decimals)}" if decimals else ""
        if code not in self.formats:
            self.formats[code] = self.book.add_format({"border": 1, "num_format": code})
        return self.formats[code]


def _is_number(text: str) -> bool:
    """Whether a cell holds a number: a dash is none, nor is a code's part 01."""
    return text[-1].isdigit() and not (text.isdigit() and text.startswith("0") and len(text) > 1)


def _stored(text: str) -> float:
    return float(Decimal(text.replace(",", "")))
