"""A slip of wording, as it is landed, and the sentences and brackets it is found in."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flows.extract.claims.passages import Passage
from flows.extract.model import Line, ProblemDraft

STAGE = "wording"
EXPECTED = " → "  # between what is printed and what was expected, where that is known
_SEEDS = Path(__file__).parents[3] / "seeds" / "reference"
_DETAIL = 60
_ENDS = "。;；"
_SENTENCE = re.compile(r"[^。]+。?")


@dataclass(frozen=True)
class Sentence:
    """text[start:end] of a passage."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.passage.text[self.start : self.end]


def sentences_of(passage: Passage) -> list[Sentence]:
    """The sentences of a passage, each with its full stop."""
    return [Sentence(passage, *match.span()) for match in _SENTENCE.finditer(passage.text)]


def slip(code: str, line: Line, printed: str, expected: str = "") -> ProblemDraft:
    """The problem row of a slip. `printed` is cut so that the whole fits into 60 characters."""
    after = EXPECTED + expected if expected else ""
    printed = " ".join(printed.split())
    return ProblemDraft(line.page, line.line_no, STAGE, code, printed[: _DETAIL - len(after)] + after)


def slip_in(code: str, passage: Passage, start: int, end: int, expected: str = "") -> ProblemDraft:
    """The problem row of a slip at text[start:end] of a passage."""
    return slip(code, passage.lines[start], printed_of(passage, start, end), expected)


def printed_of(passage: Passage, start: int, end: int) -> str:
    """What is printed at text[start:end], blanks left out."""
    return "".join(passage.printed[start:end]).replace(" ", "")


def whole_of(text: str, start: int, end: int) -> tuple[int, int]:
    """The bracket around text[start:end], or its sentence where it stands in none."""
    depth, opened = 0, -1
    for i in range(start, -1, -1):
        if text[i] == ")" and i < start:
            depth += 1
        elif text[i] == "(":
            if depth == 0:
                opened = i
                break
            depth -= 1
    if opened >= 0:
        return opened, _closing(text, opened)
    first = max(text.rfind(mark, 0, start) for mark in _ENDS) + 1
    last = min((i for i in (text.find(mark, end) for mark in _ENDS + ":") if i >= 0), default=len(text) - 1)
    return first, last + 1


def _closing(text: str, opened: int) -> int:
    depth = 0
    for i in range(opened, len(text)):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth == 0:
            return i + 1
    return len(text)


@cache
def seed(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a file of seeds/reference."""
    with (_SEEDS / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
