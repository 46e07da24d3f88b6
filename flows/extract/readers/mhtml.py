"""Reads MHTML: a web page and its pictures in one file, as browsers, Word and Excel save it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import Message
from urllib.parse import unquote

from flows.extract.model import Page, Reading
from flows.extract.readers import UnreadableDocument, html
from flows.extract.readers.inserted import OnPage, reader_of

MEDIA_TYPE = "multipart/related"
MOST_PARTS = 1_000

_HEADERS = re.compile(rb"\A(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){1,40}", re.M)
_MULTIPART = re.compile(rb"^content-type:\s*multipart/(?:related|mixed|alternative)", re.I | re.M)
_FRAMES = re.compile(rb"<frameset\b", re.I)


def is_mhtml(data: bytes) -> bool:
    """Whether bytes are a saved web page with its parts, by the mail headers they begin with."""
    headers = _HEADERS.match(data[:8192].lstrip().replace(b"\r\n", b"\n"))
    return headers is not None and _MULTIPART.search(headers[0]) is not None


def read(data: bytes, on_page: OnPage | None = None) -> Reading:
    """The paragraphs and tables of the page itself; of one in frames, as Excel saves workbooks, those of
    each frame as a page of its own. Pictures of tables in the file are read; what the page only links to
    is not. `on_page` is told (picture, of how many) of each page.

    Raises UnreadableDocument where no part is a web page that can be read.
    """
    message = message_from_bytes(data.lstrip())
    pages = list(_web_pages(message))
    files = _Files(message)
    if not pages:
        raise UnreadableDocument(
            "网页存档中没有网页，请重新保存 / the web archive holds no web page; save it again"
        )
    if not _FRAMES.search(pages[0]):
        reading = html.read(pages[0], on_page, files.at)
        return replace(reading, reader=reader_of("mhtml", reading.pages), media_type=MEDIA_TYPE)
    readings = [html.read(page, on_page, files.at) for page in pages[1:]]
    if not readings:
        raise UnreadableDocument(
            "网页存档缺少框架内的网页，请重新保存 / "
            "the web archive lacks the pages in its frames; save it again"
        )
    numbered = list(enumerate(readings, start=1))
    return Reading(
        reader=reader_of("mhtml", (page for reading in readings for page in reading.pages)),
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


class _Files:
    """The pictures of the archive by their addresses."""

    def __init__(self, message: Message) -> None:
        self._parts: dict[str, Message] = {}
        self._by_name: dict[str, list[Message]] = {}
        for n, part in enumerate(message.walk()):
            if n > MOST_PARTS:
                break
            if part.get_content_maintype() != "image":
                continue
            location = str(part.get("Content-Location", "")).strip()
            self._parts[location] = part
            self._parts["cid:" + str(part.get("Content-ID", "")).strip().strip("<>")] = part
            self._by_name.setdefault(_file_name(location), []).append(part)

    def at(self, address: str) -> bytes | None:
        """The picture at an address, or the only one of its file name: pages print addresses relative to
        where they once lay."""
        part = self._parts.get(address)
        named = self._by_name.get(_file_name(address), [])
        if part is None and len(named) == 1:
            part = named[0]
        data = part.get_payload(decode=True) if part is not None else None
        return data if isinstance(data, bytes) and data else None


def _file_name(address: str) -> str:
    return unquote(re.split(r"[?#]", address)[0].replace("\\", "/").rpartition("/")[2])


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
