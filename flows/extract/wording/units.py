"""Units that cannot be: 元 where the digits are those of 万元, and amounts and rates without a unit.

A unit is called wrong only where something else printed proves it: the same digits with the document's
unit, a printed rate that holds only in it, or a budget line of a few 元 with decimals.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from flows.extract.claims.passages import Passage
from flows.extract.model import DocumentDraft, Line, ProblemDraft
from flows.extract.tables.amounts import yuan_of_unit
from flows.extract.tables.grid import STANDARD_TABLES
from flows.extract.wording.slip import Sentence, sentences_of, slip, slip_in

_AMOUNT = re.compile(r"(?<![\d.,])(?P<value>\d[\d,]*(?:\.\d+)?)(?P<unit>百万元|千元|万元|亿元|元)(?![/每])")
_RATE = re.compile(r"(?P<value>\d+(?:\.\d+)?)%")
_PER_HEAD = re.compile(r"人均|每人|每[个辆台次批天日月]|单价|标准|次均|车均|平均|罚款|价格|收费")
_STATED = re.compile(r"(?:预算|决算)数?(?:支出)?(?:总额|金额)?(?:均?为|是|:)$")
_CHANGED = re.compile(r"(?:增加|减少|增长|下降|上升|降低)(?:了|额为)?$")
_WITHOUT_UNIT = re.compile(
    r"(?:(?:预算|决算)数?(?:支出)?为|(?:增加|减少)(?:了)?)(?P<value>\d[\d,]*\.\d+)(?=[，。;])"
)
_WITHOUT_PERCENT = re.compile(
    r"(?:占[^，。;:\d]{0,24}的|占(?:本年)?(?:收入|支出)|增长|下降|完成(?:年初|全年|调整)?预算数?的)(?:了)?"
    r"(?P<value>\d+\.\d+)(?=[，。;])"
)
_UNIT_AHEAD = re.compile(r"\((?:单位:)?[万亿]?元\)|单位:[万亿]?元")
_FEWEST_DIGITS = 3  # the same two digits stand for two things easily
_SMALL = 100  # 元: no line of a budget is smaller and has decimals


def unit_slips(passages: Sequence[Passage], draft: DocumentDraft) -> list[ProblemDraft]:
    """Wrong and missing units of a document, empty where its own unit is not known."""
    if draft.amount_unit not in yuan_of_unit():
        return []
    printed = _digits_with_unit(passages, draft)
    units = Counter(match["unit"] for passage in passages for match in _AMOUNT.finditer(passage.text))
    found = []
    for passage in passages:
        for sentence in sentences_of(passage):
            found += _wrong_units(sentence, draft.amount_unit, printed, units)
            found += _missing_units(sentence, draft.amount_unit)
    return found + _tables_without_unit(draft)


def _digits_with_unit(passages: Sequence[Passage], draft: DocumentDraft) -> set[str]:
    """Numbers with at least three digits that stand with the document's own unit."""
    numbers = {
        match["value"].replace(",", "")
        for passage in passages
        for match in _AMOUNT.finditer(passage.text)
        if match["unit"] == draft.amount_unit
    }
    numbers |= {
        cell.value_text.replace(",", "")
        for table in draft.tables
        if table.table_code.startswith("gk") and table.printed_unit == draft.amount_unit
        for cell in table.cells
    }
    return {n for n in numbers if "." in n and len(n.replace(".", "").strip("0")) >= _FEWEST_DIGITS}


def _wrong_units(
    sentence: Sentence, own: str, printed: set[str], units: Counter[str]
) -> list[ProblemDraft]:
    """`units` counts the amounts of all sentences by their unit: where most are not in that of the tables
    (万元 beside tables in 千元), the same digits with both are chance."""
    text = sentence.text
    found = []
    for match in _AMOUNT.finditer(text):
        number, unit = match["value"].replace(",", ""), match["unit"]
        if unit == own or units[unit] > units[own] or "." not in number or not Decimal(number):
            continue
        before = text[max(0, match.start() - 24) : match.start()]
        if _PER_HEAD.search(before):
            continue
        if (
            number in printed
            or (unit == "元" and own == "万元" and _rate_needs(text, match, own))
            or (unit == "元" and own == "万元" and Decimal(number) < _SMALL and _STATED.search(before))
        ):
            start, end = sentence.start + match.start(), sentence.start + match.end()
            found.append(slip_in("unit_wrong", sentence.passage, start, end, match["value"] + own))
    return found


def _rate_needs(text: str, match: re.Match[str], own: str) -> bool:
    """Whether a rate printed after the amount holds only if the amount is in the document's unit:
    as the budget that is completed, or as the change of the amount before."""
    rate = _RATE.search(text, match.end())
    if rate is None:
        return False
    value, percent = Decimal(match["value"].replace(",", "")), Decimal(rate["value"])
    half = Decimal(1).scaleb(percent.as_tuple().exponent)
    if _CHANGED.search(text[: match.start()]):
        before = [m for m in _AMOUNT.finditer(text, 0, match.start()) if m["unit"] == own]
        now = Decimal(before[-1]["value"].replace(",", "")) if before else Decimal(0)
        is_more = not re.search(r"(?:减少|下降|降低)(?:了|额为)?$", text[: match.start()])
        base = now - value if is_more else now + value
        return base > 0 and abs(value / base * 100 - percent) <= half
    finals = [m for m in _AMOUNT.finditer(text, match.end(), rate.start()) if m["unit"] == own]
    final = Decimal(finals[-1]["value"].replace(",", "")) if finals else Decimal(0)
    return final > 0 and abs(final / value * 100 - percent) <= half


def _missing_units(sentence: Sentence, own: str) -> list[ProblemDraft]:
    passage, text = sentence.passage, sentence.text
    found = []
    for pattern, unit in ((_WITHOUT_UNIT, own), (_WITHOUT_PERCENT, "%")):
        if unit != "%" and _UNIT_AHEAD.search(passage.text):
            continue  # the list says its unit once
        for match in pattern.finditer(text):
            start, end = sentence.start + match.start(), sentence.start + match.end()
            found.append(slip_in("unit_missing", passage, start, end, match["value"] + unit))
    return found


def _tables_without_unit(draft: DocumentDraft) -> list[ProblemDraft]:
    """The tables with figures that print no unit where all others print one and the same."""
    standard = [t for t in draft.tables if t.table_code in STANDARD_TABLES and t.cells]
    units = {table.printed_unit for table in standard if table.printed_unit}
    without = [table for table in standard if not table.printed_unit]
    if len(units) != 1 or len(without) * 4 > len(standard):
        return []
    expected = "单位：" + next(iter(units))
    places = [(Line(table.first_page, table.first_line, ""), table.printed_title) for table in without]
    return [slip("unit_missing", line, title, expected) for line, title in places]
