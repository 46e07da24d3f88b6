"""OLE compound files ([MS-CFB]): what old Word, Excel and PowerPoint write, and any of today's with a
password. A file system in a file: sectors chained by a table, and a directory of names.
"""

from __future__ import annotations

import struct

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DAMAGE = (struct.error, IndexError)

_LAST_SECTOR = 0xFFFFFFFA  # what is higher is no sector
_ENTRY = 128  # bytes of an entry of the directory
# By the stream that only this kind has at its root. A file of the 1990s has Book for Workbook.
_KINDS = (
    ("encryptedpackage", "encrypted"),
    ("worddocument", "doc"),
    ("workbook", "xls"),
    ("book", "xls"),
    ("powerpoint document", "ppt"),
)


def kind_of_compound(data: bytes) -> str:
    """doc, xls, ppt, encrypted, or empty where it is none of them.

    Only the root counts: a Word document may hold a whole workbook in a folder below it. Where the
    directory is damaged, any of the names anywhere in the file decides.
    """
    try:
        names = _root_names(_directory(data)[0])
    except DAMAGE:
        names = set()
    for name, kind in _KINDS:
        if name in names:
            return kind
    if names:
        return ""
    lowered = data.lower()
    return next((kind for name, kind in _KINDS if name.encode("utf-16-le") + b"\0\0" in lowered), "")


def stream(data: bytes, name: str) -> bytes:
    """A stream by its name; empty where there is none. Raises one of DAMAGE where the file is damaged."""
    if not data.startswith(MAGIC):
        return b""
    directory, table, size = _directory(data)
    wanted = name.encode("utf-16-le") + b"\0\0"
    for n in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        if directory[n : n + len(wanted)].lower() == wanted.lower():
            start, length = struct.unpack_from("<II", directory, n + 116)
            return _chain(data, table, start, size)[:length]
    return b""


def _directory(data: bytes) -> tuple[bytes, list[int], int]:
    """The directory, the sector table and the size of a sector."""
    size = 1 << min(struct.unpack_from("<H", data, 30)[0], 12)
    table_sectors = list(struct.unpack_from("<109I", data, 76))
    further, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, len(data) // size)):
        *some, further = struct.unpack_from(f"<{size // 4}I", data, (further + 1) * size)
        table_sectors += some
    table: list[int] = []
    for sector in table_sectors[: len(data) // size]:
        if sector < _LAST_SECTOR:
            table += struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)
    return _chain(data, table, struct.unpack_from("<I", data, 48)[0], size), table, size


def _chain(data: bytes, table: list[int], sector: int, size: int) -> bytes:
    parts: list[bytes] = []
    while sector < _LAST_SECTOR and len(parts) <= len(table):
        parts.append(data[(sector + 1) * size : (sector + 2) * size])
        sector = table[sector]
    return b"".join(parts)


def _root_names(directory: bytes) -> set[str]:
    """The names at the root, lower case: a binary tree whose entries know their left and right."""
    count = len(directory) // _ENTRY
    names: set[str] = set()
    seen: set[int] = set()
    waiting = [struct.unpack_from("<I", directory, 76)[0]]
    while waiting:
        n = waiting.pop()
        if n >= count or n in seen:
            continue
        seen.add(n)
        entry = directory[n * _ENTRY : (n + 1) * _ENTRY]
        length = struct.unpack_from("<H", entry, 64)[0]
        names.add(entry[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace").lower())
        waiting += struct.unpack_from("<II", entry, 68)
    return names
