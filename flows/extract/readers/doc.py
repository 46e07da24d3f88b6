"""Reads DOC, the format of Word before 2007, and RTF: LibreOffice, where it is installed, makes a DOCX.

LibreOffice keeps merged cells, which the small readers of DOC lose.
"""

from __future__ import annotations

import struct
from dataclasses import replace

from flows.extract.model import Reading
from flows.extract.readers import UnreadableDocument, compound, docx, libreoffice
from flows.extract.readers.inserted import OnPage, reader_of

MEDIA_TYPES = {"doc": "application/msword", "rtf": "application/rtf"}
_ENCRYPTED = 0x0100  # of the flags at the head of the stream WordDocument ([MS-DOC] FibBase)


def read(data: bytes, kind: str, on_page: OnPage | None = None) -> Reading:
    """The paragraphs and tables of a `doc` or `rtf`, as `docx` reads them.

    Raises UnreadableDocument where LibreOffice is not there or cannot convert the file in time, or the
    file has a password.
    """
    if kind == "doc" and _has_password(data):
        raise UnreadableDocument(
            "文档有密码，请另存为无密码的副本 / "
            "the document is encrypted with a password; save a copy without the password and add that"
        )
    soffice = libreoffice.converter()
    if not soffice:
        raise UnreadableDocument(
            f"读取 {kind.upper()} 需安装 LibreOffice，或用 Word 另存为 DOCX / "
            f"reading {kind.upper()} needs LibreOffice: install it and refresh again, or save the document "
            "as DOCX with Word"
        )
    reading = docx.read(libreoffice.converted(soffice, data, kind), on_page)
    return replace(reading, reader=reader_of(kind, reading.pages), media_type=MEDIA_TYPES[kind])


def _has_password(data: bytes) -> bool:
    try:
        return bool(struct.unpack_from("<H", compound.stream(data, "WordDocument"), 10)[0] & _ENCRYPTED)
    except compound.DAMAGE:
        return False
