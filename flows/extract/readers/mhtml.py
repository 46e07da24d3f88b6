"""Reads MHTML: a web page and its pictures in one file, as browsers, Word and Excel save it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import Message

from flows.extract.model import Page, Reading
from flows.extract.readers import UnreadableDocument, html

MEDIA_TYPE = "multipart/related"
MOST_PARTS = 1_000

_HEADERS = re.compile(rb"\A(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){1,40}", re.M)
_MULTIPART = re.compile(rb"^content-type:\s*multipart/(?:related|mixed|alternative)", re.I | re.M)
_FRAMES = re.compile(rb"<frameset\b", re.I)


def is_mhtml(data: bytes) -> bool:
    """Whether bytes are a saved web page with its parts, by the mail headers they begin with."""
    headers = _HEADERS.match(data[:8192].lstrip().replace(b"\r\n", b"\n"))
    return headers is not None and _MULTIPART.search(headers[0]) is not None


def read(data: bytes) -> Reading:
    """The paragraphs and tables of the page itself; of one in frames, as Excel saves workbooks, those of
    each frame as a page of its own. Pictures and what the page only links to are not read.

    Raises UnreadableDocument where no part is a web page that can be read.
    """
    pages = list(_web_pages(message_from_bytes(data.lstrip())))
    if not pages:
        raise UnreadableDocument(
            "网页存档中没有网页，请重新保存 / the web archive holds no web page; save it again"
        )
    if not _FRAMES.search(pages[0]):
        return replace(html.read(pages[0]), reader="mhtml", media_type=MEDIA_TYPE)
    readings = [html.read(page) for page in pages[1:]]
    if not readings:
        raise UnreadableDocument(
            "网页存档缺少框架内的网页，请重新保存 / "
            "the web archive lacks the pages in its frames; save it again"
        )
    numbered = list(enumerate(readings, start=1))
    return Reading(
        reader="mhtml",
        media_type=MEDIA_TYPE,
        pages=tuple(_moved_page(reading.pages[0], number) for number, reading in numbered),
        problems=tuple(
            replace(problem, page=number) for number, reading in numbered for problem in reading.problems
        ),
        title=next((reading.title for reading in readings if reading.title), ""),
    )


def _web_pages(message: Message) -> Iterator[bytes]:
    """The web pages of the archive, in UTF-8 where the part says its encoding."""
    for n, part in enumerate(message.walk()):
        if n > MOST_PARTS:
            return
        if part.get_content_type() != "text/html":
            continue
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes) or not data.strip():
            continue
        try:  # what the mail header says goes before what the page says of itself
            yield codecs.BOM_UTF8 + data.decode(part.get_content_charset("")).encode()
        except (LookupError, UnicodeError):
            yield data


def _moved_page(page: Page, number: int) -> Page:
    return replace(
        page,
        number=number,
        lines=tuple(replace(line, page=number) for line in page.lines),
        grids=tuple(
            replace(grid, page=number, cells=tuple(replace(cell, page=number) for cell in grid.cells))
            for grid in page.grids
        ),
    )
