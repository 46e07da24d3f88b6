"""The documents of the mutation bench: clean ones, and ones with one to three planted errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

from tests.corpus import render_docx, render_pdf, render_txt
from tests.corpus.accounts import Account
from tests.corpus.book import Book
from tests.corpus.layouts import Layout, account_for, book, layout, layouts
from tests.corpus.ledger import random_ledger
from tests.corpus.plant import Planted, kinds, plant
from tests.corpus.telling import told

FORMATS = {"docx": "docx", "pdf": "pdf", "tabbed": "txt"}  # format → ending
_ROWS_AT_MOST = 12  # 项 of a document: the long forms say nothing that the short ones do not
_CLEAN_AT_MOST = 1000
_TRIES = 60  # books in which a place for an error is looked for
_SEVERAL = 4  # every fourth document has two errors or three


_SYLLABLES = "安北昌定东峰高海江康兰明南平庆荣山泰文兴阳云泽中洲宝成德丰广河吉金凌龙梅宁清仁石"


@dataclass(frozen=True)
class Case:
    """One document of the bench. `planted` are the classes of its errors, none in a clean one."""

    name: str
    layout: str
    format: str
    seed: str
    number: int  # of the department: no two documents are of one
    planted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Made:
    """A case as bytes, with what was planted in it."""

    file_name: str
    data: bytes
    planted: tuple[Planted, ...] = field(default=())


def clean_cases(each: int) -> list[Case]:
    """Untouched documents, `each` of every layout without annexes, over all formats; those with annexes
    are in rule_cases.py."""
    return [
        Case(f"clean-{family.name}-{n}", family.name, format_of(i + n), f"clean {n}", i * each + n)
        for i, family in enumerate(_plain())
        for n in range(each)
    ]


def planted_cases(seed: int, each: int) -> list[Case]:
    """`each` documents of every class of errors, and in every fourth one or two errors of other classes."""
    cases = []
    families = _plain()
    for k, kind in enumerate(kinds()):
        for n in range(each):
            number = k * each + n
            random = Random(f"{seed} {kind} {n}")
            more = random.sample([x for x in kinds() if x != kind], random.choice((1, 2)))
            planted = (kind, *(more if number % _SEVERAL == 0 else ()))
            family = families[(number + n) % len(families)]
            name = f"{number:03}-{kind}".replace(": ", "-").replace(" ", "_")
            cases.append(
                Case(
                    name,
                    family.name,
                    format_of(number + k),
                    f"{seed} {kind} {n}",
                    _CLEAN_AT_MOST + number,
                    planted,
                )
            )
    return cases


def _plain() -> list[Layout]:
    """The layouts without annexes: `told` makes up the year before, which the others print."""
    return [family for family in layouts() if not family.annexes]


def format_of(number: int) -> str:
    """The formats in turn."""
    return tuple(FORMATS)[number % len(FORMATS)]


def make(case: Case) -> Made:
    """The document. Where the first error has no place in any book tried, the other layouts are tried
    too. Raises ValueError where no layout has a place for it."""
    for family, account, random in _accounts(case):
        made = told_book(account, family, random)
        planted: list[Planted] = []
        for kind in case.planted:
            taken = frozenset(_taken(planted))
            result = plant(kind, made, random, taken)
            if result is None and not planted:
                break
            if result is not None:
                made, error = result
                planted.append(error)
        if planted or not case.planted:
            return Made(
                f"{case.name}.{FORMATS[case.format]}", rendered(made, family, case.format), tuple(planted)
            )
    raise ValueError(f"no layout has a place for {case.planted[0]}")


def _taken(planted: list[Planted]) -> Iterator[str]:
    for error in planted:
        yield from (place[0] for place in error.places)
        yield from (error.text, error.table_code)


def _accounts(case: Case) -> Iterator[tuple[Layout, Account, Random]]:
    names = [case.layout] + [family.name for family in _plain() if family.name != case.layout]
    for n in range(_TRIES):
        family = layout(names[n // 5 % len(names)])
        random = Random(f"{case.seed} {n}")
        yield family, _account(family, case, random), random


def _account(family: Layout, case: Case, random: Random) -> Account:
    rows = min(family.rows, _ROWS_AT_MOST)
    if "table: empty without note" in case.planted[:1] or random.random() < 0.2:
        funds = ["general_public_budget"]
        account = random_ledger(random, year=family.year, rows=rows, scale=family.scale, funds=funds)
    else:
        account = account_for(family, random.randrange(10**6), rows)
    tens, ones = divmod(case.number, len(_SYLLABLES))
    name = f"东海市{_SYLLABLES[tens]}{_SYLLABLES[ones]}区文化事业办公室"
    return replace(account, department_name=name)


def told_book(account: Account, family: Layout, random: Random) -> Book:
    """The book of a layout with a narrative that says all, and with a table of contents."""
    made = book(account, replace(family, contents=family.contents or "plain"))
    return replace(made, narrative=told(account, random))


def rendered(made: Book, family: Layout, format: str) -> bytes:
    """The bytes of a book in one of FORMATS, in the ways of its layout."""
    if format == "pdf":
        return render_pdf.render_book(made, family.pdf)
    if format == "docx":
        return render_docx.render_book(made, family.docx == "edited", family.rules)
    return render_txt.render_book(made, "tabbed").encode()
