"""The accounting identities of seeds/identities, as extraction uses them.

The same rows judge the published figures in SQL. Here they say where a number can have stood, so only those
matter that tie the standard tables of one document: rates, annexes and other years place no figure.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

_SEEDS = Path(__file__).parents[3] / "seeds" / "identities"
_TABLES = frozenset(f"gk0{n}" for n in range(1, 10))
_COMPARISONS = ("equals", "at_least")
_LEVELS = {3: "class", 5: "section", 7: "item"}


class Place(Protocol):
    """A cell of a form: where a figure stands or could stand."""

    table_code: str
    line_item: str
    measure: str


P = TypeVar("P", bound=Place)


@dataclass(frozen=True)
class Term:
    side: str  # total | part
    table_code: str
    line_item: re.Pattern[str]
    code_level: str
    measure: re.Pattern[str]
    weight: int
    instance_code: str
    instance_measure: str
    is_required: bool

    def matches(self, place: Place) -> bool:
        return (
            place.table_code == self.table_code
            and (not self.code_level or code_level(place.line_item) == self.code_level)
            and self.measure.fullmatch(place.measure) is not None
            and self.line_item.fullmatch(place.line_item) is not None
        )

    def instance_of(self, place: Place) -> tuple[str, str]:
        parts = {"code": code_of, "parent_code": parent_code_of, "line_item": str}
        code = parts.get(self.instance_code, lambda _: "")
        return code(place.line_item), place.measure if self.instance_measure else ""


@dataclass(frozen=True)
class Identity:
    identity_id: str
    comparison: str  # equals | at_least
    is_same_fact: bool  # total and part are one figure printed twice
    terms: tuple[Term, ...]


def code_of(line_item: str) -> str:
    """`function.20103` and `expenditure.class.201` speak of the codes 20103 and 201."""
    return line_item.rsplit(".", 1)[-1]


def code_level(line_item: str) -> str:
    """total, class, section or item of a row that a functional or economic code names."""
    kind, _, code = line_item.partition(".")
    if kind not in {"function", "economic"}:
        return "class" if line_item.startswith("expenditure.class.") else ""
    return "total" if code == "total" else _LEVELS.get(len(code), "") if code.isdigit() else ""


def parent_code_of(line_item: str) -> str:
    code = code_of(line_item)
    return code[:-2] if len(code) > 3 else "total"


@cache
def identities() -> tuple[Identity, ...]:
    """The identities of one document's standard tables, in the order of the file."""
    terms: dict[str, list[Term]] = defaultdict(list)
    elsewhere: set[str] = set()
    for row in _rows("identity_terms.csv"):
        if row["table_code"] not in _TABLES or row["years_back"] != "0":
            elsewhere.add(row["identity_id"])
        terms[row["identity_id"]].append(
            Term(
                side=row["side"],
                table_code=row["table_code"],
                line_item=_like(row["line_item"]),
                code_level=row["code_level"],
                measure=_like(row["measure"]),
                weight=int(row["weight"]),
                instance_code=row["instance_code"],
                instance_measure=row["instance_measure"],
                is_required=row["is_required"] == "true",
            )
        )
    return tuple(
        Identity(
            row["identity_id"],
            row["comparison"],
            row["is_same_fact"] == "true",
            tuple(terms[row["identity_id"]]),
        )
        for row in _rows("identities.csv")
        if row["identity_id"] not in elsewhere and row["comparison"] in _COMPARISONS
    )


def instances_of(
    identity: Identity, places: Iterable[P]
) -> dict[tuple[str, str], tuple[list[tuple[int, P]], list[tuple[int, P]]]]:
    """The identity's instances over `places`: key → (weighted total terms, weighted part terms)."""
    found: dict[tuple[str, str], tuple[list[tuple[int, P]], list[tuple[int, P]]]] = {}
    for place in places:
        for term in identity.terms:
            if term.matches(place):
                total, parts = found.setdefault(term.instance_of(place), ([], []))
                (total if term.side == "total" else parts).append((term.weight, place))
    return found


def _rows(name: str) -> list[dict[str, str]]:
    with (_SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _like(pattern: str) -> re.Pattern[str]:
    """An SQL LIKE pattern without escapes; an empty one matches anything."""
    return re.compile(".*".join(re.escape(part) for part in (pattern or "%").split("%")))
