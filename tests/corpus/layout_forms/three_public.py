"""Table 09: the three public expenses."""

from __future__ import annotations

from tests.corpus.forms import Printed, Row
from tests.corpus.layout_forms.form import Column, Form, lists

_PARTS = {
    "overseas_travel": "因公出国（境）费",
    "vehicles": "公务用车购置及运行维护费",
    "vehicle_purchase": "公务用车购置费",
    "vehicle_operation": "公务用车运行维护费",
    "reception": "公务接待费",
    "meeting": "会议费",
    "training": "培训费",
}


def three_public(form: Form) -> tuple[list[Column], list[Row]]:
    """Columns and rows: one row, a row a phase, or a row an expense."""
    phases = {"adjusted_budget": form.layout.phase_headers.get("gk09", "预算数"), "final": "决算数"}
    if form.layout.year_before:
        phases = {"prior_final": "上年决算数"} | phases
    parts = [part for part, _ in lists()["three_public"]] + list(form.layout.three_public_more)
    if form.layout.gk09 == "list":
        return _three_public_list(form, phases)
    paths = {"total": ("合计",)}
    for part in parts[1:]:
        paths[part] = (_PARTS[part],)
    paths["vehicles"] = (_PARTS["vehicles"], "小计")
    for part in ("vehicle_purchase", "vehicle_operation"):
        paths[part] = (_PARTS["vehicles"], _PARTS[part])
    if form.layout.gk09 == "phase_rows":
        columns = [Column(("项目",), 6, "label"), *[Column(paths[part], 6) for part in parts]]
        body = [
            (Printed(name), *[form.number("three_public", f"{phase}.{part}") for part in parts])
            for phase, name in phases.items()
        ]
        return columns, body
    if form.layout.gk09 == "paired":
        places = [(part, phase) for part in parts for phase in phases]
        paths = {part: path * 2 if len(path) == 1 else path for part, path in paths.items()}
        columns = [Column(("财政拨款“三公”经费", *paths[part], phases[phase]), 5) for part, phase in places]
    else:
        places = [(part, phase) for phase in phases for part in parts]
        columns = [Column((phases[phase], *paths[part]), 5) for part, phase in places]
    return columns, [tuple(form.number("three_public", f"{phase}.{part}") for part, phase in places)]


def _three_public_list(form: Form, phases: dict[str, str]) -> tuple[list[Column], list[Row]]:
    ordinals = form.layout.ordinals
    columns = [Column(("项目",), 16, "label")]
    columns += [Column(("行次",), 3, "ordinal")] * ordinals
    columns += [Column((name,), 8) for name in phases.values()]
    body = []
    for n, (part, label) in enumerate(lists()["three_public"], start=1):
        label = f"“三公”经费{label}" if part == "total" else label
        numbers = [form.number("three_public", f"{phase}.{part}") for phase in phases]
        body.append((Printed(label), *[Printed(str(n), "ordinal")] * ordinals, *numbers))
    return columns, body
