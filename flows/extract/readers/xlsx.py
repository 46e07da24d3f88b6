"""What the parts of an XLSX say that its values do not: number formats, errors, hidden rows and columns.

python-calamine gives values and merged cells; it gives no number formats and shows errors as blank. It
also lays a sheet out whole in memory, so the extent is looked up here first.
"""

from __future__ import annotations

import re
import zipfile

from lxml import etree

from flows.extract.readers import UnreadableDocument
from flows.extract.readers.archive import main_part, open_archive, read_entry, read_xml
from flows.extract.readers.drawings import pictures_in, relations
from flows.extract.readers.inserted import Picture
from flows.extract.readers.number_format import BUILT_IN_FORMATS
from flows.extract.readers.sheet_print import Place, SheetPrint

_MOST_COLUMNS = 16_384  # of a sheet, as Excel has them
_MOST_ROWS = 10_000  # above a picture
_TRUE = ("1", "true")
_REFERENCE = re.compile(r"([A-Za-z]{1,9})(\d{1,19})")
_COUNT = re.compile(rb"""ount=["'](\d+)""")  # count and uniqueCount
_MOST_COUNTED = 10_000_000


def sheet_prints(data: bytes) -> list[SheetPrint]:
    """How each sheet is printed, in the order of the workbook; chart sheets are empty.

    Raises UnreadableDocument where the archive is damaged, encrypted, beyond the limits of `archive`, or
    no XLSX.
    """
    archive = open_archive(data)
    workbook = main_part(archive, "xlsx")
    if not workbook:
        raise UnreadableDocument(
            "压缩包不是 XLSX 工作簿，请提供其中的文件 / "
            "the archive is not an XLSX workbook; add the files in it instead"
        )
    for name in archive.namelist():
        if name.endswith((".xml", ".rels", ".bin")):
            _check(read_entry(archive, name))  # reading it proves that the declared size is true
    targets = relations(archive, workbook)
    codes = _format_codes(archive, next((t for kind, t in targets.values() if kind == "styles"), ""))
    prints = []
    for sheet in read_xml(archive, workbook).iter("{*}sheet"):
        ids = (value for name, value in sheet.attrib.items() if etree.QName(name).localname == "id")
        kind, name = targets.get(next(ids, ""), ("", ""))
        is_there = kind == "worksheet" and name in archive.namelist()
        shown = _sheet_print(read_xml(archive, name), codes) if is_there else SheetPrint()
        if is_there:
            shown.pictures += _pictures(archive, name)
        prints.append(shown)
    return prints


def _check(part: bytes) -> None:
    """Refuses a part that says it has more than any file has: the library would make room for all."""
    if any(int(count[:20]) > _MOST_COUNTED for count in _COUNT.findall(part)):
        raise UnreadableDocument(
            "工作簿已损坏，请重新下载或另存 / the workbook is damaged; download it again or save it again"
        )


def _format_codes(archive: zipfile.ZipFile, part: str) -> list[str]:
    """The number format code of each cell style."""
    if part not in archive.namelist():
        return []
    styles = read_xml(archive, part)
    own = {_int(e.get("numFmtId")): e.get("formatCode", "") for e in styles.iterfind("{*}numFmts/{*}numFmt")}
    codes = BUILT_IN_FORMATS | own
    return [codes.get(_int(e.get("numFmtId")), "") for e in styles.iterfind("{*}cellXfs/{*}xf")]


def _sheet_print(sheet: etree._Element, codes: list[str]) -> SheetPrint:
    shown = SheetPrint()
    r = 0
    for row in sheet.iterfind("{*}sheetData/{*}row"):
        r = _int(row.get("r")) or r + 1
        if row.get("hidden") in _TRUE:
            shown.hidden_rows.add(r - 1)
        c = 0
        for cell in row.iterfind("{*}c"):
            r, c = _place(cell.get("r", "")) or (r, c + 1)
            value = cell.findtext("{*}v")
            formula = cell.find("{*}f") is not None
            if value is None and not formula and cell.find("{*}is") is None:
                continue
            style, kind = _int(cell.get("s")), cell.get("t", "n")
            code = codes[style] if kind == "n" and style < len(codes) else ""
            error = (value or "#") if kind == "e" else ""
            if formula and value is None:
                error = "a formula without its value"
            shown.add((r - 1, c - 1), code, error)
    for e in sheet.iterfind("{*}cols/{*}col"):
        if e.get("hidden") in _TRUE:
            columns = range(_int(e.get("min")), min(_int(e.get("max")), _MOST_COLUMNS) + 1)
            shown.hidden_columns.update(column - 1 for column in columns)
    return shown


def _pictures(archive: zipfile.ZipFile, sheet: str) -> list[tuple[int, Picture]]:
    """The pictures over a sheet that may hold a table, each with the row that it begins in."""
    found: list[tuple[int, Picture]] = []
    for kind, drawing in relations(archive, sheet).values():
        if kind != "drawing" or drawing not in archive.namelist():
            continue
        targets = relations(archive, drawing)
        for anchor in read_xml(archive, drawing):
            row = min(_int(anchor.findtext("{*}from/{*}row")), _MOST_ROWS)
            found += [(row, picture) for picture in pictures_in(anchor, targets, archive)]
    return sorted(found, key=lambda item: item[0])


def _int(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 20 else 0


def _place(reference: str) -> Place | None:
    """Row and column, from 1, of a reference such as AA12; None where it is none."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column
