"""Accounts made up at random over all funds, phases and added tables, exact to one 分.

Where `generate.random_account` draws the nine tables of 2023 in 万元, a ledger draws all that any
layout prints: government funds and state capital, carryovers, budgets of the year, expenditure by
nature and by economic class, meeting and training costs, operating expenses, vehicles, procurement.
Amounts are in 元 and hold together before any layout rounds them into its unit.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from random import Random

from tests.corpus.accounts import THREE_PUBLIC, Account, Cell
from tests.corpus.generate import economic_codes

_CODES = Path(__file__).parent / "forms" / "ledger_codes.csv"
_FEN = Decimal("0.01")
_ITEMS = {"01": "行政运行", "02": "一般行政管理事务", "03": "机关服务", "50": "事业运行"}
_GENERAL_CLASSES = (
    "201", "203", "204", "205", "206", "207", "208", "210", "211", "212", "213", "214", "215", "216",
    "217", "220", "221", "222",
)  # fmt: skip
_FUND_SECTIONS = ("20822", "21208", "21211", "21214", "22960")
_FUND_NAMES = {
    "20822": "大中型水库移民后期扶持基金支出",
    "21208": "国有土地使用权出让收入安排的支出",
    "21211": "农业土地开发资金安排的支出",
    "21214": "污水处理费安排的支出",
    "22960": "彩票公益金安排的支出",
    "22301": "解决历史遗留问题及改革成本支出",
    "22399": "其他国有资本经营预算支出",
}
_STATE_CAPITAL_SECTIONS = ("22301", "22399")
_OTHER_SOURCES = ("superior_subsidy", "institutional", "operating", "affiliated_remittance", "other")
_FUNDS = {"general_public_budget": "gk05", "government_fund": "gk07", "state_capital": "gk08"}
_PHASES = ("initial_budget", "adjusted_budget")
_VEHICLES = ("provincial_leaders", "main_leaders", "confidential", "emergency", "law_enforcement", "special",
             "retired", "other")  # fmt: skip

Place = tuple[str, str, str]


def random_ledger(
    random: Random,
    *,
    year: str = "2023",
    rows: int = 6,
    funds: Sequence[str] = tuple(_FUNDS),
    scale: int = 1,
    prior: Account | None = None,
) -> Account:
    """A department's year. `rows` is how many 项 the general public budget has (their 款 and 类 come
    on top); `funds` are those that have figures; amounts run to nine million 元 times `scale`.

    `prior` is the ledger of the year before: then the year has its 项, begins with what it left, and
    holds its accounts as amounts of the phase prior_final."""
    return _Ledger(random, year, rows, funds, scale, prior).account()


@cache
def names() -> dict[str, str]:
    """Functional code → name: the official classes and sections, and items under every section."""
    with _CODES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = {row["functional_code"]: row["name"] for row in rows} | _FUND_NAMES
    for code, name in list(known.items()):
        if len(code) == 5:
            for item, item_name in _ITEMS.items():
                known.setdefault(code + item, item_name)
            last = name.removesuffix("支出").removesuffix("事务") + "支出"
            known.setdefault(code + "99", f"其他{last}")
    return known


class _Ledger:
    def __init__(
        self, random: Random, year: str, rows: int, funds: Sequence[str], scale: int, prior: Account | None
    ) -> None:
        self.random, self.year, self.funds = random, year, funds
        self.rows, self.scale, self.prior = rows, scale, prior
        self.amounts: dict[Place, Decimal] = defaultdict(Decimal)
        self.source = random.choice(_OTHER_SOURCES)

    def account(self) -> Account:
        for fund, codes in self._codes().items():
            for code in codes:
                self._item(fund, code)
        self._two_sided()
        self._economic()
        self._three_public()
        self._added()
        self._year_before()
        cells = tuple(Cell(*place, str(amount)) for place, amount in sorted(self.amounts.items()) if amount)
        return Account(
            key="ledger",
            department_name="东海市南山区文化事业办公室",
            fiscal_year=self.year,
            cells=cells,
            printed_tables=(),
            narrative=self._narrative(),
            functional_names=names(),
            amount_unit="元",
            prior=self.prior,
        )

    def _codes(self) -> dict[str, list[str]]:
        if self.prior:
            return {
                fund: [code for code in self.prior.codes(table) if len(code) == 7]
                for fund, table in _FUNDS.items()
            }
        sections = [code for code in names() if len(code) == 5 and code[:3] in _GENERAL_CLASSES]
        general = [code for code in names() if len(code) == 7 and code[:5] in set(sections)]
        general = [code for code in general if code[:5] not in _FUND_SECTIONS]
        # A department's items lie close together: some under one class, the rest anywhere.
        own = self.random.choice(_GENERAL_CLASSES)
        close = [code for code in general if code[:3] == own]
        chosen = set(self.random.sample(close, min(len(close), self.rows // 2)))
        chosen |= set(self.random.sample(sorted(set(general) - chosen), self.rows - len(chosen)))
        codes = {"general_public_budget": sorted(chosen)}
        if "government_fund" in self.funds:
            codes["government_fund"] = sorted(f"{s}99" for s in self.random.sample(_FUND_SECTIONS, 2))
        if "state_capital" in self.funds:
            codes["state_capital"] = [f"{self.random.choice(_STATE_CAPITAL_SECTIONS)}99"]
        return codes

    def _amount(self, most: int = 9_000_000) -> Decimal:
        """An amount in 元; small ones are as likely as large ones."""
        return self.random.randint(100, self.random.choice((90_000, 990_000, most)) * 100) * _FEN * self.scale

    def _add(self, table_code: str, line_item: str, **values: Decimal) -> None:
        for measure, value in values.items():
            self.amounts[table_code, line_item, measure.replace("__", ".")] += value

    def _get(self, table_code: str, line_item: str, measure: str) -> Decimal:
        return self.amounts.get((table_code, line_item, measure), Decimal(0))

    def _item(self, fund: str, code: str) -> None:
        """One 项 of a fund in all tables by function, and what the two-sided tables add up."""
        spent = self._amount()
        basic = Decimal(0)
        if fund == "general_public_budget":
            basic = (spent * self.random.choice((0, 35, 62, 100)) / 100).quantize(_FEN)
        opening = self._amount(90_000) if self._once(0.4) else Decimal(0)
        closing = self._amount(90_000) if self._once(0.4) else Decimal(0)
        closing = -closing if self._once(0.1) else closing  # overdrawn
        if self.prior:
            row = f"function.{code}"
            opening = self.prior.amount(_FUNDS[fund], row, "closing_carryover") or Decimal(0)
            closing = max(closing, opening - spent)  # nothing is given back
        revenue = max(spent + closing - opening, Decimal(0))
        opening = spent + closing - revenue
        foreign = self._amount(90_000) if fund == "general_public_budget" and self._once(0.3) else Decimal(0)
        budgets = [self._amount() if self._once(0.8) else Decimal(0) for _ in _PHASES]
        table = _FUNDS[fund]
        for level in (code, code[:5], code[:3], "total"):
            row = f"function.{level}"
            self._add(table, row, total=spent, basic=basic, project=spent - basic, revenue=revenue,
                      opening_carryover=opening, closing_carryover=closing)  # fmt: skip
            self._add("gk03", row, total=spent + foreign, basic=basic + foreign, project=spent - basic)
            self._add("gk02", row, total=revenue + foreign, fiscal_appropriation=revenue)
            self._add("gk02", row, **{self.source: foreign})
        item = f"expenditure.class.{code[:3]}"
        for row in (item, "expenditure.total_current"):
            self._add("gk01", row, final=spent + foreign)
            self._add("gk04", row, **{"total": spent, fund: spent})
        # What other sources pay is budgeted as it is spent.
        for phase, budget in zip(_PHASES, budgets, strict=True):
            for row in (item, "expenditure.total_current", "expenditure.grand_total"):
                self._add("gk01", row, **{phase: budget + foreign})
                self._add("gk04", row, **{f"{phase}.total": budget, f"{phase}.{fund}": budget})
            self._add("gk01", f"revenue.{self.source}", **{phase: foreign})
            self._add("gk01", "revenue.fiscal_appropriation", **{phase: budget})
            self._add("gk01", f"revenue.fiscal_appropriation.{fund}", **{phase: budget})
            for row in (f"revenue.{fund}", "revenue.total_current", "revenue.grand_total"):
                other = Decimal(0) if row == f"revenue.{fund}" else foreign
                self._add("gk01", row, **{phase: budget + other})
                self._add("gk04", row, **{phase: budget})
        for row in (f"revenue.{fund}", "revenue.total_current"):
            self._add("gk04", row, final=revenue)
        self._add("gk01", f"revenue.{fund}", final=revenue)
        self._add("gk01", "revenue.fiscal_appropriation", final=revenue)
        self._add("gk01", f"revenue.fiscal_appropriation.{fund}", final=revenue)
        self._add("gk01", f"revenue.{self.source}", final=foreign)
        self._add("gk01", "revenue.total_current", final=revenue + foreign)
        self._add("gk01", "balance.opening_carryover", final=opening)
        self._add("gk01", "balance.closing_carryover", final=closing)
        for side, value in (("opening", opening), ("closing", closing)):
            self._add("gk04", f"balance.{side}_fiscal_carryover.{fund}", final=value)
            self._add("gk04", f"balance.{side}_fiscal_carryover", final=value)

    def _once(self, chance: float) -> bool:
        return self.random.random() < chance

    def _two_sided(self) -> None:
        grand = self._get("gk01", "revenue.total_current", "final")
        grand += self._get("gk01", "balance.opening_carryover", "final")
        for row in ("revenue.grand_total", "expenditure.grand_total"):
            self._add("gk01", row, final=grand)
        for fund in _FUNDS:
            closing = self.amounts.pop(
                ("gk04", f"balance.closing_fiscal_carryover.{fund}", "final"), Decimal(0)
            )
            spent = self._get("gk04", "expenditure.total_current", fund)
            self._add("gk04", "balance.closing_fiscal_carryover", **{"total": closing, fund: closing})
            self._add("gk04", "expenditure.grand_total", **{"total": spent + closing, fund: spent + closing})
        self.amounts.pop(("gk04", "balance.closing_fiscal_carryover", "final"), None)
        fiscal = self._get("gk04", "expenditure.grand_total", "total")
        self._add("gk04", "revenue.grand_total", final=fiscal)

    def _split(self, amount: Decimal, keys: Sequence[str]) -> dict[str, Decimal]:
        """`amount` over all `keys`, the last one taking what is left."""
        parts = {}
        for key in keys[:-1]:
            parts[key] = (amount * self.random.randint(1, 40) / 100).quantize(_FEN)
            amount -= parts[key]
        parts[keys[-1]] = amount
        return parts

    def _economic(self) -> None:
        """Table 06, and the expenditure of tables 01 and 04 by nature and by economic class."""
        known = [
            code for code in economic_codes() if len(code) == 5 and code[:3] in ("301", "302", "303", "310")
        ]
        codes = sorted(self.random.sample(known, 14))
        codes = [*codes, "30101"] if "30101" not in codes else codes
        basic = self._get("gk05", "function.total", "basic")
        for code, part in self._split(basic, codes).items():
            group = "personnel" if code[:3] in ("301", "303") else "public"
            for row in (code, code[:3], f"{group}_total"):
                self._add("gk06", f"economic.{row}", final=part)
            for row in (code, code[:3]):  # where the form says of each row which of both it is
                self._add("gk06", f"economic.{row}", **{group: part})
            self._add("gk06", "economic.total", final=part)
        for table_code, basic_table in (("gk01", "gk03"), ("gk04", "gk05")):
            self._by_nature(table_code, basic_table)

    def _by_nature(self, table_code: str, basic_table: str) -> None:
        """The third block of the totals. Of table 04 all is paid from appropriations."""
        total_measure = "total" if table_code == "gk04" else "final"
        total = self._get(table_code, "expenditure.total_current", total_measure)
        basic = self._get(basic_table, "function.total", "basic")
        other = basic - self._get("gk05", "function.total", "basic")
        personnel = self._get("gk06", "economic.personnel_total", "final") + other
        self._nature(table_code, total_measure, total, basic, personnel)
        for phase in _PHASES:
            measure = f"{phase}.total" if table_code == "gk04" else phase
            budget = self._get(table_code, "expenditure.total_current", measure)
            basic = (budget * self.random.randint(20, 80) / 100).quantize(_FEN)
            self._nature(table_code, measure, budget, basic, (basic * 3 / 4).quantize(_FEN))

    def _nature(
        self, table_code: str, measure: str, total: Decimal, basic: Decimal, personnel: Decimal
    ) -> None:
        project = total - basic
        construction = (project * self.random.choice((0, 0, 25)) / 100).quantize(_FEN)
        rows = {
            "nature.basic": basic,
            "nature.personnel": personnel,
            "nature.public": basic - personnel,
            "nature.project": project,
            "nature.capital_project": construction,
            "nature.operating_project": project - construction,
            "economic.total": total,
        }
        classes = self._split(total, ("303", "307", "310", "312", "399", "302", "301"))
        rows |= {f"economic.{code}": part for code, part in classes.items()}
        for row, value in rows.items():
            self._add(table_code, f"expenditure.{row}", **{measure: value})

    def _three_public(self) -> None:
        for phase, most in (("adjusted_budget", 600_000), ("final", 300_000)):
            for code, part in THREE_PUBLIC.items():
                value = self._amount(most) if self._once(0.7) else Decimal(0)
                if phase == "final":  # what basic expenditure spends on it, and what projects do
                    value += self._get("gk06", f"economic.{code}", "final")
                totals = ("total", "vehicles") if part.startswith("vehicle") else ("total",)
                for key in (part, *totals):
                    self._add("gk09", "three_public", **{f"{phase}.{key}": value})
            for part in ("meeting", "training"):
                value = self._amount(90_000) if self._once(0.8) else Decimal(0)
                self._add("gk09", "three_public", **{f"{phase}.{part}": value})

    def _added(self) -> None:
        public = self._get("gk06", "economic.public_total", "final")
        expenses = "agency_operating_expenses"
        self._add(
            "gk10", expenses, initial_budget=self._amount(), adjusted_budget=self._amount(), final=public
        )
        for (table_code, line_item, measure), value in list(self.amounts.items()):
            code = line_item.removeprefix("economic.")
            is_section = len(code) == 5 and code.isdigit()
            if (table_code, measure) == ("gk06", "final") and is_section and code[:3] not in ("301", "303"):
                self._add("gk10", line_item, final=value)
        for part in ("total", *THREE_PUBLIC.values(), "vehicles"):
            item = "three_public" if part == "total" else f"three_public.{part}"
            self._add("gk10", item, final=self._get("gk09", "three_public", f"final.{part}"))
        reception = self._get("gk10", "three_public.reception", "final")
        foreign = (reception / 4).quantize(_FEN)
        self._add("gk10", "three_public.reception_foreign", final=foreign)
        self._add("gk10", "three_public.reception_domestic", final=reception - foreign)
        for part in _VEHICLES:
            count = Decimal(self.random.choice((0, 0, 1, 2, 3, 12)))
            self._add("gk11", f"vehicles.{part}", count=count)
            self._add("gk11", "vehicles.total", count=count)
        self._add("gk11", "equipment.over_half_million", count=Decimal(self.random.randint(0, 4)))
        self._add("gk11", "equipment.over_one_million", count=Decimal(self.random.randint(0, 2)))
        for part in ("goods", "works", "services"):
            value = self._amount() if self._once(0.8) else Decimal(0)
            self._add("gk12", f"procurement.{part}", final=value)
            self._add("gk12", "procurement.total", final=value)
        total = self._get("gk12", "procurement.total", "final")
        small = (total * self.random.randint(20, 90) / 100).quantize(_FEN)
        self._add("gk12", "procurement.sme", final=small)
        self._add("gk12", "procurement.small_micro", final=(small / 2).quantize(_FEN))

    def _year_before(self) -> None:
        """What the year before printed as its final accounts."""
        for cell in self.prior.cells if self.prior else ():
            table_code, item, measure = cell.table_code, cell.line_item, cell.measure
            is_phase = measure.startswith(("initial_budget", "adjusted_budget", "prior_final"))
            if table_code in ("gk01", "gk04", "gk03", "gk05") and not is_phase:
                new = "prior_final" if measure == "final" else f"prior_final.{measure}"
            elif table_code == "gk09" and measure.startswith("final."):
                new = measure.replace("final", "prior_final", 1)
            else:
                continue
            self.amounts[table_code, item, new] = Decimal(cell.value_text)

    # -- what the narrative says of it -----------------------------------------------------------

    def _narrative(self) -> dict[str, list[dict[str, str]]]:
        """Sections of the official outline with a claim or two each, in 万元."""

        def final(table_code: str, line_item: str, measure: str = "final") -> str:
            return _wan(self._get(table_code, line_item, measure))

        spent = self._get("gk03", "function.total", "total")
        basic, project = (self._get("gk03", "function.total", part) for part in ("basic", "project"))
        personnel, public = (
            self._get("gk06", f"economic.{part}_total", "final") for part in ("personnel", "public")
        )
        fiscal_basic = self._get("gk05", "function.total", "basic")
        vehicles = self._get("gk11", "vehicles.total", "count")
        return {
            "1": [_says("grand_total", "收、支总计", final=final("gk01", "revenue.grand_total"))],
            "2": [_says("revenue.total_current", "收入合计", final=final("gk02", "function.total", "total"))],
            "3": [
                _says("expenditure.total_current", "支出合计", final=_wan(spent)),
                _says(
                    "expenditure.basic",
                    "基本支出",
                    final=_wan(basic),
                    share=_rate(basic, spent),
                    of="本年支出",
                ),
                _says(
                    "expenditure.project",
                    "项目支出",
                    final=_wan(project),
                    share=_rate(project, spent),
                    of="本年支出",
                ),
            ],
            "4": [
                _says(
                    "fiscal_appropriation.grand_total",
                    "财政拨款收、支总计",
                    final=final("gk04", "revenue.grand_total"),
                )
            ],
            "5": [
                _says(
                    "general_public_budget.expenditure",
                    "一般公共预算财政拨款支出",
                    initial_budget=final("gk04", "revenue.general_public_budget", "initial_budget"),
                    final=final("gk05", "function.total", "total"),
                )
            ],
            "6": [
                _says(
                    "general_public_budget.basic", "一般公共预算财政拨款基本支出", final=_wan(fiscal_basic)
                ),
                _says("economic.personnel_total", "人员经费", final=_wan(personnel)),
                _says("economic.public_total", "公用经费", final=_wan(public)),
            ],
            "9": [
                _says(
                    "three_public",
                    "“三公”经费财政拨款支出",
                    adjusted_budget=final("gk09", "three_public", "adjusted_budget.total"),
                    final=final("gk09", "three_public", "final.total"),
                )
            ],
            "10": [_says("agency_operating_expenses", "机关运行经费支出", final=_wan(public))],
            "11": [_says("procurement.total", "政府采购支出总额", final=final("gk12", "procurement.total"))],
            "12": [_says("vehicles.total", "共有车辆", count=f"{vehicles} 辆")],
        }


def _says(subject: str, text: str, **facts: str) -> dict[str, str]:
    return {"subject": subject, "text": text, **facts}


def _wan(amount: Decimal) -> str:
    return str((amount / 10_000).quantize(_FEN, ROUND_HALF_UP))


def _rate(part: Decimal, whole: Decimal) -> str:
    return str((part * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)) if whole else "0.0"
