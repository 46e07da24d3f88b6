"""The pictures in the drawings of Office documents: DrawingML, and VML of older files."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping

from lxml import etree

from flows.extract.readers import UnreadableDocument
from flows.extract.readers.archive import read_entry, read_xml
from flows.extract.readers.inserted import Picture

_POINT = 12_700  # English Metric Units
_WHOLE = 100_000  # thousandths of a percent
_LENGTH = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([\d.]{1,12})\s*(pt|in|cm|mm|px)?", re.I)
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "px": 0.75, "": 0.75}
_TEXT_BOX = "txbxContent"

Targets = Mapping[str, tuple[str, str]]  # relationship id → kind and name of the part that it leads to


def relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Where the relationships of a part lead; those out of the file lead nowhere."""
    folder, name = posixpath.split(part)
    entry = f"{folder}/_rels/{name}.rels".lstrip("/")
    if entry not in archive.namelist():
        return {}
    return {
        e.get("Id", ""): (
            e.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, e.get("Target", ""))).lstrip("/"),
        )
        for e in read_xml(archive, entry).iter("{*}Relationship")
        if e.get("TargetMode") != "External"
    }


def pictures_in(drawing: etree._Element, targets: Targets, archive: zipfile.ZipFile) -> Iterator[Picture]:
    """The pictures of a drawing that can hold a table, but those in its text boxes."""
    for e in _elements(drawing):
        name = _name(e)
        if name == "blip":
            width, height = _shown(e)
            data = _part(archive, targets, _attribute(e, "embed"))
            picture = Picture(data, width, height, _cut(e))
        elif name == "imagedata":
            style = (e.getparent().get("style") or "") if e.getparent() is not None else ""
            sides = {side.lower(): float(n) * _POINTS[unit.lower()] for side, n, unit in _lengths(style)}
            data = _part(archive, targets, _attribute(e, "id"))
            picture = Picture(data, sides.get("width", 0.0), sides.get("height", 0.0))
        else:
            continue
        if picture.data and picture.may_hold_table:
            yield picture


def _elements(e: etree._Element) -> Iterator[etree._Element]:
    """An element and all in it, of alternatives the first, without text boxes."""
    name = _name(e)
    if name == _TEXT_BOX:
        return
    yield e
    for child in list(e)[:1] if name == "AlternateContent" else e:
        yield from _elements(child)


def _name(e: etree._Element) -> str:
    return etree.QName(e).localname


def _attribute(e: etree._Element, name: str) -> str:
    """An attribute of the namespace of relationships, old or new."""
    return next((v for key, v in e.attrib.items() if "}" in key and etree.QName(key).localname == name), "")


def _part(archive: zipfile.ZipFile, targets: Targets, relation: str) -> bytes:
    _, part = targets.get(relation, ("", ""))
    if part not in archive.namelist():
        return b""
    try:
        return read_entry(archive, part)
    except UnreadableDocument:  # a damaged picture is no reason not to read the document
        return b""


def _shown(blip: etree._Element) -> tuple[float, float]:
    """Width and height of a picture in points, by its own shape or by the drawing that it is alone in."""
    for e in blip.iterancestors():
        for path in ("{*}spPr/{*}xfrm/{*}ext", "{*}extent", "{*}ext"):
            size = e.find(path)
            sides = [size.get(side, "") for side in ("cx", "cy")] if size is not None else [""]
            if all(side.isdecimal() and len(side) < 12 and int(side) for side in sides):
                width, height = (int(side) / _POINT for side in sides)
                return width, height
    return 0.0, 0.0


def _cut(blip: etree._Element) -> tuple[float, float, float, float]:
    """What is cut off at each side of a picture, as shares of it."""
    fill = blip.getparent()
    cut = fill.find("{*}srcRect") if fill is not None else None
    if cut is None:
        return (0.0, 0.0, 0.0, 0.0)
    left, top, right, bottom = (_share(cut.get(side, "")) for side in "ltrb")
    return (left, top, right, bottom) if left + right < 1 and top + bottom < 1 else (0.0, 0.0, 0.0, 0.0)


def _share(text: str) -> float:
    return int(text) / _WHOLE if text.isdecimal() and len(text) < 10 else 0.0


def _lengths(style: str) -> list[tuple[str, str, str]]:
    return [(side, n, unit) for side, n, unit in _LENGTH.findall(style) if n.count(".") < 2 and n != "."]
