"""The printed line around a figure, as the reader sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 200  # characters of a line that are shown
_SHORT = 12  # characters; a line of one cell says little without its neighbours
_NEIGHBOURS = 2


@dataclass(frozen=True)
class PrintedLine:
    """One line; `mark` is the figure in it, empty where the line is only a neighbour or it was not found."""

    line_no: int
    before: str
    mark: str = ""
    after: str = ""


def position_of(text: str, value: str, evidence: str = "") -> int:
    """Where a printed number stands in a text, -1 where it does not: on its own, not inside another number,
    and where the words around it are known, in those."""
    if not value:
        return -1
    found = [match.start() for match in re.finditer(rf"(?<![\d.,]){re.escape(value)}(?![\d]|[.,]\d)", text)]
    start = _start_of(text, evidence)
    return next((place for place in found if place >= start), found[0] if found else -1)


def _start_of(text: str, evidence: str) -> int:
    """Where the words begin, blanks left out of account; 0 where they do not stand there."""
    kept = [place for place, character in enumerate(text) if not character.isspace()]
    place = "".join(text[i] for i in kept).find("".join(evidence.split()))
    return kept[place] if evidence and place >= 0 else 0


def marked(line_no: int, text: str, value: str, evidence: str = "") -> PrintedLine:
    """A line with its figure marked, cut to LONGEST characters around it."""
    text = text.replace("\t", "  ").strip()
    place = position_of(text, value, evidence)
    if place < 0:
        return PrintedLine(line_no, _cut_end(text, LONGEST))
    room = max(0, LONGEST - len(value))
    before, after = text[:place], text[place + len(value) :]
    left = max(room // 2, room - len(after))
    before = before if len(before) <= left else "…" + before[len(before) - left + 1 :]
    return PrintedLine(line_no, before, value, _cut_end(after, max(1, room - len(before))))


def _cut_end(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def printed_lines(
    lines: dict[tuple[int, int], str], page: int, line_no: int, value: str = "", evidence: str = ""
) -> tuple[PrintedLine, ...]:
    """The line at a place, with its figure marked; with its neighbours where it is short. `lines` is text by
    (page, line_no). Empty where there is no such line."""
    place = line_of(lines, page, line_no, value)
    if place not in lines:
        return ()
    number = place[1]
    own = marked(number, lines[place], value, evidence)
    if len(lines[place].strip()) >= _SHORT:
        return (own,)
    return tuple(
        own if near == number else PrintedLine(near, _cut_end(text.strip(), LONGEST))
        for near in range(number - _NEIGHBOURS, number + _NEIGHBOURS + 1)
        if (text := lines.get((page, near), "")).strip()
    )


def line_of(
    lines: dict[tuple[int, int], str], page: int, line_no: int, value: str
) -> tuple[int, int]:
    """The line in which a value stands: a claim's place is where its sentence begins, and a sentence may go
    on over some lines."""
    for near in range(line_no, line_no + 4):
        if position_of(lines.get((page, near), ""), value) >= 0:
            return page, near
    return page, line_no
