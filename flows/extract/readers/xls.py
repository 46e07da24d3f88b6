"""What an XLS file says that its values do not: number formats, errors, hidden rows and columns.

python-calamine gives values and merged cells, but no number formats, and errors as blanks. The records
read here are few and short ([MS-XLS], BIFF8), in the stream Workbook of a compound file.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from python_calamine import PasswordError

from flows.extract.readers import compound
from flows.extract.readers.number_format import BUILT_IN_FORMATS
from flows.extract.readers.sheet_print import SheetPrint

DAMAGE = (*compound.DAMAGE, UnicodeDecodeError)

_BIFF8 = 0x0600

_BOF, _EOF, _BOUND_SHEET, _FORMAT, _XF = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0
_PASSWORD, _EXTENT, _ROW, _COLUMNS = 0x002F, 0x0200, 0x0208, 0x007D
_NUMBER, _RK, _MANY_RK, _FORMULA, _BOOLEAN_OR_ERROR = 0x0203, 0x027E, 0x00BD, 0x0006, 0x0205
_LABEL, _SHARED_LABEL, _RICH_LABEL = 0x0204, 0x00FD, 0x00D6
_CELLS = {_NUMBER, _RK, _FORMULA, _BOOLEAN_OR_ERROR, _LABEL, _SHARED_LABEL, _RICH_LABEL}
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}

Record = tuple[int, bytes]


def sheet_prints(data: bytes) -> list[SheetPrint] | None:
    """How each sheet is printed, in the order of the workbook; None where the file has no workbook, or one
    of an older kind than Excel 97's.

    Raises PasswordError where it is encrypted, and one of DAMAGE where it is damaged.
    """
    stream = compound.stream(data, "Workbook")
    if stream[:2] != struct.pack("<H", _BOF) or struct.unpack_from("<H", stream, 4)[0] != _BIFF8:
        return None
    own: dict[int, str] = {}
    styles: list[int] = []
    starts: list[int] = []
    for kind, record in _records(stream, 0):
        if kind == _PASSWORD:
            raise PasswordError
        if kind == _FORMAT:
            own[struct.unpack_from("<H", record)[0]] = _text(record[2:])
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", record, 2)[0])
        elif kind == _BOUND_SHEET:
            starts.append(struct.unpack_from("<I", record)[0])
    codes = BUILT_IN_FORMATS | own
    style_codes = [codes.get(style, "") for style in styles]
    return [_sheet_print(_records(stream, start), style_codes) for start in starts]


def _sheet_print(records: Iterator[Record], codes: list[str]) -> SheetPrint:
    shown = SheetPrint()

    def code_of(style: int) -> str:
        return codes[style] if style < len(codes) else ""

    for kind, record in records:
        if kind == _ROW:
            row, flags = struct.unpack_from("<H10xH", record)
            if flags & 0x20:
                shown.hidden_rows.add(row)
        elif kind == _COLUMNS:
            first, last, flags = struct.unpack_from("<HH4xH", record)
            if flags & 1:
                shown.hidden_columns.update(range(first, min(last, 255) + 1))
        elif kind == _MANY_RK:
            row, first = struct.unpack_from("<HH", record)
            for n in range((len(record) - 6) // 6):
                shown.add((row, first + n), code_of(struct.unpack_from("<H", record, 4 + 6 * n)[0]))
        elif kind == _EXTENT:
            first_row, end_row, first, end = struct.unpack_from("<IIHH", record)
            if first_row > end_row or first > end:
                raise struct.error("a sheet that ends before it begins")
            shown.declared = end_row * end
        elif kind in _CELLS:
            row, column, style = struct.unpack_from("<HHH", record)
            shown.add((row, column), code_of(style), _error(kind, record))
    return shown


def _error(kind: int, record: bytes) -> str:
    """The error that a cell holds; empty where it holds a value."""
    if kind == _BOOLEAN_OR_ERROR and record[7]:
        return _ERRORS.get(record[6], "#")
    if kind == _FORMULA and record[12:14] == b"\xff\xff" and record[6] == 2:
        return _ERRORS.get(record[8], "#")
    return ""


def _records(stream: bytes, position: int) -> Iterator[Record]:
    """The records from one BOF to its EOF, those of charts that lie in between left out."""
    depth = 0
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, stream[position + 4 : position + 4 + length]
        position += 4 + length


def _text(data: bytes) -> str:
    """A text with its length in two bytes before it."""
    length, is_wide = struct.unpack_from("<HB", data)
    if is_wide & 1:
        return data[3 : 3 + 2 * length].decode("utf-16-le")
    return data[3 : 3 + length].decode("latin-1")
