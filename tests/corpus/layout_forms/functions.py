"""Tables 02, 03, 05, 07 and 08: rows by functional code."""

from __future__ import annotations

from dataclasses import replace

from tests.corpus.accounts import MEASURES
from tests.corpus.forms import HEADERS, Printed, Row
from tests.corpus.layout_forms.form import Column, Form


def code_columns(form: Form) -> list[Column]:
    """The columns of code and name."""
    code = form.layout.code_header
    if form.layout.code == "joined":
        return [Column(("项目", code), 5, "label"), Column(("项目", "科目名称"), 13, "label")]
    levels = [Column(("项目", code, level), 2, "label") for level in ("类", "款", "项")]
    return [*levels, Column(("项目", "科目名称"), 13, "label")]


def code_cells(form: Form, code: str) -> list[Printed | None]:
    """A row's cells below the code columns."""
    if form.layout.code == "joined":
        return [Printed(code, "code")]
    if form.layout.code == "software":
        return [Printed(code, "code", column_span=3), None, None]
    return [Printed(part, "code") for part in (code[:3], code[3:5], code[5:7])]


def by_function(form: Form) -> tuple[list[Column], list[Row]]:
    """Columns and rows: 合计, then a row a code."""
    measures = _measures(form)
    labels = code_columns(form)
    columns = labels + [Column(path, 6) for path in measures.values()]

    def numbers(item: str) -> list[Printed]:
        return [form.number(item, measure) for measure in measures]

    total = (Printed("合计", column_span=len(labels)), *[None] * (len(labels) - 1))
    body = [
        (*code_cells(form, code), Printed(form.account.functional_names[code]), *numbers(f"function.{code}"))
        for code in form.account.codes(form.name)
    ]
    totals = [(*total, *numbers("function.total"))]
    if form.layout.unit_headings:
        unit = Printed(f"{form.account.department_name}本级", column_span=len(labels))
        blanks = [Printed("", "number")] * len(measures)
        body = [(unit, *[None] * (len(labels) - 1), *blanks), *body]
    return columns, totals + body if form.layout.total_row == "first" else body + totals


def _measures(form: Form) -> dict[str, tuple[str, ...]]:
    """Measure → header path of the number columns of a table by function."""
    if form.name in ("gk02", "gk03"):
        paths = {m: (header,) for m, header in zip(MEASURES[form.name], HEADERS[form.name], strict=True)}
        if form.name == "gk03" and form.layout.year_before:
            paths = {"prior_final.total": ("上年决算数", paths["total"][0])} | {
                measure: ("本年决算数", *path) for measure, path in paths.items()
            }
        return paths
    spent = {
        "total": ("本年支出", "合计" if form.name == "gk08" else "小计"),
        "basic": ("本年支出", "基本支出"),
        "project": ("本年支出", "项目支出"),
    }
    if form.name == "gk05" and form.layout.year_before:
        spent = {
            "prior_final.total": ("上年决算数", "本年支出合计"),
            "total": ("本年决算数", "本年支出合计"),
            "basic": ("本年决算数", "基本支出"),
            "project": ("本年决算数", "项目支出"),
        }
    if form.name in form.layout.flows:
        return {
            "opening_carryover": ("年初结转和结余",),
            "revenue": ("本年收入",),
            **spent,
            "closing_carryover": ("年末结转和结余",),
        }
    return spent


def software_header(header: list[Row], body: list[Row]) -> tuple[list[Row], list[Row]]:
    """类, 款 and 项 stand left of the 栏次 row and of the total, one cell each over both."""
    numbers, total = list(header.pop()), list(body.pop(0))
    header.pop()
    for c, level in enumerate(("类", "款", "项")):
        numbers[c], total[c] = Printed(level, row_span=2), None
    numbers[3], total[3] = Printed("栏次"), Printed("合计")
    # The row of 类, 款, 项 is gone: what spanned it is one row shorter.
    left = [
        tuple(cell and replace(cell, row_span=min(cell.row_span, len(header) - r)) for cell in row)
        for r, row in enumerate(header)
    ]
    return [*left, tuple(numbers), tuple(total)], body
