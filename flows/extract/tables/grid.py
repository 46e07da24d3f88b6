"""The figures of a standard table whose cells stand in a grid.

A column is told by its headers, a row by its code or its label; both by the spellings in
seeds/reference. A number that neither a column nor a row claims is a problem, never dropped.
The grid may come from ruling lines, merged cells or tabs. A grid of numbers that is none of the
known tables is landed as `unknown`, its numbers with the words that stand around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from flows.extract.model import CellDraft, Grid, GridCell, ProblemDraft, Reading, TableDraft
from flows.extract.normalise import has_decimals, has_words, is_amount, squeeze
from flows.extract.tables.annex.gridded import annex_of_grid, annex_without_title
from flows.extract.tables.form import Figure, Form
from flows.extract.tables.listed import list_figures
from flows.extract.tables.misread_labels import CodedRow, NamesOfCodes, mend_labels
from flows.extract.tables.titled import TitledGrid, titled_grids
from flows.extract.tables.unknown import unknown_table
from flows.extract.tables.vocabulary import (
    ECONOMIC_CODE,
    FUNCTION_CODE,
    FUNCTION_TABLES,
    LIST_TABLES,
    TWO_SIDED_TABLES,
    LineItems,
    is_counted,
    line_item_of,
    list_item_of,
    measure_of,
    number_and_unit,
    says_phase,
    unit_in_label,
)

STANDARD_TABLES = FUNCTION_TABLES | TWO_SIDED_TABLES | LIST_TABLES | {"gk06", "gk09"}


_DIGITS = (3, 2, 2)  # of 类, 款 and 项
_DIRT = "-—–_.,·|:;"
# The row 合计 of a form with columns of 人员经费 and 公用经费.
_TOTAL_OF_COLUMN = {
    ("economic.total", "personnel"): ("economic.personnel_total", "final"),
    ("economic.total", "public"): ("economic.public_total", "final"),
}


def tables_from_grids(reading: Reading, fiscal_year: str = "") -> list[TableDraft]:
    """The standard tables, those that forms add, the annexes and the unknown tables among the grids of
    a reading, in the order of the document. `fiscal_year` tells the columns of the year from those of
    the year before.

    A grid below a standard title with no standard header and no amount (a list below the table of
    contents) is not taken for that table.
    """
    found = titled_grids(reading)
    names = _names_of_codes(found, fiscal_year)
    drafts = (_table(titled, fiscal_year, names) for titled in found)
    return [draft for draft in drafts if draft]


def _names_of_codes(found: Sequence[TitledGrid], fiscal_year: str) -> NamesOfCodes:
    """The functional codes of a document that has tables from pictures, with the names that it prints:
    a row that lost its code in one table has it in another."""
    names: dict[str, set[str]] = {}
    tables = [titled for titled in found if titled.table_code in FUNCTION_TABLES]
    if any(cell.recognition for titled in tables for cell in titled.grid.cells):
        for titled in tables:
            for row in _function_rows(Form(titled.grid, titled.table_code, fiscal_year=fiscal_year)):
                if row.code and row.name:
                    names.setdefault(row.code, set()).add(squeeze(row.name))
    return names


def _table(titled: TitledGrid, fiscal_year: str, names: NamesOfCodes) -> TableDraft | None:
    if titled.table_code in STANDARD_TABLES:
        return _standard_table(titled, fiscal_year, names)
    if titled.table_code == "unknown":
        return annex_without_title(titled, fiscal_year) or unknown_table(titled)
    return annex_of_grid(titled, fiscal_year) or unknown_table(titled)


def _standard_table(titled: TitledGrid, fiscal_year: str, names: NamesOfCodes) -> TableDraft | None:
    form = Form(titled.grid, titled.table_code, fiscal_year=fiscal_year)
    if is_matrix(form):
        return unknown_table(titled)
    rows = _function_rows(form) if form.table_code in FUNCTION_TABLES else ()
    grid, mended = mend_labels(titled.grid, form, rows, names)
    if mended:
        form = Form(grid, titled.table_code, fiscal_year=fiscal_year)
    has_amounts = any(has_decimals(squeeze(cell.text)) for cell in titled.grid.cells)
    has_figures = any(True for _ in _figures(form))
    if form.table_code in LIST_TABLES:
        has_items = any(list_item_of(form.table_code, cell.text) for cell in titled.grid.cells)
        if not has_figures and (has_amounts or not has_items):
            return unknown_table(titled)
    elif not form.measures:
        if not has_amounts:
            return None
        if not has_figures:
            return unknown_table(titled)
    draft = table_from_grid(
        grid,
        table_code=titled.table_code,
        printed_title=titled.title,
        printed_unit=titled.unit,
        is_declared_empty=titled.is_declared_empty,
        first_line=titled.first_line,
        last_page=titled.last_page,
        fiscal_year=fiscal_year,
        form=form,
    )
    return replace(draft, problems=(*mended, *draft.problems))


def is_matrix(form: Form) -> bool:
    """Whether a table by functional code has a column for each economic class and of the standard
    columns the total only: 一般公共预算财政拨款支出决算明细表 of the internal forms."""
    if form.table_code not in FUNCTION_TABLES or set(form.measures.values()) != {"total"}:
        return False
    amounts = {c.column for _, cells in form.body() for c in cells if has_decimals(squeeze(c.text))}
    return len(amounts - set(form.measures)) > 1


def table_from_grid(
    grid: Grid,
    *,
    table_code: str,
    printed_title: str = "",
    printed_unit: str = "",
    is_declared_empty: bool = False,
    spans_known: bool = True,
    method: str = "grid",
    first_line: int | None = None,
    last_page: int | None = None,
    fiscal_year: str = "",
    form: Form | None = None,
) -> TableDraft:
    """The figures of one standard table, row_no and column_no counted from 1 in `grid`.

    `spans_known` is false where merged cells come as one text and empty cells to its right (text
    with tabs): group headers are then spread over the columns below them. `confidence` follows
    `method`: `ocr` for ocr, else certain. `form` is the grid's, where the caller has made it.
    """
    form = form or Form(grid, table_code, spans_known, fiscal_year)
    figures = list(_figures(form))
    printed_unit = printed_unit or _unit_in_headers(form)
    claimed = {(figure.cell.row, figure.cell.column) for figure in figures}
    cells = tuple(
        CellDraft(
            row_no=figure.cell.row + 1,
            column_no=figure.cell.column + 1,
            page=figure.cell.page,
            line_no=figure.cell.line_no,
            row_code=figure.row_code,
            row_label=figure.row_label,
            line_item=figure.line_item,
            column_path="/".join("".join(part.split()) for part in form.path(figure.cell.column)),
            measure=figure.measure,
            value_text=figure.value_text,
            unit_text=_unit_text(form, figure, printed_unit),
            method=method,
            confidence="ocr" if method == "ocr" else "certain",
            box=figure.cell.box.as_text() if figure.cell.box else "",
        )
        for figure in sorted(figures, key=lambda figure: (figure.cell.row, figure.cell.column))
    )
    return TableDraft(
        table_code=table_code,
        printed_title=printed_title,
        printed_unit=printed_unit,
        first_page=grid.page,
        last_page=last_page or max((cell.page for cell in grid.cells), default=grid.page),
        first_line=grid.first_line if first_line is None else first_line,
        last_line=grid.last_line,
        row_count=grid.row_count,
        column_count=grid.column_count,
        is_declared_empty=is_declared_empty,
        method=method,
        cells=cells,
        problems=tuple(_unclaimed(form, claimed)),
    )


def _figures(form: Form) -> Iterator[Figure]:
    if form.table_code in FUNCTION_TABLES:
        return _function_figures(form)
    if form.table_code in TWO_SIDED_TABLES:
        return _two_sided_figures(form)
    if form.table_code == "gk06":
        return _economic_figures(form)
    if form.table_code == "gk09":
        return _three_public_figures(form)
    if form.table_code in LIST_TABLES:
        return list_figures(form)
    raise ValueError(f"{form.table_code} is not one of the standard tables gk01 to gk12")


def _unit_in_headers(form: Form) -> str:
    """The unit of money that all headers of amounts agree in; empty where they do not."""
    units = {unit for column in form.measures if (unit := form.unit(column)).endswith("元")}
    return units.pop() if len(units) == 1 else ""


def _unit_text(form: Form, figure: Figure, printed_unit: str) -> str:
    """The unit that the cell, its row or its column prints, where it is not the table's."""
    _, own = number_and_unit(figure.cell.text) or ("", "")
    of_row = figure.unit or unit_in_label(figure.row_label)
    of_column = form.unit(figure.cell.column)
    # what is counted stands among money, and only its row says so; money may stand beside what is counted
    unit = own or (of_row or of_column if figure.measure == "count" else of_column or of_row)
    return "" if unit == printed_unit else unit


def _function_figures(form: Form) -> Iterator[Figure]:
    for (_, cells), row in zip(form.body(), _function_rows(form), strict=True):
        for cell in _amounts(form, cells) if row.line_item else ():
            yield Figure(cell, row.code, row.name, row.line_item, form.measures[cell.column])


def _function_rows(form: Form) -> list[CodedRow]:
    """The body rows: named by a functional code, in one field or split into 类/款/项, or by 合计."""
    first_amount = min(form.measures, default=form.column_count)
    levels = ["", "", ""]
    rows = []
    for _, cells in form.body():
        labels = [cell for cell in cells if cell.column < first_amount]
        code, name = _code_and_name(form, labels, levels)
        item = f"function.{code}" if code else line_item_of(form.table_code, "", name)
        rows.append(CodedRow(labels, code, name, item))
    return rows


def _code_and_name(form: Form, labels: Sequence[GridCell], levels: list[str]) -> tuple[str, str]:
    """The functional code and the name that a row's label cells print.

    `levels` are 类, 款 and 项 of the row before, changed in place: a form that splits the code
    may leave the upper levels out where they repeat.
    """
    code = name = ""
    split = is_broken = False
    for cell in labels:
        text = _code_text(cell)
        whole = FUNCTION_CODE.fullmatch(text)
        if whole and not code:
            code, name = whole[1], name + (whole[2] or "")
            levels[:] = [code[:3], code[3:5], code[5:7]]
        elif text.isdigit():
            level = form.code_level(cell.column)
            if level is not None:
                levels[level:] = [text, *[""] * (2 - level)]
                split = True
                is_broken |= cell.recognition is not None and len(text) != _DIGITS[level]
        else:
            name += "".join(cell.text.split())
    if is_broken:
        return "", name
    return "".join(levels) if split else code, name


def _code_text(cell: GridCell) -> str:
    """What a cell prints, squeezed; in a picture without what dirt and rules leave around a code."""
    text = squeeze(cell.text)
    code = text.strip(_DIRT)
    return code if cell.recognition and code.isdecimal() else text


def _two_sided_figures(form: Form) -> Iterator[Figure]:
    """gk01 and gk04: 收入 on the left, 支出 on the right, each with label, 行次 and amounts. The third
    side of older forms shares its last rows with the second: their label stands in one of them, the
    amount in either."""
    sides = [(columns, LineItems(form.table_code, side), side) for side, columns in form.sides]
    for _, cells in form.body():
        label, item = "", None
        for columns, items, side in sides:
            of_side = [cell for cell in cells if cell.column in columns]
            own = _label(of_side)
            if own:
                label, item = own, items.of(own)
            elif side != "nature":
                label, item = "", None
            ordinal = next((squeeze(cell.text) for cell in of_side if form.is_ordinal(cell.column)), "")
            if item is None:
                continue
            for cell in _amounts(form, of_side):
                yield Figure(cell, ordinal, "".join(label.split()), item, form.measures[cell.column])


def _economic_figures(form: Form) -> Iterator[Figure]:
    """gk06: code, name and amount, several groups side by side. From left to right, an amount
    belongs to the code or total before it; several amounts to one code where the form has columns
    of 人员经费 and 公用经费, whose totals are those of the other forms."""
    for _, cells in form.body():
        code, names, is_used = "", [], False
        for cell in cells:
            text = squeeze(cell.text)
            match = ECONOMIC_CODE.fullmatch(_code_text(cell))
            if number_and_unit(text) and cell.column in form.measures:
                name = "".join(names)
                item = f"economic.{code}" if code else line_item_of("gk06", "", name)
                item, measure = _TOTAL_OF_COLUMN.get(
                    (item, form.measures[cell.column]), (item, form.measures[cell.column])
                )
                is_used = True
                if item:
                    yield Figure(cell, code, name, item, measure)
            elif match and not form.is_ordinal(cell.column):
                code, names, is_used = match[1], [match[2]] if match[2] else [], False
            elif has_words(text) and not is_amount(text):
                code, names = ("", []) if is_used else (code, names)
                is_used = False
                names.append("".join(cell.text.split()))


def _three_public_figures(form: Form) -> Iterator[Figure]:
    """gk09: one row of amounts; or one row an expense with 预算数 and 决算数 as columns; or one row a
    phase with the expenses as columns. A table that says no phase anywhere prints final accounts.
    Counts that some forms add (保有量) are named as the narrative's."""
    labels = [_label(cells) for _, cells in form.body()]
    paths = (part for column in range(form.column_count) for part in form.path(column))
    phase = () if any(map(says_phase, (*labels, *paths))) else ("决算数",)
    for (_, cells), label in zip(form.body(), labels, strict=True):
        for cell in cells:
            if not is_amount(squeeze(cell.text)) or form.is_ordinal(cell.column):
                continue
            path = (*phase, *form.path(cell.column))
            measure = measure_of("gk09", path, form.fiscal_year)
            if measure is None and label:
                measure = measure_of("gk09", (*path, label), form.fiscal_year)
            name = "".join(label.split())
            if measure:
                yield Figure(cell, "", name, "three_public", measure)
            elif (item := list_item_of("gk10", label)) and is_counted(item) and form.counts(cell.column):
                yield Figure(cell, "", name, item, "count")


def _label(cells: Sequence[GridCell]) -> str:
    """The first words of a row."""
    texts = (cell.text for cell in cells)
    return next((text for text in texts if has_words(text) and not is_amount(squeeze(text))), "")


def _amounts(form: Form, cells: Sequence[GridCell]) -> Iterator[GridCell]:
    for cell in cells:
        if cell.column in form.measures and number_and_unit(cell.text):
            yield cell


def _unclaimed(form: Form, claimed: set[tuple[int, int]]) -> Iterator[ProblemDraft]:
    """The numbers of the body that became no figure. Codes and 行次 are not figures; a whole
    number counts where its column holds amounts."""
    columns = {column for _, column in claimed}
    for r, cells in form.body():
        label = _label(cells)
        for cell in cells:
            text = squeeze(cell.text)
            in_amount_column = cell.column in form.measures or cell.column in columns
            is_number = has_decimals(text) or (in_amount_column and re.search(r"\d", text))
            if (r, cell.column) in claimed or not is_number:
                continue
            yield ProblemDraft(
                page=cell.page,
                line_no=cell.line_no,
                stage="recognise",
                code="unclaimed_number",
                detail=f"{text[:40]} · {squeeze(label)[:40]} · {form.table_code} column {cell.column + 1}",
            )
