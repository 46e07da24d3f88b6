"""Whether a line stands inside one of many stretches of a document."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import accumulate

from flows.extract.model import Line, TableDraft

Stretch = tuple[int, int, int, int]  # first page, first line, last page, last line; both ends included


def stretch_of(table: TableDraft) -> Stretch:
    """From a table's title to its last line or note."""
    return table.first_page, table.first_line, table.last_page, table.last_line


def inside(stretches: Iterable[Stretch]) -> Callable[[Line], bool]:
    """Tells of a line whether it stands in one of `stretches`, which may overlap."""
    ordered = sorted(stretches)
    starts = [stretch[:2] for stretch in ordered]
    ends = list(accumulate((stretch[2:] for stretch in ordered), max))  # the furthest end so far

    def is_inside(line: Line) -> bool:
        place = (line.page, line.line_no)
        begun = bisect_right(starts, place)
        return begun > 0 and place <= ends[begun - 1]

    return is_inside
