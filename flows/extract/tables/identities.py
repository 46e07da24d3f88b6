"""The accounting identities of seeds/identities, as extraction uses them.

The same rows judge the published figures in SQL. Here they say where a number can have stood.
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

    def matches(self, place: Place) -> bool:
        return (
            place.table_code == self.table_code
            and (not self.code_level or code_level(place.line_item) == self.code_level)
            and self.measure.fullmatch(place.measure) is not None
            and self.line_item.fullmatch(place.line_item) is not None
        )

    def instance_of(self, place: Place) -> tuple[str, str]:
        code = {"code": code_of, "parent_code": parent_code_of}.get(self.instance_code, lambda _: "")
        return code(place.line_item), place.measure if self.instance_measure else ""


@dataclass(frozen=True)
class Identity:
    identity_id: str
    comparison: str  # equals | at_least
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
    """All identities of the seeds, in the order of the file."""
    terms: dict[str, list[Term]] = defaultdict(list)
    for row in _rows("identity_terms.csv"):
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
            )
        )
    return tuple(
        Identity(row["identity_id"], row["comparison"], tuple(terms[row["identity_id"]]))
        for row in _rows("identities.csv")
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
