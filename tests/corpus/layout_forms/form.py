"""What every table of a layout has: columns with header paths, numbers in its unit, words around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import TYPE_CHECKING

import yaml

from tests.corpus.accounts import Account
from tests.corpus.forms import FORMS, TITLES, Printed, Row, Sheet

if TYPE_CHECKING:
    from tests.corpus.layouts import Layout

_YUAN = {"元": 1, "千元": 1_000, "万元": 10_000, "亿元": 100_000_000}
_PHASES = {"initial_budget": "年初预算数", "adjusted_budget": "全年预算数", "final": "决算数",
           "prior_final": "上年决算数"}  # fmt: skip
ADDED_TITLES = {
    "gk10": "机关运行经费支出情况表",
    "gk11": "国有资产占用情况表",
    "gk12": "政府采购情况表",
    "information": "机关运行经费支出、国有资产占用情况及政府采购支出信息表",
    "staff": "人员编制情况表",
    "projects": "项目支出决算表",
    "detail": "一般公共预算财政拨款支出决算明细表",
    "fiscal_detail": "财政拨款支出决算明细表",
}
ADDED_CODES = {
    "information": "gk10",
    "staff": "unknown",
    "projects": "unknown",
    "detail": "unknown",
    "fiscal_detail": "unknown",
}
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Column:
    """A column of a form: its headers from the outside in, and its width in Chinese characters."""

    path: tuple[str, ...]
    width: int
    kind: str = "number"  # label | ordinal | number


def header_rows(columns: Sequence[Column]) -> list[Row]:
    """The header cells. A header over neighbouring columns is one cell; a path that is shorter, or
    says the same word twice, makes a cell over several rows."""
    depth = max(len(column.path) for column in columns)
    paths = [column.path + column.path[-1:] * (depth - len(column.path)) for column in columns]
    rows: list[list[Printed | None]] = [[None] * len(columns) for _ in range(depth)]
    covered: set[tuple[int, int]] = set()
    for r in range(depth):
        for c, path in enumerate(paths):
            if (r, c) in covered:
                continue
            right, below = c + 1, r + 1
            while right < len(paths) and paths[right][: r + 1] == path[: r + 1]:
                right += 1
            while below < depth and all(p[below] == path[r] for p in paths[c:right]):
                below += 1
            rows[r][c] = Printed(path[r], row_span=below - r, column_span=right - c)
            covered |= {(i, j) for i in range(r, below) for j in range(c, right)}
    return [tuple(row) for row in rows]


def column_numbers(columns: Sequence[Column]) -> Row:
    """栏次: a cell over the code and name columns, or one over each label column of the totals."""
    row: list[Printed | None] = []
    count = 0
    for n, column in enumerate(columns):
        if column.kind == "number":
            count += 1
            row.append(Printed(str(count), "ordinal"))
        elif column.kind == "ordinal":
            row.append(Printed(""))
        elif n and columns[n - 1].kind == "label":
            row.append(None)
        else:
            width = 1
            while n + width < len(columns) and columns[n + width].kind == "label":
                width += 1
            row.append(Printed("栏次", column_span=width))
    return tuple(row)


@cache
def lists() -> dict[str, object]:
    """The rows of forms/rows.yml."""
    return yaml.safe_load((FORMS / "rows.yml").read_text(encoding="utf-8"))


class Form:
    """One table of an account on a layout's form."""

    def __init__(self, account: Account, layout: Layout, name: str, place: int) -> None:
        self.account, self.layout, self.name, self.place = account, layout, name, place
        self.code = ADDED_CODES.get(name, name)

    def sheet(self, columns: Sequence[Column], header: Sequence[Row], body: Sequence[Row]) -> Sheet:
        """The table as it is printed, its words in the layout's way of writing."""
        department = self.layout.department_line.format(name=self.account.department_name)
        return Sheet(
            table_code=self.code,
            title=self._title(),
            form_no=self._worded(self.layout.form_no.format(n=self.place, zh=chinese(self.place))),
            unit_line=self._worded(self.layout.unit_line.format(unit=self.layout.unit)),
            department_line=self._worded(department),
            widths=tuple(column.width for column in columns),
            header=tuple(self._worded_row(row, is_header=True) for row in header),
            body=tuple(self._worded_row(row) for row in body),
            notes=self._notes(),
        )

    # -- words around the table ------------------------------------------------------------------

    def _title(self) -> str:
        title = self.layout.titles.get(self.name) or (TITLES | ADDED_TITLES)[self.name]
        text = self.layout.title.format(
            title=title,
            n=self.place,
            zh=chinese(self.place),
            year=self.account.fiscal_year,
            department=self.account.department_name,
        )
        if self.layout.quotes == "straight":
            text = text.replace("“", '"').replace("”", '"')
        elif self.layout.quotes == "none":
            text = text.replace("“", "").replace("”", "")
        if self.layout.letter_spaced and len(text) < 16:
            text = " ".join(text)
        return self._worded(text)

    def _notes(self) -> tuple[str, ...]:
        if self.code == "unknown" or (self.account.has_figures(self.code) and not self.layout.notes):
            return ()
        if not self.account.has_figures(self.code):
            return ("说明：本部门当年没有这类收入和支出，本表无数据。",)
        return (self.layout.notes,)

    def _worded(self, text: str) -> str:
        return text.translate(_FULL_WIDTH) if self.layout.full_width else text

    def _worded_row(self, row: Row, is_header: bool = False) -> Row:
        return tuple(cell and self._worded_cell(cell, is_header) for cell in row)

    def _worded_cell(self, cell: Printed, is_header: bool) -> Printed:
        if cell.kind != "label":
            return cell
        text, most = self._worded(cell.text), self.layout.break_headers
        if is_header and most and cell.column_span == 1:
            text = "\n".join(text[i : i + most] for i in range(0, len(text), most))
        return replace(cell, text=text)

    # -- numbers -------------------------------------------------------------------------------

    def number(self, item: str, measure: str, home: str = "") -> Printed:
        """A figure as printed; `home` is the account's table where it is not the form's. Without item
        or measure the form has no figure there."""
        amount = self.account.amount(home or self.code, item, measure) if item and measure else None
        if item and measure and not amount:
            text = "0" if self.layout.zero == "0.00" and measure == "count" else self._zero()
        elif amount:
            text = str(int(amount)) if measure == "count" else self.money(amount)
        else:
            text = self.layout.void
        is_figure = any(character.isdigit() for character in text)
        return Printed(text, "number", (item, measure) if is_figure else None)

    def _zero(self) -> str:
        return self.money(Decimal(0)) if self.layout.zero == "0.00" else self.layout.zero

    def money(self, amount: Decimal) -> str:
        """An amount in 元 as the layout prints it in its unit, rounded half up."""
        step = Decimal(1).scaleb(-self.layout.decimals)
        amount = (amount / _YUAN[self.layout.unit]).quantize(step, ROUND_HALF_UP)
        return f"{amount:,}" if self.layout.thousands else f"{amount:f}"

    def phase_path(self, phase: str) -> str:
        """The header of a phase's column."""
        return self.layout.phase_headers.get(phase, _PHASES[phase])


def chinese(n: int) -> str:
    """1 → 一, 12 → 十二, 30 → 三十."""
    tens, ones = divmod(n, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")
