"""The nine tables as the Ministry's form prints them, with an account's figures in their places.

What the form knows (rows, columns, their headers) are the seeds official_form_rows and form_columns; a code
or class that a document has and the form lacks gets a row of its own, so that no figure is left out. What
stands in no row and column of the form is kept apart (`Sheet.placed`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import duckdb

from flows.export.accounts import Account, Figure, Table

TABLES = ("gk01", "gk02", "gk03", "gk04", "gk05", "gk06", "gk07", "gk08", "gk09")
_TWO_SIDED = ("gk01", "gk04")
_SIDES = ("revenue", "expenditure")
_SIDE_NAMES = {"revenue": "收入", "expenditure": "支出"}
_NAMES_WIDTH = 34
_AMOUNT_WIDTH = 15


@dataclass(frozen=True)
class Cell:
    """A cell of a sheet: printed words of the form, a figure, or an empty place for one."""

    text: str = ""
    kind: str = "label"  # header | label | total | code | ordinal | amount
    figure: Figure | None = None
    columns: int = 1
    rows: int = 1


# A row: cells by their column; what a merged cell covers is not there.
Row = dict[int, Cell]


@dataclass
class Sheet:
    """One table: `widths` in characters, `header` and `body` rows, `placed` the figures that stand in it."""

    table_code: str
    form_no: str
    title: str
    unit: str
    status: str
    widths: list[int]
    header: list[Row] = field(default_factory=list)
    body: list[Row] = field(default_factory=list)

    @property
    def placed(self) -> set[str]:
        return {cell.figure.figure_id for row in self.body for cell in row.values() if cell.figure}


@dataclass(frozen=True)
class Forms:
    """What the form knows: `rows` (table, block) → (row_no, line_item, label); `columns` (table, side) →
    (measure, header); `names` table → (公开0X表, title)."""

    rows: dict[tuple[str, str], list[tuple[int, str, str]]]
    columns: dict[tuple[str, str], list[tuple[str, str]]]
    names: dict[str, tuple[str, str]]


def forms(connection: duckdb.DuckDBPyConnection) -> Forms:
    """The official forms, from the reference tables of the warehouse."""
    rows: dict[tuple[str, str], list[tuple[int, str, str]]] = {}
    for code, block, number, item, label in connection.execute(
        "select table_code, block, row_no, line_item, label from reference.official_form_rows "
        "order by table_code, block, row_no"
    ).fetchall():
        rows.setdefault((code, block), []).append((number, item, label))
    columns: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for code, side, measure, header in connection.execute(
        "select table_code, coalesce(side, ''), measure, header from reference.form_columns "
        "order by table_code, column_no::integer"
    ).fetchall():
        columns.setdefault((code, side), []).append((measure, header))
    names = {
        code: (official_no, name)
        for code, official_no, name in connection.execute(
            "select table_code, official_no, name_zh from reference.table_codes"
        ).fetchall()
    }
    return Forms(rows, columns, names)


def sheets(account: Account, forms: Forms) -> list[Sheet]:
    """The nine sheets of an account, also those of tables that its document lacks, which then say so."""
    return [_sheet(account, forms, code) for code in TABLES]


def _sheet(account: Account, forms: Forms, code: str) -> Sheet:
    table = account.table(code)
    form_no, title = forms.names[code]
    unit = (table.unit if table else "") or account.document["amount_unit"] or ""
    sheet = Sheet(code, form_no, title, unit, _status(table), [])
    figures = table.figures if table else ()
    if code in _TWO_SIDED:
        _fill_two_sided(sheet, forms, figures)
    elif code == "gk06":
        _fill_economic(sheet, forms, figures)
    elif code == "gk09":
        _fill_one_row(sheet, forms.columns[code, ""], figures)
    else:
        # Some provinces print table 08 with the columns of table 07.
        carries_over = {measure for measure, _ in forms.columns["gk07", ""]} - {
            measure for measure, _ in forms.columns["gk05", ""]
        }
        other_form = code == "gk08" and any(figure.measure in carries_over for figure in figures)
        _fill_by_code(sheet, forms.columns["gk07" if other_form else code, ""], figures)
    return sheet


def _status(table: Table | None) -> str:
    if table is None:
        return "本文件未见此表"
    if table.is_declared_empty and not any(_is_nonzero(figure.text) for figure in table.figures):
        return "本表无数据（文件已说明）"
    return "" if table.figures else "文件中此表没有可读的数字"


def _is_nonzero(text: str) -> bool:
    return any(character in "123456789" for character in text)


def _by_place(figures: Sequence[Figure]) -> dict[tuple[str, str], Figure]:
    """(line_item, measure) → the figure printed there first."""
    placed: dict[tuple[str, str], Figure] = {}
    for figure in figures:
        placed.setdefault((figure.line_item, figure.measure), figure)
    return placed


def _amount(figure: Figure | None) -> Cell:
    return Cell(figure.text if figure else "", "amount", figure)


def _header(first_column: int, columns: Sequence[str]) -> list[Row]:
    """Header rows of columns whose paths are joined by /: what neighbours share is one merged cell."""
    paths = [path.split("/") for path in columns]
    depth = max(len(path) for path in paths)
    rows: list[Row] = [{} for _ in range(depth)]
    for level in range(depth):
        start = 0
        while start < len(paths):
            path = paths[start]
            end = start + 1
            if level < len(path):
                while end < len(paths) and paths[end][: level + 1] == path[: level + 1]:
                    end += 1
                is_last = level == len(path) - 1
                rows[level][first_column + start] = Cell(
                    path[level], "header", columns=end - start, rows=depth - level if is_last else 1
                )
            start = end
    return rows


def _ordinals(first_column: int, count: int, start: int = 1) -> Row:
    return {first_column + number: Cell(str(start + number), "ordinal") for number in range(count)}


def _fill_two_sided(sheet: Sheet, forms: Forms, figures: Sequence[Figure]) -> None:
    """Tables 01 and 04: revenue on the left, expenditure on the right, each row with its 行次."""
    code, placed = sheet.table_code, _by_place(figures)
    sides = _sides(forms, code, figures)
    height = max(number for rows in sides.values() for number, _, _ in rows)
    sheet.body = [{} for _ in range(height)]
    top: Row = {}
    below: list[Row] = [{}]
    foot: Row = {}
    column, ordinal = 0, 1
    for side_no, side in enumerate(_SIDES):
        measures = forms.columns[code, side]
        headers = [header.removeprefix("决算数/") for _, header in measures]
        top[column] = Cell(_SIDE_NAMES[side], "header", columns=2 + len(measures))
        for number, header in enumerate(["项目", "行次", *headers]):
            below[0][column + number] = Cell(header, "header")
        foot[column] = Cell("栏次", "ordinal", columns=2)
        foot |= _ordinals(column + 2, len(measures), ordinal)
        ordinal += len(measures)
        by_number = {number: (item, label) for number, item, label in sides[side]}
        for number in range(1, height + 1):
            item, label = by_number.get(number, ("", ""))
            row = sheet.body[number - 1]
            row[column] = Cell(label, "total" if "total" in item else "label")
            row[column + 1] = Cell(str(number + side_no * height), "ordinal")
            for offset, (measure, _) in enumerate(measures):
                row[column + 2 + offset] = _amount(placed.get((item, measure)) if item else None)
        sheet.widths += [_NAMES_WIDTH, 6, *(_AMOUNT_WIDTH for _ in measures)]
        column += 2 + len(measures)
    sheet.header = [top, *below, foot]


def _sides(forms: Forms, code: str, figures: Sequence[Figure]) -> dict[str, list[tuple[int, str, str]]]:
    """The rows of both sides. Classes that only this document has come above the foot."""
    sides = {side: forms.rows[code, side] for side in _SIDES}
    known = {item for _, item, _ in sides["expenditure"]}
    classes = {
        figure.line_item: figure.row_label
        for figure in reversed(figures)
        if figure.line_item.startswith("expenditure.class.") and figure.line_item not in known
    }
    foot = min(number for number, item, _ in sides["expenditure"] if item == "expenditure.total_current")
    moved = {
        side: [(number + len(classes) * (number >= foot), item, label) for number, item, label in rows]
        for side, rows in sides.items()
    }
    moved["expenditure"] += [
        (foot + number, item, classes[item]) for number, item in enumerate(sorted(classes))
    ]
    return moved


def _fill_by_code(sheet: Sheet, columns: Sequence[tuple[str, str]], figures: Sequence[Figure]) -> None:
    """Tables 02, 03, 05, 07 and 08: a row a functional code, below the total."""
    placed = _by_place(figures)
    sheet.widths = [12, _NAMES_WIDTH, *(_AMOUNT_WIDTH for _ in columns)]
    header = _header(2, [header for _, header in columns])
    if len(header) == 1:
        header.append({})
        header[0] = {column: replace(cell, rows=2) for column, cell in header[0].items()}
    header[0][0] = Cell("项目", "header", columns=2)
    header[1][0] = Cell("科目代码", "header", rows=len(header) - 1)
    header[1][1] = Cell("科目名称", "header", rows=len(header) - 1)
    sheet.header = [*header, {0: Cell("栏次", "ordinal", columns=2), **_ordinals(2, len(columns))}]
    items: dict[str, Figure] = {}
    for figure in figures:
        if figure.line_item:
            items.setdefault(figure.line_item, figure)
    # The form prints the total first, wherever a province prints it.
    for item in sorted(items, key=lambda item: item != "function.total"):
        is_total = item == "function.total"
        names: Row = (
            {0: Cell("合计", "total", columns=2)}
            if is_total
            else {
                0: Cell(item.removeprefix("function."), "code"),
                1: Cell(items[item].row_label, "label"),
            }
        )
        amounts = {
            number: _amount(placed.get((item, measure))) for number, (measure, _) in enumerate(columns, 2)
        }
        sheet.body.append(names | amounts)
    if not items:
        empty = {number: _amount(None) for number, _ in enumerate(columns, 2)}
        sheet.body.append({0: Cell("合计", "total", columns=2), **empty})


def _fill_economic(sheet: Sheet, forms: Forms, figures: Sequence[Figure]) -> None:
    """Table 06: personnel on the left, the rest in two blocks on the right."""
    blocks = {block: list(forms.rows["gk06", block]) for block in ("1", "2", "3")}
    known = {item for rows in blocks.values() for _, item, _ in rows}
    labels = {figure.line_item: figure.row_label for figure in figures if figure.line_item}
    extra = [item for item in sorted(labels) if item.startswith("economic.") and item not in known]
    last = max(number for number, _, _ in blocks["3"])
    blocks["3"] += [(last + number, item, labels[item]) for number, item in enumerate(extra, 1)]
    totals = {"1": "economic.personnel_total", "2": "economic.public_total"}
    rows = {
        block: [(number, item, label) for number, item, label in listed if item not in totals.values()]
        for block, listed in blocks.items()
    }
    placed = _by_place(figures)
    height = max(number for listed in rows.values() for number, _, _ in listed)
    sheet.widths = [12, 30, _AMOUNT_WIDTH] * 3
    heads = {
        column + offset: Cell(text, "header")
        for column in (0, 3, 6)
        for offset, text in enumerate(("科目代码", "科目名称", "决算数"))
    }
    kinds = {0: Cell("人员经费", "header", columns=3), 3: Cell("公用经费", "header", columns=6)}
    sheet.header = [kinds, heads]
    sheet.body = [{} for _ in range(height + 1)]
    for column, block in zip((0, 3, 6), blocks, strict=True):
        by_number = {number: (item, label) for number, item, label in rows[block]}
        for number in range(1, height + 1):
            item, label = by_number.get(number, ("", ""))
            is_class = len(item.removeprefix("economic.")) == 3
            sheet.body[number - 1] |= {
                column: Cell(item.removeprefix("economic."), "code"),
                column + 1: Cell(label, "total" if is_class else "label"),
                column + 2: _amount(placed.get((item, "final")) if item else None),
            }
    sheet.body[height] = {
        0: Cell("人员经费合计", "total", columns=2),
        2: _amount(placed.get((totals["1"], "final"))),
        3: Cell("公用经费合计", "total", columns=5),
        8: _amount(placed.get((totals["2"], "final"))),
    }


def _fill_one_row(sheet: Sheet, columns: Sequence[tuple[str, str]], figures: Sequence[Figure]) -> None:
    """Table 09: one row of budget and final account."""
    placed: dict[str, Figure] = {}
    for figure in figures:
        placed.setdefault(figure.measure, figure)
    sheet.widths = [_AMOUNT_WIDTH for _ in columns]
    sheet.header = [*_header(0, [header for _, header in columns]), _ordinals(0, len(columns))]
    sheet.body = [{number: _amount(placed.get(measure)) for number, (measure, _) in enumerate(columns)}]
