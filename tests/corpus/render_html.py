"""Renders an account as a web page, in two ways of making one.

`plain`: headings, paragraphs and tables with row and column spans, in UTF-8. `portal`: as portals
of governments used to be made: GBK, the whole page in layout tables with navigation beside the
article, end tags left out, font tags, numbers behind &nbsp;, scripts between.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from tests.corpus.accounts import Account
from tests.corpus.forms import Printed, Row, Sheet, sheets
from tests.corpus.narrative import paragraphs


def render(account: Account, family: str = "numbered", style: str = "plain") -> bytes:
    """The page's bytes; `style` is plain or portal."""
    if style == "plain":
        return _plain(account, family).encode()
    return _portal(account, family).encode("gbk")


def _plain(account: Account, family: str) -> str:
    title = f"{account.department_name}{account.fiscal_year}年度部门决算"
    lines = [
        "<!DOCTYPE html>",
        '<html lang="zh"><head><meta charset="utf-8">',
        f"<title>{escape(title)}</title>",
        "<style>td { border: 1px solid }</style></head><body>",
        f"<h1>{escape(account.department_name)}</h1>",
        f"<h1>{account.fiscal_year}年度部门决算</h1>",
    ]
    for sheet in sheets(account, family):
        lines.append(f"<h2>{escape(sheet.title)}</h2>")
        if sheet.form_no:
            lines.append(f"<p>{sheet.form_no}</p>")
        lines.append(f"<p><span>部门：{escape(account.department_name)}</span> {sheet.unit_line}</p>")
        lines += ["<table>", "<thead>"]
        lines += [f"<tr>{''.join(_cells(row, 'th'))}</tr>" for row in sheet.header]
        lines += ["</thead>", "<tbody>"]
        lines += [f"<tr>{''.join(_cells(row, 'td'))}</tr>" for row in sheet.body]
        lines += ["</tbody>", "</table>"]
        lines += [f"<p>{escape(note)}</p>" for note in sheet.notes]
    lines.append(f"<h2>第三部分 {account.fiscal_year}年度部门决算情况说明</h2>")
    lines += [f"<p>{escape(text)}</p>" for text in paragraphs(account)]
    return "\n".join([*lines, "</body></html>", ""])


def _cells(row: Row, tag: str) -> Iterator[str]:
    for cell in row:
        if cell is not None:
            yield f"<{tag}{_spans(cell)}>{escape(cell.text)}</{tag}>"


def _spans(cell: Printed) -> str:
    rows = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
    columns = f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
    return rows + columns


def _portal(account: Account, family: str) -> str:
    lines = [
        '<html><head><meta http-equiv=Content-Type content="text/html; charset=gb2312">',
        f"<title>{escape(account.department_name)}{account.fiscal_year}年度部门决算</title></head><body>",
        "<script>document.write('<table><tr><td>208</td><td>9,999.99</td></tr></table>')</script>",
        "<table width=980><tr><td colspan=2><table><tr><td>首页<td>政务公开<td>部门决算</table>",
        "<tr><td width=200><table><tr><td>通知公告<tr><td>财政预决算</table>",
        "<td><div class=article>",
        f"<p align=center><font size=5>{escape(account.department_name)}</font></p>",
        f"<p align=center><font size=5>{account.fiscal_year}年度部门决算</font></p>",
    ]
    for sheet in sheets(account, family):
        lines += _portal_sheet(sheet, account)
    lines.append(f"<p>第三部分 {account.fiscal_year}年度部门决算情况说明")
    lines += [f"<p>&nbsp;&nbsp;&nbsp;&nbsp;<span>{escape(text)}</span>" for text in paragraphs(account)]
    lines += ["</div>", "<tr><td colspan=2>版权所有</table></body></html>", ""]
    return "\n".join(lines)


def _portal_sheet(sheet: Sheet, account: Account) -> Iterator[str]:
    """A sheet with its title and unit in a table of their own above it."""
    yield f"<table><tr><td colspan=2>{escape(sheet.title)}"
    if sheet.form_no:
        yield f"<tr><td><td>{sheet.form_no}"
    yield f"<tr><td>部门：{escape(account.department_name)}<td>{sheet.unit_line}</table>"
    yield "<table border=1 cellspacing=0>"
    for row in (*sheet.header, *sheet.body):
        yield "<tr>"
        for cell in row:
            if cell is not None:
                yield f"<td{_spans(cell)}>{_portal_text(cell)}"
    yield "</table>"
    yield from (f"<p>{escape(note)}</p>" for note in sheet.notes)


def _portal_text(cell: Printed) -> str:
    text = escape(cell.text)
    if cell.kind == "number":
        whole, _, decimals = text.partition(".")
        return f"<p align=right>&nbsp;<span>{whole}</span>.<font>{decimals}</font></p>" if text else "&nbsp;"
    return text if len(text) < 8 else f"{text[:6]}<br>\n      {text[6:]}"
