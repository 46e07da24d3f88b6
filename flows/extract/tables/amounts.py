"""What a printed amount stands for in 元: its value, and half a unit of its last digit."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from pathlib import Path

_REFERENCE = Path(__file__).parents[3] / "seeds" / "reference"

# Numbers that run into each other make amounts that no office has and that overflow a solver.
LARGEST = Decimal(10) ** 13  # 元
FINEST = Decimal("0.0005")  # 元: half of a thousandth


@cache
def yuan_of_unit() -> dict[str, int]:
    """How many 元 one of each unit of money is, of those that a heading can print (not 万 alone)."""
    with (_REFERENCE / "units.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "money" and row["unit"].endswith("元")]
    return {row["unit"]: int(row["factor"]) for row in rows}


def decimals_of(text: str) -> int:
    """How many decimals a printed number has."""
    return len(text.rstrip(")").partition(".")[2])


def finest_decimals(texts: Iterable[str]) -> int:
    """The most decimals among printed numbers; 0 where there is none."""
    return max(map(decimals_of, texts), default=0)


def half_width(text: str, unit: int, finest: int) -> Decimal:
    """Half a unit of the last printed digit, in 元; whole numbers dropped their zeros.

    `unit` in 元, `finest` the most decimals among the numbers printed around it.
    """
    return Decimal(unit) / 2 / 10 ** (decimals_of(text) or finest)


def is_modest(*amounts: Decimal) -> bool:
    """Whether amounts and half-widths in 元 are such as offices have."""
    return all(abs(amount) < LARGEST and amount % FINEST == 0 for amount in amounts)
