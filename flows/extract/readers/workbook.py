"""Reads XLSX and XLS: a sheet is a page, a row a line under its own number, and each table a grid.

Numbers land as the sheet shows them, under their number formats; a number without one as the shortest
decimal of what is stored, which is what Excel shows where the column is wide enough.
"""

from __future__ import annotations

import datetime
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from flows.extract.model import Grid, GridCell, Line, Page, ProblemDraft, Reading
from flows.extract.readers import UnreadableDocument, xls, xlsx
from flows.extract.readers.blocks import clean
from flows.extract.readers.inserted import OnPage, PictureReader, moved, reader_of
from flows.extract.readers.number_format import plain_number, printed_number
from flows.extract.readers.sheet_print import Place, SheetPrint
from flows.extract.readers.sheet_tables import Row, tables_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
MOST_CELLS = 200_000  # rows times columns of one sheet, from A1 on
MOST_CELLS_IN_ALL = 2_000_000
_MOST_LAID_OUT = 10_000_000  # of an XLS; each takes 24 bytes

_OLE = b"\xd0\xcf\x11\xe0"

Value = str | float | bool | datetime.date | datetime.time | datetime.timedelta


def is_xls(data: bytes) -> bool:
    """Whether an OLE file, as DOC, XLS and others are, holds a workbook."""
    return data.startswith(_OLE) and any(_ole_name(name) in data for name in ("Workbook", "Book"))


def read(data: bytes, on_page: OnPage | None = None) -> Reading:
    """The sheets of a workbook as pages, in their order; `line_no` is the sheet's own row number.

    Pictures of tables in an XLSX are read, each from the row on that it begins in where the rows from there
    are blank, else below the sheet. `on_page` is told (picture, of how many).

    Formulas give the values stored with them. Hidden sheets, rows and columns are not printed: they
    are reported and not read.

    Raises UnreadableDocument where the workbook is damaged, has a password, or is beyond the limits
    of `archive`.
    """
    is_xlsx = data.startswith(b"PK")
    prints = xlsx.sheet_prints(data) if is_xlsx else _xls_prints(data)
    workbook = _open(data)
    pages: list[Page] = []
    problems: list[ProblemDraft] = []
    if prints is None:
        detail = "the file is of an older kind: numbers are read as stored, not as shown"
        problems.append(_problem(1, 0, "unknown_number_format", detail))
        prints = []
    left = MOST_CELLS_IN_ALL
    pictures = PictureReader(sum(len(shown.pictures) for shown in prints), on_page)
    for n, about in enumerate(workbook.sheets_metadata):
        page = Page(number=n + 1, lines=())
        shown = prints[n] if n < len(prints) else SheetPrint()
        sheet = _sheet(workbook, n, shown, min(MOST_CELLS, left))
        if sheet is None:
            problems.append(_problem(n + 1, 0, "table_too_large", f"sheet {about.name[:40]} was not read"))
        elif about.visible != SheetVisibleEnum.Visible:
            if sheet.height or shown.pictures:
                problems.append(_problem(n + 1, 0, "hidden_sheet", f"sheet {about.name[:40]} is hidden"))
        else:
            left -= sheet.total_height * sheet.total_width
            reader = _SheetReader(n + 1, shown)
            page = replace(reader.page(sheet), name=clean(about.name))
            problems += reader.problems
            for row, picture in shown.pictures:
                inner = pictures.read(picture, page.number, row + 1)
                page = _with_picture(page, inner, row) if inner else page
        pages.append(page)
    return Reading(
        reader=reader_of("xlsx" if is_xlsx else "xls", pages),
        media_type=XLSX if is_xlsx else XLS,
        pages=tuple(pages),
        problems=tuple(problems + pictures.problems),
    )


# -- the file ----------------------------------------------------------------------------------


def _xls_prints(data: bytes) -> list[SheetPrint] | None:
    """As xls.sheet_prints. The library lays all sheets of an XLS out when it opens it, and a size that
    it cannot have ends the process, so that is asked before."""
    try:
        prints = xls.sheet_prints(data)
    except PasswordError as error:
        raise _has_password() from error
    except xls.DAMAGE as error:
        raise _damaged() from error
    if sum(max(shown.places, shown.declared) for shown in prints or ()) > _MOST_LAID_OUT:
        raise UnreadableDocument(
            "工作表过大，请删去空行空列后另存 / "
            "the sheets are too large; delete their empty rows and columns and save the file again"
        )
    return prints


def _open(data: bytes) -> CalamineWorkbook:
    if data.startswith(_OLE) and _ole_name("EncryptedPackage") in data:
        raise _has_password()
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise _has_password() from error
    except BaseException as error:
        raise _refusal(error) from error


def _sheet(workbook: CalamineWorkbook, n: int, shown: SheetPrint, most: int) -> CalamineSheet | None:
    """A sheet, or None where it has more than `most` places; that is asked before it is laid out."""
    if shown.places > most:
        return None
    try:
        sheet = workbook.get_sheet_by_index(n)
    except BaseException as error:
        raise _refusal(error) from error
    return sheet if sheet.total_height * sheet.total_width <= most else None


def _refusal(error: BaseException) -> BaseException:
    """What to raise for an error of the library. Its panics are no Exception, and no reason to stop."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        return error
    return _damaged()


def _damaged() -> UnreadableDocument:
    return UnreadableDocument(
        "工作簿已损坏或不是 Excel 文件，请重新下载或另存为 XLSX / "
        "the workbook is damaged or is not an Excel file; download it again or save it again as XLSX"
    )


def _has_password() -> UnreadableDocument:
    return UnreadableDocument(
        "工作簿有密码，请另存为无密码的副本 / "
        "the workbook is encrypted with a password; save a copy without the password and add that"
    )


def _ole_name(name: str) -> bytes:
    return name.encode("utf-16-le") + b"\0\0"


def _problem(page: int, line_no: int, code: str, detail: str) -> ProblemDraft:
    return ProblemDraft(page=page, line_no=line_no, stage="read", code=code, detail=detail)


def _with_picture(page: Page, inner: Page, row: int) -> Page:
    """A sheet with the lines and grids of a picture that begins in a row, counted from 0."""
    lines = list(page.lines)
    if any(line.text for line in lines[row : row + len(inner.lines)]):
        row = len(lines)
    lines += [Line(page.number, r + 1, "") for r in range(len(lines), row)]
    inner = moved(inner, page.number, row)
    lines[row : row + len(inner.lines)] = inner.lines
    grids = sorted((*page.grids, *inner.grids), key=lambda grid: grid.first_line)
    return replace(page, lines=tuple(lines), grids=tuple(grids))


# -- a sheet -----------------------------------------------------------------------------------


@dataclass
class _SheetReader:
    """Turns one sheet into a page and keeps what it cannot read."""

    number: int
    shown: SheetPrint
    problems: list[ProblemDraft] = field(default_factory=list)

    def page(self, sheet: CalamineSheet) -> Page:
        spans, covered = _merged(sheet)
        rows = self._rows(sheet, covered)
        # blank rows are lines too, so that a line stands at its number
        texts = {row.number: "\t".join(row.texts.values()) for row in rows}
        height = rows[-1].number + 1 if rows else 0
        lines = [Line(self.number, r + 1, texts.get(r, "")) for r in range(height)]
        used = {r for r, _ in covered} | self.shown.hidden_rows
        grids = [self._grid(table, spans) for table in tables_of(rows, used)]
        return Page(number=self.number, lines=tuple(lines), grids=tuple(grids))

    def _rows(self, sheet: CalamineSheet, covered: set[Place]) -> list[Row]:
        """The rows with texts; what is hidden or covered by a merged cell is left out and reported."""
        for (r, c), error in sorted(self.shown.errors.items()):
            self._report(r, "cell_error", f"column {c + 1}: {error[:40]}")
        rows: list[Row] = []
        top, left = sheet.start or (0, 0)
        for r, values in enumerate(sheet.to_python(skip_empty_area=True), start=top):
            texts: dict[int, str] = {}
            hidden: list[str] = []
            for c, value in enumerate(values, start=left):
                text = self._text((r, c), value)
                if not text:
                    continue
                if (r, c) in covered or r in self.shown.hidden_rows or c in self.shown.hidden_columns:
                    hidden.append(text)
                else:
                    texts[c] = text
            if any(character.isdigit() for text in hidden for character in text):
                self._report(r, "hidden_text", f"not shown: {' '.join(hidden)[:60]}")
            if texts:
                rows.append(Row(r, texts))
        return rows

    def _text(self, place: Place, value: Value) -> str:
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, int | float):
            if not math.isfinite(value):
                self._report(place[0], "cell_error", f"column {place[1] + 1}: {value}")
                return ""
            code = self.shown.formats.get(place, "")
            text = printed_number(value, code)
            if text is None:
                self._report(place[0], "unknown_number_format", f"column {place[1] + 1}: {code[:40]}")
            return plain_number(value) if text is None else text
        if isinstance(value, datetime.datetime):
            return value.isoformat(" ")
        if isinstance(value, datetime.date | datetime.time):
            return value.isoformat()
        return _in_one_line(str(value))

    def _report(self, row: int, code: str, detail: str) -> None:
        self.problems.append(_problem(self.number, row + 1, code, detail))

    def _grid(self, rows: Sequence[Row], spans: dict[Place, Place]) -> Grid:
        """The grid of a table; its columns are the sheet's, its rows those from first to last."""
        first, last = rows[0].number, rows[-1].number
        cells = []
        for row in rows:
            for c, text in row.texts.items():
                height, width = spans.get((row.number, c), (1, 1))
                height = min(height, last + 1 - row.number)
                cells.append(
                    GridCell(row.number - first, c, text, height, width, self.number, row.number + 1)
                )
        return Grid(
            page=self.number,
            first_line=first + 1,
            last_line=last + 1,
            row_count=last + 1 - first,
            column_count=max(cell.column + cell.column_span for cell in cells),
            cells=tuple(cells),
        )


def _merged(sheet: CalamineSheet) -> tuple[dict[Place, Place], set[Place]]:
    """Upper left corner → rows and columns of each merged cell, and all places that these cover.

    Spans end with the sheet's content, and one that overlaps another counts for nothing: what is asked
    for by a broken file stays within the size of the sheet.
    """
    spans: dict[Place, Place] = {}
    covered: set[Place] = set()
    taken: set[Place] = set()
    if sheet.end is None:
        return spans, covered
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        bottom, right = min(bottom, sheet.end[0]), min(right, sheet.end[1])
        places = ((r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))
        own: set[Place] = set()
        for place in places:
            if place in taken:
                break
            own.add(place)
        else:
            spans[top, left] = (bottom + 1 - top, right + 1 - left)
            covered |= own - {(top, left)}
        taken |= own
    return spans, covered


def _in_one_line(text: str) -> str:
    """A cell's lines are pieces of one label or number, and are put together again. Two that would run
    into one number stay apart: a number is never made of two."""
    joined = ""
    for piece in filter(None, map(clean, re.split(r"[\r\n\t\v\f]+", text))):
        apart = joined and _is_numeric(joined[-1]) and _is_numeric(piece[0])
        joined += (";" if apart else "") + piece
    return joined


def _is_numeric(character: str) -> bool:
    return character.isdigit() or character in ".,．，-−－"
