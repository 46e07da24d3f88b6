"""The words of the narrative and what they mean, from seeds/reference.

outline_sections.csv, claim_subjects.csv, claim_patterns.csv, claim_units.csv and
claim_not_claims.csv: a new wording is a new row there. functional_codes.csv names the classes.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from flows.extract.claims.outline import Outline
from flows.extract.guarded import Guarded
from flows.extract.normalise import squeeze

_SEEDS = Path(__file__).parents[3] / "seeds" / "reference"

# What may stand between a phrase and its number: 支出决算为, 均达到, 总计约
_FILLERS = r"(?:为|是|已|达到|达|共计|合计|总计|总数|共有|共|约|近|各|均|仅|只|:|于|至|了|的|数|有|金额){0,4}"


@dataclass(frozen=True)
class Subject:
    """What a claim can be about; `spellings` are squeezed and sorted longest first."""

    key: str
    kinds: frozenset[str]
    units: frozenset[str]
    sections: frozenset[str]
    match: str  # contains: anywhere in the words; exact: the whole name; home: only in `sections`
    follows: str
    spellings: tuple[str, ...]


@dataclass(frozen=True)
class Pattern:
    """A phrase and the measure and direction that it gives the number beside it."""

    regex: Guarded
    kind: str
    measure: str
    direction: str
    subject: str
    is_fixed: bool
    followed_by: str


@dataclass(frozen=True)
class Unit:
    regex: re.Pattern[str]
    kind: str


@dataclass(frozen=True)
class Vocabulary:
    outline: Outline
    subjects: tuple[Subject, ...]
    classes: frozenset[str]  # squeezed names of the functional classes
    ends: tuple[Pattern, ...]
    leads: tuple[Pattern, ...]
    parts: tuple[Pattern, ...]
    contexts: tuple[Pattern, ...]
    comparisons: tuple[Pattern, ...]  # state which of two amounts is larger, without a number
    shared: re.Pattern[str]
    reason: re.Pattern[str]
    generic: re.Pattern[str]
    units: tuple[Unit, ...]
    not_claims: tuple[tuple[Guarded, str], ...]

    @cached_property
    def by_spelling(self) -> dict[str, list[tuple[int, Subject]]]:
        """The subjects that a spelling names, each with its place among all."""
        named: dict[str, list[tuple[int, Subject]]] = {}
        for order, subject in enumerate(self.subjects):
            for spelling in subject.spellings:
                named.setdefault(spelling, []).append((order, subject))
        return named

    @cached_property
    def mentionable(self) -> dict[str, dict[str, list[tuple[str, int, Subject]]]]:
        """By kind and by their first two characters, the spellings by which part of a text can name a
        subject, each with the subject and its place among all."""
        kinds: dict[str, dict[str, list[tuple[str, int, Subject]]]] = {}
        for order, subject in enumerate(self.subjects):
            for kind in subject.kinds if subject.match != "exact" else ():
                spellings = kinds.setdefault(kind, {})
                for spelling in subject.spellings:
                    spellings.setdefault(spelling[:2], []).append((spelling, order, subject))
        return kinds

    def subject(self, key: str) -> Subject:
        """The subject of that key. Raises KeyError when the seeds know none."""
        for subject in self.subjects:
            if subject.key == key:
                return subject
        raise KeyError(f"{key} is not in seeds/reference/claim_subjects.csv")


@cache
def vocabulary() -> Vocabulary:
    """Reads the seeds, once."""
    patterns = _rows("claim_patterns.csv")
    return Vocabulary(
        outline=Outline(
            tuple(
                (row["section"], re.compile(row["title_pattern"]))
                for row in _rows("outline_sections.csv")
                if row["title_pattern"]
            )
        ),
        subjects=tuple(_subject(row) for row in _rows("claim_subjects.csv")),
        classes=frozenset(
            squeeze(row["name_zh"]) for row in _rows("functional_codes.csv") if row["level"] == "class"
        ),
        ends=tuple(_pattern(r, f"(?:{r['phrase']}){_FILLERS}$") for r in patterns if r["place"] == "end"),
        leads=tuple(_pattern(r, f"^(?:{r['phrase']})") for r in patterns if r["place"] == "lead"),
        parts=tuple(_pattern(r, f"(?:{r['phrase']})$") for r in patterns if r["place"] == "parts"),
        contexts=tuple(_pattern(r, r["phrase"]) for r in patterns if r["place"] == "context"),
        comparisons=tuple(_pattern(r, r["phrase"]) for r in patterns if r["place"] == "comparison"),
        shared=re.compile("|".join(r["phrase"] for r in patterns if r["place"] == "shared")),
        reason=re.compile("|".join(r["phrase"] for r in patterns if r["place"] == "reason")),
        generic=re.compile("|".join(r["phrase"] for r in patterns if r["place"] == "generic")),
        units=_units(),
        not_claims=tuple((Guarded(r["pattern"]), r["leaves"]) for r in _rows("claim_not_claims.csv")),
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (_SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _subject(row: dict[str, str]) -> Subject:
    spellings = {squeeze(s).replace(",", "，") for s in row["spellings"].split("|") if s}
    return Subject(
        key=row["subject"],
        kinds=frozenset(row["kinds"].split()),
        units=frozenset(row["units"].split()),
        sections=frozenset(row["sections"].split()),
        match=row["match"],
        follows=row["follows"],
        spellings=tuple(sorted(spellings, key=lambda s: (-len(s), s))),
    )


def _pattern(row: dict[str, str], regex: str) -> Pattern:
    return Pattern(
        regex=Guarded(regex),
        kind=row["kind"],
        measure=row["measure"],
        direction=row["direction"],
        subject=row["subject"],
        is_fixed=row["subject_is"] == "fixed",
        followed_by=row["followed_by"],
    )


def _units() -> tuple[Unit, ...]:
    """Longest first, so that 万元 is not read as 万 nor 人次 as 人. 余 and 多 may stand between
    the number and its unit (4000余人次) and between 万 and what is counted (1.5万余页)."""
    rows = sorted(_rows("claim_units.csv"), key=lambda r: -len(r["unit"]))
    counted = "|".join(re.escape(r["unit"]) for r in rows if r["kind"] == "count")
    units = [Unit(re.compile(rf"[余多几]?(?P<unit>万)[余多](?P<counted>{counted})"), "count")]
    for row in rows:
        not_before = f"(?![{row['not_before']}])" if row["not_before"] else ""
        units.append(
            Unit(re.compile(rf"[余多几]?(?P<unit>{re.escape(row['unit'])}){not_before}"), row["kind"])
        )
    return tuple(units)
