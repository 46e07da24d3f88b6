"""The report as a workbook: findings and scorecards, a sheet each, with the headers of one language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from flows.report.contents import Contents, Document, Finding
from flows.report.words import word

_COLOURS = {"critical": "#F8D7DA", "major": "#FDE7C8", "minor": "#E8EEF5"}
_GRADES = {"A": "#D7EFDF", "B": "#DCE8F5", "C": "#FDE7C8", "D": "#F8D7DA"}
_DIGITS = 15  # what a spreadsheet's number keeps

# Header in Chinese and English, width in characters, value of (document, finding, language).
_Column = tuple[str, str, int, Callable[[Document, Finding, str], Any]]
_FINDINGS: tuple[_Column, ...] = (
    ("级别", "Severity", 9, lambda d, f, language: word("severities", f.row["severity"], language)),
    ("类别", "Category", 18, lambda d, f, language: word("categories", f.row["category"], language)),
    ("部门", "Department", 28, lambda d, f, language: d.row["department_name"]),
    ("年度", "Year", 7, lambda d, f, language: d.row["fiscal_year"]),
    ("文件", "File", 34, lambda d, f, language: d.row["file_name"]),
    ("页", "Page", 6, lambda d, f, language: f.row["page"] if d.has_pages else None),
    ("行", "Line", 6, lambda d, f, language: f.row["line_no"]),
    ("项目", "Item", 26, lambda d, f, language: f.row["row_label"]),
    ("印为", "Printed", 14, lambda d, f, language: f.printed),
    ("应为", "Expected", 14, lambda d, f, language: f.expected),
    ("单位", "Unit", 7, lambda d, f, language: f.unit),
    ("印为（元）", "Printed (yuan)", 18, lambda d, f, language: f.row["printed_yuan"]),
    ("应为（元）", "Expected (yuan)", 18, lambda d, f, language: f.row["expected_yuan"]),
    ("应为减印为（元）", "Difference (yuan)", 18, lambda d, f, language: f.row["difference_yuan"]),
    ("说明", "Finding", 80, lambda d, f, language: f.row[f"message_{language}"]),
    ("原文", "Words", 40, lambda d, f, language: f.figure.evidence if f.figure else None),
    ("读法", "Reading", 12, lambda d, f, language: word("confidences", f.row["confidence"], language)),
    ("数字编号", "figure_id", 32, lambda d, f, language: f.row["figure_id"]),
    ("问题编号", "finding_id", 40, lambda d, f, language: f.row["finding_id"]),
)
# The same for a scorecard: value of (document, language).
_SCORECARDS: tuple[tuple[str, str, int, Callable[[Document, str], Any]], ...] = (
    ("等级", "Grade", 7, lambda d, language: d.row["grade"]),
    ("部门", "Department", 28, lambda d, language: d.row["department_name"]),
    ("年度", "Year", 7, lambda d, language: d.row["fiscal_year"]),
    ("文件", "File", 34, lambda d, language: d.row["file_name"]),
    ("种类", "Kind", 14, lambda d, language: word("kinds", d.row["document_kind"], language)),
    ("状态", "Status", 10, lambda d, language: word("statuses", d.row["status"], language)),
    ("评级原因", "Why", 40, lambda d, language: d.row[f"grade_reason_{language}"]),
    ("评级规则", "Rule", 60, lambda d, language: d.row[f"grade_rule_{language}"]),
    *(
        (zh, en, 10, lambda d, language, name=name: d.row[name])
        for zh, en, name in (
            ("严重", "Critical", "critical_count"),
            ("重要", "Major", "major_count"),
            ("一般", "Minor", "minor_count"),
            ("核对", "Checks", "check_count"),
            ("相符", "Exact", "exact_count"),
            ("尾差之内", "Within rounding", "within_rounding_count"),
            ("不符", "Violated", "violated_count"),
            ("无法核对", "Not checkable", "not_checkable_count"),
            ("应有表", "Tables expected", "table_expected_count"),
            ("有数的表", "With figures", "table_with_figures_count"),
            ("声明为空", "Declared empty", "table_declared_empty_count"),
            ("只有标题", "Without body", "table_without_figures_count"),
            ("缺的表", "Absent", "table_absent_count"),
            ("表内数字", "Table figures", "cell_count"),
            ("文字数字", "Claims", "claim_count"),
            ("文字已核", "Claims tied", "claim_tied_count"),
            ("文字矛盾", "Claims contradicted", "claim_contradicted_count"),
            ("文字核对", "Claim checks", "claim_check_count"),
            ("文字不符", "Claim checks violated", "claim_violated_count"),
            ("文字无法核对", "Claim checks not checkable", "claim_not_checkable_count"),
        )
    ),
)


def write(contents: Contents, path: Path, language: str = "zh") -> None:
    """Write the workbook. No cell is ever run as a formula or a link, whatever a document prints.

    Raises OSError where the file cannot be written.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    try:
        # In memory: xlsxwriter would else keep its parts in the machine's folder for temporary files.
        with xlsxwriter.Workbook(str(path), {**options, "in_memory": True}) as book:
            _sheet(
                book,
                "问题" if language == "zh" else "Findings",
                [(column[0 if language == "zh" else 1], column[2]) for column in _FINDINGS],
                [
                    [value(document, finding, language) for *_, value in _FINDINGS]
                    for document, finding in contents.findings
                ],
                [_COLOURS.get(finding.row["severity"], "") for _, finding in contents.findings],
            )
            _sheet(
                book,
                "记分卡" if language == "zh" else "Scorecards",
                [(column[0 if language == "zh" else 1], column[2]) for column in _SCORECARDS],
                [[value(document, language) for *_, value in _SCORECARDS] for document in contents.documents],
                [_GRADES.get(document.row["grade"], "") for document in contents.documents],
            )
    except xlsxwriter.exceptions.FileCreateError as error:
        raise error.args[0] if isinstance(error.args[0], OSError) else OSError(str(error)) from error


def _sheet(
    book: xlsxwriter.Workbook,
    name: str,
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[Any]],
    colours: Sequence[str],
) -> None:
    """A sheet whose first row stays in sight; a row's colour is that of its first cell."""
    sheet = book.add_worksheet(name)
    header = book.add_format({"bold": True, "bg_color": "#1C2127", "font_color": "#FFFFFF"})
    # quote_prefix: the text stays a text when somebody edits the cell
    plain = {"valign": "top", "text_wrap": True}
    text = book.add_format({**plain, "quote_prefix": True})
    whole = book.add_format({"valign": "top"})
    money = book.add_format({"valign": "top", "num_format": "#,##0.00####"})
    first = {
        colour: book.add_format({**plain, "bold": True, "bg_color": colour})
        for colour in sorted(set(colours))
        if colour
    }
    for number, (title, width) in enumerate(columns):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, title, header)
    for row_no, (row, colour) in enumerate(zip(rows, colours, strict=True), start=1):
        for number, value in enumerate(row):
            format_ = first.get(colour, text) if number == 0 else text
            if value is None or value == "":
                continue
            if isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) <= _DIGITS:
                # exact: up to 15 digits come back from a double as they went in
                sheet.write_number(row_no, number, float(value), money)
            elif isinstance(value, int):
                sheet.write_number(row_no, number, value, whole)
            else:
                sheet.write_string(row_no, number, str(value)[:32_767], format_)
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
