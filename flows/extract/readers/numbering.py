"""The numbers that Word makes itself: 一、 （一） 1. before the paragraphs of numbered lists.

They are printed and not in the text. The outline of a narrative is often made of nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from flows.extract.readers.wordml import children, find, name_of, number_of, value_of

_LEVELS = 9
_CHINESE = {
    "chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting",
    "japaneseDigitalTenThousand", "taiwaneseCounting", "taiwaneseCountingThousand", "taiwaneseDigital",
}  # fmt: skip
_DIGITS = "零一二三四五六七八九"
_ROMAN = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True)
class _Level:
    """How a level of a list counts. `text` is the printed form, %1 to %9 the numbers in it."""

    text: str = ""
    number_format: str = "decimal"
    start: int = 1


@dataclass
class _List:
    """The levels of a list and how far it has counted. Lists that share a definition share both."""

    levels: dict[int, _Level]
    counts: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)

    def next_label(self, at: int) -> str:
        level = self.levels.get(at, _Level())
        before = self.counts[at]
        self.counts[at] = level.start if before is None else before + 1
        self.counts[at + 1 :] = [None] * (_LEVELS - at - 1)
        if level.number_format in ("bullet", "none"):
            return ""
        return re.sub(r"%([1-9])", lambda match: self._number(int(match[1]) - 1), level.text)

    def _number(self, at: int) -> str:
        level = self.levels.get(at, _Level())
        count = self.counts[at]
        return _written(level.start if count is None else count, level.number_format)


class Numbering:
    """Gives each paragraph of a document, taken in order, the number that Word prints before it."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        """`numbering` and `styles` are the roots of the document's parts of these names, if any."""
        definitions: dict[str, _List] = {}
        self._lists: dict[str, _List] = {}
        self._started: set[str] = set()
        self._restarts: dict[str, dict[int, int]] = {}
        self._styles: dict[str, tuple[str, str, int | None]] = {}  # style → parent, list, level
        for e in children(numbering) if numbering is not None else ():
            if name_of(e) == "abstractNum":
                definitions[value_of(e, "abstractNumId")] = _List(_levels(e))
            elif name_of(e) == "num":
                number = value_of(e, "numId")
                self._lists[number] = definitions.get(value_of(find(e, "abstractNumId")), _List({}))
                self._restarts[number] = _restarts(e)
        for e in children(styles) if styles is not None else ():
            if name_of(e) == "style":
                parent = value_of(find(e, "basedOn"))
                self._styles[value_of(e, "styleId")] = (parent, *_list_and_level(find(e, "pPr", "numPr")))

    def label(self, properties: etree._Element | None) -> str:
        """The number printed before a paragraph with these properties (pPr); empty for none."""
        number, level = _list_and_level(find(properties, "numPr"))
        style = value_of(find(properties, "pStyle"))
        for _ in range(20):  # styles based on one another
            if (number and level is not None) or style not in self._styles:
                break
            style, of_style, level_of_style = self._styles[style]
            number, level = number or of_style, level if level is not None else level_of_style
        counted = self._lists.get(number)
        if counted is None:
            return ""
        if number not in self._started:
            self._started.add(number)
            for at, start in self._restarts[number].items():
                counted.counts[at] = start - 1
        return counted.next_label(min(level or 0, _LEVELS - 1))


def _levels(definition: etree._Element) -> dict[int, _Level]:
    return {
        number_of(e, 0, "ilvl"): _Level(
            text=value_of(find(e, "lvlText")),
            number_format=value_of(find(e, "numFmt")) or "decimal",
            start=number_of(find(e, "start"), 1),
        )
        for e in children(definition)
        if name_of(e) == "lvl"
    }


def _restarts(e: etree._Element) -> dict[int, int]:
    """Level → number with which a list begins anew."""
    return {
        min(number_of(override, 0, "ilvl"), _LEVELS - 1): number_of(find(override, "startOverride"), 1)
        for override in children(e)
        if name_of(override) == "lvlOverride" and find(override, "startOverride") is not None
    }


def _list_and_level(properties: etree._Element | None) -> tuple[str, int | None]:
    level = find(properties, "ilvl")
    return value_of(find(properties, "numId")), None if level is None else number_of(level, 0)


def _written(number: int, number_format: str) -> str:
    if number_format in _CHINESE and 0 < number < 100:
        tens, ones = divmod(number, 10)
        return ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + (_DIGITS[ones] if ones else "")
    if number_format == "decimalEnclosedCircle" and 0 < number <= 20:
        return chr(ord("①") + number - 1)
    if number_format in ("lowerLetter", "upperLetter") and 0 < number <= 26:
        letter = chr(ord("A") + number - 1)
        return letter if number_format == "upperLetter" else letter.lower()
    if number_format in ("lowerRoman", "upperRoman") and 0 < number < 90:
        roman = ""
        for value, sign in _ROMAN:
            times, number = divmod(number, value)
            roman += sign * times
        return roman if number_format == "upperRoman" else roman.lower()
    return str(number)
