"""Reads text dumps: the text of a PDF, a Word file or a web page, as somebody saved it."""

from __future__ import annotations

import codecs
import re

from flows.extract.model import Line, Page, Reading
from flows.extract.readers import UnreadableDocument

_CONTROL = re.compile(r"[^\n\t\f\v\x20-\U0010ffff]")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


MOST_CHARACTERS = 4_000_000  # the longest accounts have 100,000
MOST_LINES = 200_000


def read(data: bytes) -> Reading:
    """The lines of a text dump, numbered through the file; a form feed begins a page.

    Raises UnreadableDocument where the bytes are neither UTF-8, UTF-16 with its mark, nor
    GB18030, hold control characters that no text has, or are more text than any accounts.
    """
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MOST_CHARACTERS or text.count("\n") > MOST_LINES:
        raise UnreadableDocument(
            f"文本超过 {MOST_CHARACTERS} 字或 {MOST_LINES} 行，不是一份决算，请拆分 / "
            f"the text has more than {MOST_CHARACTERS} characters or {MOST_LINES} lines, too much for "
            "one document; split it"
        )
    if _CONTROL.search(text):
        raise UnreadableDocument(
            "文件含控制字符，不是文本，请另存为 UTF-8 文本 / "
            "the file holds control characters and is not a text; open it and save it as UTF-8 text"
        )
    pages: list[list[Line]] = [[]]
    for number, raw in enumerate(text.split("\n"), start=1):
        parts = raw.split("\f")
        for i, part in enumerate(parts):
            if i:
                pages.append([])
            if part or len(parts) == 1:
                pages[-1].append(Line(page=len(pages), line_no=number, text=part.replace("\v", " ")))
    if len(pages) > 1 and not any(line.text.strip() for line in pages[-1]):
        pages.pop()
    return Reading(
        reader="text",
        media_type="text/plain",
        pages=tuple(Page(number=n, lines=tuple(lines)) for n, lines in enumerate(pages, start=1)),
        has_pages=len(pages) > 1,
    )


def decode(data: bytes) -> str:
    """The text of `data`, in UTF-8, UTF-16 with a byte order mark, or GB18030 (and so GBK)."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            candidates = (encoding,)
            break
    else:
        candidates = ("utf-8", "gb18030")
    for encoding in candidates:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableDocument(
        "文本既非 UTF-8 也非 GB18030，请另存为 UTF-8 / "
        "the text is neither UTF-8 nor GB18030; save it again as UTF-8"
    )
