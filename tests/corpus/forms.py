"""The standard tables as printed forms: an account's figures in rows and columns.

Two families. `numbered` is the form of the provinces that keep the official template: 公开0X表,
行次 and 栏次. `plain` is the form without them (Shanghai): the total of table 05 stands at the
end, table 08 has the columns of table 07, and table 09 pairs budget and final account.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path

from tests.corpus.accounts import MEASURES, Account

FORMS = Path(__file__).parent / "forms"


@dataclass(frozen=True)
class Printed:
    """What one cell of a form prints. `figure` is (line_item, measure) of a printed number."""

    text: str
    kind: str = "label"  # label | code | ordinal | number
    figure: tuple[str, str] | None = None
    row_span: int = 1
    column_span: int = 1


Row = tuple[Printed | None, ...]  # None where a merged cell covers the position


@dataclass(frozen=True)
class Sheet:
    """One table. `widths` are the columns' widths in Chinese characters; every row of `header`
    and `body` has one entry a column."""

    table_code: str
    title: str
    form_no: str  # 公开01表, or empty
    unit_line: str
    widths: tuple[int, ...]
    header: tuple[Row, ...]
    body: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    department_line: str = ""  # 部门：…

    @property
    def is_wide(self) -> bool:
        return sum(self.widths) > 48


TITLES = {
    "gk01": "收入支出决算总表",
    "gk02": "收入决算表",
    "gk03": "支出决算表",
    "gk04": "财政拨款收入支出决算总表",
    "gk05": "一般公共预算财政拨款支出决算表",
    "gk06": "一般公共预算财政拨款基本支出决算明细表",
    "gk07": "政府性基金预算财政拨款收入支出决算表",
    "gk08": "国有资本经营预算财政拨款支出决算表",
    "gk09": "财政拨款“三公”经费支出决算表",
}
_PLAIN_TITLES = TITLES | {
    "gk06": "一般公共预算财政拨款基本支出决算表",
    "gk08": "国有资本经营预算财政拨款收入支出决算表",
}
HEADERS = {
    "gk02": ("本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入",
             "其他收入"),
    "gk03": ("本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"),
    "gk04": ("合计", "一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款"),
}  # fmt: skip
_THREE_PUBLIC = ("合计", "因公出国（境）费", "公务用车购置及运行维护费", "公务接待费")
_VEHICLES = ("小计", "公务用车购置费", "公务用车运行维护费")


def sheets(account: Account, family: str = "numbered") -> list[Sheet]:
    """The account's printed tables in the order of the official outline."""
    makers = {
        "gk01": _gk01, "gk02": _by_function, "gk03": _by_function, "gk04": _gk04, "gk05": _gk05,
        "gk06": _gk06, "gk07": _gk07, "gk08": _gk08, "gk09": _gk09,
    }  # fmt: skip
    return [makers[code](account, code, family) for code in account.printed_tables]


def _sheet(
    account: Account,
    code: str,
    family: str,
    widths: Sequence[int],
    header: Sequence[Row],
    body: Sequence[Row],
) -> Sheet:
    numbered = family == "numbered"
    notes = [] if account.has_figures(code) else ["说明：本部门当年没有这类收入和支出，本表无数据。"]
    return Sheet(
        table_code=code,
        title=(TITLES if numbered else _PLAIN_TITLES)[code],
        form_no=f"公开{code[2:]}表" if numbered else "",
        unit_line="金额单位：万元" if numbered else "单位：万元",
        widths=tuple(widths),
        header=tuple(header),
        body=tuple(body),
        notes=tuple(notes),
        department_line=f"部门：{account.department_name}",
    )


def _text(text: str, rows: int = 1, columns: int = 1) -> Printed:
    return Printed(text, row_span=rows, column_span=columns)


def _ordinal(text: object) -> Printed:
    return Printed(str(text), "ordinal")


def _row(*cells: Printed | str | None) -> Row:
    """One row; a merged cell is followed by as many None as it covers."""
    row: list[Printed | None] = []
    for cell in cells:
        cell = _text(cell) if isinstance(cell, str) else cell
        row.append(cell)
        if cell is not None:
            row += [None] * (cell.column_span - 1)
    return tuple(row)


def _number(account: Account, code: str, line_item: str, measure: str) -> Printed:
    value = account.value(code, line_item, measure) if line_item else ""
    return Printed(value, "number", (line_item, measure) if value else None)


@cache
def rows_of(name: str) -> tuple[dict[str, str], ...]:
    with (FORMS / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _two_sided_items(code: str) -> Iterable[tuple[tuple[str, str], tuple[str, str]]]:
    """Rows of tables 01 and 04: (label, line item) on the left and on the right."""

    def side(name: str) -> list[tuple[str, str]]:
        return [
            (f"{row['ordinal']}、{row['name']}" if row["ordinal"] else row["name"], row["line_item"])
            for row in rows_of("two_sided_rows.csv")
            if (row["table_code"], row["side"]) == (code, name)
        ]

    classes = [
        (f"{row['ordinal']}、{row['name']}", f"expenditure.class.{row['functional_code']}")
        for row in rows_of("expenditure_classes.csv")
    ]
    yield from zip_longest(side("revenue"), classes, fillvalue=("", ""))
    yield from zip(side("revenue_foot"), side("expenditure_foot"), strict=True)


def _gk01(account: Account, code: str, family: str) -> Sheet:
    rows = list(_two_sided_items(code))
    if family == "numbered":
        header = [
            _row(_text("收入", columns=3), _text("支出", columns=3)),
            _row("项目", "行次", "金额", "项目", "行次", "金额"),
            _row("栏次", "", _ordinal(1), "栏次", "", _ordinal(2)),
        ]
        body = [
            _row(left, _ordinal(n), _number(account, code, item, "final"),
                 right, _ordinal(n + len(rows)), _number(account, code, spent, "final"))
            for n, ((left, item), (right, spent)) in enumerate(rows, start=1)
        ]  # fmt: skip
        return _sheet(account, code, family, (12, 3, 6, 12, 3, 6), header, body)
    header = [
        _row(_text("收入", columns=2), _text("支出", columns=2)),
        _row("项目", "决算数", "项目", "决算数"),
    ]
    body = [
        _row(left, _number(account, code, item, "final"), right, _number(account, code, spent, "final"))
        for (left, item), (right, spent) in rows
        if left or right
    ]
    return _sheet(account, code, family, (14, 6, 14, 6), header, body)


def _gk04(account: Account, code: str, family: str) -> Sheet:
    rows = list(_two_sided_items(code))
    measures = MEASURES["gk04"]

    def spent(item: str) -> list[Printed]:
        return [_number(account, code, item, measure) for measure in measures]

    if family == "numbered":
        header = [
            _row(_text("收入", columns=3), _text("支出", columns=6)),
            _row(_text("项目", 2), _text("行次", 2), _text("决算数", 2), _text("项目", 2), _text("行次", 2),
                 _text("决算数", columns=4)),
            _row(None, None, None, None, None, *HEADERS["gk04"]),
            _row("栏次", "", _ordinal(1), "栏次", "", *[_ordinal(n) for n in (2, 3, 4, 5)]),
        ]  # fmt: skip
        body = [
            _row(left, _ordinal(n), _number(account, code, item, "final"),
                 right, _ordinal(n + len(rows)), *spent(item_spent))
            for n, ((left, item), (right, item_spent)) in enumerate(rows, start=1)
        ]  # fmt: skip
        return _sheet(account, code, family, (10, 3, 6, 10, 3, 6, 6, 6, 6), header, body)
    header = [
        _row(_text("收入", columns=2), _text("支出", columns=5)),
        _row("项目", "决算数", "项目", *HEADERS["gk04"]),
    ]
    body = [
        _row(left, _number(account, code, item, "final"), right, *spent(item_spent))
        for (left, item), (right, item_spent) in rows
    ]
    return _sheet(account, code, family, (12, 6, 12, 6, 6, 6, 6), header, body)


def _function_rows(account: Account, code: str, measures: Sequence[str]) -> tuple[Row, list[Row]]:
    """The 合计 row and the rows by functional code."""

    def numbers(line_item: str) -> list[Printed]:
        return [_number(account, code, line_item, measure) for measure in measures]

    total = _row(_text("合计", columns=2), *numbers("function.total"))
    rows = [
        _row(Printed(c, "code"), account.functional_names[c], *numbers(f"function.{c}"))
        for c in account.codes(code)
    ]
    return total, rows


def _by_function(account: Account, code: str, family: str) -> Sheet:
    """Tables 02 and 03."""
    headers = HEADERS[code]
    total, rows = _function_rows(account, code, MEASURES[code])
    code_header = "科目代码" if family == "numbered" else "功能分类科目编码"
    header = [
        _row(_text("项目", columns=2), *[_text(h, 2) for h in headers]),
        _row(code_header, "科目名称", *[None] * len(headers)),
    ]
    if family == "numbered":
        header.append(_row(_text("栏次", columns=2), *[_ordinal(n + 1) for n in range(len(headers))]))
    return _sheet(account, code, family, (5, 13, *[6] * len(headers)), header, [total, *rows])


def _gk05(account: Account, code: str, family: str) -> Sheet:
    total, rows = _function_rows(account, code, MEASURES[code])
    widths = (5, 16, 7, 7, 7)
    if family == "numbered":
        header = [
            _row(_text("项目", columns=2), _text("本年支出", columns=3)),
            _row("科目代码", "科目名称", "小计", "基本支出", "项目支出"),
            _row(_text("栏次", columns=2), *[_ordinal(n) for n in (1, 2, 3)]),
        ]
        return _sheet(account, code, family, widths, header, [total, *rows])
    header = [
        _row(_text("项目", columns=2), *[_text(h, 2) for h in ("合计", "基本支出", "项目支出")]),
        _row("功能分类科目编码", "科目名称", None, None, None),
    ]
    return _sheet(account, code, family, widths, header, [*rows, total])


def _gk06(account: Account, code: str, family: str) -> Sheet:
    blocks: list[list[tuple[Printed, ...]]] = [[], [], []]
    for row in rows_of("economic_items.csv"):
        item = f"economic.{row['economic_code']}"
        amount = _number(account, code, item, "final")
        cells = (Printed(row["economic_code"], "code"), _text(row["name"]), amount)
        blocks[int(row["block"]) - 1].append(cells)
    personnel = _number(account, code, "economic.personnel_total", "final")
    public = _number(account, code, "economic.public_total", "final")
    last = (_text("人员经费合计", columns=2), personnel)
    empty = (_text(""), _text(""), Printed("", "number"))
    if family == "numbered":
        header = [
            _row(_text("人员经费", columns=3), _text("公用经费", columns=6)),
            _row(*("科目代码", "科目名称", "决算数") * 3),
        ]
        body = [_row(*a, *b, *c) for a, b, c in zip_longest(*blocks, fillvalue=empty)]
        body.append(_row(*last, _text("公用经费合计", columns=5), public))
        return _sheet(account, code, family, (4, 9, 5, 4, 9, 5, 4, 9, 5), header, body)
    header = [_row(*("经济分类科目编码", "科目名称", "决算数") * 2)]
    body = [_row(*a, *b) for a, b in zip_longest(blocks[0], blocks[1] + blocks[2], fillvalue=empty)]
    body.append(_row(*last, _text("公用经费合计", columns=2), public))
    return _sheet(account, code, family, (5, 11, 6, 5, 11, 6), header, body)


def _gk07(account: Account, code: str, family: str) -> Sheet:
    total, rows = _function_rows(account, code, MEASURES["gk07"])
    numbered = family == "numbered"
    header = [
        _row(_text("项目", columns=2), _text("年初结转和结余", 2), _text("本年收入", 2),
             _text("本年支出", columns=3), _text("年末结转和结余", 2)),
        _row("科目代码" if numbered else "功能分类科目编码", "科目名称", None, None,
             "小计" if numbered else "合计", "基本支出", "项目支出", None),
    ]  # fmt: skip
    if numbered:
        header.append(_row(_text("栏次", columns=2), *[_ordinal(n) for n in range(1, 7)]))
    return _sheet(account, code, family, (5, 11, 6, 6, 6, 6, 6, 6), header, [total, *rows])


def _gk08(account: Account, code: str, family: str) -> Sheet:
    if family == "plain":
        return _gk07(account, code, family)
    total, rows = _function_rows(account, code, MEASURES["gk08"])
    header = [
        _row(_text("项目", columns=2), _text("本年支出", columns=3)),
        _row("科目代码", "科目名称", "合计", "基本支出", "项目支出"),
        _row(_text("栏次", columns=2), *[_ordinal(n) for n in (1, 2, 3)]),
    ]
    return _sheet(account, code, family, (5, 16, 7, 7, 7), header, [total, *rows])


def _gk09(account: Account, code: str, family: str) -> Sheet:
    measures = MEASURES["gk09"]
    total, travel, vehicles, reception = _THREE_PUBLIC
    if family == "numbered":
        group = [_text(total, 2), _text(travel, 2), _text(vehicles, columns=3), _text(reception, 2)]
        header = [
            _row(_text("预算数", columns=6), _text("决算数", columns=6)),
            _row(*group, *group),
            _row(*[None, None, *_VEHICLES, None] * 2),
            _row(*[_ordinal(n) for n in range(1, 13)]),
        ]
    else:
        measures = tuple(m for pair in zip(measures[:6], measures[6:], strict=True) for m in pair)
        header = [
            _row(_text("财政拨款“三公”经费", columns=12)),
            _row(_text(total, 2, 2), _text(travel, 2, 2), _text(vehicles, columns=6), _text(reception, 2, 2)),
            _row(None, None, None, None, *[_text(v, columns=2) for v in _VEHICLES], None, None),
            _row(*["预算数", "决算数"] * 6),
        ]
    body = [_row(*[_number(account, code, "three_public", measure) for measure in measures])]
    return _sheet(account, code, family, (5,) * 12, header, body)
