"""Writes XLS (BIFF8 in an OLE container) with as much of xlsxwriter's interface as the corpus needs.

No kept library writes XLS any more. Records are those of [MS-XLS], the container that of [MS-CFB].
"""

from __future__ import annotations

import io
import struct

_SECTOR = 512
_END, _FAT, _FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_FIRST_XF = 16  # the styles before are Excel's own
_FIRST_FORMAT = 164
_VISIBILITY = {"visible": 0, "hidden": 1}


class XlsBook:
    """A workbook that `close` writes to `out`."""

    def __init__(self, out: io.BytesIO) -> None:
        self._out = out
        self._sheets: list[XlsSheet] = []
        self._codes: list[str] = []

    def set_properties(self, properties: dict[str, object]) -> None:
        """Nothing is written of them: the bytes are the same without."""

    def add_format(self, properties: dict[str, object]) -> int:
        """The index of a style; of its properties only `num_format` is kept."""
        self._codes.append(str(properties.get("num_format", "General")))
        return _FIRST_XF + len(self._codes) - 1

    def add_worksheet(self, name: str) -> XlsSheet:
        sheet = XlsSheet(name)
        self._sheets.append(sheet)
        return sheet

    def close(self) -> None:
        styles = b"".join(
            _record(0x041E, struct.pack("<H", _FIRST_FORMAT + n) + _text(code, 2))
            for n, code in enumerate(self._codes)
        )
        formats = [0] * _FIRST_XF + [_FIRST_FORMAT + n for n in range(len(self._codes))]
        styles += b"".join(_record(0x00E0, struct.pack("<HH16x", 0, code)) for code in formats)
        bound = sum(4 + 6 + len(_text(sheet.name, 1)) for sheet in self._sheets)
        start = _bof(0x0005) + _record(0x0042, struct.pack("<H", 1200)) + styles
        position = len(start) + bound + 4
        parts = [sheet.stream() for sheet in self._sheets]
        for sheet, part in zip(self._sheets, parts, strict=True):
            header = struct.pack("<IBB", position, _VISIBILITY[sheet.visibility], 0)
            start += _record(0x0085, header + _text(sheet.name, 1))
            position += len(part)
        self._out.write(container(start + _record(0x000A) + b"".join(parts)))


class XlsSheet:
    """One sheet; rows and columns count from 0."""

    def __init__(self, name: str) -> None:
        self.name = name[:31]
        self.visibility = "visible"
        self._cells: dict[tuple[int, int], bytes] = {}
        self._merged: list[tuple[int, int, int, int]] = []
        self._others: list[bytes] = []

    def hide(self) -> None:
        self.visibility = "hidden"

    def set_row(self, row: int, height: object, style: object, options: dict[str, bool]) -> None:
        flags = 0x20 if options.get("hidden") else 0
        self._others.append(_record(0x0208, struct.pack("<HHHH4xHH", row, 0, 1, 255, flags | 0x100, 15)))

    def set_column(
        self, first: int, last: int, width: object, style: object, options: dict[str, bool]
    ) -> None:
        flags = 1 if options.get("hidden") else 0
        self._others.append(_record(0x007D, struct.pack("<HHHHH2x", first, last, 2048, 15, flags)))

    def write_string(self, row: int, column: int, text: str, style: int = 15) -> None:
        self._cells[row, column] = _record(0x0204, struct.pack("<HHH", row, column, style) + _text(text, 2))

    def write_number(self, row: int, column: int, value: float, style: int = 15) -> None:
        self._cells[row, column] = _record(0x0203, struct.pack("<HHHd", row, column, style, value))

    def write_rk(self, row: int, column: int, rk: int, style: int = 15) -> None:
        """A number in four bytes: the upper bits of a double, or an integer; both maybe in hundredths."""
        self._cells[row, column] = _record(0x027E, struct.pack("<HHHI", row, column, style, rk))

    def write_error(self, row: int, column: int, code: int, style: int = 15) -> None:
        self._cells[row, column] = _record(0x0205, struct.pack("<HHHBB", row, column, style, code, 1))

    def write_blank(self, row: int, column: int, value: None, style: int = 15) -> None:
        self._cells[row, column] = _record(0x0201, struct.pack("<HHH", row, column, style))

    def merge_range(
        self, row: int, column: int, last_row: int, last: int, text: str, style: int = 15
    ) -> None:
        self._merged.append((row, last_row, column, last))
        self.write_string(row, column, text, style)

    def stream(self) -> bytes:
        rows = max((row for row, _ in self._cells), default=-1) + 1
        columns = max((column for _, column in self._cells), default=-1) + 1
        cells = b"".join(self._cells[place] for place in sorted(self._cells))
        merged = b""
        for n in range(0, len(self._merged), 1000):
            some = self._merged[n : n + 1000]
            areas = b"".join(struct.pack("<HHHH", *area) for area in some)
            merged += _record(0x00E5, struct.pack("<H", len(some)) + areas)
        extent = _record(0x0200, struct.pack("<IIHHH", 0, rows, 0, columns, 0))
        return _bof(0x0010) + extent + b"".join(self._others) + cells + merged + _record(0x000A)


def _record(kind: int, data: bytes = b"") -> bytes:
    assert len(data) <= 8224
    return struct.pack("<HH", kind, len(data)) + data


def _bof(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 1996, 0, 6))


def _text(text: str, length_bytes: int) -> bytes:
    length = len(text).to_bytes(length_bytes, "little")
    return length + b"\x01" + text.encode("utf-16-le")


def container(stream: bytes, name: str = "Workbook") -> bytes:
    """An OLE file with one stream: header, allocation table, directory, stream."""
    size = max(len(stream), 4096)  # shorter streams would go elsewhere
    count = -(-size // _SECTOR)
    tables = 1
    while tables * _SECTOR // 4 < tables + 1 + count:
        tables += 1
    chain = [_FAT] * tables + [_END]
    chain += [*range(tables + 2, tables + 1 + count), _END]
    chain += [_FREE] * (tables * _SECTOR // 4 - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", *range(tables), *[_FREE] * (109 - tables))
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry(name, 2, _FREE, tables + 1, size)
    body = struct.pack(f"<{len(chain)}I", *chain) + directory.ljust(_SECTOR, b"\0")
    return header + body + stream.ljust(count * _SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)
