"""Whether a finding is about a planted error, points at it, and says what was there before."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tests.corpus.plant import Place, Planted, number

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
# What has no value of its own, or only contradicts something else: no finding can say which is right.
_NO_EXPECTED = ("blank: ", "table: deleted", "table: empty", "table: note", "words: residue",
                "words: change", "words: path")  # fmt: skip
_ROUNDING = Decimal("0.3")  # of a unit: what a sum of rounded figures may differ by; errors are one and more
_RATE_ROUNDING = Decimal("0.15")


@dataclass(frozen=True)
class Finding:
    """A row of fct_findings."""

    rule: str
    severity: str
    page: int | None
    line_no: int | None
    figure_id: str | None
    figure_ids: str | None
    printed: str | None
    expected: str | None
    expected_yuan: Decimal | None
    difference_yuan: Decimal | None
    message: str

    @property
    def figures(self) -> set[str]:
        """Every figure that it names."""
        return {self.figure_id, *(self.figure_ids or "").split()} - {None}

    @property
    def at(self) -> tuple[int, int]:
        return self.page or 1, self.line_no or 0


@dataclass
class Document:
    """A landed document: what was planted in it, on which lines, and which figures lie where."""

    document_id: str
    file_name: str
    planted: tuple[Planted, ...]
    rule: str = ""  # the one that is broken in it, of the pass in which each is broken once
    lines: dict[str, set[tuple[int, int]]] = field(default_factory=dict)  # text of an error → (page, line)
    places: dict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))
    tables: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    claims: dict[tuple[int, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    units: dict[str, Decimal] = field(default_factory=dict)  # figure → its unit in 元
    place_of: dict[str, Place] = field(default_factory=dict)

    def place(self, printed: Sequence[tuple[int, int, str]]) -> None:
        """Finds the lines of all errors in words among the document's lines (page, line, text)."""
        for error in self.planted:
            if error.text:
                self.lines[error.text] = _lines_of(error.text, printed)

    def add_figure(
        self,
        figure_id: str,
        source: str,
        table_code: str,
        line_item: str,
        measure: str,
        page: int,
        line_no: int,
        unit: float | None,
    ) -> None:
        if source == "claim":
            self.claims[page, line_no].add(figure_id)
        else:
            place = table_code, line_item, measure
            self.places[place].add(figure_id)
            self.tables[table_code].add(figure_id)
            self.place_of[figure_id] = place
        self.units[figure_id] = Decimal(str(unit or 1))


def _lines_of(text: str, printed: Sequence[tuple[int, int, str]]) -> set[tuple[int, int]]:
    """The lines that a paragraph fills, wherever it is printed: every line whose text lies in it and that
    follows one where it begins."""
    wanted = _squeezed(text)
    found: set[tuple[int, int]] = set()
    rest = ""
    for page, line_no, line in printed:
        squeezed = _squeezed(line)
        if not squeezed:
            continue
        if rest and rest.startswith(squeezed):
            found.add((page, line_no))
            rest = rest[len(squeezed) :]
        elif (wanted.startswith(squeezed) and len(squeezed) > 5) or squeezed.startswith(wanted):
            found.add((page, line_no))
            rest = wanted[len(squeezed) :]
        else:
            rest = ""
    return found


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text).translate({n + 0xFEE0: n for n in range(0x21, 0x7F)})


def explains(document: Document, error: Planted, finding: Finding) -> bool:
    """Whether the error is a reason for the finding: it names a figure or a line that holds the error."""
    if error.places:
        if finding.figures & _ids(document, error):
            return True
        return error.kind.startswith("blank") and (
            _is_by_amount(document, error, finding) or _is_in_row(document, error, finding)
        )
    if finding.at in document.lines.get(error.text, ()):
        return True
    if error.table_code:
        is_named = _squeezed(error.text) in _squeezed(finding.printed or "")
        return is_named or bool(finding.figures & document.tables[error.table_code])
    return bool(finding.figures & _claims(document, error))


def is_in_place(document: Document, error: Planted, finding: Finding) -> bool:
    """Whether the finding points at what is wrong. A figure that is blank has no place of its own: then
    any figure of its row or column does."""
    if error.kind.startswith("blank"):
        return _is_in_row(document, error, finding)
    if error.places:
        return finding.figure_id in _ids(document, error)
    if error.table_code:
        return explains(document, error, finding)
    return finding.at in document.lines[error.text] or finding.figure_id in _claims(document, error)


def has_expected(error: Planted) -> bool:
    """Whether a right finding can say what was there before."""
    return error.kind == "words: change rate" or not error.kind.startswith(_NO_EXPECTED)


def says_expected(document: Document, error: Planted, finding: Finding) -> bool:
    """Whether it says what was there before; of a sum of rounded figures as near as rounding allows."""
    if not has_expected(error):
        return False
    if error.places:
        for place, text in zip(error.places, error.expected, strict=True):
            if finding.figure_id in document.places[place] and finding.expected_yuan is not None:
                unit = document.units[finding.figure_id]
                return abs(finding.expected_yuan - number(text) * unit) <= _ROUNDING * unit
        return False
    said, wanted = finding.expected or "", error.expected[0]
    if "元" in wanted and not any(character.isdigit() for character in wanted):
        return wanted.split("：")[-1] in said
    if error.kind == "table: wrong unit" or not wanted[0].isdigit():
        return wanted in said
    values = [Decimal(x.replace(",", "")) for x in _NUMBER.findall(said)]
    return any(abs(value - Decimal(_NUMBER.search(wanted)[0])) <= _RATE_ROUNDING for value in values)


def _ids(document: Document, error: Planted) -> set[str]:
    return {figure for place in error.places for figure in document.places.get(place, ())}


def _claims(document: Document, error: Planted) -> set[str]:
    return {c for at in document.lines.get(error.text, ()) for c in document.claims.get(at, ())}


def _is_in_row(document: Document, error: Planted, finding: Finding) -> bool:
    table, row, column = error.places[0]
    place = document.place_of.get(finding.figure_id or "")
    return place is not None and place[0] == table and (place[1] == row or place[2] == column)


def _is_by_amount(document: Document, error: Planted, finding: Finding) -> bool:
    if finding.difference_yuan is None or not finding.figure_id:
        return False
    unit = document.units[finding.figure_id]
    units = {document.units[x] for x in document.tables[error.places[0][0]]} | {unit}
    return any(
        abs(abs(finding.difference_yuan) - abs(number(error.expected[0])) * u) <= _ROUNDING * u for u in units
    )
