"""Accounts made up at random that hold together: every identity of the forms is satisfied, each
figure rounded from its own exact amount as offices do."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random

from tests.corpus.accounts import MEASURES, TABLE_CODES, THREE_PUBLIC, Account, Cell, functional_names

_ECONOMIC = Path(__file__).parent / "forms" / "economic_items.csv"
_CLASSES = Path(__file__).parent / "forms" / "expenditure_classes.csv"
_OTHER_SOURCES = ("superior_subsidy", "institutional", "operating", "affiliated_remittance", "other")
_PERSONNEL = ("301", "303")
_YUAN = Decimal("0.0001")  # one 元 in 万元
_CENT = Decimal("0.01")

Amounts = dict[tuple[str, str, str], Decimal]


def random_account(random: Random, zeros: bool = False, items: tuple[int, int] = (2, 9)) -> Account:
    """A department's year of so many 项. Empty cells are blank, or printed 0.00 if `zeros`."""
    codes = _items(random, *items)
    amounts: Amounts = defaultdict(Decimal)
    source = random.choice(_OTHER_SOURCES)
    opening = Decimal(0)
    for code in codes:
        basic, project = _share(random, _amount(random), random.choice(("basic", "project", "both")))
        foreign = _amount(random, 50) if random.random() < 0.25 else Decimal(0)
        carried = foreign if foreign and random.random() < 0.3 else Decimal(0)  # paid from last year's
        opening += carried
        for level in (code, code[:5], code[:3], "total"):
            row = f"function.{level}"
            fiscal = basic + project
            _add(amounts, "gk05", row, basic=basic, project=project, total=fiscal)
            _add(amounts, "gk03", row, basic=basic + foreign, project=project, total=fiscal + foreign)
            _add(amounts, "gk02", row, fiscal_appropriation=fiscal, total=fiscal)
            _add(amounts, "gk02", row, **{source: foreign - carried, "total": foreign - carried})
    _two_sided(amounts, source, opening)
    _basic_by_economic_code(random, amounts)
    _three_public(random, amounts)
    return Account(
        key="random",
        department_name="东海市南山区委办公室",
        fiscal_year="2023",
        cells=_printed(amounts, zeros),
        printed_tables=TABLE_CODES,
        functional_names=functional_names(),
    )


def economic_codes() -> list[str]:
    """The economic codes that table 06 prints, in its order."""
    with _ECONOMIC.open(encoding="utf-8", newline="") as file:
        return [row["economic_code"] for row in csv.DictReader(file)]


def _items(random: Random, fewest: int, most: int) -> list[str]:
    codes = sorted(code for code in functional_names() if len(code) == 7)
    return sorted(random.sample(codes, random.randint(fewest, most)))


def _amount(random: Random, most: int = 900) -> Decimal:
    """An amount in 万元, exact to one 元; small ones are as likely as large ones."""
    return (Decimal(random.randint(1, random.choice((9, 99, most)) * 10_000)) * _YUAN).max(_CENT)


def _share(random: Random, amount: Decimal, kind: str) -> tuple[Decimal, Decimal]:
    if kind == "both" and amount > 1:
        basic = (amount * random.randint(10, 90) / 100).quantize(_YUAN)
        return basic, amount - basic
    return (amount, Decimal(0)) if kind == "basic" else (Decimal(0), amount)


def _add(amounts: Amounts, table_code: str, line_item: str, **values: Decimal) -> None:
    for measure, value in values.items():
        amounts[table_code, line_item, measure] += value


def _two_sided(amounts: Amounts, source: str, opening: Decimal) -> None:
    spent = amounts["gk03", "function.total", "total"]
    fiscal = amounts["gk05", "function.total", "total"]
    current = amounts["gk02", "function.total", "total"]
    _add(amounts, "gk01", "revenue.general_public_budget", final=fiscal)
    _add(amounts, "gk01", f"revenue.{source}", final=amounts["gk02", "function.total", source])
    _add(amounts, "gk01", "revenue.total_current", final=current)
    _add(amounts, "gk01", "balance.opening_carryover", final=opening)
    _add(amounts, "gk01", "revenue.grand_total", final=current + opening)
    _add(amounts, "gk01", "expenditure.total_current", final=spent)
    _add(amounts, "gk01", "expenditure.grand_total", final=spent)
    for side in ("revenue.general_public_budget", "revenue.total_current", "revenue.grand_total"):
        _add(amounts, "gk04", side, final=fiscal)
    for row in ("expenditure.total_current", "expenditure.grand_total"):
        _add(amounts, "gk04", row, total=fiscal, general_public_budget=fiscal)
    for table_code, line_item, measure in list(amounts):
        code = line_item.removeprefix("function.")
        if measure == "total" and len(code) == 3 and table_code in ("gk03", "gk05"):
            value = amounts[table_code, line_item, measure]
            if table_code == "gk03":
                _add(amounts, "gk01", f"expenditure.class.{code}", final=value)
            else:
                _add(amounts, "gk04", f"expenditure.class.{code}", total=value, general_public_budget=value)


def _basic_by_economic_code(random: Random, amounts: Amounts) -> None:
    """Table 06: what table 05 calls basic, by economic code."""
    codes = [code for code in economic_codes() if len(code) == 5 and code[:3] in ("301", "302", "303", "310")]
    rest = amounts["gk05", "function.total", "basic"]
    for code in sorted(random.sample(codes, 12)):
        part = (rest * random.randint(1, 40) / 100).quantize(_YUAN)
        if code in THREE_PUBLIC:
            continue  # table 09 is made up apart from table 06, and has to cover it
        _spend(amounts, code, part)
        rest -= part
    _spend(amounts, "30101", rest)


def _spend(amounts: Amounts, code: str, amount: Decimal) -> None:
    group = "personnel_total" if code[:3] in _PERSONNEL else "public_total"
    for row in (code, code[:3], group):
        _add(amounts, "gk06", f"economic.{row}", final=amount)


def _three_public(random: Random, amounts: Amounts) -> None:
    parts = ("overseas_travel", "vehicle_purchase", "vehicle_operation", "reception")
    for phase, most in (("adjusted_budget", 60), ("final", 30)):
        for part in parts:
            if random.random() < 0.7:
                value = _amount(random, most)
                _add(amounts, "gk09", "three_public", **{f"{phase}.{part}": value, f"{phase}.total": value})
                if part.startswith("vehicle"):
                    _add(amounts, "gk09", "three_public", **{f"{phase}.vehicles": value})


def _printed(amounts: Amounts, zeros: bool) -> tuple[Cell, ...]:
    cells = []
    if zeros:
        for place in _all_places(amounts):
            amounts[place] += 0
    for (table_code, line_item, measure), amount in sorted(amounts.items()):
        if amount or zeros:
            text = f"{amount.quantize(_CENT, ROUND_HALF_UP):,}"
            cells.append(Cell(table_code, line_item, measure, text))
    return tuple(cells)


def _all_places(amounts: Amounts) -> list[tuple[str, str, str]]:
    """The places of tables 01 to 05 and 09 that a form prints 0.00 in."""
    with _CLASSES.open(encoding="utf-8", newline="") as file:
        classes = [f"expenditure.class.{row['functional_code']}" for row in csv.DictReader(file)]
    places = [("gk01", row, "final") for row in classes]
    totals = ["expenditure.total_current", "expenditure.grand_total"]
    places += [("gk04", row, measure) for row in classes + totals for measure in MEASURES["gk04"]]
    rows = {(table_code, line_item) for table_code, line_item, _ in amounts}
    for table_code, line_item in rows:
        if line_item.startswith(("function.", "three_public")):
            places += [(table_code, line_item, measure) for measure in MEASURES[table_code]]
    return places
