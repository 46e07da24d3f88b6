"""Renders an account as DOCX: real tables with merged header cells, paragraphs for the narrative.

With `edited`, as a document that went through many hands: rows in content controls, every number
a tracked insertion beside the deleted number it replaced, codes split over runs, a layout table
around each second table, headings numbered by Word. The bytes are the same on every machine.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lxml import etree
from lxml.builder import ElementMaker

from tests.corpus.accounts import Account
from tests.corpus.book import Book, book_of
from tests.corpus.forms import Printed, Row, Sheet

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_ORDINALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_TWIPS = 190  # width of a Chinese character in a table, in twentieths of a point
_CHANGE = {"id": "1", "author": "editor", "date": "2024-01-01T00:00:00Z"}
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")

_make = ElementMaker(namespace=WORD, nsmap={"w": WORD})


def render(account: Account, family: str = "numbered", edited: bool = False) -> bytes:
    """The document's bytes."""
    return render_book(book_of(account, family), edited)


def render_book(book: Book, edited: bool = False, rules: str = "all") -> bytes:
    """The document's bytes. `rules`: all | three (above and below the header, at the end) | rows."""
    content = [paragraph(text) for text in (*book.cover, *book.contents)]
    tables: list[etree._Element] = []
    for n, sheet in enumerate(book.sheets):
        tables += _sheet(sheet, edited, n % 2 == 1, rules)
    told = [paragraph(book.narrative_heading)]
    told += list(_numbered(book.narrative)) if edited else [paragraph(text) for text in book.narrative]
    content += [*told, *tables] if book.tables_last else [*tables, *told]
    for sheet in book.annexes:
        content += _sheet(sheet, edited, False, rules)
    return package(content, _chinese_numbers() if edited else None)


def element(name: str, *children: etree._Element, **attributes: object) -> etree._Element:
    """One Word element with its attributes in Word's namespace."""
    e = _make(name, *children)
    for key, value in attributes.items():
        e.set(f"{{{WORD}}}{key}", str(value))
    return e


def package(
    content: Sequence[etree._Element],
    numbering: etree._Element | None = None,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """A DOCX with `content` as the body of its document, the definitions of its lists, and the picture
    files that its drawings ask for by the ids of relationships."""
    parts = {"document": element("document", element("body", *content))}
    if numbering is not None:
        parts["numbering"] = numbering
    written = {
        f"word/{name}.xml": etree.tostring(root, xml_declaration=True, encoding="UTF-8")
        for name, root in parts.items()
    }
    media = {f"word/media/{name}": picture for name, picture in (pictures or {}).items()}
    return zipped({**_frame(parts, pictures or ()), **written, **media})


def zipped(parts: dict[str, bytes]) -> bytes:
    """A ZIP archive whose bytes do not depend on the clock."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()


def _frame(parts: Iterable[str], pictures: Iterable[str]) -> dict[str, bytes]:
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES.format(name)}"/>' for name in parts
    ).replace("document+xml", "document.main+xml")
    types = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
{overrides}</Types>"""
    frame = {"[Content_Types].xml": types.encode()}
    frame["_rels/.rels"] = _relations({"officeDocument": "word/document.xml"})
    frame["word/_rels/document.xml.rels"] = _relations(
        {name: f"{name}.xml" for name in parts if name != "document"}, pictures
    )
    return frame


def _relations(targets: dict[str, str], pictures: Iterable[str] = ()) -> bytes:
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets.items(), start=1)
    )
    relations += "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/image" Target="media/{name}"/>' for name in pictures
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f'{head}\n<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'.encode()


def _chinese_numbers() -> etree._Element:
    """One list: 一、 二、 三、 …"""
    level = element(
        "lvl",
        element("start", val=1),
        element("numFmt", val="chineseCountingThousand"),
        element("suff", val="nothing"),
        element("lvlText", val="%1、"),
        ilvl=0,
    )
    definition = element("abstractNum", level, abstractNumId=7)
    return element("numbering", definition, element("num", element("abstractNumId", val=7), numId=3))


def _numbered(texts: Iterable[str]) -> Iterator[etree._Element]:
    """Paragraphs; the headings 一、 二、 … as members of the list as long as they follow each other."""
    count = 0
    for text in texts:
        ordinal, mark, heading = text.partition("、")
        if mark and count < len(_ORDINALS) and ordinal == _ORDINALS[count]:
            count += 1
            in_list = element("numPr", element("ilvl", val=0), element("numId", val=3))
            yield element("p", element("pPr", in_list), _run(heading))
        else:
            yield paragraph(text)


def _sheet(sheet: Sheet, edited: bool, boxed: bool, rules: str) -> Iterator[etree._Element]:
    content = [paragraph(sheet.title)]
    if sheet.form_no:
        content.append(paragraph(sheet.form_no))
    if sheet.department_line or sheet.unit_line:
        content.append(paragraph(f"{sheet.department_line}\t{sheet.unit_line}"))
    content.append(_table(sheet, edited, rules))
    content += [paragraph(note) for note in sheet.notes]
    if edited and boxed:  # the sheet in the one cell of a table that is only a frame
        yield element("tbl", element("tr", element("tc", *content, paragraph(""))))
    else:
        yield from content


def paragraph(text: str, *, runs: Sequence[etree._Element] = ()) -> etree._Element:
    return element("p", *(runs or [_run(text)]))


def _run(text: str, name: str = "t") -> etree._Element:
    run = element("r")
    for n, part in enumerate(re.split("([\t\n])", text)):
        if n % 2:
            run.append(element("tab" if part == "\t" else "br"))
            continue
        piece = element(name)
        piece.text = part
        piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(piece)
    return run


def _table(sheet: Sheet, edited: bool, rules: str) -> etree._Element:
    sides = {"three": ("top", "bottom"), "rows": ("top", "bottom", "insideH")}.get(rules, _SIDES)
    borders = element("tblBorders", *[element(side, val="single", sz=4) for side in sides])
    grid = element("tblGrid", *[element("gridCol", w=width * _TWIPS) for width in sheet.widths])
    table = element("tbl", element("tblPr", borders), grid)
    rows = [*sheet.header, *sheet.body]
    covering = _covering(rows)
    for r in range(len(rows)):
        row = element("tr")
        for c, (cell, is_first) in enumerate(covering[r]):
            if cell is None or (c and covering[r][c - 1][0] is cell):
                continue
            made = _cell(cell, is_first, sum(sheet.widths[c : c + cell.column_span]), edited)
            if rules == "three" and r == len(sheet.header) - 1:
                made[0].append(element("tcBorders", element("bottom", val="single", sz=4)))
            row.append(made)
        if edited and r % 3 == 2:
            row = element("sdt", element("sdtPr"), element("sdtContent", row))
        table.append(row)
    return table


def _covering(rows: Sequence[Row]) -> list[list[tuple[Printed | None, bool]]]:
    """For every place of the grid: the cell over it, and whether the cell begins in this row."""
    places: list[list[tuple[Printed | None, bool]]] = [[(None, False)] * len(row) for row in rows]
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell is not None:
                for below in range(cell.row_span):
                    for across in range(cell.column_span):
                        places[r + below][c + across] = (cell, below == 0)
    return places


def _cell(cell: Printed, is_first: bool, width: int, edited: bool) -> etree._Element:
    properties = element("tcPr", element("tcW", w=width * _TWIPS, type="dxa"))
    if cell.column_span > 1:
        properties.append(element("gridSpan", val=cell.column_span))
    if cell.row_span > 1:
        properties.append(element("vMerge", val="restart") if is_first else element("vMerge"))
    text = cell.text if is_first else ""
    runs: list[etree._Element] = []
    if edited and cell.kind == "number" and text:
        deleted = element("del", _run("9,999.99", "delText"), **_CHANGE)
        inserted = element("ins", _run(text), **_CHANGE)
        runs = [deleted, inserted]
    elif edited and cell.kind == "code":
        runs = [_run(text[:2]), _run(text[2:])]
    return element("tc", properties, paragraph(text, runs=runs))
