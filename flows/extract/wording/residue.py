"""What the form left behind: choices nobody made, placeholders, blanks, instructions, ellipses.

The wordings are rows of seeds/reference/wording_patterns.csv. A bracket or sentence is one slip of a
kind, however many of its patterns fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from itertools import pairwise

from flows.extract.claims.passages import Passage
from flows.extract.guarded import Guarded
from flows.extract.model import DocumentDraft, Line, ProblemDraft
from flows.extract.normalise import squeeze
from flows.extract.wording.slip import seed, slip, slip_in, whole_of

_TEMPLATE = re.compile(r"[XxＸ×]{2,}|[○〇◯]{2,}|某某(?:局|单位|部门)")
_PLACEHOLDERS_OF_A_TEMPLATE = 30  # a filled in document keeps a few at most
_WHOLE = ("residue_instruction", "residue_blank", "residue_doubled")  # shown with their sentence
_ECHO = 40  # characters after which the same choice stands for another figure
_JUDGED = re.compile(r"\d|[Xx]{2}|原因")
_BUDGET = re.compile(
    r"预算数?(?:支出)?(?:总额|数|金额)?(?:为|是|:)?(?P<value>\d[\d,]*(?:\.\d+)?)(?P<unit>万?元)"
)
_FINAL = re.compile(
    r"决算数?(?:支出)?(?:总额|数|金额)?(?:为|是|:)?(?P<value>\d[\d,]*(?:\.\d+)?)(?P<unit>万?元)"
)
_GREATER = re.compile(r"大于|高于|多于|超过|[大高多]\([小低少]\)于|[小低少]\([大高多]\)于")
_IS_OF_DISTRICT = re.compile(r"(?:区|县|旗)$")
_LEVEL_HERE = {"区": "区", "县": "县", "旗": "旗"}


def residue(
    passages: Sequence[Passage], in_tables: Sequence[Passage], lines: Sequence[Line], draft: DocumentDraft
) -> list[ProblemDraft]:
    """The residue of a document, outside tables and, for some kinds, inside. A document that is
    a template throughout is one slip."""
    found = _in_passages(passages, ("sentence", "anywhere"), draft)
    found += _empty_entries(passages)
    found += _in_passages(in_tables, ("anywhere",), draft)
    placeholders = [p for p in found if p.code == "residue_placeholder"]
    if _TEMPLATE.search(draft.department_name) or len(placeholders) > _PLACEHOLDERS_OF_A_TEMPLATE:
        first = placeholders[0] if placeholders else found[0] if found else None
        place = Line(first.page, first.line_no, "") if first else lines[0]
        return [slip("residue_template", place, draft.title or draft.department_name)]
    return found + _ellipses(lines)


def may_hold_residue(lines: Sequence[Line]) -> bool:
    """Whether the lines of tables can hold what is residue anywhere, told without joining them to
    passages; hardly any do."""
    whole = squeeze("".join(line.text for line in lines))
    return any(pattern.search(whole) for _, place, pattern in _patterns() if place == "anywhere")


def _in_passages(
    passages: Sequence[Passage], places: tuple[str, ...], draft: DocumentDraft
) -> list[ProblemDraft]:
    # most patterns fit nowhere, which one look at all passages tells
    whole = "\n".join(passage.text for passage in passages)
    patterns = [(code, pattern) for code, place, pattern in _patterns() if place in places]
    patterns = [(code, pattern) for code, pattern in patterns if pattern.search(whole)]
    return [problem for passage in passages for problem in _in_passage(passage, patterns, draft)]


def _in_passage(
    passage: Passage, patterns: Sequence[tuple[str, Guarded]], draft: DocumentDraft
) -> list[ProblemDraft]:
    found: dict[tuple[str, int], ProblemDraft] = {}
    last_choice, choice_end = "", -_ECHO
    for code, pattern in patterns:
        for match in pattern.finditer(passage.text):
            start, end = match.span()
            if code == "residue_choice":
                if passage.is_heading or not _JUDGED.search(passage.text):
                    continue
                if match["choice"] == last_choice and 0 <= start - choice_end < _ECHO:
                    choice_end = end
                    continue  # 增加（减少）0万元。增加（减少）主要原因是
                last_choice, choice_end = match["choice"], end
                expected = _expected_choice(passage.text, start, match["choice"])
                found[code, start] = slip_in(code, passage, start, end, expected)
            elif code == "residue_level":
                here = _level_of(draft)
                if here:
                    level = match["level"] or match["organ"]
                    printed = passage.text[start:end]
                    found[code, start] = slip(
                        code, passage.lines[start], printed, printed.replace(level, here, 1)
                    )
            else:
                extent = whole_of if code in _WHOLE else _around
                first, last = extent(passage.text, start, end)
                if code == "residue_blank":
                    first = max(first, start - _ECHO)
                found.setdefault((code, first), slip_in(code, passage, first, last))
    return list(found.values())


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """A placeholder with the words beside it."""
    return max(start - 10, 0), min(end + 10, len(text))


def _expected_choice(text: str, at: int, choice: str) -> str:
    """The word that the amounts named before it choose: 小于 for 大（小）于 after a budget of 5 and an
    account of 3; empty where the sentence does not say both."""
    if not _GREATER.search(choice):
        return ""
    budgets = list(_BUDGET.finditer(text, 0, at))
    finals = list(_FINAL.finditer(text, 0, at))
    if not budgets or not finals or budgets[-1]["unit"] != finals[-1]["unit"]:
        return ""
    budget, final = (Decimal(found[-1]["value"].replace(",", "")) for found in (budgets, finals))
    return "大于" if final > budget else "小于" if final < budget else "等于"


def _level_of(draft: DocumentDraft) -> str:
    """区, 县 or 旗 of a department whose region is one; empty for those above it and where unknown."""
    region = draft.region_name
    return _LEVEL_HERE[region[-1]] if _IS_OF_DISTRICT.search(region) and len(region) > 1 else ""


def _empty_entries(passages: Sequence[Passage]) -> list[ProblemDraft]:
    """Entries of the template that were kept although nothing follows them but the next heading."""
    patterns = [(code, pattern) for code, place, pattern in _patterns() if place == "entry"]
    return [
        slip_in(code, passage, 0, len(passage.text))
        for passage, following in pairwise(passages)
        for code, pattern in patterns
        if following.is_heading and pattern.fullmatch(passage.text)
    ]


def _ellipses(lines: Iterable[Line]) -> list[ProblemDraft]:
    patterns = [pattern for _, place, pattern in _patterns() if place == "line"]
    printed = ((line, "".join(line.text.split())) for line in lines)  # NFKC would make three dots of …
    return [
        slip("residue_ellipsis", line, text)
        for line, text in printed
        if text and any(pattern.fullmatch(text) for pattern in patterns)
    ]


@cache
def _patterns() -> tuple[tuple[str, str, Guarded], ...]:
    rows = seed("wording_patterns.csv")
    return tuple((row["problem_code"], row["place"], Guarded(row["pattern"])) for row in rows)
