"""The documents in which every rule is broken once, and the clean ones they come from.

A department of the whole narrative (telling_whole.py) with annexes and, where a rule looks back, its document
of the year before. The first ledger in which a rule has a place is taken, always the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from tests.corpus.accounts import Account
from tests.corpus.book import Book
from tests.corpus.break_rules import break_rule, needs_prior, rules
from tests.corpus.layouts import account_for, book, layout
from tests.corpus.plant import Planted
from tests.corpus.plant_cases import FORMATS, format_of, rendered
from tests.corpus.telling_whole import all_bought_of_small, told_whole, with_pensions

_BASES = (("hunan_2023", 0), ("hunan_2023", 1), ("hubei_2023", 0))  # layout and wording
_LEDGERS = 12  # tried for a place
_ROWS = 5
_CLEAN = 3  # ledgers of each base that stay untouched


@dataclass(frozen=True)
class RuleCase:
    """One document: of the year, or of the year before; with one rule broken, or clean."""

    name: str
    layout: str
    wording: int
    ledger: int
    department: str
    format: str
    rule: str = ""
    is_prior: bool = False


@dataclass(frozen=True)
class MadeRule:
    """A case as bytes, with what was planted in it."""

    file_name: str
    data: bytes
    planted: tuple[Planted, ...] = ()


def rule_cases(only: tuple[str, ...] = ()) -> list[RuleCase]:
    """All clean documents, and one of every rule for which any ledger has a place."""
    return [*_clean(), *_broken(only)]


def _clean() -> Iterator[RuleCase]:
    for n, (name, wording) in enumerate(_BASES):
        for ledger in range(_CLEAN):
            department = f"东海市{'甲乙丙'[n]}{'一二三'[ledger]}区文化事业办公室"
            for is_prior in (False, True) if layout(name).year_before else (False,):
                year = "before" if is_prior else "year"
                yield RuleCase(
                    f"clean-{name}-{wording}-{ledger}-{year}", name, wording, ledger, department,
                    format_of(n + ledger), is_prior=is_prior,
                )  # fmt: skip


def _broken(only: tuple[str, ...]) -> Iterator[RuleCase]:
    for number, rule in enumerate(rules()):
        place = place_of(rule) if not only or any(word in rule for word in only) else None
        if place is None:
            continue
        name, wording, ledger = place
        department = f"东海市{_numeral(number)}区文化事业办公室"
        case = RuleCase(f"rule-{rule}", name, wording, ledger, department, format_of(number), rule)
        yield case
        if needs_prior(rule):
            yield replace(case, name=f"rule-{rule}-before", rule="", is_prior=True)


def _numeral(number: int) -> str:
    return "".join("零一二三四五六七八九"[int(digit)] for digit in f"{number:03}")


@cache
def place_of(rule: str) -> tuple[str, int, int] | None:
    """Layout, wording and ledger of the first document in which a rule can be broken; None where none."""
    for ledger in range(_LEDGERS):
        for name, wording in _BASES:
            if break_rule(rule, *books(name, wording, ledger)) is not None:
                return name, wording, ledger
    return None


@cache
def _account(name: str, ledger: int) -> Account:
    return with_pensions(all_bought_of_small(account_for(layout(name), ledger, _ROWS)))


@cache
def books(name: str, wording: int, ledger: int) -> tuple[Book, Book | None]:
    """The department's book and that of the year before, None where the layout prints nothing of it."""
    account = _account(name, ledger)
    before = _book(account.prior, name, wording) if account.prior else None
    return _book(account, name, wording), before


def _book(account: Account, name: str, wording: int) -> Book:
    made = book(account, layout(name))
    return replace(made, narrative=told_whole(account, layout(name).annexes, wording))


def make_rule(case: RuleCase) -> MadeRule:
    """The document of a case. Raises ValueError where its rule has no place in it."""
    account = _account(case.layout, case.ledger)
    prior = replace(account.prior, department_name=case.department) if account.prior else None
    account = replace(account, department_name=case.department, prior=prior)
    before = _book(prior, case.layout, case.wording) if prior else None
    made = before if case.is_prior else _book(account, case.layout, case.wording)
    planted: tuple[Planted, ...] = ()
    if case.rule:
        result = break_rule(case.rule, made, before)
        if result is None:
            raise ValueError(f"{case.name} has no place for its rule")
        made, planted = result
    data = rendered(made, layout(case.layout), case.format)
    return MadeRule(f"{case.name}.{FORMATS[case.format]}", data, planted)
