"""Amounts of all funds under a heading of one: 一般公共预算支出情况 … 2023年支出563.56万元."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from flows.extract.claims.outline import APPENDIX
from flows.extract.claims.passages import Passage
from flows.extract.model import DocumentDraft, ProblemDraft
from flows.extract.normalise import decimal_of, is_amount
from flows.extract.wording.slip import slip_in

_HEADING = re.compile(
    r"(?:[（(]?[一二三四五六七八九十]{1,3}[)）、]|\d{1,2}[、.])?"
    r"一般公共预算(?:财政拨款)?支出(?:决算)?(?:情况)?(?:说明)?[。:]?"
)
_SPENT = re.compile(r"支出(?:决算)?(?:总额|合计|共计)?(?:为)?(?P<value>\d[\d,]*(?:\.\d+)?)(?P<unit>万?元)")


def fund_slips(passages: Sequence[Passage], draft: DocumentDraft) -> list[ProblemDraft]:
    """The expenditure of all funds (table 03) that a report states as that of the general public budget,
    where table 05 prints another one."""
    of_all, of_budget = _total(draft, "gk03"), _total(draft, "gk05")
    if not of_all or not of_budget or of_all == of_budget:
        return []
    found = []
    for heading, passage in pairwise(passages):
        spent = _SPENT.search(passage.text)
        if heading.section != APPENDIX or not _HEADING.fullmatch(heading.text) or not spent:
            continue
        if (decimal_of(spent["value"]), spent["unit"]) == of_all:
            start, end = spent.span("value")[0], spent.end()
            found.append(slip_in("fund_wrong", passage, start, end, f"{of_budget[0]}{of_budget[1]}"))
    return found


def _total(draft: DocumentDraft, table_code: str) -> tuple[Decimal, str] | None:
    """The printed total of table 03 or 05 and its unit; None where it is not there for certain."""
    for table in draft.tables:
        for cell in table.cells:
            is_total = cell.line_item == "function.total" and cell.measure == "total"
            is_sure = cell.confidence == "certain" and is_amount(cell.value_text)
            if table.table_code == table_code and is_total and is_sure:
                return decimal_of(cell.value_text), cell.unit_text or table.printed_unit
    return None
