"""Which rows of a sheet are a table: a sheet may hold several, with texts above, between and below them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from flows.extract.normalise import has_decimals, is_amount, squeeze
from flows.extract.tables.vocabulary import ECONOMIC_CODE, FUNCTION_CODE, table_code_of_title

_HEADING_ROWS = 6  # the rows of a table among which title, unit and department stand
_HEADING = re.compile(
    r"\(?公开(表)?\d{1,2}表?\)?|(金额)?单位:.*|(编制|填报|公开)?(部门|单位)(名称|\(公章\))?:.*"
)
_YEAR = re.compile(r"\d{4}年度?")
_NOTE = re.compile(r"\(?(注|说明|备注)\)?\d?[:.、]")


@dataclass
class Row:
    """The texts of one row by column, both counted from 0."""

    number: int
    texts: dict[int, str]

    @property
    def squeezed(self) -> list[str]:
        return [squeeze(text) for text in self.texts.values()]

    @property
    def has_title(self) -> bool:
        return any(table_code_of_title(text) for text in self.texts.values())

    @property
    def is_heading(self) -> bool:
        """Title, unit, department, or a year alone: what stands above a table."""
        texts = self.squeezed
        if self.has_title or any(_HEADING.fullmatch(text) for text in texts):
            return True
        return len(texts) == 1 and _YEAR.fullmatch(texts[0]) is not None

    @property
    def is_note(self) -> bool:
        return _NOTE.match(self.squeezed[0]) is not None

    @property
    def goes_on(self) -> bool:
        """Whether a row below a blank one belongs to the table above: it holds figures, or a note."""
        texts = self.squeezed
        coded = FUNCTION_CODE.fullmatch(texts[0]) or ECONOMIC_CODE.fullmatch(texts[0])
        if coded or self.is_note or any(has_decimals(text) for text in texts):
            return True
        return len(texts) > 1 and all(is_amount(text) for text in texts[1:])


def tables_of(rows: Sequence[Row], used: Set[int]) -> Iterator[Sequence[Row]]:
    """The rows of each table. `used` are rows without texts that are not blank: hidden, or under merged
    cells."""
    for part in _parts(rows, used):
        table = _table(part)
        if table:
            yield table


def _parts(rows: Sequence[Row], used: Set[int]) -> Iterator[list[Row]]:
    """The rows parted at standard titles, and at blank rows below a table where no figures go on."""
    part: list[Row] = []
    in_table = False
    for row in rows:
        below_blank = part and not used.issuperset(range(part[-1].number + 1, row.number))
        if part and (row.has_title or (below_blank and in_table and not row.goes_on)):
            yield part
            part, in_table = [], False
        part.append(row)
        in_table = in_table or (len(row.texts) > 1 and not row.is_heading)
    if part:
        yield part


def _table(part: Sequence[Row]) -> Sequence[Row]:
    """The rows of a part that are a table: without title, unit and department above it and remarks
    below. Empty where the part is text."""
    headings = [i for i, row in enumerate(part[:_HEADING_ROWS]) if row.is_heading]
    start = headings[-1] + 1 if headings else 0
    rows = list(part[start:])
    if not any(row.has_title for row in part[:start]):
        while rows and len(rows[0].texts) == 1:
            rows.pop(0)
    while rows and len(rows[-1].texts) == 1 and not (rows[-1].is_note or is_amount(rows[-1].squeezed[0])):
        rows.pop()
    return rows if len(rows) > 1 and any(len(row.texts) > 1 for row in rows) else ()
