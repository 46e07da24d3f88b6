"""Reads HTML: paragraphs, tables and pictures of tables as a browser shows them before any script has run.

A web page has no pages, so all stands on one, and `line_no` counts paragraphs and table rows
through it. Navigation and layout tables are read as text around the tables that hold figures.
"""

from __future__ import annotations

import base64
import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import count, groupby
from urllib.parse import unquote

from lxml import etree

from flows.extract.model import ProblemDraft, Reading
from flows.extract.readers import UnreadableDocument
from flows.extract.readers.blocks import MOST_COLUMNS, Block, Cell, clean, page_of, settled
from flows.extract.readers.inserted import OnPage, Picture, reader_of

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.I)
_CODECS = {  # what a page may call itself → the widest codec of that family
    "utf-8": "utf-8", "utf8": "utf-8", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030",
    "x-gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs",
}  # fmt: skip
_MOST_BAD = 0.001  # share of characters that may be undecodable in a page that is still read
_MOST_TAGS = 1_000_000  # in memory they take about half a gigabyte
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table)\b", re.I)

_DROPPED = {
    "head", "script", "style", "noscript", "template", "svg", "iframe", "object", "select", "textarea",
    "button", "del", "rt", "rp",
}  # fmt: skip
_INLINE = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font", "i",
    "img", "ins", "kbd", "label", "mark", "nobr", "o:p", "q", "ruby", "rb", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
}  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.I)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_NUMBER = re.compile(r"\d\.\d")
_DATA = re.compile(  # in quotes it may be broken over lines
    r"""((?<=["'])\s*)?data:image/[\w.+-]{1,40}(?:;[\w=-]{1,40})?;base64,"""
    r"""((?(1)[^"'<>]+|[A-Za-z0-9+/=%]+))""",
    re.I,
)
_EMBEDDED = "embedded-picture:"  # what stands for such an address while the page is read
_LENGTH = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*(px|pt|)", re.I)
_STYLE_LENGTH = {s: re.compile(rf"(?:^|;)\s*{s}\s*:([^;]{{1,40}})", re.I) for s in ("width", "height")}
_POINTS = {"px": 0.75, "": 0.75, "pt": 1.0}
_PREFORMATTED = {"pre", "xmp"}
_CELLS = {"td", "th"}
_ROW_GROUPS = {"thead": 0, "tfoot": 2}  # a browser shows the foot last, wherever it is written


Files = Callable[[str], bytes | None]  # address → the file that lies there


def is_html(data: bytes) -> bool:
    """Whether bytes are a web page, by the tags near their beginning."""
    return _HTML.search(data[:4096].replace(b"\0", b"")) is not None


def read(data: bytes, on_page: OnPage | None = None, files: Files | None = None) -> Reading:
    """The paragraphs and tables of a web page, those too that are pictures in the page itself (data: URIs)
    or among `files`, which are asked by the address that the page prints. `on_page` is told (picture, of
    how many).

    Raises UnreadableDocument where no encoding fits its bytes, or it is empty, nested too deep or has
    more than a million tags.
    """
    text, problems = _decoded(data)
    if text.count("<") > _MOST_TAGS:
        raise UnreadableDocument(
            f"网页的标记超过 {_MOST_TAGS} 个，请拆分 / the web page has more than {_MOST_TAGS} tags; split it"
        )
    # The parser drops the rest of a page after an attribute of ten million characters.
    embedded = [match[2] for match in _DATA.finditer(text)]
    numbers = count()
    text = _DATA.sub(lambda _: f"{_EMBEDDED}{next(numbers)}", text)
    # The text is handed over in an encoding of our own choice, whatever the page says of itself.
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise UnreadableDocument("网页没有内容，请重新保存 / the web page is empty; save it again")
    if any("depth" in entry.message.lower() for entry in parser.error_log):  # the rest would be lost
        raise UnreadableDocument(
            "网页嵌套过深，请重新保存 / the web page is nested too deep; save it again"
        )
    page_reader = _Page(embedded, files)
    page, more = page_of(page_reader.blocks(root), on_page)
    title = root.find(".//title")
    return Reading(
        reader=reader_of("html", (page,)),
        media_type="text/html",
        pages=(page,),
        problems=tuple(problems + page_reader.problems + more),
        title=clean("".join(title.itertext())) if title is not None else "",
        has_pages=False,
    )


def _decoded(data: bytes) -> tuple[str, list[ProblemDraft]]:
    """The text by its byte order mark, as UTF-8 where it is that, by what the page declares, or as
    GB18030. UTF-8 goes before the declaration: pages are saved anew and keep the old one."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            data, candidates = data[len(mark) :], [encoding]
            break
    else:
        match = _CHARSET.search(data[:4096])
        declared = _CODECS.get(match[1].decode("ascii").lower(), "gb18030") if match else "gb18030"
        candidates = ["utf-8", declared]
    for encoding in candidates:
        try:
            return data.decode(encoding).replace("\0", ""), []
        except UnicodeDecodeError:
            continue
    text = data.decode(candidates[-1], "replace").replace("\0", "")
    bad = text.count("\ufffd")
    if bad > _MOST_BAD * len(text):
        raise UnreadableDocument(
            "网页编码无法识别，请另存为 UTF-8 / "
            "the encoding of the web page is not known; save it again as UTF-8"
        )
    return text, [_problem("undecodable_characters", f"{bad} characters are not {candidates[-1]}")]


def _problem(code: str, detail: str) -> ProblemDraft:
    return ProblemDraft(page=1, line_no=0, stage="read", code=code, detail=detail)


class _Paragraphs:
    """Blocks in the making: text runs together until something ends the paragraph."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._text = ""

    def add(self, text: str | None, preformatted: bool) -> None:
        if not text:
            return
        if not preformatted:
            self._text += _BLANKS.sub(" ", text)
            return
        for n, part in enumerate(text.split("\n")):
            if n:
                self.end()
            self._text += part

    def raise_next(self, text: str | None) -> None:
        """A footnote's mark must not become a digit of the number before it."""
        if self._text[-1:].isdigit() and (text or "")[:1].isdigit():
            self._text += "^"

    def end(self) -> None:
        text = clean(self._text)
        if text:
            self.blocks.append(text)
        self._text = ""


class _Page:
    """Walks the tree and keeps what it leaves out."""

    def __init__(self, embedded: Sequence[str], files: Files | None) -> None:
        self.problems: list[ProblemDraft] = []
        self._embedded, self._files = embedded, files

    def blocks(self, element: etree._Element) -> list[Block]:
        """The paragraphs and tables inside an element. Of a table: what stands outside its rows."""
        if not len(element):  # most cells: ten times as fast
            text = clean(_BLANKS.sub(" ", element.text or ""))
            return [text] if text else []
        found = _Paragraphs()
        preformatted = 0
        skipped = None
        walk = etree.iterwalk(element, events=("start", "end"))
        for event, e in walk:
            is_inside = e is not element
            if event == "start":
                is_row = e.tag == "tr" and element.tag == "table"
                is_dropped = is_inside and (e.tag in _DROPPED or is_row or self._is_hidden(e))
                if is_dropped or (is_inside and e.tag == "table"):
                    if not is_dropped:
                        found.end()
                        found.blocks += self._table(e)
                    skipped = e
                    walk.skip_subtree()
                    continue
                if e.tag not in _INLINE:
                    found.end()
                if e.tag == "sup":
                    found.raise_next(e.text)
                if e.tag == "img" and (picture := self._picture(e)):
                    found.end()
                    found.blocks.append(picture)
                preformatted += e.tag in _PREFORMATTED
                found.add(e.text, preformatted > 0)
            else:
                if e is not skipped:
                    preformatted -= e.tag in _PREFORMATTED
                    if e.tag not in _INLINE:
                        found.end()
                if is_inside:
                    found.add(e.tail, preformatted > 0)
        found.end()
        return found.blocks

    def _is_hidden(self, e: etree._Element) -> bool:
        """Whether a browser does not show an element; reported where figures are in it."""
        if e.get("hidden") is None and not _HIDDEN.search(e.get("style", "")):
            return False
        text = " ".join("".join(e.itertext()).split())
        if _NUMBER.search(text):
            self.problems.append(_problem("hidden_text", f"not shown: {text[:60]}"))
        return True

    def _picture(self, e: etree._Element) -> Picture | None:
        """A picture that can hold a table and lies in the file; those elsewhere are not fetched."""
        address = (e.get("src") or "").strip()
        number = address.removeprefix(_EMBEDDED)
        if address != number and number.isdecimal() and int(number[:9]) < len(self._embedded):
            data = _from_base64(self._embedded[int(number[:9])])
        else:
            data = self._files(address) if self._files and address else None
        picture = Picture(data or b"", _shown(e, "width"), _shown(e, "height"))
        return picture if picture.may_hold_table else None

    def _table(self, table: etree._Element) -> list[Block]:
        around = self.blocks(table)  # the caption, and what a browser moves in front of the table
        rows: list[list[Cell]] = []
        groups = [list(group) for _, group in groupby(self._rows(table), key=etree._Element.getparent)]
        for group in sorted(groups, key=lambda group: _ROW_GROUPS.get(group[0].getparent().tag, 1)):
            rows += self._row_group(group)
        return around + settled(rows)

    def _rows(self, table: etree._Element) -> Iterator[etree._Element]:
        """The rows of a table itself, not of those in its cells, and not the hidden ones."""
        walk = etree.iterwalk(table, events=("start",))
        for _, e in walk:
            if e is table:
                continue
            if e.tag == "table" or self._is_hidden(e):
                walk.skip_subtree()
            elif e.tag == "tr":
                walk.skip_subtree()
                yield e

    def _row_group(self, rows: list[etree._Element]) -> Iterator[list[Cell]]:
        """The cells of the rows of one thead, tbody or tfoot: a row span never leaves it."""
        free_from: list[int] = []  # of each column: the first row that no cell above reaches
        for n, row in enumerate(rows):
            cells = []
            column = 0
            for e in _cells(row):
                if self._is_hidden(e):
                    continue
                while column < len(free_from) and free_from[column] > n:
                    column += 1
                width = min(_span(e, "colspan") or 1, max(MOST_COLUMNS - column, 1))
                height = min(_span(e, "rowspan") or len(rows), len(rows) - n)
                free_from += [0] * (column + width - len(free_from))
                free_from[column : column + width] = [n + height] * width
                blocks = self._table(e) if e.tag == "table" else self.blocks(e)
                cells.append(Cell(column, tuple(blocks), height, width))
                column += width
            yield cells


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    """The cells of a row; a table that stands in the row without a cell counts as one."""
    walk = etree.iterwalk(row, events=("start",))
    for _, e in walk:
        if e.tag in _CELLS or e.tag == "table":
            walk.skip_subtree()
            yield e


def _shown(e: etree._Element, side: str) -> float:
    """The width or height that a picture is shown in, in points; 0 where the page does not say."""
    for text in (_STYLE_LENGTH[side].findall(e.get("style") or ""), [e.get(side) or ""]):
        length = _LENGTH.fullmatch(text[-1].strip()) if text else None
        if length:
            return float(length[1]) * _POINTS[length[2].lower()]
    return 0.0


def _from_base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(unquote(text), validate=False)
    except (ValueError, UnicodeError):
        return None


def _span(e: etree._Element, name: str) -> int:
    """A cell's span; 0 means down to the end of the row group. What is no number means 1."""
    value = e.get(name, "1").strip()
    return int(value[:6]) if value.isdecimal() else 1
