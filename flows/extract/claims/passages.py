"""Joins printed lines back into passages: a heading, or a paragraph broken over lines and pages.

A passage keeps two texts of the same length. `text` is the comparable one: full-width digits
and brackets in ASCII, ：and ；as : and ;, quotation marks and blanks gone (a blank stays where
it keeps two numbers apart). `printed` is what stood there. `lines` names the line of each
character, so that a claim can say where its first digit is printed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flows.extract.claims.outline import Outline
from flows.extract.model import Line
from flows.extract.places import inside

_DROPPED = set("\"'“”‘’「」『』*\ufeff")
_THOUSANDS = re.compile(r"\d{3}(?!\d)")
_PAGE_NUMBER = re.compile(r"[-—–\s]*\d{1,3}[-—–\s]*|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?")
_STARTS_WITH_UNIT = re.compile(r"\s*(?:[万亿]?元|万|%|％|个|人|辆|次|项|台)")
_ENDS_SENTENCE = "。！？；;：:"
_CONTINUES = re.compile(r"[，。、；：）%％,;:)]|[万亿]?元|万[、，；。]|[年月日]")
_ENDS_IN_FIGURE = re.compile(r"\d\s*[\u4e00-\u9fff]?$")  # 26, or 5万 before 元
_OPEN_END = re.compile(r"(?:[为的，、（(加少]|[（(][类款][)）])$")  # no paragraph ends so
_FIGURE_FIRST = re.compile(r"[\d.,]+\s?(?:[万亿]?元|[%％])")  # and none begins so
_ENUMERATION = re.compile(
    r"[-•●]?(?:第[一二三四五六七八九十]+部分"
    r"|[一二三四五六七八九十]{1,3}、"
    r"|[(（]\s?[一二三四五六七八九十]{1,3}\s?[)）]"
    r"|[(（]\s?\d{1,2}\s?[)）]"
    r"|\d{1,2}\s?(?:[、)）]|[.．](?!\d)|[.．](?=(?:19|20)\d\d\s?年))"
    r"|[①-⑳])"
)
_TITLE = re.compile(r"(?:19|20)\d\d\s?年")
_CLAUSE_MARKS = "，。；：;:,"
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER_AT_END = re.compile(r"[\d,]*\.?\d*$")
_NUMBER_AT_START = re.compile(r"[\d,]*\.?\d*")
_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_IN_NUMBERS = "0123456789,."
_WRAPPED_SHARE = 0.35  # of the lines near the right margin, in a text that is broken at a margin
_FEWEST_LINES = 4  # fewer show no margin
_SHORT_LINE = 0.755  # of the usual width: a line that ends before the margin ends its paragraph
_LONG_TITLE = 30  # characters: a shorter line of an unwrapped text stands for itself


@dataclass(frozen=True)
class Passage:
    """One heading or paragraph. `text`, `printed` and `lines` have the same length."""

    section: str
    is_heading: bool
    text: str
    printed: tuple[str, ...]
    lines: tuple[Line, ...]


def passages_of(
    lines: Sequence[Line], table_ranges: Iterable[tuple[int, int, int, int]], outline: Outline
) -> list[Passage]:
    """The passages outside `table_ranges` (first page, first line, last page, last line, both
    ends included), in order, each in its section of the official outline."""
    runs = _runs_outside(lines, list(table_ranges))
    margin = _margin([line for run in runs for line in run])
    position = outline.start()
    section = position.section
    passages: list[Passage] = []
    for run in runs:
        kept = _without_page_numbers(run)
        group: list[Line] = []
        skip_until = 0
        for i, line in enumerate(kept):
            if i < skip_until:
                continue
            following = kept[i + 1] if i + 1 < len(kept) else None
            heading_lines = position.advance(line.text, following.text if following else "")
            if heading_lines:
                passages += _passage(group, section, False) if group else []
                group = []
                skip_until = i + heading_lines
                passages += _passage(kept[i:skip_until], position.section, True)
            elif group and (_goes_on(group[-1].text, line.text, margin) or _is_title(group, line)):
                group.append(line)
            else:
                passages += _passage(group, section, False) if group else []
                group = [line]
            section = position.section
        passages += _passage(group, section, False) if group else []
    return passages


@lru_cache(maxsize=8192)
def comparable(char: str) -> str:
    """The comparable form of one printed character; empty when it carries nothing."""
    if char in _DROPPED:
        return ""
    if char in "，":
        return char
    if "\uff01" <= char <= "\uff5e":
        return unicodedata.normalize("NFKC", char)
    return {"﹪": "%", "〔": "[", "〕": "]", "—": "-"}.get(char, char)


def _runs_outside(lines: Sequence[Line], ranges: list[tuple[int, int, int, int]]) -> list[list[Line]]:
    """The lines outside all ranges, cut where a range stood: no sentence runs over a table."""
    runs: list[list[Line]] = [[]]
    is_inside = inside(ranges)
    for line in lines:
        if is_inside(line):
            if runs[-1]:
                runs.append([])
        elif line.text.strip():
            runs[-1].append(line)
    return [run for run in runs if run]


def _without_page_numbers(run: Sequence[Line]) -> list[Line]:
    """Drops page numbers on lines of their own. A number on a line of its own is no page number
    when the words around it need it: what stands before it ends in no figure, a unit comes after."""
    kept = []
    for i, line in enumerate(run):
        if _PAGE_NUMBER.fullmatch(line.text.strip()):
            before = run[i - 1].text.rstrip() if i else ""
            after = run[i + 1].text if i + 1 < len(run) else ""
            needed = before and not _ENDS_IN_FIGURE.search(before) and before[-1] not in _ENDS_SENTENCE
            if not (needed and _STARTS_WITH_UNIT.match(after)):
                continue
        kept.append(line)
    return kept


@lru_cache(maxsize=4096)
def _width(text: str) -> int:
    return sum(map(_width_of_one, text.strip()))


@lru_cache(maxsize=8192)
def _width_of_one(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WFA" else 1


def _margin(lines: Sequence[Line]) -> float:
    """The width of a full line where the text is broken at a margin, else 0."""
    widths = sorted(_width(line.text) for line in lines)
    if len(widths) < _FEWEST_LINES:
        return 0.0
    usual = widths[len(widths) * 9 // 10]
    near = sum(1 for w in widths if 0.85 * usual <= w <= 1.15 * usual)
    return float(usual) if near >= _WRAPPED_SHARE * len(widths) else 0.0


def _goes_on(before: str, after: str, margin: float) -> bool:
    before, after = before.strip(), after.strip()
    if "\t" in before or "\t" in after or after.startswith("序号"):
        return False  # a row of a list
    if _ENUMERATION.match(after) and not _starts_inside(before, after, margin):
        return False
    if _CONTINUES.match(after):
        return True
    if before[-1] not in _ENDS_SENTENCE and (_OPEN_END.search(before) or _FIGURE_FIRST.match(after)):
        return True
    if margin:
        return _width(before) >= _SHORT_LINE * margin
    is_prose = any(mark in before for mark in _CLAUSE_MARKS) or _width(before) > 2 * _LONG_TITLE
    return before[-1] not in _ENDS_SENTENCE and is_prose


def _is_title(group: Sequence[Line], line: Line) -> bool:
    """Whether a title that begins with a year goes on in `line`: neither has a clause mark."""
    after = line.text.strip()
    if len(group) > 3 or not _TITLE.match(group[0].text.strip()) or _ENUMERATION.match(after):
        return False
    title = "".join(x.text for x in group)
    return not any(mark in title + after for mark in _CLAUSE_MARKS)


def _starts_inside(before: str, after: str, margin: float) -> bool:
    """Whether what looks like an enumeration is the rest of a bracket or a number."""
    opened = before.count("(") + before.count("（") - before.count(")") - before.count("）")
    full = margin == 0 or _width(before) >= _SHORT_LINE * margin
    return full and (before[-1] in "、，,.(（" or (opened > 0 and after[0].isdigit()))


def _passage(group: Sequence[Line], section: str, is_heading: bool) -> list[Passage]:
    text: list[str] = []
    printed: list[str] = []
    places: list[Line] = []
    for line in group:
        if text and not (
            text[-1] in _IN_NUMBERS and _is_broken_number("".join(text[-20:]), line.text)
        ):
            _blank_between_numbers(text, printed, places, line)
        same, chars = _characters(line.text) if len(line.text) <= _REMEMBERED else _compared(line.text)
        text += same
        printed += chars
        places += [line] * len(same)
    if not text:
        return []
    return [Passage(section, is_heading, _commas("".join(text)), tuple(printed), tuple(places))]


def _compared(line: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The comparable characters of a line and the printed ones that they stand for; of its blanks those
    between two numbers are kept."""
    text: list[str] = []
    printed: list[str] = []
    gap = False
    for char in line:
        if char.isspace():
            gap = True
            continue
        same = comparable(char)
        if not same:
            continue
        if gap and text and _both_numeric(text[-1], same):
            text.append(" "), printed.append(" ")
        text.append(same), printed.append(char)
        gap = False
    return tuple(text), tuple(printed)


_characters = lru_cache(maxsize=2048)(_compared)
_REMEMBERED = 200  # characters; lines of a page are shorter, and are asked for more than once


def _both_numeric(left: str, right: str) -> bool:
    return left in "0123456789%" and right in "0123456789-≥≤"


def _blank_between_numbers(text: list[str], printed: list[str], places: list[Line], line: Line) -> None:
    first = line.text.strip()[:1]
    if first and _both_numeric(text[-1], comparable(first)):
        text.append(" "), printed.append(" "), places.append(line)


def _is_broken_number(before: str, after: str) -> bool:
    """Whether the digits at the end of one line and at the start of the next are one number.
    Two years side by side are two."""
    after = "".join(comparable(c) for c in after.strip()[:20])
    left = _NUMBER_AT_END.search(before)[0]
    right = _NUMBER_AT_START.match(after)[0]
    if not left or not right:
        return False
    if _YEAR.fullmatch(left) and right[0].isdigit():
        return False
    if _YEAR.fullmatch(right) and after[len(right) :].lstrip().startswith("年"):
        return False
    return _NUMBER.fullmatch(left + right.rstrip(",")) is not None


def _commas(text: str) -> str:
    """An ASCII comma is a clause mark unless it groups digits by three."""
    if "," not in text:
        return text
    chars = list(text)
    for i, char in enumerate(chars):
        if char == "," and not (i and chars[i - 1].isdigit() and _THOUSANDS.match(text, i + 1)):
            chars[i] = "，"
    return "".join(chars)
