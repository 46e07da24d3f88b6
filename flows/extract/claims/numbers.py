"""The numbers of a passage: which are figures, with which unit, and which are dates or labels."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flows.extract.claims.passages import Passage
from flows.extract.claims.vocabulary import Vocabulary

_NUMBER = re.compile(r"(?<![\d.])[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+|\.(?=[万亿]?元|%))?")
_DIGIT = re.compile(r"\d")
_YEAR_TOKEN = "{year}"


@dataclass(frozen=True)
class Plain:
    """The text of a passage without its dates, ordinals and labels. The year of the document
    reads 本, the year before it 上, so that 比2022年度 and 比上年度 are one wording. `at` maps
    each character to its place in the passage."""

    text: str
    at: tuple[int, ...]


@dataclass(frozen=True)
class Figure:
    """One number of `Plain.text`: [start, end) is the number, [end, unit_end) its unit."""

    start: int
    end: int
    unit_end: int
    value_text: str
    unit_text: str
    kind: str  # amount | rate | score | count, empty where no unit is printed


def plain_of(passage: Passage, vocabulary: Vocabulary, fiscal_year: str) -> Plain:
    """The passage with everything taken out that holds digits but is no figure."""
    text = passage.text
    if not _DIGIT.search(text):
        return Plain(text, tuple(range(len(text))))
    found = sorted(
        (match.start(), order, match.end(), leaves, match[0])
        for order, (pattern, leaves) in enumerate(vocabulary.not_claims)
        for match in pattern.finditer(text)
        if match.end() > match.start()
    )
    chars: list[str] = []
    at: list[int] = []
    done = 0
    for start, _, end, leaves, matched in found:
        if start < done:
            continue
        chars += text[done:start]
        at += range(done, start)
        for char in _year_word(matched, fiscal_year) if leaves == _YEAR_TOKEN else leaves:
            chars.append(char)
            at.append(start)
        done = end
    chars += text[done:]
    at += range(done, len(text))
    return Plain("".join(chars), tuple(at))


def _year_word(year: str, fiscal_year: str) -> str:
    if not fiscal_year.isdigit():
        return ""
    return {int(fiscal_year): "本", int(fiscal_year) - 1: "上"}.get(int(year), "")


def figures_of(plain: Plain, passage: Passage, vocabulary: Vocabulary) -> list[Figure]:
    """All numbers of the plain text, in order. `unit_text` is as printed, 余 and 多 left out."""
    figures = []
    for match in _NUMBER.finditer(plain.text):
        start, end = match.span()
        unit_end, unit_text, kind = end, "", ""
        for unit in vocabulary.units:
            found = unit.regex.match(plain.text, end)
            if found:
                groups = [found.span(name) for name in found.re.groupindex]
                printed = [passage.printed[plain.at[i]] for s, e in groups for i in range(s, e)]
                unit_end, unit_text, kind = found.end(), "".join(printed), unit.kind
                break
        before = plain.text[start - 1 : start]
        # 结余-8.30万元 is negative; between words and what is no amount the stroke joins: A-1, 地块-3
        if match[0][0] in "-−" and before.isalnum() and (before.isascii() or kind not in ("amount", "rate")):
            start += 1
        value = plain.text[start:end].replace("−", "-")
        figures.append(Figure(start, end, unit_end, value, "%" if unit_text == "％" else unit_text, kind))
    return figures
