"""The performance annexes of a text dump: base data, self-evaluations, detail of expenditure.

`annex_tables` finds them by their titles and reads each in the form in which it was dumped:
rows of tabs, one Word cell a line, or running text that lost its columns.

What lands how:
- Annex forms mix money, persons, rates and scores in one table. So `printed_unit` of the
  table stays empty, and each cell carries its own unit: the one printed in the cell, else the
  one printed in the header of its column or section (万元, 人, ㎡). A score and a rate without
  a sign have none: an annex cell with an empty unit_text is never money.
- A sign before a number is part of the unit, sign first: `≥20期` is value 20, unit `≥期`. It
  is a bound, not an amount.
- The project of a project's self-evaluation stands in the printed title after a full-width
  colon: `2023年度项目支出绩效自评表：<project>`.
- The n of `project.<n>` and `indicator.<category>.<n>` counts the landed ones of the table.
- A number in a recognised annex that no row or column claims is a problem
  (`unclaimed_number`); numbers inside sentences of a cell are listed as `number_in_text`.
"""

from __future__ import annotations

from flows.extract.model import Line, TableDraft
from flows.extract.tables.annex.evaluation import indicator_table
from flows.extract.tables.annex.find import Annex, find_annexes
from flows.extract.tables.annex.ruled import ruled_table
from flows.extract.tables.annex.spaced import spaced_table

__all__ = ["annex_tables"]


def annex_tables(lines: list[Line], fiscal_year: str) -> list[TableDraft]:
    """The annex tables of one text dump, in printed order.

    `lines` are all lines of the document with their tabs; `fiscal_year` tells the columns of
    the year (`2023年决算数`) from those of the year before, and may be empty: then the latest
    year printed in the table's headers is taken. `first_line` and `last_line` of a table hold
    its title and the notes below it, so that nothing else reads them.
    """
    tables = []
    for annex in find_annexes(lines):
        table = _read(annex, fiscal_year)
        if table is not None:
            tables.append(table)
    return tables


def _read(annex: Annex, fiscal_year: str) -> TableDraft | None:
    if annex.rows:
        return ruled_table(annex, fiscal_year)
    if annex.table_code in ("pf02", "pf03"):
        return indicator_table(annex, fiscal_year)
    return spaced_table(annex, fiscal_year)
