"""Renders an account as a web page, in two ways of making one.

`plain`: headings, paragraphs and tables with row and column spans, in UTF-8. `portal`: as portals
of governments used to be made: GBK, the whole page in layout tables with navigation beside the
article, end tags left out, font tags, numbers behind &nbsp;, scripts between.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from tests.corpus.accounts import Account
from tests.corpus.book import Book, book_of
from tests.corpus.forms import Printed, Row, Sheet

_STYLES = {
    "all": "td { border: 1px solid }",
    "three": "table { border-collapse: collapse; border-top: 2px solid; border-bottom: 2px solid }"
    " thead { border-bottom: 1px solid }",
    "rows": "table { border-collapse: collapse } tr { border-bottom: 1px solid }",
}


def render(account: Account, family: str = "numbered", style: str = "plain") -> bytes:
    """The page's bytes; `style` is plain or portal."""
    return render_book(book_of(account, family), style)


def render_book(book: Book, style: str = "plain", rules: str = "all") -> bytes:
    """The page's bytes. `rules`: all | three (above and below the header, at the end) | rows."""
    return _plain(book, rules).encode() if style == "plain" else _portal(book).encode("gb18030")


def _plain(book: Book, rules: str) -> str:
    title = "".join(book.cover)
    lines = [
        "<!DOCTYPE html>",
        '<html lang="zh"><head><meta charset="utf-8">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLES[rules]}</style></head><body>",
        *[f"<h1>{escape(text)}</h1>" for text in book.cover],
        *[f"<p>{escape(entry)}</p>" for entry in book.contents],
    ]
    tables = [line for sheet in book.sheets for line in _plain_sheet(sheet)]
    told = [f"<h2>{book.narrative_heading}</h2>"]
    told += [f"<p>{escape(text)}</p>" for text in book.narrative]
    lines += [*told, *tables] if book.tables_last else [*tables, *told]
    lines += [line for sheet in book.annexes for line in _plain_sheet(sheet)]
    return "\n".join([*lines, "</body></html>", ""])


def _plain_sheet(sheet: Sheet) -> Iterator[str]:
    yield f"<h2>{escape(sheet.title)}</h2>"
    if sheet.form_no:
        yield f"<p>{sheet.form_no}</p>"
    yield f"<p><span>{escape(sheet.department_line)}</span> {sheet.unit_line}</p>"
    yield from ("<table>", "<thead>")
    yield from (f"<tr>{''.join(_cells(row, 'th'))}</tr>" for row in sheet.header)
    yield from ("</thead>", "<tbody>")
    yield from (f"<tr>{''.join(_cells(row, 'td'))}</tr>" for row in sheet.body)
    yield from ("</tbody>", "</table>")
    yield from (f"<p>{escape(note)}</p>" for note in sheet.notes)


def _cells(row: Row, tag: str) -> Iterator[str]:
    for cell in row:
        if cell is not None:
            yield f"<{tag}{_spans(cell)}>{_lines(cell.text)}</{tag}>"


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _spans(cell: Printed) -> str:
    rows = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
    columns = f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
    return rows + columns


def _portal(book: Book) -> str:
    name, heading = book.cover
    lines = [
        '<html><head><meta http-equiv=Content-Type content="text/html; charset=gb2312">',
        f"<title>{escape(name)}{heading}</title></head><body>",
        "<script>document.write('<table><tr><td>208</td><td>9,999.99</td></tr></table>')</script>",
        "<table width=980><tr><td colspan=2><table><tr><td>首页<td>政务公开<td>部门决算</table>",
        "<tr><td width=200><table><tr><td>通知公告<tr><td>财政预决算</table>",
        "<td><div class=article>",
        f"<p align=center><font size=5>{escape(name)}</font></p>",
        f"<p align=center><font size=5>{heading}</font></p>",
        *[f"<p>{escape(entry)}" for entry in book.contents],
    ]
    tables = [line for sheet in book.sheets for line in _portal_sheet(sheet)]
    told = [f"<p>{book.narrative_heading}"]
    told += [f"<p>&nbsp;&nbsp;&nbsp;&nbsp;<span>{escape(text)}</span>" for text in book.narrative]
    lines += [*told, *tables] if book.tables_last else [*tables, *told]
    lines += [line for sheet in book.annexes for line in _portal_sheet(sheet)]
    lines += ["</div>", "<tr><td colspan=2>版权所有</table></body></html>", ""]
    return "\n".join(lines)


def _portal_sheet(sheet: Sheet) -> Iterator[str]:
    """A sheet with its title and unit in a table of their own above it."""
    yield f"<table><tr><td colspan=2>{escape(sheet.title)}"
    if sheet.form_no:
        yield f"<tr><td><td>{sheet.form_no}"
    yield f"<tr><td>{escape(sheet.department_line)}<td>{sheet.unit_line}</table>"
    yield "<table border=1 cellspacing=0>"
    for row in (*sheet.header, *sheet.body):
        yield "<tr>"
        for cell in row:
            if cell is not None:
                yield f"<td{_spans(cell)}>{_portal_text(cell)}"
    yield "</table>"
    yield from (f"<p>{escape(note)}</p>" for note in sheet.notes)


def _portal_text(cell: Printed) -> str:
    text = _lines(cell.text)
    if cell.kind == "number":
        whole, point, decimals = text.partition(".")
        if point:
            return f"<p align=right>&nbsp;<span>{whole}</span>.<font>{decimals}</font></p>"
        return text or "&nbsp;"
    return text if len(text) < 8 or "<" in text else f"{text[:6]}<br>\n      {text[6:]}"
