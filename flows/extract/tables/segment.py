"""Where the standard tables stand in a text: title, body, notes.

A title is a title wherever it is printed, in the table of contents too. What makes a table is
what follows: a body with numbers or columns, or words that declare it empty. A title that is
followed by neither, and that no other place of the document makes good, is a table whose
body is not in the text, mostly because it was a picture. The title of a table that is not known ends
the table before it; its own body is one where tabs keep the columns or numbers stand in rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flows.extract.model import Line
from flows.extract.normalise import has_decimals, is_amount, squeeze
from flows.extract.tables.notes import declares_empty, unit_in
from flows.extract.tables.vocabulary import (
    LIST_TABLES,
    list_item_of,
    looks_like_title,
    table_code_of_title,
)

_PART_HEADING = re.compile(r"第[一二三四五六七八九十]部分")
_NOTE = re.compile(r"(注|说明|备注)\d?[:.、]")
_NOTES_AT_MOST = 12  # lines after the table in which it may be declared empty


@dataclass(frozen=True)
class Segment:
    """One title and what follows it, up to the next title or part of the document."""

    table_code: str
    title: str
    title_line: Line
    body: tuple[Line, ...]
    notes: tuple[Line, ...]

    @property
    def unit(self) -> str:
        """The unit that the table's heading prints; empty where it prints none."""
        return unit_in("".join(line.text for line in self.body))

    @property
    def is_declared_empty(self) -> bool:
        return declares_empty("".join(line.text for line in self.notes))

    @property
    def is_tabbed(self) -> bool:
        return sum("\t" in line.text for line in self.body) >= 2

    @property
    def has_numbers(self) -> bool:
        """Whether tabs keep columns below the title, or numbers stand there among white space."""
        return self.is_tabbed or sum(map(is_amount, self._words())) > 1

    @property
    def has_body(self) -> bool:
        return (
            self.is_tabbed
            or any(map(has_decimals, self._words()))
            or any(map(self._is_list_row, self.body))
            or "栏次" in squeeze("".join(line.text for line in self.body))
        )

    def _words(self) -> list[str]:
        return [word for line in self.body for word in line.text.split()]

    def _is_list_row(self, line: Line) -> bool:
        """Whether a line is an item of an added table with its number, which may be a whole one."""
        words = line.text.split()
        return (
            self.table_code in LIST_TABLES
            and len(words) > 1
            and is_amount(words[-1])
            and any(list_item_of(self.table_code, "".join(words[:n])) for n in range(1, len(words)))
        )

    @property
    def lines(self) -> tuple[Line, ...]:
        return (self.title_line, *self.body, *self.notes)


def segments_of(
    lines: Sequence[Line], is_taken: Callable[[Line], bool] = lambda line: False
) -> list[Segment]:
    """The standard tables' segments in `lines`, contents entries left out, one per printed table.

    Where a title has no body anywhere, the last place that prints it is returned, with
    `has_body` false. Lines that are taken belong to other tables; a segment ends before them.
    """
    lines = [line for line in lines if line.text.strip()]
    taken = [is_taken(line) for line in lines]
    codes = ["" if gone else _code(line.text) for line, gone in zip(lines, taken, strict=True)]
    starts = [i for i, code in enumerate(codes) if code.startswith("gk") or code == "unknown"]
    found = []
    for n, start in enumerate(starts):
        end = starts[n + 1] if n + 1 < len(starts) else len(lines)
        for i in range(start + 1, end):
            if taken[i] or _PART_HEADING.match(squeeze(lines[i].text)):
                end = i
                break
        split = next((i for i in range(start + 1, end) if _NOTE.match(squeeze(lines[i].text))), end)
        found.append(
            Segment(
                table_code=codes[start],
                title=lines[start].text.strip(),
                title_line=lines[start],
                body=tuple(lines[start + 1 : split]),
                notes=tuple(lines[split : min(end, split + _NOTES_AT_MOST)]),
            )
        )
    found = [s for s in found if s.table_code != "unknown" or s.has_numbers]
    made_good = {s.table_code for s in found if s.has_body or s.is_declared_empty}
    last_bare = {s.table_code: s for s in found}
    return [
        s
        for s in found
        if s.has_body
        or s.is_declared_empty
        or (s.table_code not in made_good and last_bare[s.table_code] is s)
    ]


def _code(text: str) -> str:
    """The table that a line names; `unknown` for what reads like the title of another table."""
    code = table_code_of_title(text)
    return code or ("unknown" if "\t" not in text.strip() and looks_like_title(text) else "")
