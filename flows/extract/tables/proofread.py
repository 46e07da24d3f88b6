"""Figures read from pictures, proofread by the accounting identities.

The identities are an error-correcting code: a digit taken for another breaks the sum along its
row, the sum of its column and the figure's twin in another table. Where exactly one choice among
the readings that the recogniser offers satisfies them all, that choice is what the page prints.
A figure is never given a value that the recogniser has not offered: the page itself may print an
error. What stays doubtful stays as read and is reported.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from flows.extract.model import CellDraft, ProblemDraft, TableDraft
from flows.extract.normalise import decimal_of, is_amount, is_too_long, squeeze
from flows.extract.tables.amounts import decimals_of, finest_decimals, half_width, is_modest, yuan_of_unit
from flows.extract.tables.identities import Identity, instances_of
from flows.extract.tables.readings import Equation, Puzzle, Reading, likeliest

# Below this certainty of a number's least certain character its reading needs a proof. Of 4,320 numbers
# drawn at 75 to 200 dpi and spoilt by noise, blur or JPEG 40, 82 were read wrong, none of them surer than
# 0.9853; 5 % of those read right are below 0.99 too.
NEEDS_PROOF = 0.99
_COMMAS = 3  # numbers of a table with or without thousands' commas that make one without or with them odd
_NAMED = 4  # readings and identities that a problem names; the rest is counted


@dataclass(frozen=True)
class _Figure:
    """A number of a table; `number` counts the document's figures from 0. Its place in the forms is
    what the identities ask for; figures of no known row and column have none."""

    number: int
    table_code: str
    cell: CellDraft
    readings: tuple[Reading, ...]  # as read first; none where that is no number

    @property
    def line_item(self) -> str:
        return self.cell.line_item

    @property
    def measure(self) -> str:
        return self.cell.measure


def proofread(
    tables: Sequence[TableDraft], amount_unit: str, identities: Sequence[Identity]
) -> tuple[list[TableDraft], list[ProblemDraft]]:
    """The tables of one document with what the identities correct, and what there is to report.

    `ocr_corrected`: another reading stands in place of the one as read. `ocr_uncertain`: a figure
    of an identity that does not hold, or one in doubt that another reading fits as well.
    `ocr_unproved`: in doubt and in no identity. Cells without `recognition` are never changed.
    `amount_unit` (万元, 元 …) holds for tables that print none.
    """
    if not any(cell.recognition for table in tables for cell in table.cells):
        return list(tables), []
    tables, problems = _with_their_commas(tables)
    figures = list(_figures(tables, amount_unit))
    puzzle = Puzzle(_equations(figures, identities), [figure.readings for figure in figures])
    changes = likeliest(puzzle)
    unheaded = _unheaded(figures, identities)
    broken: dict[int, list[Equation]] = defaultdict(list)
    for equation in puzzle.broken(changes):
        for figure in dict.fromkeys(equation.figures):
            broken[figure].append(equation)
    for figure in figures:
        if not figure.cell.recognition:
            continue
        proofs = [e for e in puzzle.equations_of[figure.number] if e.proves]
        if figure.number in changes:
            new = figure.readings[changes[figure.number]].text
            problems.append(_problem(figure, "ocr_corrected", f"→ {new}", "by", _names(proofs)))
        elif figure.number in broken:
            names = _names(broken[figure.number])
            problems.append(_problem(figure, "ocr_uncertain", _others(figure), "breaks", names))
        elif figure.number in unheaded and not any(_tells_column(e, figure, figures) for e in proofs):
            name = unheaded[figure.number]
            problems.append(_problem(figure, "ocr_uncertain", _others(figure), f"no total for {name}"))
        elif figure.cell.recognition.certainty >= NEEDS_PROOF:
            continue
        elif not proofs:
            problems.append(_problem(figure, "ocr_unproved", _others(figure), "in no identity"))
        elif fitting := _fitting(puzzle, figure, changes):
            problems.append(_problem(figure, "ocr_uncertain", "or " + _listed(fitting), "fits as well"))
    texts = (
        f.readings[changes[f.number]].text if f.number in changes else f.cell.value_text for f in figures
    )
    return [
        replace(table, cells=tuple(replace(cell, value_text=next(texts)) for cell in table.cells))
        for table in tables
    ], problems


def _with_their_commas(tables: Sequence[TableDraft]) -> tuple[list[TableDraft], list[ProblemDraft]]:
    """The tables with the thousands' commas of each as its other numbers have them, where the
    recogniser offers that: a comma is few pixels and changes no amount, so no sum tells of it."""
    result: list[TableDraft] = []
    problems: list[ProblemDraft] = []
    for table in tables:
        large = Counter("," in cell.value_text for cell in table.cells if _has_thousands(cell.value_text))
        cells = list(table.cells)
        for n, cell in enumerate(cells):
            has_comma = "," in cell.value_text
            is_odd = large[not has_comma] >= _COMMAS * max(1, large[has_comma])
            if not cell.recognition or not _has_thousands(cell.value_text) or not is_odd:
                continue
            bare = cell.value_text.replace(",", "")
            same = [text for text in cell.recognition.others if text.replace(",", "") == bare]
            if same and is_amount(same[0]) and ("," in same[0]) != has_comma:
                others = (cell.value_text, *(text for text in cell.recognition.others if text != same[0]))
                recognition = replace(cell.recognition, others=others)
                cells[n] = replace(cell, value_text=same[0], recognition=recognition)
                words = (f"→ {same[0]}", "by the commas of the table")
                problems.append(_problem_of(cell, table.table_code, "ocr_corrected", *words))
        result.append(replace(table, cells=tuple(cells)))
    return result, problems


def _has_thousands(text: str) -> bool:
    return is_amount(text) and not is_too_long(text) and abs(decimal_of(text)) >= 1000


def _figures(tables: Sequence[TableDraft], amount_unit: str) -> Iterator[_Figure]:
    number = 0
    for table in tables:
        finest = finest_decimals(cell.value_text for cell in table.cells)
        habit = _habit([cell.value_text for cell in table.cells])
        for cell in table.cells:
            units = (cell.unit_text, table.printed_unit, amount_unit)
            unit = next((yuan_of_unit()[unit] for unit in units if unit in yuan_of_unit()), 1)
            yield _Figure(number, table.table_code, cell, _readings(cell, unit, finest, habit))
            number += 1


def _habit(texts: Sequence[str]) -> int | None:
    """The decimals that all numbers of a table have: those of most, where zeros at the end are
    printed. None where there is no such habit."""
    counts = Counter(map(decimals_of, texts))
    decimals = max(counts, key=lambda d: (counts[d], d), default=0)
    keeps_zeros = any(decimals_of(text) == decimals and text.endswith("0") for text in texts)
    return decimals if decimals and keeps_zeros and 2 * counts[decimals] >= len(texts) else None


def _readings(cell: CellDraft, unit: int, finest: int, habit: int | None) -> tuple[Reading, ...]:
    """What a cell may print, as read first. Readings that differ in a comma alone are one."""
    texts = [cell.value_text, *(cell.recognition.others if cell.recognition else ())]
    texts = [text for text in map(squeeze, texts) if is_amount(text) and not is_too_long(text)]
    if cell.value_text not in texts:
        return ()
    readings: dict[tuple[Decimal, Decimal], Reading] = {}
    for text in texts:
        amount, half = decimal_of(text) * unit, half_width(text, unit, finest)
        is_odd = habit is not None and decimals_of(text) != habit and amount != 0  # 0 stands for 0.00
        if not readings or is_modest(amount, half):
            readings.setdefault((amount, half), Reading(text, amount, half, is_odd))
    return tuple(readings.values())


def _equations(figures: Iterable[_Figure], identities: Sequence[Identity]) -> list[Equation]:
    """The identities whose terms are printed, and the figures that are printed twice, as far as a
    recognised figure is among them."""
    prints: dict[tuple[str, str, str], list[_Figure]] = defaultdict(list)
    for figure in figures:
        is_placed = figure.line_item and figure.measure and figure.cell.confidence != "ambiguous"
        if is_placed and figure.readings:
            prints[figure.table_code, figure.line_item, figure.measure].append(figure)
    equations = []
    for (table_code, line_item, measure), same in prints.items():
        # of several prints the finest speaks for all, as in int_identity_facts
        same.sort(key=lambda figure: (figure.readings[0].is_odd, figure.readings[0].half_width))
        for other in same[1:]:
            terms = ((1, same[0].number), (-1, other.number))
            name = f"{table_code} {line_item} {measure} printed twice"
            equations.append((Equation(name, "equals", True, terms), [same[0], other]))
    facts = [same[0] for same in prints.values()]
    known = {term.table_code for identity in identities for term in identity.terms}
    for figure in (figure for same in prints.values() for figure in same):
        if figure.table_code in known and any(reading.is_odd for reading in figure.readings):
            name = f"{figure.table_code} has other decimals"
            equations.append((Equation(name, "not_odd", False, ((1, figure.number),)), [figure]))
    for identity in identities:
        for key, (total, parts) in instances_of(identity, facts).items():
            places = [figure for _, figure in total + parts]
            if not total or not parts or _lacks_a_term(identity, places):
                continue
            terms = [(w, figure.number) for w, figure in total] + [(-w, figure.number) for w, figure in parts]
            name = "-".join([identity.identity_id, *filter(None, key)])  # as in fct_identity_checks
            equation = Equation(name, identity.comparison, identity.is_same_fact, tuple(terms))
            equations.append((equation, places))
    return [equation for equation, places in equations if any(f.cell.recognition for f in places)]


def _unheaded(figures: Iterable[_Figure], identities: Sequence[Identity]) -> dict[int, str]:
    """The recognised parts of a row whose total it does not print, each with the row's identity. Offices
    print the total of what they print: where it is missing, the numbers are likely in other columns, and
    the sums down a column hold in any."""
    placed = [f for f in figures if f.line_item and f.measure and f.readings and f.cell.recognition]
    found: dict[int, str] = {}
    for identity in identities:
        if not _is_of_rows(identity):
            continue
        for key, (total, parts) in instances_of(identity, placed).items():
            if parts and not total:
                name = "-".join([identity.identity_id, *filter(None, key)])
                found |= {f.number: name for _, f in parts if f.readings[0].amount}
    return found


def _is_of_rows(identity: Identity) -> bool:
    """Whether it says that the parts of each row by code make up the row's total, which all rows print."""
    totals = [term for term in identity.terms if term.side == "total"]
    return (
        identity.comparison == "equals"
        and len({(term.table_code, term.line_item, term.code_level) for term in identity.terms}) == 1
        and all(term.instance_code == "code" and term.is_required for term in totals)
        and all(term.measure.pattern == "total" for term in totals)
    )


def _tells_column(equation: Equation, figure: _Figure, figures: Sequence[_Figure]) -> bool:
    """Whether a sum that holds goes over several columns or tables, so that it tells the column too."""
    places = {(figures[n].table_code, figures[n].measure) for n in equation.figures}
    return places != {(figure.table_code, figure.measure)}


def _lacks_a_term(identity: Identity, figures: Sequence[_Figure]) -> bool:
    """Whether a term that the identity cannot do without is not printed. Lower limits have theirs
    column by column, so that the terms of other columns are lacking rightly."""
    required = [term for term in identity.terms if term.is_required and identity.comparison == "equals"]
    return not all(any(term.matches(figure) for figure in figures) for term in required)


def _fitting(puzzle: Puzzle, figure: _Figure, changes: dict[int, int]) -> list[str]:
    """The figure's other readings that leave all its identities satisfied."""
    equations = puzzle.equations_of[figure.number]
    return [
        reading.text
        for n, reading in enumerate(figure.readings)
        if n and all(puzzle.holds(e, {**changes, figure.number: n}) for e in equations)
    ]


# -- what the problem rows say ---------------------------------------------------------------------


def _problem(figure: _Figure, code: str, *words: str) -> ProblemDraft:
    return _problem_of(figure.cell, figure.table_code, code, *words)


def _problem_of(cell: CellDraft, table_code: str, code: str, *words: str) -> ProblemDraft:
    place = f"{cell.row_code or squeeze(cell.row_label)[:20]} {table_code} {cell.measure}"
    detail = f"{cell.value_text} {words[0]} · {place} · {' '.join(words[1:])}".replace("  ", " ")
    return ProblemDraft(cell.page, cell.line_no, "recognise", code, detail)


def _others(figure: _Figure) -> str:
    texts = [reading.text for reading in figure.readings[1:]]
    return f"or {_listed(texts)}" if texts else ""


def _names(equations: Iterable[Equation]) -> str:
    return _listed([equation.name for equation in equations])


def _listed(texts: Sequence[str]) -> str:
    more = f" +{len(texts) - _NAMED}" if len(texts) > _NAMED else ""
    return " ".join(texts[:_NAMED]) + more
