"""Renders an account as an XLSX or XLS workbook, a table a sheet or several on one.

Numbers are stored as numbers under `0.00` or `#,##0.00`, or as texts; 行次 and codes as numbers where
the others are. The bytes are the same for the same account and options.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tests.corpus.accounts import Account
from tests.corpus.forms import Printed, Row, Sheet, sheets
from tests.corpus.narrative import paragraphs
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
    out = io.BytesIO()
    book = XlsBook(out) if legacy else xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": _CREATED})
    writer = _Writer(book, account, as_text)
    writer.texts(book.add_worksheet("封面"), [account.department_name, f"{account.fiscal_year}年度部门决算"])
    tables = sheets(account, family)
    if one_sheet:
        worksheet, row = book.add_worksheet("决算表"), 0
        for table in tables:
            row = writer.table(worksheet, table, row) + 2
    else:
        for n, table in enumerate(tables, start=1):
            writer.table(book.add_worksheet(f"{n:02d} {table.title[:24]}"), table, 0)
    heading = f"第三部分 {account.fiscal_year}年度部门决算情况说明"
    writer.texts(book.add_worksheet("情况说明"), [heading, *paragraphs(account)])
    book.close()
    return out.getvalue()


class _Writer:
    def __init__(self, book: xlsxwriter.Workbook | XlsBook, account: Account, as_text: bool) -> None:
        self.account, self.as_text = account, as_text
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
        worksheet.write_string(row, 0, f"部门：{self.account.department_name}")
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
        elif cell.kind == "label" or self.as_text:
            worksheet.write_string(row, column, cell.text, self.label)
        else:
            worksheet.write_number(row, column, _stored(cell.text), self._format(cell.text))

    def _format(self, text: str) -> Format:
        """The format under which the number is shown as `text`."""
        return self.formats["#,##0.00" if "," in text else "0.00" if "." in text else "0"]


def _stored(text: str) -> float:
    return float(Decimal(text.replace(",", "")))
