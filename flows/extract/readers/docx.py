"""Reads DOCX: paragraphs, tables and pictures of tables as Word shows them with all changes accepted.

A DOCX has no pages, so all stands on one, and `line_no` counts paragraphs and table rows through
the document. Page headers, footnotes and comments are not read.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from flows.extract.model import ProblemDraft, Reading
from flows.extract.readers import UnreadableDocument
from flows.extract.readers.archive import main_part, open_archive, read_xml
from flows.extract.readers.blocks import MOST_COLUMNS, Block, Cell, clean, page_of, settled
from flows.extract.readers.drawings import Targets, pictures_in, relations
from flows.extract.readers.inserted import OnPage, Picture, reader_of
from flows.extract.readers.numbering import Numbering
from flows.extract.readers.wordml import children, find, name_of, number_of, value_of

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NUMERIC = tuple("0123456789.,-")
_DELETED = ("del", "moveFrom")
_OFF = {"0", "false", "off"}


def read(data: bytes, on_page: OnPage | None = None) -> Reading:
    """The paragraphs and tables of a DOCX; `on_page` is told (picture, of how many) of those it reads.

    Raises UnreadableDocument where the bytes are another archive, damaged, encrypted or unpack to
    more than the limits of `archive`.
    """
    archive = open_archive(data)
    name = main_part(archive, "docx")
    if not name:
        raise UnreadableDocument(
            "压缩包不是 DOCX 文档，请提供其中的文件 / "
            "the archive is not a DOCX document; add the files in it instead"
        )
    root = read_xml(archive, name)
    body = next((e for e in root if name_of(e) == "body"), None)
    numbering, styles = (
        read_xml(archive, part) if part in archive.namelist() else None
        for part in (f"{name.rpartition('/')[0]}/{kind}.xml" for kind in ("numbering", "styles"))
    )
    document = _Document(Numbering(numbering, styles), archive, relations(archive, name))
    page, problems = page_of(document.blocks(body) if body is not None else [], on_page)
    return Reading(
        reader=reader_of("docx", (page,)),
        media_type=MEDIA_TYPE,
        pages=(page,),
        problems=tuple(document.problems + problems),
        has_pages=False,
    )


@dataclass
class _OpenCell:
    """A cell that rows and cells to come may widen."""

    column: int
    blocks: list[Block]
    row_span: int = 1
    column_span: int = 1


@dataclass
class _Document:
    """Walks the tree and keeps what it cannot read."""

    numbering: Numbering
    archive: zipfile.ZipFile
    targets: Targets
    problems: list[ProblemDraft] = field(default_factory=list)

    def blocks(self, container: etree._Element) -> list[Block]:
        """The paragraphs and tables of a body, a cell or a text box."""
        found: list[Block] = []
        open_text = ""  # of paragraphs whose end a tracked change deleted
        for e in children(container):
            name = name_of(e)
            if name == "p":
                text, inside = self._paragraph(e)
                open_text += self._label(e, text) + text
                if _is_deleted(find(e, "pPr", "rPr")):
                    found += inside
                    continue
                found += [line for part in open_text.split("\n") if (line := clean(part))]
                found += inside
                open_text = ""
            elif name == "tbl":
                found += settled(self._rows(e))
            elif name == "altChunk":
                self._problem("embedded_document", "a document embedded in the DOCX was not read")
        found += [line for part in open_text.split("\n") if (line := clean(part))]
        return found

    def _label(self, paragraph: etree._Element, text: str) -> str:
        """The number that Word prints before a paragraph, kept apart from a number that follows it."""
        label = self.numbering.label(find(paragraph, "pPr"))  # asked of blank paragraphs too: they count
        if not text.strip():
            return ""
        return label + "\t" if label[-1:] in _NUMERIC and text.lstrip()[0:1].isdigit() else label

    def _problem(self, code: str, detail: str) -> None:
        self.problems.append(ProblemDraft(page=1, line_no=0, stage="read", code=code, detail=detail))

    def _paragraph(self, paragraph: etree._Element) -> tuple[str, list[Block]]:
        """The text of a paragraph, and what stands in the pictures and text boxes anchored in it."""
        text, inside = "", []
        for run in children(paragraph):
            properties = find(run, "rPr")
            if name_of(run) not in ("r", "m:r"):
                continue
            if _is_on(properties, "vanish"):
                self._report_hidden("".join(e.text or "" for e in children(run) if name_of(e) == "t"))
                continue
            for e in children(run):
                name = name_of(e)
                if name in ("t", "m:t"):
                    piece = e.text or ""
                    raised = value_of(find(properties, "vertAlign")) == "superscript"
                    # a footnote's mark must not become a digit of the number before it
                    text += "^" + piece if raised and text[-1:].isdigit() and piece[:1].isdigit() else piece
                elif name in _CHARACTERS:
                    text += _CHARACTERS[name]
                elif name == "ruby":
                    base = find(e, "rubyBase")
                    text += self._paragraph(base)[0] if base is not None else ""
                else:
                    inside += pictures_in(e, self.targets, self.archive)
                    for box in _text_boxes(e):
                        inside += self.blocks(box)
        return text, inside

    def _rows(self, table: etree._Element) -> list[list[Cell]]:
        rows: list[list[_OpenCell]] = []
        merged: dict[int, _OpenCell] = {}  # column → the cell that goes on below
        for row in children(table):
            properties = find(row, "trPr")
            if name_of(row) != "tr" or _is_deleted(properties):
                continue
            skipped = number_of(find(properties, "gridBefore"), 0)
            rows.append(self._row(row, min(skipped, MOST_COLUMNS), merged))
        return [[Cell(c.column, tuple(c.blocks), c.row_span, c.column_span) for c in row] for row in rows]

    def _row(self, row: etree._Element, column: int, merged: dict[int, _OpenCell]) -> list[_OpenCell]:
        cells: list[_OpenCell] = []
        went_on: dict[int, _OpenCell] = {}
        for e in children(row):
            if name_of(e) != "tc":
                continue
            properties = find(e, "tcPr")
            width = min(max(number_of(find(properties, "gridSpan"), 1), 1), MOST_COLUMNS)
            blocks = self.blocks(e)
            across, down = find(properties, "hMerge"), find(properties, "vMerge")
            above = merged.get(column)
            if across is not None and value_of(across) != "restart" and cells:
                cells[-1].column_span += width
                self._report_hidden(*blocks)
            elif down is not None and value_of(down) != "restart" and above and above.column_span == width:
                above.row_span += 1
                went_on[column] = above
                self._report_hidden(*blocks)
            else:
                cells.append(_OpenCell(column, blocks, column_span=width))
                if down is not None:
                    went_on[column] = cells[-1]
            column += width
        merged.clear()
        merged.update(went_on)
        return cells

    def _report_hidden(self, *blocks: Block) -> None:
        """Numbers that Word does not show: hidden text, and what a cell holds that is merged into
        the one above or before it."""
        shown = (b if isinstance(b, str) else "(a table)" for b in blocks if not isinstance(b, Picture))
        text = " ".join(shown)
        if any(character.isdigit() for character in text) or "(a table)" in text:
            self._problem("hidden_text", f"not shown: {text[:60]}")


def _text_boxes(e: etree._Element) -> Iterator[etree._Element]:
    """The outermost text boxes of a drawing; a text box inside one is found when that is read."""
    for child in e:
        if name_of(child) == "txbxContent":
            yield child
        elif name_of(child) == "mc:AlternateContent":
            for choice in list(child)[:1]:
                yield from _text_boxes(choice)
        else:
            yield from _text_boxes(child)


def _is_on(properties: etree._Element | None, name: str) -> bool:
    e = find(properties, name)
    return e is not None and value_of(e) not in _OFF


def _is_deleted(properties: etree._Element | None) -> bool:
    return any(find(properties, name) is not None for name in _DELETED)
