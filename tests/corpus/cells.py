"""How the cells of a landed document compare with what the document prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from flows.land import LandedRows
from tests.corpus.accounts import Cell

Place = tuple[str, str, str]  # table_code, line_item, measure


@dataclass(frozen=True)
class CellScore:
    """Places by outcome. `wrong` and `missing` are printed figures, `invented` are landed ones
    that the document does not print in that place; a figure landed twice is invented once."""

    right: tuple[Place, ...]
    wrong: tuple[tuple[Place, str, str], ...]  # place, printed, landed
    missing: tuple[tuple[Place, str], ...]
    invented: tuple[tuple[Place, str], ...]

    @property
    def printed(self) -> int:
        return len(self.right) + len(self.wrong) + len(self.missing)

    @property
    def is_perfect(self) -> bool:
        return not (self.wrong or self.missing or self.invented)


def landed_cells(
    rows: LandedRows, confidences: Iterable[str] | None = None, annexes: bool = False
) -> list[Cell]:
    """The cells of the standard tables and of those that forms add (gk…), with `annexes` of the
    performance annexes too (pf…); of some confidences only if asked."""
    table_codes = {table["table_no"]: table["table_code"] for table in rows["landed_tables"]}
    wanted = None if confidences is None else set(confidences)
    known = ("gk", "pf") if annexes else ("gk",)
    return [
        Cell(table_codes[cell["table_no"]], cell["line_item"], cell["measure"], cell["value_text"])
        for cell in rows["landed_cells"]
        if table_codes[cell["table_no"]].startswith(known)
        and (wanted is None or cell["confidence"] in wanted)
    ]


def compare(printed: Iterable[Cell], landed: Iterable[Cell]) -> CellScore:
    """Every printed figure against what was landed in its table, row and column. A place may be printed
    more than once: a project each has the same form."""
    truth = [(_place(cell), cell.value_text) for cell in printed]
    found: dict[Place, list[str]] = {}
    for cell in landed:
        found.setdefault(_place(cell), []).append(cell.value_text)
    right, wrong, missing, invented, unlike = [], [], [], [], []
    for place, value in truth:
        values = found.get(place, [])
        if value in values:
            right.append(place)
            values.remove(value)
        else:
            unlike.append((place, value))
    for place, value in unlike:
        values = found.get(place, [])
        if values:
            wrong.append((place, value, values.pop(0)))
        else:
            missing.append((place, value))
    invented += [(place, value) for place, values in found.items() for value in values]
    return CellScore(tuple(right), tuple(wrong), tuple(missing), tuple(invented))


def _place(cell: Cell) -> Place:
    return cell.table_code, cell.line_item, cell.measure


def claim_counter(rows: LandedRows) -> Counter[tuple[str, ...]]:
    """The landed claims as (section, subject, measure, value_text, unit_text, direction)."""
    columns = ("section", "subject", "measure", "value_text", "unit_text", "direction")
    return Counter(tuple(claim[column] for column in columns) for claim in rows["landed_claims"])
