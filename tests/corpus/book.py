"""A document to render: what it prints, whatever the format."""

from __future__ import annotations

from dataclasses import dataclass

from tests.corpus.accounts import Account
from tests.corpus.forms import Sheet, sheets
from tests.corpus.narrative import paragraphs


@dataclass(frozen=True)
class Book:
    """Cover, table of contents (one entry a line), tables and narrative of one document."""

    department_name: str
    fiscal_year: str
    sheets: tuple[Sheet, ...]
    narrative: tuple[str, ...]
    contents: tuple[str, ...] = ()
    tables_last: bool = False  # after the narrative
    annexes: tuple[Sheet, ...] = ()  # performance tables, behind everything

    @property
    def cover(self) -> tuple[str, str]:
        return self.department_name, f"{self.fiscal_year}年度部门决算"

    @property
    def narrative_heading(self) -> str:
        return f"第三部分 {self.fiscal_year}年度部门决算情况说明"


def book_of(account: Account, family: str) -> Book:
    """The account on one of the two forms of `forms.py`, without a table of contents."""
    return Book(
        department_name=account.department_name,
        fiscal_year=account.fiscal_year,
        sheets=tuple(sheets(account, family)),
        narrative=tuple(paragraphs(account)),
    )
