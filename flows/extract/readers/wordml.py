"""The elements of WordprocessingML by their short names, with all that only wraps others looked through."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WORD_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_PREFIXES = {
    _WORD: "",
    _WORD_STRICT: "",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc:",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m:",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m:",
}
# What only wraps: content controls, tagged content, and what a tracked change put in.
_WRAPPERS = {
    "sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink", "fldSimple", "dir", "bdo",
    "m:oMath", "m:oMathPara", "mc:Choice", "mc:Fallback",
}  # fmt: skip


def name_of(e: etree._Element) -> str:
    """The local name of a Word element, with a prefix in the two other namespaces that matter."""
    namespace, _, name = e.tag[1:].rpartition("}")
    prefix = _PREFIXES.get(namespace)
    return "?" if prefix is None else prefix + name


def children(parent: etree._Element) -> Iterator[etree._Element]:
    """The children of an element, those inside wrappers too."""
    for e in parent:
        name = name_of(e)
        if name == "mc:AlternateContent":
            choices = [c for c in e if name_of(c) in ("mc:Choice", "mc:Fallback")]
            for choice in choices[:1]:
                yield from children(choice)
        elif name in _WRAPPERS:
            yield from children(e)
        else:
            yield e


def find(e: etree._Element | None, *path: str) -> etree._Element | None:
    """The first child by each name in turn; None where one is missing."""
    for name in path:
        e = next((child for child in e if name_of(child) == name), None) if e is not None else None
    return e


def value_of(e: etree._Element | None, attribute: str = "val") -> str:
    """An attribute in Word's namespace; empty where element or attribute is missing."""
    if e is None:
        return ""
    return e.get(f"{{{_WORD}}}{attribute}") or e.get(f"{{{_WORD_STRICT}}}{attribute}") or ""


def number_of(e: etree._Element | None, otherwise: int, attribute: str = "val") -> int:
    """An attribute as a whole number from 0 on; `otherwise` where it is none."""
    value = value_of(e, attribute)
    return int(value) if value.isdecimal() and len(value) < 10 else otherwise
