"""Accounts of departments: the figures of their standard tables, and what their narrative states.

The figures of `departments/` are facts taken from published final accounts of 2023. What a
document is rendered from is also the truth it is read against.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path

import yaml

_HERE = Path(__file__).parent
_DEPARTMENTS = _HERE / "departments"

_YUAN = {"元": 1, "万元": 10_000}

TABLE_CODES = tuple(f"gk0{n}" for n in range(1, 10))
MEASURES = {
    "gk02": ("total", "fiscal_appropriation", "superior_subsidy", "institutional", "operating",
             "affiliated_remittance", "other"),
    "gk03": ("total", "basic", "project", "remitted_to_superior", "operating", "subsidy_to_affiliated"),
    "gk04": ("total", "general_public_budget", "government_fund", "state_capital"),
    "gk05": ("total", "basic", "project"),
    "gk07": ("opening_carryover", "revenue", "total", "basic", "project", "closing_carryover"),
    "gk08": ("total", "basic", "project"),
    "gk09": tuple(
        f"{phase}.{part}"
        for phase in ("adjusted_budget", "final")
        for part in ("total", "overseas_travel", "vehicles", "vehicle_purchase", "vehicle_operation",
                     "reception")
    ),
}  # fmt: skip

# What table 09 prints of an expense covers what table 06 prints of it: economic code → part of table 09.
THREE_PUBLIC = {
    "30212": "overseas_travel",
    "31013": "vehicle_purchase",
    "30231": "vehicle_operation",
    "30217": "reception",
}


@dataclass(frozen=True)
class Cell:
    """One figure of a standard table, as it must be landed."""

    table_code: str
    line_item: str
    measure: str
    value_text: str


@dataclass(frozen=True)
class Claim:
    """One figure of the narrative, as it must be landed. Empty fields mean nothing stated."""

    section: str
    subject: str
    functional_path: str
    measure: str
    value_text: str
    unit_text: str
    direction: str


@dataclass(frozen=True)
class Account:
    """One department's year. `cells` are in the order in which the forms print them; what is not
    in them is blank on the form."""

    key: str
    department_name: str
    fiscal_year: str
    cells: tuple[Cell, ...]
    printed_tables: tuple[str, ...]
    document_kind: str = "department_accounts"
    narrative: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    base_data: tuple[tuple[str, ...], ...] = ()  # rows of 部门整体支出绩效评价基础数据表
    self_evaluation: tuple[tuple[str, ...], ...] = ()  # rows of 整体支出绩效自评表
    functional_names: dict[str, str] = field(default_factory=dict)
    amount_unit: str = "万元"  # of `cells`
    prior: Account | None = None  # the same department a year before

    def value(self, table_code: str, line_item: str, measure: str) -> str:
        """The printed figure; empty where the form is blank."""
        return self._index.get((table_code, line_item, measure), "")

    def amount(self, table_code: str, line_item: str, measure: str) -> Decimal | None:
        """The figure in 元, or a count of things as it is; None where there is none."""
        value = self.value(table_code, line_item, measure)
        if not value:
            return None
        factor = 1 if measure == "count" else _YUAN[self.amount_unit]
        return Decimal(value.replace(",", "")) * factor

    def codes(self, table_code: str) -> list[str]:
        """The functional codes that a table prints, in their order, the total left out."""
        printed = {
            cell.line_item.removeprefix("function.")
            for cell in self.cells
            if cell.table_code == table_code and cell.line_item.startswith("function.")
        }
        return sorted(printed - {"total"})

    def has_figures(self, table_code: str) -> bool:
        return any(cell.table_code == table_code for cell in self.cells)

    @cached_property
    def _index(self) -> dict[tuple[str, str, str], str]:
        return {(c.table_code, c.line_item, c.measure): c.value_text for c in self.cells}


def read_cells(path: Path) -> tuple[Cell, ...]:
    """The cells of a truth file: table_code, line_item, measure, value_text."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(Cell(**row) for row in csv.DictReader(file))


@cache
def functional_names() -> dict[str, str]:
    """Functional code → name, as the departments' own tables print it."""
    with (_HERE / "forms" / "functional_names.csv").open(encoding="utf-8", newline="") as file:
        return {row["functional_code"]: row["name"] for row in csv.DictReader(file)}


def read_account(key: str) -> Account:
    """The account of departments/<key>.yml."""
    facts = yaml.safe_load((_DEPARTMENTS / f"{key}.yml").read_text(encoding="utf-8"))
    return Account(
        key=key,
        department_name=facts["department_name"],
        fiscal_year=facts["fiscal_year"],
        cells=read_cells(_DEPARTMENTS / facts["cells"]) if "cells" in facts else (),
        printed_tables=tuple(facts.get("printed_tables", ())),
        document_kind=facts.get("document_kind", "department_accounts"),
        narrative=facts["narrative"],
        base_data=tuple(map(tuple, facts.get("base_data", ()))),
        self_evaluation=tuple(map(tuple, facts.get("self_evaluation", ()))),
        functional_names=functional_names(),
    )


def departments() -> list[Account]:
    """All accounts of departments/, by key."""
    return [read_account(path.stem) for path in sorted(_DEPARTMENTS.glob("*.yml"))]
