"""A narrative that says all of what the program compares: of an account, with changes on the year before,
rates, shares, completion rates and comparisons with the budget that agree with its tables.

The narrative of `ledger.py` states one figure or two a section; errors need more to be planted in.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from tests.corpus.accounts import MEASURES, Account
from tests.corpus.forms import HEADERS
from tests.corpus.narrative import paragraphs

Statement = dict[str, str]

_PARTS = {
    "total": "“三公”经费财政拨款支出",
    "overseas_travel": "因公出国（境）费",
    "vehicles": "公务用车购置及运行维护费",
    "reception": "公务接待费",
}
_COMPLETION = re.compile(r"完成(?P<budget>年初|全年)预算的(?P<rate>[\d.]+)%。$")


def told(account: Account, random: Random) -> tuple[str, ...]:
    """Headings and sentences of the narrative, one paragraph each; the account's are in 元."""
    narrative = dict(account.narrative)
    narrative["1"] = [_changed(narrative["1"][0], random)]
    narrative["2"] = [_changed(narrative["2"][0], random), *_revenue(account)]
    narrative["4"] = [_changed(narrative["4"][0], random)]
    narrative["5"] = [_completed(narrative["5"][0], "initial_budget", "completion_rate"), *_items(account)]
    narrative["9"] = _three_public(account)
    return tuple(map(_compared, paragraphs(replace(account, narrative=narrative))))


def _changed(statement: Statement, random: Random) -> Statement:
    """The figure with a change on a year before that is made up, and its rate."""
    final = Decimal(statement["final"])
    prior = (final * random.randint(60, 150) / 100).quantize(Decimal("0.01"))
    change = final - prior
    if not change or prior < 1:
        return statement
    word = "increase" if change > 0 else "decrease"
    return statement | {word: str(abs(change)), f"{word}_rate": _rate(abs(change), prior)}


def _completed(statement: Statement, budget: str, rate: str) -> Statement:
    whole = Decimal(statement[budget])
    return statement | {rate: _rate(Decimal(statement["final"]), whole)} if whole else statement


def _revenue(account: Account) -> list[Statement]:
    """Every kind of revenue with its share."""
    total = account.amount("gk02", "function.total", "total") or Decimal(0)
    statements = []
    for measure, name in zip(MEASURES["gk02"][1:], HEADERS["gk02"][1:], strict=True):
        amount = account.amount("gk02", "function.total", measure)
        if amount:
            statement = {"subject": f"revenue.{measure}", "text": name, "final": _wan(amount)}
            statements.append(statement | {"share": _rate(amount, total), "of": "本年收入"})
    return statements


def _items(account: Account) -> list[Statement]:
    """Every 项 of the general public budget, its initial budget a part of what table 04 prints of its
    类."""
    statements = []
    codes = [code for code in account.codes("gk05") if len(code) == 7]
    for n, code in enumerate(codes):
        place = f"expenditure.class.{code[:3]}", "initial_budget.general_public_budget"
        budget = account.amount("gk04", *place) or Decimal(0)
        siblings = [c for c in codes if c[:3] == code[:3]]
        part = (budget / len(siblings)).quantize(Decimal(100))
        if n + 1 == len(codes) or codes[n + 1][:3] != code[:3]:
            part = budget - part * (len(siblings) - 1)
        final = account.amount("gk05", f"function.{code}", "total") or Decimal(0)
        statement = {"path": "/".join(account.functional_names[code[:k]] for k in (3, 5, 7))}
        statement |= {"initial_budget": _wan(part), "final": _wan(final)}
        if Decimal(_wan(part)):
            statement["completion_rate"] = _rate(Decimal(_wan(final)), Decimal(_wan(part)))
        statements.append(statement)
    return statements


def _three_public(account: Account) -> list[Statement]:
    statements = []
    for part, text in _PARTS.items():
        budget, final = (
            _wan(account.amount("gk09", "three_public", f"{phase}.{part}") or Decimal(0))
            for phase in ("adjusted_budget", "final")
        )
        statement = {
            "subject": f"three_public.{part}".removesuffix(".total"),
            "text": text,
            "adjusted_budget": budget,
            "final": final,
        }
        statements.append(_completed(statement, "adjusted_budget", "budget_rate"))
    return statements


def _compared(paragraph: str) -> str:
    """A completion rate is followed by what it means in words."""
    match = _COMPLETION.search(paragraph)
    if match is None or match["rate"] == "100.0":
        return paragraph
    word = "大于" if Decimal(match["rate"]) > 100 else "小于"
    return f"{paragraph.removesuffix('。')}，决算数{word}{match['budget']}预算数的主要原因是业务量有变化。"


def _wan(amount: Decimal) -> str:
    return str((amount / 10_000).quantize(Decimal("0.01"), ROUND_HALF_UP))


def _rate(part: Decimal, whole: Decimal) -> str:
    return str((part * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP))
