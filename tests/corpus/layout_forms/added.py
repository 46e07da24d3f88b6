"""Tables that a form adds: operating expenses, assets, procurement, and some that nobody knows."""

from __future__ import annotations

from tests.corpus.forms import Printed, Row, rows_of
from tests.corpus.layout_forms.form import Column, Form, lists
from tests.corpus.layout_forms.functions import code_cells, code_columns

# How the detail tables share an amount out; they are made up from table 05 where the form prints them.
_DETAIL_SHARES = {
    "工资福利支出": 45,
    "商品和服务支出": 30,
    "对个人和家庭的补助": 15,
    "资本性支出": 10,
    "其他支出": 0,
}


def added(form: Form) -> tuple[list[Column], list[Row]]:
    """Columns and rows of a table by its name in the layout."""
    if form.name == "staff":
        return _staff(form)
    if form.name == "projects":
        return _projects(form)
    if form.name in ("detail", "fiscal_detail"):
        return _detail(form)
    if form.name == "gk10" and form.layout.gk10 == "budget":
        return _operating_expenses(form)
    known = lists()
    header = {"gk11": "数量", "gk12": "金额", "gk10": "决算数", "information": "统计数"}[form.name]
    rows: list[tuple[str, str, str]] = []
    if form.name == "gk10" and form.layout.gk10 == "expenses":
        rows += [(label, item, "final") for label, item in known["operating"]]
    elif form.name == "gk10":
        rows.append(("合计", "agency_operating_expenses", "final"))
        names = {row["economic_code"]: row["name"] for row in rows_of("economic_items.csv")}
        for cell in form.account.cells:
            code = cell.line_item.removeprefix("economic.")
            if cell.table_code == "gk10" and code in names:
                rows.append((names[code], cell.line_item, "final"))
    if form.name == "information":
        rows.append(("一、机关运行经费支出", "agency_operating_expenses", "final"))
    if form.name in ("gk11", "information"):
        rows += [(label, item, "count") for label, item in known["assets"]]
    if form.name in ("gk12", "information"):
        rows += [(label, item, "final") for label, item in known["procurement"]]
    ordinals = form.layout.ordinals
    columns = [Column(("项目",), 20, "label"), *[Column(("行次",), 3, "ordinal")] * ordinals]
    columns.append(Column((header,), 8))
    body: list[Row] = []
    for n, (label, item, measure) in enumerate(rows, start=1):
        line = [Printed(str(n), "ordinal")] * ordinals
        number = form.number(item, measure, _home(item))
        body.append((Printed(label), *line, number))
    return columns, body


def _home(item: str) -> str:
    """The table whose figure it is; the combined table prints those of all three."""
    return {"vehicles": "gk11", "equipment": "gk11", "procurement": "gk12"}.get(item.split(".")[0], "gk10")


def _operating_expenses(form: Form) -> tuple[list[Column], list[Row]]:
    phases = ("initial_budget", "adjusted_budget", "final")
    columns = [Column(("项目",), 10, "label"), *[Column((form.phase_path(p),), 8) for p in phases]]
    item = "agency_operating_expenses"
    return columns, [(Printed("机关运行经费"), *[form.number(item, phase) for phase in phases])]


def _staff(form: Form) -> tuple[list[Column], list[Row]]:
    """人员编制情况表: a table that the program does not know, in whole numbers."""
    columns = [Column(("单位名称",), 16, "label")]
    columns += [Column(("编制人数", name), 6) for name in ("小计", "行政编制", "事业编制")]
    columns += [Column(("年末实有人数", name), 6) for name in ("在职人员", "离休人员", "退休人员")]
    name = form.account.department_name
    counts = ((46, 31, 15, 43, 2, 17), (31, 31, 0, 29, 2, 11), (15, 0, 15, 14, 0, 6))
    units = ("合计", f"{name}本级", f"{name}服务中心")
    body = [
        (Printed(unit), *[Printed(str(n), "number", ("", "")) for n in row])
        for unit, row in zip(units, counts, strict=True)
    ]
    return columns, body


def _projects(form: Form) -> tuple[list[Column], list[Row]]:
    """项目支出决算表: a table that the program does not know and whose title ends like table 03's."""
    columns = [Column(("项目名称",), 14, "label"), Column(("所属科目",), 14, "label")]
    columns += [Column((name,), 7) for name in ("年初预算数", "决算数")]
    body: list[Row] = []
    for code in form.account.codes("gk05"):
        spent = form.account.amount("gk05", f"function.{code}", "project")
        if len(code) == 7 and spent:
            numbers = [Printed(form.money(amount), "number", ("", "")) for amount in (spent * 2, spent)]
            name = form.account.functional_names[code]
            body.append((Printed(f"{name}专项"), Printed(f"{code} {name}"), *numbers))
    return columns, body


def _detail(form: Form) -> tuple[list[Column], list[Row]]:
    """Functional rows by economic class: a title close to table 05's, and other columns."""
    columns = [*code_columns(form), Column(("合计",), 6)]
    columns += [Column((name,), 6) for name in _DETAIL_SHARES]
    body: list[Row] = []
    for code in form.account.codes("gk05"):
        total = form.account.amount("gk05", f"function.{code}", "total")
        amounts = [total, *[total * share / 100 for share in _DETAIL_SHARES.values()]]
        numbers = [Printed(form.money(a), "number", ("", "")) if a else form.number("", "") for a in amounts]
        body.append((*code_cells(form, code), Printed(form.account.functional_names[code]), *numbers))
    return columns, body
