"""What became of the figures of one document: right, wrong, missing, invented, and who says so.

A figure that is not right is honest where the landing itself says that it may not be: landed as
`ambiguous` it counts apart; placed by inference it is `inferred`; read from a picture, a problem
row names it. Any other is silent: nobody downstream could know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flows.land import LandedRows
from tests.corpus.accounts import Cell
from tests.corpus.cells import compare

_DOUBT = ("ocr_uncertain", "ocr_unproved")

Row = Mapping[str, str]


@dataclass
class CellCounts:
    """Figures by outcome, to be added up. `flagged` and `silent` part those that are wrong or
    invented; `corrected` are those that the identities changed. `examples` say which and how."""

    printed: int = 0
    right: int = 0
    wrong: int = 0
    missing: int = 0
    invented: int = 0
    ambiguous: int = 0
    flagged: int = 0
    silent: int = 0
    corrected: int = 0
    examples: list[str] = field(default_factory=list)


def count_cells(
    printed: Iterable[Cell], rows: LandedRows, printed_unknown: Iterable[Cell] = ()
) -> CellCounts:
    """The figures `printed` in standard tables, and in annexes where their truth is known, and those of
    tables that the program does not know (`printed_unknown`, told by their value alone), against the
    landing `rows` of the document."""
    table_codes = {table["table_no"]: table["table_code"] for table in rows["landed_tables"]}
    printed = list(printed)
    has_annexes = any(cell.table_code.startswith("pf") for cell in printed)
    landed: list[tuple[Cell, Row]] = []
    unknown: Counter[str] = Counter()
    ambiguous = 0
    for row in rows["landed_cells"]:
        code = table_codes[row["table_no"]]
        if code == "unknown":
            unknown[row["value_text"]] += 1
        elif row["confidence"] == "ambiguous":
            ambiguous += 1
        elif code.startswith("gk") or has_annexes:
            landed.append((Cell(code, row["line_item"], row["measure"], row["value_text"]), row))
    score = compare(printed, [cell for cell, _ in landed])
    counts = CellCounts(
        printed=score.printed,
        right=len(score.right),
        wrong=len(score.wrong),
        # A figure landed as ambiguous is there, and only its column is not known.
        missing=max(0, len(score.missing) - ambiguous),
        invented=len(score.invented),
        ambiguous=ambiguous,
        corrected=sum(problem["code"] == "ocr_corrected" for problem in rows["landed_problems"]),
    )
    for place, value, other in score.wrong:
        says = _flag(counts, Cell(*place, other), landed, rows)
        counts.examples.append(f"wrong, {says}: {' '.join(place)} printed {value}, landed {other}")
    for place, value in score.invented:
        says = _flag(counts, Cell(*place, value), landed, rows)
        counts.examples.append(f"invented, {says}: {' '.join(place)} {value}")
    absent = "missing or ambiguous" if ambiguous else "missing"
    counts.examples += [f"{absent}: {' '.join(place)} {value}" for place, value in score.missing]
    _add_unknown(counts, Counter(cell.value_text for cell in printed_unknown), unknown)
    return counts


def _flag(counts: CellCounts, cell: Cell, landed: list[tuple[Cell, Row]], rows: LandedRows) -> str:
    """Counts a figure that is not right as flagged or silent, and says which."""
    row = next(row for other, row in landed if other == cell)
    if row["confidence"] == "inferred":
        counts.flagged += 1
        return "inferred"
    if any(_names(problem, cell, row) for problem in rows["landed_problems"]):
        counts.flagged += 1
        return "flagged"
    counts.silent += 1
    return f"silent ({row['confidence']}, page {row['page']} line {row['line_no']})"


def _names(problem: Row, cell: Cell, row: Row) -> bool:
    """Whether a problem row is about this landed figure: its place, and what was read there."""
    return (
        problem["code"] in _DOUBT
        and (problem["page"], problem["line_no"]) == (row["page"], row["line_no"])
        and problem["detail"].split(" ")[0] == cell.value_text
    )


def _add_unknown(counts: CellCounts, printed: Counter[str], landed: Counter[str]) -> None:
    # What else is landed of such a table, its codes for instance, is neither right nor wrong.
    missing = printed - landed
    counts.printed += printed.total()
    counts.right += (printed & landed).total()
    counts.missing += missing.total()
    counts.examples += [f"missing: unknown table {value}" for value in sorted(missing.elements())]
