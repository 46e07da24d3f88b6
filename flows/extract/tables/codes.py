"""Codes read from pictures, held against the names beside them.

A row of the tables by functional or economic code prints its code and its name, which are two
readings of one thing. No sum tells that a whole row stands under another row's code, so where the two
disagree the name decides if it is the name of one code only that is near in digits; else the figures
of the row are reported.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from flows.extract.model import CellDraft, ProblemDraft, TableDraft
from flows.extract.normalise import distance, squeeze
from flows.extract.tables.vocabulary import FUNCTION_TABLES

_REFERENCE = Path(__file__).parents[3] / "seeds" / "reference"
_KINDS = {**dict.fromkeys(FUNCTION_TABLES, "function"), "gk06": "economic"}
_FAR = 2  # digits: a code that differs in more is no misreading of another
_SAME = 6  # one character in so many may be misread in the same name
_LIKE = 3  # names that differ in more than one character of so many are two names

Names = Mapping[str, Set[str]]  # code → its names


@dataclass(frozen=True)
class _Row:
    """The figures of a row: numbers of the table and of its cells."""

    table: int
    kind: str  # function | economic
    code: str
    name: str
    cells: tuple[int, ...]


def proofread_codes(tables: Sequence[TableDraft]) -> tuple[list[TableDraft], list[ProblemDraft]]:
    """The tables of one document with the codes that their names correct, and what there is to report.

    `ocr_corrected`: the row stands under the code of its name. `ocr_uncertain`, for each figure of the
    row: its name is that of another code, or the table has another row of the same code. Rows that are
    not recognised are never changed.
    """
    recognised = {n for n, table in enumerate(tables) if any(cell.recognition for cell in table.cells)}
    if not recognised:
        return list(tables), []
    rows = list(_rows(tables))
    codes: dict[_Row, str] = {}
    doubts: dict[_Row, str] = {}
    for table, kind in dict.fromkeys((row.table, row.kind) for row in rows if row.table in recognised):
        elsewhere = [row for row in rows if row.kind == kind and row.table != table]
        known = _known(kind, elsewhere)
        sure = _known(kind, [row for row in elsewhere if _is_as_listed(row)])
        own = [row for row in rows if row.table == table]
        counts = Counter(row.code for row in own)
        for row in own:
            is_double = counts[row.code] > 1
            is_one = _is_same if is_double else _is_like
            if not row.name or any(is_one(row.name, name) for name in known.get(row.code, ())):
                continue
            named = [code for code in _named(row, sure) if code not in counts]
            if len(named) == 1 and (is_double or row.code in known):
                codes[row] = named[0]
            elif named or row.code in known:
                doubts[row] = f"the name is that of {' '.join(named) or 'another code'}"
    _doubt_doubles([row for row in rows if row.table in recognised], codes, doubts)
    return _as_corrected(tables, codes), [
        *(_corrected(tables[row.table], row, code) for row, code in codes.items()),
        *(problem for row, why in doubts.items() for problem in _doubtful(tables[row.table], row, why)),
    ]


def _rows(tables: Sequence[TableDraft]) -> Iterator[_Row]:
    for n, table in enumerate(tables):
        kind = _KINDS.get(table.table_code)
        found: dict[tuple[int, str, str], list[int]] = defaultdict(list)
        for m, cell in enumerate(table.cells):
            of_kind, _, code = cell.line_item.partition(".")  # a row without a code has that of its name
            if kind == of_kind and code.isdecimal():
                found[cell.row_no, code, squeeze(cell.row_label)].append(m)
        for (_, code, name), cells in found.items():
            yield _Row(n, kind or "", code, name, tuple(cells))


def _doubt_doubles(rows: Sequence[_Row], codes: Mapping[_Row, str], doubts: dict[_Row, str]) -> None:
    """Where two rows of a table are left under one code, neither is certain."""
    of_code: dict[tuple[int, str], list[_Row]] = defaultdict(list)
    for row in rows:
        of_code[row.table, codes.get(row, row.code)].append(row)
    for same in of_code.values():
        for row in same if len(same) > 1 else ():
            doubts.setdefault(row, "another row has this code")


# -- names -------------------------------------------------------------------------------------------


@cache
def listed_names(kind: str) -> Names:
    """The official names of the functional or economic codes, those of earlier years too, squeezed.
    `kind` is function or economic."""
    column = {"function": "functional_code", "economic": "economic_code"}[kind]
    names: dict[str, set[str]] = defaultdict(set)
    with (_REFERENCE / f"{column}s.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for name in filter(None, (row["name_zh"], row.get("former_name_zh"))):
                names[row[column]].add(squeeze(name))
    return names


def _is_as_listed(row: _Row) -> bool:
    """Whether a row's name is that of its code as far as the list has the code: it may be misread too."""
    names = listed_names(row.kind).get(row.code)
    return not names or any(_is_like(row.name, name) for name in names)


def _known(kind: str, others: Sequence[_Row]) -> Names:
    """The names of codes, official ones and those that the document's other tables print."""
    names = defaultdict(set, {code: set(listed) for code, listed in listed_names(kind).items()})
    for row in others:
        if row.name:
            names[row.code].add(row.name)
    return names


def _named(row: _Row, names_of: Names) -> list[str]:
    """The codes near the row's whose name it prints, those only that it prints most exactly."""
    distances = {
        code: min(distance(row.name, name) for name in names)
        for code, names in names_of.items()
        if _is_near(row.code, code)
    }
    least = min(distances.values(), default=len(row.name))
    is_exact = least * _SAME <= len(row.name)
    return [code for code, far in distances.items() if far == least and is_exact]


def _is_same(name: str, other: str) -> bool:
    """Whether two printed names are one, misread in a place at most."""
    return distance(name, other) * _SAME <= len(name)


def _is_like(name: str, other: str) -> bool:
    """Whether two printed names can be one: misread in places, or shortened."""
    if name in other or other in name:
        return True
    return distance(name, other) * _LIKE <= max(len(name), len(other))


def _is_near(code: str, other: str) -> bool:
    """Whether one code can be the other with a level lost or a few digits misread."""
    if len(code) == len(other):
        return 0 < sum(a != b for a, b in zip(code, other, strict=True)) <= _FAR
    short, long = sorted((code, other), key=len)
    return any(long[:n] + long[n + 2 :] == short for n in range(3, len(long) - 1, 2))


# -- what becomes of the rows ------------------------------------------------------------------------


def _as_corrected(tables: Sequence[TableDraft], codes: Mapping[_Row, str]) -> list[TableDraft]:
    new = [list(table.cells) for table in tables]
    for row, code in codes.items():
        for n in row.cells:
            new[row.table][n] = replace(new[row.table][n], row_code=code, line_item=f"{row.kind}.{code}")
    return [replace(table, cells=tuple(cells)) for table, cells in zip(tables, new, strict=True)]


def _corrected(table: TableDraft, row: _Row, code: str) -> ProblemDraft:
    cell = table.cells[row.cells[0]]
    detail = f"{row.code} → {code} · {row.name[:20]} {table.table_code} · by its name"
    return ProblemDraft(cell.page, cell.line_no, "recognise", "ocr_corrected", detail)


def _doubtful(table: TableDraft, row: _Row, why: str) -> Iterator[ProblemDraft]:
    for cell in (table.cells[n] for n in row.cells):
        yield _doubt(table, cell, f"{row.code} {row.name[:20]}: {why}")


def _doubt(table: TableDraft, cell: CellDraft, why: str) -> ProblemDraft:
    place = f"{cell.row_code} {table.table_code} {cell.measure}"
    return ProblemDraft(
        cell.page, cell.line_no, "recognise", "ocr_uncertain", f"{cell.value_text} · {place} · {why}"
    )
