"""Layout families: the forms that departments really publish, as data, and documents rendered on them.

A family is a row of options in forms/layouts.yml. `render(account, layout, format)` makes the document,
`truth(account, layout)` says what it prints: an account goes through a layout's unit, decimals and way
of printing zero only once, in `layout_forms`, so that the truth is what stands on the form.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from random import Random

import yaml

from tests.corpus import render_docx, render_html, render_pdf, render_txt, render_xlsx
from tests.corpus.accounts import Account, Cell
from tests.corpus.annexes import annex_sheets, annex_truth
from tests.corpus.book import Book
from tests.corpus.forms import FORMS, Sheet
from tests.corpus.layout_forms import layout_sheets
from tests.corpus.ledger import random_ledger
from tests.corpus.narrative import paragraphs

FORMATS = ("pdf", "docx", "html", "xlsx", "xls", "tabbed", "columnless")
_TABLES = tuple(f"gk0{n}" for n in range(1, 10))


@dataclass(frozen=True)
class Layout:
    """How one family prints. Words may hold {title}, {n} and {zh} (the table's place, 1 or 一),
    {year}, {department}, {unit}, {name}."""

    name: str
    year: str = "2023"  # the fiscal year of accounts drawn for it
    tables: tuple[str, ...] = _TABLES  # gk01 … gk12, information (gk10 to gk12 in one), staff, projects,
    # detail and fiscal_detail (function by economic class)
    titles: dict[str, str] = field(default_factory=dict)  # table → title where it is not the official one
    title: str = "{title}"
    form_no: str = ""
    unit_line: str = "单位：{unit}"
    department_line: str = "部门：{name}"
    quotes: str = "curly"  # curly | straight | none
    letter_spaced: bool = False  # short titles as 收 入 决 算 表
    full_width: bool = False  # digits and signs of labels and titles as １（
    break_headers: int = 0  # characters after which a header is broken by hand; 0: never
    notes: str = ""

    unit: str = "万元"
    decimals: int = 2
    thousands: bool = True
    zero: str = ""  # how a figure of zero is printed: nothing, 0.00, - or —
    void: str = ""  # printed where the form has no figure at all

    ordinals: bool = True  # 行次 and 栏次
    classes: str = "2020"  # a list of rows.yml; `figures` prints only classes with figures
    class_ordinals: bool = True
    function_header: str = "项目"
    totals_form: str = "2020"  # rows of gk01 and gk04 in rows.yml
    by_nature: bool = False  # a third block in gk01 and gk04
    phases: tuple[str, ...] = ("final",)  # columns of gk01 and gk04
    phase_headers: dict[str, str] = field(default_factory=dict)  # phase, gk06 or gk09 → header
    phase_place: str = "outside"  # gk04: 决算数 above the funds | inside, below them | none
    code: str = "joined"  # joined | split in 类, 款, 项 | software: split header over a whole code
    code_header: str = "科目代码"
    economic_header: str = "科目代码"
    total_row: str = "first"  # 合计 above or below the functional rows: first | last
    flows: tuple[str, ...] = ("gk07",)  # tables with carryover and revenue columns
    gk06: str = "three"  # code, name, amount: three | two times across; matrix: 合计, 人员, 公用经费
    gk06_groups: bool = True  # 人员经费 and 公用经费 above them
    gk09: str = "row"  # row | paired | list | phase_rows
    three_public_more: tuple[str, ...] = ()  # meeting, training
    gk10: str = "list"  # list of costs | budget: one row with its phases | expenses: 三公 above it
    year_before: bool = False  # columns of the year before in gk03, gk05 and gk09; its accounts are drawn
    annexes: tuple[str, ...] = ()  # performance tables behind the narrative (annexes.KINDS)

    contents: str = ""  # a table of contents: plain | numbered (with page numbers)
    tables_last: bool = False  # after the narrative
    unit_headings: bool = False  # the unit's name as a row above its functional rows
    scale: int = 1  # of the amounts of accounts drawn for it
    rows: int = 5  # 项 of the general public budget that an account drawn for it has
    pdf: render_pdf.Look = field(default_factory=render_pdf.Look)
    html: str = "plain"  # plain | portal
    docx: str = "plain"  # plain | edited
    one_sheet: bool = False  # workbooks: all tables on one sheet
    as_text: bool = False  # workbooks: numbers stored as texts

    @property
    def rules(self) -> str:
        """Which rules its tables have: all, three (below and above header, at the end), or rows."""
        return self.pdf.rules if self.pdf.rules in ("three", "rows") else "all"


@cache
def layouts() -> tuple[Layout, ...]:
    """All families of forms/layouts.yml, in its order."""
    families = yaml.safe_load((FORMS / "layouts.yml").read_text(encoding="utf-8"))
    return tuple(_layout(name, options) for name, options in families.items())


def layout(name: str) -> Layout:
    """One family by its name; KeyError where there is none."""
    return {family.name: family for family in layouts()}[name]


def _layout(name: str, options: dict[str, object]) -> Layout:
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in options.items()}
    look = render_pdf.Look(**{"centred": True} | values.pop("pdf", {}))
    return Layout(name=name, pdf=look, **values)


def account_for(layout: Layout, seed: int, rows: int | None = None) -> Account:
    """An account that has figures in all tables of the layout; few `rows` make a small document."""
    funds = {"general_public_budget": "gk05", "government_fund": "gk07", "state_capital": "gk08"}
    options = {
        "rows": layout.rows if rows is None else rows,
        "scale": layout.scale,
        "funds": [fund for fund, table in funds.items() if table in layout.tables],
    }
    prior = None
    if layout.year_before:
        year = str(int(layout.year) - 1)
        prior = random_ledger(Random(f"{layout.name} {seed} {year}"), year=year, **options)
    return random_ledger(Random(f"{layout.name} {seed}"), year=layout.year, prior=prior, **options)


def truth(account: Account, layout: Layout) -> list[Cell]:
    """The figures that a document of this layout prints, cells of unknown tables left out."""
    return [cell for cell in _printed(account, layout) if cell.table_code != "unknown"]


def unknown_truth(account: Account, layout: Layout) -> list[Cell]:
    """The figures of the tables that the program does not know: line_item and measure are empty."""
    return [cell for cell in _printed(account, layout) if cell.table_code == "unknown"]


def _printed(account: Account, layout: Layout) -> list[Cell]:
    return annex_truth(account, layout.annexes) + [
        Cell(sheet.table_code, *cell.figure, cell.text)
        for sheet in layout_sheets(account, layout)
        for row in (*sheet.header, *sheet.body)
        for cell in row
        if cell and cell.figure
    ]


def book(account: Account, layout: Layout) -> Book:
    """What a document of this layout prints."""
    sheets = tuple(layout_sheets(account, layout))
    return Book(
        department_name=account.department_name,
        fiscal_year=account.fiscal_year,
        sheets=sheets,
        narrative=tuple(paragraphs(account)),
        contents=tuple(_contents(sheets, layout)),
        tables_last=layout.tables_last,
        annexes=annex_sheets(account, layout.annexes),
    )


def _contents(sheets: tuple[Sheet, ...], layout: Layout) -> list[str]:
    if not layout.contents:
        return []
    lines = ["目 录"]
    for n, sheet in enumerate(sheets, start=1):
        title = re.sub(r"(?<=\S) (?=\S)", "", sheet.title) if layout.letter_spaced else sheet.title
        lines.append(f"{title}{'.' * 24}{n + 3}" if layout.contents == "numbered" else title)
    return lines


def render(account: Account, layout: Layout, format: str, font: str = "", ascii_font: str = "") -> bytes:
    """The document's bytes in one of FORMATS. `font` and `ascii_font` are TrueType files for the Chinese
    of a PDF and for its digits; without `font` the viewer brings one. The other formats have none.

    What a format cannot carry is left out of it: text has no rules, no turned pages and no line
    breaks in headers, workbooks and web pages have no pages.
    """
    made = book(account, layout)
    writers: dict[str, Callable[[], bytes]] = {
        "pdf": lambda: render_pdf.render_book(made, layout.pdf, font, ascii_font),
        "docx": lambda: render_docx.render_book(made, layout.docx == "edited", layout.rules),
        "html": lambda: render_html.render_book(made, layout.html, layout.rules),
        "xlsx": lambda: render_xlsx.render_book(made, layout.one_sheet, layout.as_text),
        "xls": lambda: render_xlsx.render_book(made, layout.one_sheet, layout.as_text, legacy=True),
        "tabbed": lambda: render_txt.render_book(made, "tabbed").encode(),
        "columnless": lambda: render_txt.render_book(made, "columnless").encode(),
    }
    return writers[format]()
