"""Table 06: basic expenditure by economic code."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from tests.corpus.forms import Printed, Row, rows_of
from tests.corpus.layout_forms.form import Column, Form


def economic(form: Form) -> tuple[list[Column], list[Row]]:
    """Columns and rows: code, name and amount several times across, or a matrix."""
    items = rows_of("economic_items.csv")
    if form.layout.gk06 == "matrix":
        return _economic_matrix(form, [(row["economic_code"], row["name"]) for row in items])
    blocks: list[list[list[Printed]]] = [[], [], []]
    for row in items:
        amount = form.number(f"economic.{row['economic_code']}", "final")
        cells = [Printed(row["economic_code"], "code"), Printed(row["name"]), amount]
        blocks[int(row["block"]) - 1].append(cells)
    across = 3 if form.layout.gk06 == "three" else 2
    if across == 2:
        blocks = [blocks[0], blocks[1] + blocks[2]]
    headers = (form.layout.economic_header, "科目名称", form.layout.phase_headers.get("gk06", "决算数"))
    columns = []
    for b in range(across):
        group = ("公用经费" if b else "人员经费",) if form.layout.gk06_groups else ()
        columns += [
            Column((*group, header), width, kind)
            for header, width, kind in zip(headers, (5, 9, 6), ("label", "label", "number"), strict=True)
        ]
    empty = [Printed(""), Printed(""), form.number("", "")]
    body = [tuple(cell for cells in row for cell in cells) for row in zip_longest(*blocks, fillvalue=empty)]
    width = 3 * across - 4
    body.append(
        (Printed("人员经费合计", column_span=2), None, form.number("economic.personnel_total", "final"),
         Printed("公用经费合计", column_span=width), *[None] * (width - 1),
         form.number("economic.public_total", "final"))
    )  # fmt: skip
    return columns, body


def _economic_matrix(form: Form, items: Sequence[tuple[str, str]]) -> tuple[list[Column], list[Row]]:
    """科目 | 合计 | 人员经费 | 公用经费, a row a code."""
    columns = [Column(("项目", form.layout.economic_header), 5, "label"),
               Column(("项目", "科目名称"), 13, "label"),
               *[Column(("基本支出", name), 7) for name in ("合计", "人员经费", "公用经费")]]  # fmt: skip
    total = (Printed("合计", column_span=2), None, form.number("economic.total", "final"),
             form.number("economic.personnel_total", "final"),
             form.number("economic.public_total", "final"))  # fmt: skip
    body = []
    for code, name in items:
        item, nothing = f"economic.{code}", form.number("", "")
        if not form.account.amount("gk06", item, "final"):
            continue
        parts = [form.number(item, group) for group in ("personnel", "public")]
        if code[:3] in ("301", "303"):
            parts[1] = nothing
        else:
            parts[0] = nothing
        body.append((Printed(code, "code"), Printed(name), form.number(item, "final"), *parts))
    return columns, [total, *body]
