"""One department-year as a workbook: the nine official tables, our verdicts as colours, the findings."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from flows.export.accounts import Account, Figure
from flows.export.official import Cell, Forms, Row, Sheet, sheets
from flows.extract.normalise import decimal_of, is_amount
from flows.report.words import word

_DIGITS = 15  # what a spreadsheet's number keeps
# A figure's colour: laid at its door, or the gravest verdict of the identities that it stands in.
_COLOURS = {
    "found": ("#F1948A", "有问题：见批注与“问题”页"),
    "violated": ("#FADBD8", "所在的勾稽关系有不符"),
    "within_rounding": ("#FCF3CF", "相符，有尾差（四舍五入或截位）"),
    "exact": ("#E3F4E6", "所在的勾稽关系全部相符"),
    "not_checkable": ("#E5E7E9", "所在的勾稽关系无法核对"),
    "": ("", "没有勾稽关系涉及"),
}
_NOT_PRINTED = "#1F4E9E"  # figures whose characters or column no print vouches for
_HEADER = "#DDE6EF"
_PORTRAIT = 110  # characters that a page holds upright
# Every workbook says that it was made then: no clock, so that the same warehouse gives the same bytes.
_EPOCH = datetime(2000, 1, 1)
_NOT_IN_NAMES = str.maketrans("", "", "[]:*?/\\'")
_NO_FORMULAS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write(account: Account, forms: Forms, path: Path) -> None:
    """Write the workbook of one account. No cell is ever run as a formula, whatever a document prints.

    Amounts are numbers in the unit of their table, with the decimals that are printed. Raises OSError where
    the file cannot be written.
    """
    made = sheets(account, forms)
    try:
        with xlsxwriter.Workbook(str(path), {**_NO_FORMULAS, "in_memory": True}) as book:
            book.set_properties({"title": _title(account), "created": _EPOCH})
            formats = _Formats(book)
            _write_cover(book, formats, account, made)
            for sheet in made:
                _write_table(book, formats, account, sheet)
            _write_rest(book, formats, account, {id for sheet in made for id in sheet.placed})
            _write_findings(book, formats, account)
    except xlsxwriter.exceptions.FileCreateError as error:
        raise error.args[0] if isinstance(error.args[0], OSError) else OSError(str(error)) from error


def _title(account: Account) -> str:
    return f"{account.document['department_name']} {account.document['fiscal_year']} 年度部门决算"


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def __call__(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_name": "宋体", "font_size": 10, **properties})
        return self._made[key]

    def of(self, cell: Cell) -> Format:
        """How a cell of a form looks."""
        look: dict[str, Any] = {"border": 1, "valign": "vcenter"}
        if cell.kind == "header":
            return self(**look, bold=True, align="center", text_wrap=True, bg_color=_HEADER)
        if cell.kind == "ordinal":
            return self(**look, align="center", font_color="#666666")
        if cell.kind == "amount":
            return self(**look, align="right", **_look(cell.figure))
        return self(**look, bold=cell.kind == "total", text_wrap=True, quote_prefix=True)


def _look(figure: Figure | None) -> dict[str, Any]:
    if figure is None:
        return {}
    colour, _ = _COLOURS["found" if figure.findings else figure.verdict]
    look: dict[str, Any] = {"bg_color": colour} if colour else {}
    if figure.confidence != "certain":
        look |= {"italic": True, "font_color": _NOT_PRINTED}
    value = _number(figure)
    if value is not None:
        places = max(0, -int(value.as_tuple().exponent))
        look["num_format"] = "#,##0" + ("." + "0" * places if places else "")
    return look


def _number(figure: Figure) -> Decimal | None:
    """The figure as a number that a spreadsheet keeps exactly; None where it is text or too long."""
    if figure.unit or not is_amount(figure.text):
        return None
    value = decimal_of(figure.text)
    return value if len(value.as_tuple().digits) <= _DIGITS else None


def _write_cell(sheet: Worksheet, formats: _Formats, row: int, column: int, cell: Cell) -> None:
    format_ = formats.of(cell)
    if cell.rows > 1 or cell.columns > 1:
        sheet.merge_range(row, column, row + cell.rows - 1, column + cell.columns - 1, cell.text, format_)
        return
    value = _number(cell.figure) if cell.figure else None
    if value is not None:
        sheet.write_number(row, column, float(value), format_)
    elif cell.figure:
        sheet.write_string(row, column, cell.figure.text + cell.figure.unit, format_)
    elif cell.text:
        sheet.write_string(row, column, cell.text, format_)
    else:
        sheet.write_blank(row, column, None, format_)
    if cell.figure and (cell.figure.findings or cell.figure.confidence != "certain"):
        sheet.write_comment(row, column, _comment(cell.figure), {"x_scale": 2.5, "y_scale": 1.5})


def _comment(figure: Figure) -> str:
    said = list(figure.findings)
    if figure.confidence != "certain":
        said.append(f"读法：{word('confidences', figure.confidence, 'zh')}。")
    return "\n".join([*said, f"印为 {figure.text}{figure.unit}，{_place(figure)}，编号 {figure.figure_id}"])


def _place(figure: Figure) -> str:
    line = f"第 {figure.line_no} 行"
    return f"第 {figure.page} 页{line}" if figure.page else line


def _write_table(book: xlsxwriter.Workbook, formats: _Formats, account: Account, table: Sheet) -> None:
    sheet = book.add_worksheet(f"{table.form_no[2:4]} {table.title}"[:31].translate(_NOT_IN_NAMES))
    last = len(table.widths) - 1
    for column, width in enumerate(table.widths):
        sheet.set_column(column, column, width)
    sheet.merge_range(0, 0, 0, last, table.title, formats(bold=True, font_size=16, align="center"))
    sheet.set_row(0, 26)
    sheet.write_string(1, last, table.form_no, formats(align="right"))
    sheet.write_string(2, 0, f"部门：{account.document['department_name']}", formats())
    sheet.write_string(2, last, f"金额单位：{table.unit or '未印'}", formats(align="right"))
    row = 3
    for cells in [*table.header, *table.body]:
        _write_row(sheet, formats, row, cells)
        row += 1
    sheet.freeze_panes(3 + len(table.header), 0)
    if table.status:
        sheet.write_string(row + 1, 0, table.status, formats(bold=True))
    # Forms of fixed rows are one page; those of many codes go on over as many as they need.
    has_fixed_rows = table.table_code in ("gk01", "gk04", "gk06", "gk09")
    _set_page(sheet, is_wide=sum(table.widths) > _PORTRAIT, pages=1 if has_fixed_rows else 0)
    sheet.repeat_rows(3, 2 + len(table.header))


def _set_page(sheet: Worksheet, is_wide: bool, pages: int = 0) -> None:
    """A4, as wide as the sheet, over `pages` pages (0: as many as it needs)."""
    if is_wide:
        sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.fit_to_pages(1, pages)


def _write_row(sheet: Worksheet, formats: _Formats, row: int, cells: Row) -> None:
    for column in sorted(cells):
        _write_cell(sheet, formats, row, column, cells[column])


def _write_cover(
    book: xlsxwriter.Workbook, formats: _Formats, account: Account, tables: Sequence[Sheet]
) -> None:
    sheet, document = book.add_worksheet("说明"), account.document
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, _title(account), formats(bold=True, font_size=16))
    facts = [
        ("文件", document["file_name"]),
        ("文件编号", document["document_id"]),
        ("种类", word("kinds", document["document_kind"], "zh")),
        ("状态", word("statuses", document["status"], "zh")),
        ("说明", document["status_reason"]),
        (
            "等级",
            f"{document['grade'] or ''}：{document['grade_rule_zh'] or ''}" if document["grade"] else "",
        ),
        ("问题", f"{len(account.findings)} 个，见“问题”页"),
        ("是否入星", "否：有严重不符，暂不入统计" if document["is_quarantined"] else "是"),
    ]
    row = 2
    for name, value in facts:
        if value:
            sheet.write_string(row, 0, name, formats(bold=True))
            sheet.write_string(row, 1, value, formats(text_wrap=True, quote_prefix=True))
            row += 1
    row += 1
    sheet.write_string(row, 0, "表", formats(bold=True))
    for table in tables:
        row += 1
        sheet.write_string(row, 0, table.form_no, formats())
        count = len(table.placed)
        said = "，".join(filter(None, [f"{count} 个数字" if count else "", table.status]))
        sheet.write_string(row, 1, f"{table.title}：{said}", formats())
    row += 2
    sheet.write_string(row, 0, "颜色", formats(bold=True))
    for colour, meaning in _COLOURS.values():
        row += 1
        sheet.write_blank(row, 0, None, formats(border=1, **({"bg_color": colour} if colour else {})))
        sheet.write_string(row, 1, meaning, formats())
    row += 1
    sheet.write_string(row, 0, "1,234.56", formats(italic=True, font_color=_NOT_PRINTED, border=1))
    sheet.write_string(row, 1, "非印刷文字：从图片识别，或栏次为推定", formats())
    _set_page(sheet, is_wide=False, pages=1)
    sheet.write_string(row + 2, 0, "数字照原文件所印，单位见各表；空格为原文件未印，不等于零。", formats())


_REST = (("表", 34), ("行", 40), ("栏", 40), ("印为", 16), ("读法", 12), ("位置", 16), ("数字编号", 34))
_FINDINGS = (("级别", 8), ("位置", 14), ("项目", 26), ("印为", 16), ("应为", 16), ("说明", 100))


def _write_rest(
    book: xlsxwriter.Workbook, formats: _Formats, account: Account, placed: Container[str]
) -> None:
    """What the document prints and the nine forms have no place for: nothing is left out."""
    rows = [
        (
            (table.title or table.table_code, figure.row_label, figure.column_path,
             figure.text + figure.unit, word("confidences", figure.confidence, "zh"), _place(figure),
             figure.figure_id),
            formats(quote_prefix=True, **_look(figure)),
        )
        for table in account.tables
        for figure in table.figures
        if figure.figure_id not in placed
    ]  # fmt: skip
    _write_list(book, formats, "其他数字", _REST, rows)


def _write_findings(book: xlsxwriter.Workbook, formats: _Formats, account: Account) -> None:
    rows = [
        (
            (word("severities", row["severity"], "zh"), f"第 {row['line_no']} 行" if row["line_no"] else "",
             row["row_label"] or "", row["printed_text"] or "", row["expected_text"] or "",
             row["message_zh"] or ""),
            formats(quote_prefix=True, text_wrap=True, valign="top"),
        )
        for row in account.findings
    ]  # fmt: skip
    _write_list(book, formats, "问题", _FINDINGS, rows)


def _write_list(
    book: xlsxwriter.Workbook,
    formats: _Formats,
    name: str,
    columns: Sequence[tuple[str, int]],
    rows: Sequence[tuple[Sequence[str], Format]],
) -> None:
    sheet = book.add_worksheet(name)
    for number, (title, width) in enumerate(columns):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, title, formats(bold=True, bg_color=_HEADER, border=1))
    for row_no, (row, format_) in enumerate(rows, 1):
        for number, text in enumerate(row):
            sheet.write_string(row_no, number, text, format_)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    _set_page(sheet, is_wide=True)
