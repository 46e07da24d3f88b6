"""Blank cells that cannot be zero: figures of a form that a document leaves out.

A blank cell counts as nothing as long as the figures allow it. Some documents print a total and not its
parts: a table in which each row has its total only, classes without amounts below the total of all. Then the
identities that touch what is left out say nothing, and taking the blanks for zero would break them all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, Protocol

from flows.extract.tables.identities import Identity, code_level

Option = tuple[int, ...]  # the column of each number of a row


class Row(Protocol):
    """See infer.RowToPlace."""

    table_code: str
    line_item: str
    measures: tuple[str, ...]
    amounts: tuple[Decimal, ...]
    half_widths: tuple[Decimal, ...]


class Cell(Protocol):
    """One column of one row."""

    row: int
    column: int


class Instance(NamedTuple):
    """One instance of an identity over the cells of all rows: weighted terms of both sides."""

    name: str
    identity: Identity
    total: list[tuple[int, Cell]]
    parts: list[tuple[int, Cell]]
    touched: frozenset[int]  # rows


@dataclass(frozen=True)
class Gaps:
    """`cells` (row, column) hold figures that are not printed. `options` are those of the rows that are
    told by it to leave figures out: where a row prints a part, it prints the total."""

    cells: frozenset[tuple[int, int]]
    options: dict[int, list[Option]]

    def touch(self, instance: Instance) -> bool:
        """Whether an instance is over a figure that is not printed."""
        return any((cell.row, cell.column) in self.cells for _, cell in instance.total + instance.parts)


def gaps_in(rows: Sequence[Row], options: Sequence[list[Option]], instances: Sequence[Instance]) -> Gaps:
    """The figures that are left out for certain.

    The blank parts of a sum whose terms' columns are not in doubt and whose printed parts are less than
    the total, where the whole row of a part is blank. And the cells that stay blank of rows that no
    arrangement of their numbers makes add up, where a table has several of them and, but for its total, no
    others in doubt: of a single such row it is not told that it lacks its parts and not its total.
    """
    cells: set[tuple[int, int]] = set()
    for instance in instances:
        if instance.identity.comparison == "equals" and all(len(options[r]) == 1 for r in instance.touched):
            cells |= _left_out(instance, rows, options)
    within: dict[int, list[Instance]] = {}
    for instance in instances:
        if len(instance.touched) == 1 and instance.identity.comparison == "equals":
            within.setdefault(next(iter(instance.touched)), []).append(instance)
    possible: dict[int, list[Option]] = {}
    for r, own in within.items():
        row = rows[r]
        if len(options[r]) == 1 or min(row.amounts) < 0:
            continue
        if any(all(_adds_up(row, option, sums) for sums in own) for option in options[r]):
            continue
        left = [option for option in options[r] if all(_may_lack(row, option, sums) for sums in own)]
        if left:
            possible[r] = left
    possible = _in_tables_with_gaps(possible, rows, options)
    for r, left in possible.items():
        columns = {cell.column for sums in within[r] for _, cell in sums.total + sums.parts}
        cells |= {(r, column) for option in left for column in columns - set(option)}
    return Gaps(frozenset(cells), possible)


def _in_tables_with_gaps(
    possible: dict[int, list[Option]], rows: Sequence[Row], options: Sequence[list[Option]]
) -> dict[int, list[Option]]:
    """Those rows that leave figures out whose table does so throughout."""
    kinds = [(row.table_code, row.measures) for row in rows]
    count = Counter(kinds[r] for r in possible)
    in_doubt = Counter(
        kind
        for r, (row, kind) in enumerate(zip(rows, kinds, strict=True))
        if r in possible or (len(options[r]) > 1 and code_level(row.line_item) != "total")
    )
    return {r: left for r, left in possible.items() if 1 < count[kinds[r]] == in_doubt[kinds[r]]}


def _left_out(
    instance: Instance, rows: Sequence[Row], options: Sequence[list[Option]]
) -> set[tuple[int, int]]:
    difference = tolerance = Decimal(0)
    for sign, terms in ((1, instance.total), (-1, instance.parts)):
        for weight, cell in terms:
            (option,) = options[cell.row]
            if cell.column in option:
                n = option.index(cell.column)
                difference += sign * weight * rows[cell.row].amounts[n]
                tolerance += rows[cell.row].half_widths[n]
    blank = [cell for _, cell in instance.parts if not options[cell.row][0]]
    return {(cell.row, cell.column) for cell in blank} if difference > tolerance else set()


def _adds_up(row: Row, option: Option, sums: Instance) -> bool:
    difference, tolerance, _ = _difference(row, option, sums)
    return abs(difference) <= tolerance


def _may_lack(row: Row, option: Option, sums: Instance) -> bool:
    """Whether a row adds up where blank parts may hold anything that is not negative."""
    difference, tolerance, is_whole = _difference(row, option, sums)
    if not any(cell.column in option for _, cell in sums.total):
        return not any(cell.column in option for _, cell in sums.parts)
    return -tolerance <= difference and (not is_whole or difference <= tolerance)


def _difference(row: Row, option: Option, sums: Instance) -> tuple[Decimal, Decimal, bool]:
    """The printed total less the printed parts, its tolerance, and whether all parts are printed."""
    difference = tolerance = Decimal(0)
    for sign, terms in ((1, sums.total), (-1, sums.parts)):
        for weight, cell in terms:
            if cell.column in option:
                n = option.index(cell.column)
                difference += sign * weight * row.amounts[n]
                tolerance += row.half_widths[n]
    return difference, tolerance, all(cell.column in option for _, cell in sums.parts)
