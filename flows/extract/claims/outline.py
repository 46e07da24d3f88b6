"""Where in the official outline a line stands: sections 1 to 13, or appendix.

The thirteen sections are known by their titles (seeds/reference/outline_sections.csv), not by
the numeral before them: provinces order them differently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flows.extract.normalise import squeeze

APPENDIX = "appendix"
_PART = re.compile(r"第[一二三四五六七八九十]+部分")
_NUMERAL = re.compile(
    r"^[-•●]?(?:(?P<top>[一二三四五六七八九十]{1,3})、|\((?P<inner>[一二三四五六七八九十]{1,3})\))(?P<title>.+)$"
)
_TRAILER = re.compile(r"(?:[.…·]{3,}\d*|[。.:])+$")
_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九", start=1)}


@dataclass(frozen=True)
class Outline:
    """`titles`: section key and the pattern of its title, without numeral."""

    titles: tuple[tuple[str, re.Pattern[str]], ...]

    def start(self) -> Position:
        """The position before the first line."""
        return Position(self)

    def section_of(self, title: str) -> str:
        """The section that a squeezed title opens; empty when it opens none."""
        title = _TRAILER.sub("", title)
        return next((key for key, pattern in self.titles if pattern.fullmatch(title)), "")


class Position:
    """Follows the headings through a document, line by line."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._ordinal = 0
        self.section = APPENDIX

    def advance(self, line: str, following: str) -> int:
        """Takes the next line; returns how many lines the heading fills that begins with it (a
        title may be broken over two), 0 when no heading of the outline begins here."""
        text = squeeze(line)
        if _PART.match(text):
            self.section, self._ordinal = APPENDIX, 0
            return 1
        for count, candidate in ((1, text), (2, text + squeeze(following))):
            match = _NUMERAL.match(candidate)
            if not match:
                return 0
            section = self._outline.section_of(match["title"])
            if section:
                self.section = section
                self._ordinal = numeral(match["top"]) if match["top"] else self._ordinal
                return count
        match = _NUMERAL.match(text)
        if match["top"] and self._ordinal and numeral(match["top"]) == self._ordinal + 1:
            # the next number of the outline with a title that is none of the thirteen
            self.section, self._ordinal = APPENDIX, self._ordinal + 1
            return 1
        return 0


def numeral(text: str) -> int:
    """一 to 九十九 as a number; 0 when it is none."""
    tens, ten, ones = text.rpartition("十")
    if ten:
        return 10 * _DIGITS.get(tens, 1 if not tens else 0) + _DIGITS.get(ones, 0)
    return _DIGITS.get(text, 0)
