"""Renders an account as the plain text that such documents are found as.

`tabbed`: cells between tabs, with the slips such text is known for if asked. `columnless`: text
dumped from a PDF, labels broken over lines and blank cells gone. `cell_lines`: a word
processor's cells one a line. `narrative_only`: the tables were pictures.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from tests.corpus.accounts import Account
from tests.corpus.book import Book, book_of
from tests.corpus.forms import Printed, Row, Sheet
from tests.corpus.narrative import paragraphs

SLIPS = ("joined_code_and_name", "extra_zero_column", "three_public_in_one_line", "totals_below")
_LINES_A_PAGE = 42
_CHARACTERS_A_LINE = 26


def render(account: Account, layout: str, slips: Collection[str] = (), family: str = "numbered") -> str:
    """The document's text, LF line ends.

    `layout` is tabbed, columnless, cell_lines or narrative_only; `slips` apply to tabbed."""
    if layout == "cell_lines":
        return "\n".join(_report_lines(account)) + "\n"
    return render_book(book_of(account, family), layout, slips)


def render_book(book: Book, layout: str, slips: Collection[str] = ()) -> str:
    """The text of a document: tabbed, columnless or narrative_only."""
    lines = [*book.cover, *book.contents, ""]
    lines += ["第一部分 部门概况", "", "一、主要职责", "", "本部门为区委办事机构。", ""]
    tables = [f"第二部分 {book.fiscal_year}年度部门决算表", ""]
    for sheet in book.sheets:
        if layout == "tabbed":
            tables += _tabbed(sheet, slips)
        elif layout == "columnless":
            tables += _columnless(sheet, book.fiscal_year)
        else:
            tables += [f"{sheet.title}", ""]
    told = [book.narrative_heading, ""]
    width = _CHARACTERS_A_LINE if layout != "tabbed" else 0
    for paragraph in book.narrative:
        told += [*_broken(paragraph, width), ""]
    lines += [*told, *tables] if book.tables_last else [*tables, *told]
    for sheet in book.annexes:
        lines += ["", *_tabbed(sheet, ())]
    return "\n".join(lines) + "\n"


def _broken(text: str, width: int) -> list[str]:
    """Lines of at most `width` characters; no break inside a number, whole if width is 0."""
    lines = []
    while width and len(text) > width:
        end = width
        while end > 1 and text[end - 1 : end + 1].isascii():
            end -= 1
        lines.append(text[:end])
        text = text[end:]
    return [*lines, text]


# -- cells between tabs -------------------------------------------------------------------------


def _tabbed(sheet: Sheet, slips: Collection[str]) -> list[str]:
    lines = [sheet.title, ""]
    lines += [line for line in (sheet.form_no, sheet.unit_line) if line]
    lines += [sheet.department_line, ""] if sheet.department_line else []
    header = [_fields(row) for row in sheet.header]
    body = [_fields(row) for row in sheet.body]
    if sheet.table_code == "gk03" and "joined_code_and_name" in slips:
        header, body = _join_code_and_name(header, body)
    if sheet.table_code == "gk03" and "extra_zero_column" in slips:
        header = [[*row, "", ""] for row in header]
        body = [[*row, "0.00", ""] for row in body]
    if sheet.table_code == "gk09" and "three_public_in_one_line" in slips and sheet.notes == ():
        header, body = header[:-1], [[*header[-1], *row] for row in body]
    if sheet.table_code == "gk06" and "totals_below" in slips:
        *body, totals = body
        labels = ["" if text[:1].isdigit() else text for text in totals]
        numbers = [text if text[:1].isdigit() else "" for text in totals]
        body += [labels, numbers]
    lines += ["\t".join(row) for row in header + body]
    return [*lines, "", *sheet.notes, ""]


def _fields(row: Row) -> list[str]:
    return [cell.text.replace("\n", "") if cell else "" for cell in row]


def _join_code_and_name(header: list[list[str]], body: list[list[str]]) -> tuple[list, list]:
    """Code and name in one field, while the header keeps two; 栏次 moves with the numbers."""
    joined = [[" ".join(text for text in row[:2] if text), *row[2:]] for row in body]
    *titles, numbers = header
    return [*titles, [numbers[0], *numbers[2:], ""]], joined


# -- text dumped from a PDF -------------------------------------------------------------------------


def _columnless(sheet: Sheet, fiscal_year: str) -> list[str]:
    year = "" if fiscal_year in sheet.title else f"{fiscal_year} 年度"
    lines = [f"{year}{sheet.title} "]
    if sheet.form_no:
        lines.append(" ".join(re.split(r"(?<=公开)(?=\d)|(?<=\d)(?=表)", sheet.form_no)))
    lines += ["", f"{sheet.department_line} {sheet.unit_line}", ""]
    for row in sheet.header:
        lines += _stream(row, sheet.widths)
    for row in sheet.body:
        lines += _stream(row, sheet.widths)
    for note in sheet.notes:
        lines += ["", *_broken(note, _CHARACTERS_A_LINE)]
    return [*_paged(lines), ""]


def _stream(row: Row, widths: tuple[int, ...]) -> Iterator[str]:
    """A row's words in reading order: what fits stands on one line, a label that does not is
    broken over lines of its own, and a blank cell leaves nothing."""
    line: list[str] = []
    for column, cell in enumerate(row):
        if cell is None or not cell.text:
            continue
        pieces = _pieces(cell, sum(widths[column : column + cell.column_span]))
        if len(pieces) == 1:
            line.append(cell.text)
            continue
        if line:
            yield " ".join(line)
            line = []
        for piece in pieces:
            yield piece
            yield ""
    if line:
        yield " ".join(line)
    yield ""


def _pieces(cell: Printed, width: int) -> list[str]:
    if cell.kind != "label":
        return [cell.text]
    step = max(width - 2, 1)
    return [line[i : i + step] for line in cell.text.split("\n") for i in range(0, len(line), step)] or [""]


def _paged(lines: list[str]) -> Iterator[str]:
    """Blank lines where the page turned."""
    for n, line in enumerate(lines, start=1):
        yield line
        if n % _LINES_A_PAGE == 0:
            yield from ("", "")


# -- a word processor's cells one a line -----------------------------------------------------------


def _report_lines(account: Account) -> Iterator[str]:
    yield f"{account.department_name}{account.fiscal_year}年部门整体支出绩效自评报告"
    yield ""
    yield from paragraphs(account)
    yield ""
    for title, rows in (
        ("部门整体支出绩效评价基础数据表", account.base_data),
        ("整体支出绩效自评表", account.self_evaluation),
    ):
        yield title
        yield f"填报单位：{account.department_name}"
        for row in rows:
            yield from (f"\t{text}" for text in row)
            yield ""
