"""Tables 01 and 04: revenue, expenditure by function and, before 2020, by nature side by side."""

from __future__ import annotations

from collections.abc import Iterable

from tests.corpus.accounts import MEASURES
from tests.corpus.forms import HEADERS, Printed, Row, rows_of
from tests.corpus.layout_forms.form import Column, Form, chinese, lists


def totals(form: Form) -> tuple[list[Column], list[Row]]:
    """Two or three blocks side by side, each with labels, 行次 and its numbers."""
    known, layout = lists(), form.layout
    left = [tuple(row) for row in known[f"{form.name}_revenue"][layout.totals_form]]
    foot = known[f"{form.name}_foot"][layout.totals_form]
    blocks = [
        ("收入", "项目", left, _revenue_measures(form)),
        ("支出", layout.function_header, _classes(form), _spent_measures(form)),
    ]
    if layout.by_nature:
        nature = [tuple(row) for row in known["by_nature"]]
        blocks.append(("支出", "项目（按支出性质和经济分类）", nature, _nature_measures(form)))
    height = max(len(rows) for _, _, rows, _ in blocks)
    columns: list[Column] = []
    starts = [0]
    for side, label, _, measures in blocks:
        columns.append(Column((side, label), 10, "label"))
        if layout.ordinals:
            columns.append(Column((side, "行次"), 3, "ordinal"))
        columns += [Column((side, *path), 6) for path in measures.values()]
        starts.append(len(columns))
    body = []
    for n in range(height + len(foot)):
        row: list[Printed | None] = []
        for b, (_, _, rows, measures) in enumerate(blocks):
            is_foot = n >= height
            if is_foot and b and layout.by_nature:
                if b == 1:
                    label, item = foot[n - height][1]
                    width = starts[2] - starts[1]
                    row += [Printed(label, column_span=width + 1), *[None] * width]
                    row += _block_cells(form, None, item, n, 2, height + len(foot), blocks[2][3])
                continue
            label, item = ("", "")
            if is_foot:
                label, item = foot[n - height][b]
            elif n < len(rows):
                label, item = rows[n]
            row += _block_cells(form, label, item, n, b, height + len(foot), measures)
        if any(cell and cell.kind == "label" and cell.text for cell in row):
            body.append(tuple(row))
    return columns, body


def _block_cells(
    form: Form, label: str | None, item: str, n: int, b: int, height: int, measures: Iterable[str]
) -> list[Printed | None]:
    """Label (none where a merged cell holds it), 行次 and numbers of one block's row."""
    cells: list[Printed | None] = [] if label is None else [Printed(label)]
    if form.layout.ordinals:
        cells.append(Printed(str(n + 1 + b * height), "ordinal"))
    return cells + [form.number(item, measure) for measure in measures]


def _revenue_measures(form: Form) -> dict[str, tuple[str, ...]]:
    return {phase: (form.phase_path(phase),) for phase in form.layout.phases}


def _spent_measures(form: Form) -> dict[str, tuple[str, ...]]:
    if form.name == "gk01":
        return _revenue_measures(form)
    funds = ("total", "general_public_budget", "government_fund", "state_capital")
    if form.layout.totals_form == "2017":
        funds = funds[:3]
    headers = dict(zip(MEASURES["gk04"], HEADERS["gk04"], strict=True))
    measures = {}
    for phase in form.layout.phases:
        for fund in funds:
            path = {
                "outside": (form.phase_path(phase), headers[fund]),
                "inside": (headers[fund], form.phase_path(phase)),
                "none": (headers[fund],),
            }[form.layout.phase_place]
            measures[fund if phase == "final" else f"{phase}.{fund}"] = path
    if form.layout.phase_place == "inside":  # all phases of a fund side by side
        measures = dict(sorted(measures.items(), key=lambda item: funds.index(item[0].split(".")[-1])))
    return measures


def _nature_measures(form: Form) -> dict[str, tuple[str, ...]]:
    """Of table 04 the third block prints the total over all funds."""
    if form.name == "gk01":
        return _revenue_measures(form)
    return {("total" if p == "final" else f"{p}.total"): (form.phase_path(p),) for p in form.layout.phases}


def _classes(form: Form) -> list[tuple[str, str]]:
    known = lists()
    names = {row["functional_code"]: row["name"] for row in rows_of("expenditure_classes.csv")}
    names |= known["class_names"]
    if form.account.fiscal_year < "2019":
        names |= known["former_class_names"]
    codes = {str(code) for code in known["classes"][form.layout.classes]}
    prefix = "expenditure.class."
    codes |= {
        cell.line_item.removeprefix(prefix)
        for cell in form.account.cells
        if cell.table_code == form.name and cell.line_item.startswith(prefix)
    }
    return [
        (f"{chinese(n)}、{names[code]}" if form.layout.class_ordinals else names[code], prefix + code)
        for n, code in enumerate(sorted(codes), start=1)
    ]
