"""What the readers of columnless annexes share: gathering cells and problems, finding headers.

Only what the text itself settles is landed. Everything else becomes a problem with its line.
"""

from __future__ import annotations

import re

from flows.extract.model import CellDraft, Line, ProblemDraft, TableDraft
from flows.extract.tables.annex.find import Annex
from flows.extract.tables.annex.knowledge import Column
from flows.extract.tables.annex.numbers import Printed, compact

_UNIT = re.compile(r"[（(]\s*(亿元|万元|元)\s*[)）]")
_SPLIT_PERCENT = re.compile(r"(?<=\d)\s+(?=[%％])")


class Drafting:
    """Gathers cells and problems of one columnless table."""

    def __init__(self, annex: Annex) -> None:
        self.annex = annex
        self.cells: list[CellDraft] = []
        self.problems: list[ProblemDraft] = []
        self.row_no = 0
        self.last = annex.title
        unit = _UNIT.search("".join(line.text for line in (annex.title, *annex.lines)))
        self.money = unit[1] if unit else ""

    def land(
        self, line: Line, item: str, label: str, column: Column, column_no: int, printed: Printed,
        certain: bool = True,
    ) -> None:  # fmt: skip
        unit = printed.unit_text or (self.money if column.unit_kind == "amount" else "")
        self.cells.append(
            CellDraft(
                row_no=self.row_no,
                column_no=column_no,
                page=line.page,
                line_no=line.line_no,
                row_code="",
                row_label=compact(label),
                line_item=item,
                column_path=column.header,
                measure=column.measure,
                value_text=printed.value_text,
                unit_text=unit,
                method="inferred",
                confidence="certain" if certain else "inferred",
            )
        )
        self.last = line

    def problem(self, line: Line, code: str, detail: str) -> None:
        self.problems.append(ProblemDraft(line.page, line.line_no, "recognise", code, detail))

    def table(self, printed_title: str, last: Line) -> TableDraft:
        return TableDraft(
            table_code=self.annex.table_code,
            printed_title=printed_title,
            printed_unit="",
            first_page=self.annex.title.page,
            last_page=last.page,
            first_line=self.annex.title.line_no,
            last_line=last.line_no,
            row_count=self.row_no,
            column_count=max((cell.column_no for cell in self.cells), default=0),
            is_declared_empty=False,
            method="inferred",
            cells=tuple(self.cells),
            problems=tuple(self.problems),
        )


def headers_in(text: str, headers: dict[str, list[Column]]) -> list[Column]:
    """The headers that `text` prints, from left to right, the longer one where two overlap."""
    taken: list[tuple[int, int, Column]] = []
    for header in sorted(headers, key=len, reverse=True):
        start = text.find(header)
        end = start + len(header)
        if start >= 0 and all(end <= s or e <= start for s, e, _ in taken):
            taken.append((start, end, headers[header][0]))
    return [column for _, _, column in sorted(taken, key=lambda t: t[0])]


def words_of(text: str) -> list[str]:
    """The words of a line, a per cent sign joined to its number."""
    return _SPLIT_PERCENT.sub("", text).split()
