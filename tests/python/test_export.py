"""What is handed on: the nine official tables as a workbook, each figure in its place on the form."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from flows.errors import UsageError
from flows.export import official, workbook
from flows.export.accounts import Account, Figure, Table, accounts
from flows.export.folder import export
from flows.land import LANDING, land_document
from flows.settings import PROJECT, SAMPLES

REFERENCE = PROJECT / "seeds" / "reference"
TRUTH = PROJECT / "tests" / "corpus" / "truth" / "hetang_2023_cells.csv"
EVIL = '=HYPERLINK("http://x")'


def _truth() -> list[tuple[str, str, str, str]]:
    with TRUTH.open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in list(csv.reader(file))[1:]]


def _warehouse(path: Path, file_name: str, data: bytes) -> Path:
    """A published warehouse of one document, with the columns that the export asks for."""
    landed = land_document(file_name, data)
    with duckdb.connect(str(path)) as connection:
        for schema in ("landing", "reference", "marts", "quality"):
            connection.execute(f"create schema {schema}")
        for name, columns in LANDING.items():
            text = io.StringIO()
            writer = csv.DictWriter(text, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(landed[name])
            file = path.with_name(f"{name}.csv")
            file.write_text(text.getvalue(), encoding="utf-8")
            connection.execute(
                f"create table landing.{name} as from read_csv('{file}', all_varchar = true, header = true)"
            )
        for name in ("official_form_rows", "form_columns", "table_codes"):
            file = REFERENCE / f"{name}.csv"
            connection.execute(
                f"create table reference.{name} as from read_csv('{file}', all_varchar = true)"
            )
        connection.execute("alter table reference.official_form_rows alter row_no type integer")
        connection.execute(
            """
            create table marts.dim_document as
            select
                document_id, fiscal_year::integer as fiscal_year, 'dept_1_2023' as department_year_id,
                document_kind, true as is_current, false as is_quarantined
            from landing.landed_documents;
            create table quality.disclosure_scorecard as
            select document_id, 'C' as grade, '有重要问题' as grade_rule_zh from landing.landed_documents;
            create table quality.fct_identity_checks (
                document_id varchar, verdict varchar, is_waived boolean, figure_ids varchar
            );
            create table quality.fct_findings (
                finding_id varchar, document_id varchar, severity varchar, page integer, line_no integer,
                row_label varchar, printed_text varchar, expected_text varchar, message_zh varchar,
                figure_id varchar
            );
            """
        )
    return path


@pytest.fixture(scope="module")
def hetang(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    sample = SAMPLES / "hetang_party_office_2023.txt"
    path = _warehouse(tmp_path_factory.mktemp("export") / "w.duckdb", sample.name, sample.read_bytes())
    with duckdb.connect(str(path)) as connection:
        yield connection


def _written(connection: duckdb.DuckDBPyConnection, folder: Path) -> openpyxl.Workbook:
    (path,) = export(connection, folder, ("xlsx",))
    return openpyxl.load_workbook(path)


@cache
def _texts(sheet: Worksheet) -> dict[tuple[str, int], tuple[int, int]]:
    """(text, column) → row and column of the first such cell; column 0 stands for any."""
    found: dict[tuple[str, int], tuple[int, int]] = {}
    for row in sheet.iter_rows():
        for cell in row:
            for column in (0, cell.column):
                found.setdefault((cell.value, column), (cell.row, cell.column))
    return found


def _find(sheet: Worksheet, text: str, column: int = 0) -> tuple[int, int]:
    """Row and column of the first cell that says just this."""
    return _texts(sheet)[text, column]


CLASSES = (*range(201, 209), *range(210, 218), *range(219, 225), 229, 231, 232, 234)  # 一 to 二十六
# 行次 on the form, read from the form itself (公开01表, 公开04表).
ROWS = {
    "gk01": {
        "revenue.general_public_budget": 1, "revenue.government_fund": 2, "revenue.state_capital": 3,
        "revenue.superior_subsidy": 4, "revenue.institutional": 5, "revenue.operating": 6,
        "revenue.affiliated_remittance": 7, "revenue.other": 8, "revenue.total_current": 27,
        "balance.used_non_fiscal_surplus": 28, "balance.opening_carryover": 29, "revenue.grand_total": 31,
        "expenditure.total_current": 58, "balance.surplus_distribution": 59, "balance.closing_carryover": 60,
        "expenditure.grand_total": 62,
    } | {f"expenditure.class.{code}": 31 + number for number, code in enumerate(CLASSES, 1)},
    "gk04": {
        "revenue.general_public_budget": 1, "revenue.government_fund": 2, "revenue.state_capital": 3,
        "revenue.total_current": 27, "balance.opening_fiscal_carryover": 28,
        "balance.opening_fiscal_carryover.general_public_budget": 29,
        "balance.opening_fiscal_carryover.government_fund": 30,
        "balance.opening_fiscal_carryover.state_capital": 31, "revenue.grand_total": 32,
        "expenditure.total_current": 59, "balance.closing_fiscal_carryover": 60,
        "expenditure.grand_total": 64,
    } | {f"expenditure.class.{code}": 32 + number for number, code in enumerate(CLASSES, 1)},
}  # fmt: skip
# 栏次 of the measures, from the forms.
COLUMNS = {
    "gk02": ("total", "fiscal_appropriation", "superior_subsidy", "institutional", "operating",
             "affiliated_remittance", "other"),
    "gk03": ("total", "basic", "project", "remitted_to_superior", "operating", "subsidy_to_affiliated"),
    "gk05": ("total", "basic", "project"),
    "gk09": tuple(f"{phase}.{part}" for phase in ("adjusted_budget", "final")
                  for part in ("total", "overseas_travel", "vehicles", "vehicle_purchase",
                               "vehicle_operation", "reception")),
    "gk04": ("final", "total", "general_public_budget", "government_fund", "state_capital"),
}  # fmt: skip


def _place(sheet: Worksheet, code: str, item: str, measure: str) -> tuple[int, int]:
    """Where the official form prints a figure, told by 行次, 栏次 and the printed codes."""
    if code in ROWS:
        number = ROWS[code][item]
        is_right = number > (31 if code == "gk01" else 32)
        row, ordinal_column = _find(sheet, str(number), column=5 if is_right else 2)
        offset = 1 if code == "gk01" else max(1, COLUMNS["gk04"].index(measure))
        return row, ordinal_column + offset
    if code == "gk06":
        if item.endswith("_total"):
            row, _ = _find(sheet, "人员经费合计")
            return row, 3 if "personnel" in item else 9
        row, column = _find(sheet, item.removeprefix("economic."))
        return row, column + 2
    header, _ = _find(sheet, "栏次") if code != "gk09" else _find(sheet, "1")
    column = COLUMNS[code].index(measure) + (1 if code == "gk09" else 3)
    assert sheet.cell(header, column).value == str(COLUMNS[code].index(measure) + 1)
    if code == "gk09":
        return header + 1, column
    row, _ = _find(sheet, "合计", column=1) if item == "function.total" else _find(sheet, item[9:], column=1)
    return row, column


def test_every_figure_stands_where_the_official_form_prints_it(
    hetang: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    book = _written(hetang, tmp_path)
    sheets = {f"gk{sheet.title[:2]}": sheet for sheet in book.worksheets if sheet.title[:2].isdigit()}
    assert list(sheets) == [f"gk0{number}" for number in range(1, 10)]
    truth = _truth()
    assert len(truth) == 710
    for code, item, measure, printed in truth:
        sheet = sheets[code]
        row, column = _place(sheet, code, item, measure)
        cell = sheet.cell(row, column)
        assert isinstance(cell.value, int | float), (code, item, measure, cell.value)
        assert Decimal(str(cell.value)) == Decimal(printed.replace(",", "")), (code, item, measure)
    # and nothing stands in the forms that is not printed
    numbers = sum(
        isinstance(cell.value, int | float) for sheet in sheets.values() for row in sheet for cell in row
    )
    assert numbers == 710


def test_tables_without_figures_say_why(hetang: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    book = _written(hetang, tmp_path)
    (sheet,) = [sheet for sheet in book.worksheets if sheet.title.startswith("07")]
    assert _find(sheet, "本表无数据（文件已说明）")
    account = next(accounts(hetang))
    without = Account(account.document, (), ())
    assert {made.status for made in official.sheets(without, official.forms(hetang))} == {"本文件未见此表"}


def test_colours_and_notes_are_the_verdicts(hetang: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    account = next(accounts(hetang))
    total, first, second, third = (figure.figure_id for figure in account.table("gk02").figures[:4])
    hetang.execute("begin")
    try:
        document = account.document["document_id"]
        for verdict, is_waived, ids in (
            ("exact", False, f"{total} {first} {second}"),
            ("violated", False, f"{total} {first}"),
            ("violated", True, f"{second} {third}"),
        ):
            hetang.execute(
                "insert into quality.fct_identity_checks values (?, ?, ?, ?)",
                [document, verdict, is_waived, ids],
            )
        hetang.execute(
            "insert into quality.fct_findings values ('f', ?, 'major', 1, 7, '合计', '1', '2', ?, ?)",
            [document, "合计不等于各款之和", total],
        )
        book = _written(hetang, tmp_path)
    finally:
        hetang.execute("rollback")
    (sheet,) = [sheet for sheet in book.worksheets if sheet.title.startswith("02")]
    row, _ = _find(sheet, "合计", column=1)
    colours = [sheet.cell(row, column).fill.fgColor.rgb[2:] for column in range(3, 7)]
    # laid at its door, in a violated sum, and a waived violation counts as none
    assert colours == ["F1948A", "FADBD8", "E3F4E6", "E3F4E6"]
    assert "合计不等于各款之和" in sheet.cell(row, 3).comment.text
    assert sheet.cell(row, 4).comment is None
    assert _find(book["问题"], "合计不等于各款之和")


def _account(figures: list[Figure]) -> Account:
    document = {
        "document_id": "0" * 16, "file_name": EVIL, "department_name": EVIL, "fiscal_year": 2023,
        "document_kind": "department_accounts", "status": "landed", "status_reason": EVIL,
        "amount_unit": "万元", "is_quarantined": False, "grade": None, "grade_rule_zh": None,
    }  # fmt: skip
    table = Table(1, "gk01", EVIL, "万元", False, tuple(figures))
    finding = {"severity": "minor", "line_no": 1, "row_label": EVIL, "printed_text": EVIL,
               "expected_text": EVIL, "message_zh": EVIL}  # fmt: skip
    return Account(document, (table,), (finding,))


def _figure(item: str, text: str, **changes: object) -> Figure:
    values = dict(
        figure_id=f"f-{item}", table_no=1, table_code="gk01", row_no=1, column_no=1, line_item=item,
        measure="final", row_code="", row_label=EVIL, column_path=EVIL, text=text, unit="",
        confidence="certain", page=0, line_no=1, verdict="", findings=(EVIL,),
    )  # fmt: skip
    return Figure(**(values | changes))


def test_nothing_printed_is_run_and_nothing_is_left_out(
    hetang: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    long = "12345678901234567.89"
    figures = [
        _figure("revenue.other", "1,234.50"),
        _figure("revenue.operating", long),
        _figure("revenue.institutional", EVIL),
        _figure("expenditure.class.209", "7.10", row_label="社会保险基金支出"),
        _figure("expenditure.class.201", "5.00", confidence="ocr", findings=()),
        _figure("revenue.nobody_knows", "3.00"),
    ]
    path = tmp_path / "one.xlsx"
    workbook.write(_account(figures), official.forms(hetang), path)
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book.worksheets for row in sheet for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    sheet = next(sheet for sheet in book.worksheets if sheet.title.startswith("01"))
    other = sheet.cell(*_find(sheet, "八、其他收入")).offset(column=2)
    assert (other.value, other.number_format) == (1234.5, "#,##0.00")
    # more digits than a spreadsheet's number keeps stay text
    assert sheet.cell(*_find(sheet, "六、经营收入")).offset(column=2).value == long
    # a class that the form lacks has a row of its own, above the foot
    row, column = _find(sheet, "社会保险基金支出")
    assert sheet.cell(row, column + 2).value == 7.1
    assert sheet.cell(row + 1, column).value == "本年支出合计"
    assert "图像识别" in sheet.cell(*_find(sheet, "一、一般公共服务支出")).offset(column=2).comment.text
    # and what no row of the form is for stands apart
    assert _find(book["其他数字"], "3.00")


def test_the_same_warehouse_gives_the_same_bytes(hetang: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    (first,) = export(hetang, tmp_path / "a", ("xlsx",))
    (second,) = export(hetang, tmp_path / "b", ("xlsx",))
    assert first.read_bytes() == second.read_bytes()


def test_what_is_not_there_is_said(hetang: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such form: pdf"):
        export(hetang, tmp_path, ("pdf",))
    with pytest.raises(UsageError, match="no department and no file has 无此部门"):
        export(hetang, tmp_path, ("xlsx",), "无此部门")
