"""The figures of a standard table whose cells stand in a grid.

A column is told by its headers, a row by its code or its label; both by the spellings in
seeds/reference. A number that neither a column nor a row claims is a problem, never dropped.
The grid may come from ruling lines, merged cells or tabs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.extract.model import CellDraft, Grid, GridCell, ProblemDraft, Reading, TableDraft
from flows.extract.normalise import has_decimals, is_amount, squeeze
from flows.extract.tables.annex.gridded import annex_of_grid
from flows.extract.tables.titled import TitledGrid, titled_grids
from flows.extract.tables.vocabulary import (
    ECONOMIC_CODE,
    FUNCTION_CODE,
    FUNCTION_TABLES,
    TWO_SIDED_TABLES,
    LineItems,
    line_item_of,
    measure_of,
    table_code_of_title,
)

STANDARD_TABLES = FUNCTION_TABLES | TWO_SIDED_TABLES | {"gk06", "gk09"}

_LABEL_HEADER = re.compile(r"项目(\(.*\))?|.*(编码|代码|名称)|支出?功能分类.*|支出?经济分类.*|类|款|项")
_ORDINAL_HEADERS = {"行次", "序号"}
_CODE_LEVELS = {"类": 0, "款": 1, "项": 2}
_COLUMN_NUMBERS = {"栏次", "行次"}
_FURNITURE = re.compile(r"\(?公开(表)?\d{1,2}表?\)?|(金额)?单位:.*|(编制|填报|公开)?(部门|单位)(名称)?:.*")
_HEADER_ROWS_AT_MOST = 12
_NOTE = re.compile(r"\(?(注|说明|备注)\)?\d?[:.、]")


def tables_from_grids(reading: Reading, fiscal_year: str = "") -> list[TableDraft]:
    """The tables gk01 … gk09 and the annexes among the grids of a reading, in the order of the
    document. `fiscal_year` tells the annexes' columns of the year from those of the year before.

    A grid below a standard title with no standard header and no amount (a list below the table of
    contents) is not taken for that table.
    """
    drafts = (
        _table(titled) if titled.table_code in STANDARD_TABLES else annex_of_grid(titled, fiscal_year)
        for titled in titled_grids(reading)
    )
    return [draft for draft in drafts if draft]


def _table(titled: TitledGrid) -> TableDraft | None:
    has_amounts = any(has_decimals(squeeze(cell.text)) for cell in titled.grid.cells)
    if not has_amounts and not _Form(titled.grid, titled.table_code, spans_known=True).measures:
        return None
    return table_from_grid(
        titled.grid,
        table_code=titled.table_code,
        printed_title=titled.title,
        printed_unit=titled.unit,
        is_declared_empty=titled.is_declared_empty,
        first_line=titled.first_line,
        last_page=titled.last_page,
    )


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
) -> TableDraft:
    """The figures of one standard table, row_no and column_no counted from 1 in `grid`.

    `spans_known` is false where merged cells come as one text and empty cells to its right (text
    with tabs): group headers are then spread over the columns below them. `confidence` follows
    `method`: `ocr` for ocr, else certain.
    """
    form = _Form(grid, table_code, spans_known)
    figures = list(_figures(form))
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
            value_text=squeeze(figure.cell.text),
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


@dataclass(frozen=True)
class _Figure:
    """One printed number with its row's and its column's meaning."""

    cell: GridCell
    row_code: str
    row_label: str
    line_item: str
    measure: str


class _Form:
    """A grid seen as a form: header rows, body rows, and what each column means."""

    def __init__(self, grid: Grid, table_code: str, spans_known: bool) -> None:
        self.table_code = table_code
        self.column_count = grid.column_count
        self.rows: list[list[GridCell]] = [[] for _ in range(grid.row_count)]
        self._covering: dict[tuple[int, int], GridCell] = {}
        for cell in sorted(grid.cells, key=lambda cell: (cell.row, cell.column)):
            self.rows[cell.row].append(cell)
            for row in range(cell.row, min(cell.row + cell.row_span, grid.row_count)):
                for column in range(cell.column, min(cell.column + cell.column_span, grid.column_count)):
                    self._covering[row, column] = cell
        self.first_row = next(
            (r for r in range(grid.row_count) if not self._is_heading(r)), grid.row_count
        )
        self.split = self._split()
        self._numbering = {r for r in range(grid.row_count) if self._numbers_columns(r)}
        header_end = min(grid.row_count, self.first_row + _HEADER_ROWS_AT_MOST)
        self.first_body_row = next(
            (r for r in range(self.first_row, header_end) if self._is_body(r)), header_end
        )
        if not spans_known:
            self._spread_group_headers()
        self._paths = [self._path(column) for column in range(grid.column_count)]
        self.measures: dict[int, str] = {}
        for column, path in enumerate(self._paths):
            measure = measure_of(table_code, path)
            if measure:
                self.measures[column] = measure

    def path(self, column: int) -> tuple[str, ...]:
        """The printed headers of a column, outermost first."""
        return self._paths[column]

    def body(self) -> Iterator[tuple[int, list[GridCell]]]:
        """The rows with figures: number from 0, cells that begin in the row."""
        for r in range(self.first_body_row, len(self.rows)):
            if not self.is_column_numbers(r):
                yield r, [cell for cell in self.rows[r] if cell.text.strip()]

    def is_column_numbers(self, r: int) -> bool:
        """Whether a row numbers the columns (栏次 1 2 3 …)."""
        return r in self._numbering

    def _numbers_columns(self, r: int) -> bool:
        texts = [squeeze(cell.text) for cell in self.rows[r] if cell.text.strip()]
        numbers = [int(text) for text in texts if re.fullmatch(r"\d{1,2}", text)]
        words = [text for text in texts if not re.fullmatch(r"\d{1,2}", text)]
        if words and not all(word in _COLUMN_NUMBERS or _LABEL_HEADER.fullmatch(word) for word in words):
            return False
        if any(word in _COLUMN_NUMBERS for word in words):
            return True
        return len(numbers) > 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))

    def is_ordinal(self, column: int) -> bool:
        """Whether a column holds the rows' printed numbers (行次)."""
        path = self._paths[column]
        return bool(path) and squeeze(path[-1]) in _ORDINAL_HEADERS

    def code_level(self, column: int) -> int | None:
        """0, 1 or 2 for a column headed 类, 款 or 项."""
        path = self._paths[column]
        return _CODE_LEVELS.get(squeeze(path[-1])) if path else None

    def _is_heading(self, r: int) -> bool:
        """Title, unit, department: printed in the grid by some writers, above the headers."""
        texts = [squeeze(cell.text) for cell in self.rows[r] if cell.text.strip()]
        return all(table_code_of_title(text) or _FURNITURE.fullmatch(text) for text in texts)

    def _is_body(self, r: int) -> bool:
        filled = [cell for cell in self.rows[r] if cell.text.strip()]
        if not filled or self.is_column_numbers(r):
            return False
        if any(has_decimals(squeeze(cell.text)) for cell in filled):
            return True
        first = filled[0]
        text = squeeze(first.text)
        if self.table_code in FUNCTION_TABLES:
            if FUNCTION_CODE.fullmatch(text):
                return True
            return line_item_of(self.table_code, "", text) is not None and self._is_under_label(r, first)
        if self.table_code == "gk06":
            return any(ECONOMIC_CODE.fullmatch(squeeze(cell.text)) for cell in filled)
        if self.table_code in TWO_SIDED_TABLES:
            sides = ("revenue", "expenditure")
            known = any(line_item_of(self.table_code, side, text) for side in sides)
            return known and self._is_under_label(r, first)
        return all(is_amount(squeeze(cell.text)) for cell in filled)  # gk09

    def _is_under_label(self, r: int, cell: GridCell) -> bool:
        """Whether the headers above a cell are those of a label column (项目, 科目名称, 类/款/项)."""
        above = [self._covering.get((row, cell.column)) for row in range(self.first_row, r)]
        texts = [squeeze(header.text) for header in above if header and header.text.strip()]
        return bool(texts) and (
            _LABEL_HEADER.fullmatch(texts[-1]) is not None or texts[-1] in _COLUMN_NUMBERS
        )

    def _split(self) -> int:
        """The first column of the right side of a two-sided table."""
        if self.table_code not in TWO_SIDED_TABLES:
            return self.column_count
        for words in ({"支出"}, {"项目", "项目(按功能分类)", "项目(按支出性质和经济分类)"}):
            for r in range(self.first_row, min(self.first_row + 4, len(self.rows))):
                for cell in self.rows[r]:
                    if cell.column > 0 and squeeze(cell.text) in words:
                        return cell.column
        return self.column_count

    def _header_rows(self) -> range:
        """The header rows; the first body row is one too, since forms print 合计 beside the last
        level of headers."""
        return range(self.first_row, min(self.first_body_row + 1, len(self.rows)))

    def _path(self, column: int) -> tuple[str, ...]:
        headers: list[GridCell] = []
        for r in self._header_rows():
            cell = self._covering.get((r, column))
            if cell is None or cell in headers or self.is_column_numbers(r):
                continue
            text = squeeze(cell.text)
            if not text or is_amount(text) or _NOTE.match(text):
                continue
            if r == self.first_body_row and (cell.row < r or not self._is_header_in_body(r, cell, headers)):
                continue
            headers.append(cell)
        return tuple(cell.text for cell in headers)

    def _is_header_in_body(self, r: int, cell: GridCell, headers: Sequence[GridCell]) -> bool:
        """Whether a text of the first body row goes on with the headers above it: it is neither
        under a label nor what makes the row a body row, and gives its column a meaning."""
        if self._is_under_label(r, cell) or self.table_code in TWO_SIDED_TABLES | {"gk06"}:
            return False
        path = [*(header.text for header in headers), cell.text]
        return measure_of(self.table_code, path) is not None

    def _spread_group_headers(self) -> None:
        """Fills the empty cells right of a group header, where a lower header row prints a text
        in their column. 项目 is the group of the label columns only."""
        for r in range(self.first_row, self.first_body_row - 1):
            group: GridCell | None = None
            for column in range(self.column_count):
                cell = self._covering.get((r, column))
                if cell is not None and cell.text.strip():
                    group = cell
                    continue
                below = [
                    squeeze(lower.text)
                    for row in range(r + 1, self.first_body_row)
                    if (lower := self._covering.get((row, column))) and not self.is_column_numbers(row)
                ]
                texts = [text for text in below if text]
                if group is None or not texts:
                    continue
                if _LABEL_HEADER.fullmatch(squeeze(group.text)) and not _LABEL_HEADER.fullmatch(texts[-1]):
                    continue
                self._covering[r, column] = group


def _figures(form: _Form) -> Iterator[_Figure]:
    if form.table_code in FUNCTION_TABLES:
        return _function_figures(form)
    if form.table_code in TWO_SIDED_TABLES:
        return _two_sided_figures(form)
    if form.table_code == "gk06":
        return _economic_figures(form)
    if form.table_code == "gk09":
        return _three_public_figures(form)
    raise ValueError(f"{form.table_code} is not one of the standard tables gk01 to gk09")


def _function_figures(form: _Form) -> Iterator[_Figure]:
    """Rows named by a functional code, in one field or split into 类/款/项, or by 合计."""
    first_amount = min(form.measures, default=form.column_count)
    levels = ["", "", ""]
    for _, cells in form.body():
        code, name = _code_and_name(form, [c for c in cells if c.column < first_amount], levels)
        item = f"function.{code}" if code else line_item_of(form.table_code, "", name)
        if item is None:
            continue
        for cell in _amounts(form, cells):
            yield _Figure(cell, code, name, item, form.measures[cell.column])


def _code_and_name(form: _Form, labels: Sequence[GridCell], levels: list[str]) -> tuple[str, str]:
    """The functional code and the name that a row's label cells print.

    `levels` are 类, 款 and 项 of the row before, changed in place: a form that splits the code
    may leave the upper levels out where they repeat.
    """
    code = name = ""
    split = False
    for cell in labels:
        text = squeeze(cell.text)
        whole = FUNCTION_CODE.fullmatch(text)
        if whole and not code:
            code, name = whole[1], name + (whole[2] or "")
            levels[:] = [code[:3], code[3:5], code[5:7]]
        elif text.isdigit():
            level = form.code_level(cell.column)
            if level is not None:
                levels[level:] = [text, *[""] * (2 - level)]
                split = True
        else:
            name += "".join(cell.text.split())
    return "".join(levels) if split else code, name


def _two_sided_figures(form: _Form) -> Iterator[_Figure]:
    """gk01 and gk04: 收入 on the left, 支出 on the right, each with label, 行次 and amounts."""
    sides = (
        ("revenue", range(0, form.split), LineItems(form.table_code, "revenue")),
        ("expenditure", range(form.split, form.column_count), LineItems(form.table_code, "expenditure")),
    )
    for _, cells in form.body():
        for _, columns, items in sides:
            of_side = [cell for cell in cells if cell.column in columns]
            label = next((cell.text for cell in of_side if not is_amount(squeeze(cell.text))), "")
            ordinal = next((squeeze(cell.text) for cell in of_side if form.is_ordinal(cell.column)), "")
            item = items.of(label) if label else None
            if item is None:
                continue
            for cell in _amounts(form, of_side):
                yield _Figure(cell, ordinal, "".join(label.split()), item, form.measures[cell.column])


def _economic_figures(form: _Form) -> Iterator[_Figure]:
    """gk06: code, name and amount, several groups side by side. From left to right, an amount
    belongs to the code or total before it."""
    for _, cells in form.body():
        code, names = "", []
        for cell in cells:
            text = squeeze(cell.text)
            match = ECONOMIC_CODE.fullmatch(text)
            if match and cell.column not in form.measures:
                code, names = match[1], [match[2]] if match[2] else []
            elif is_amount(text) and cell.column in form.measures:
                name = "".join(names)
                item = f"economic.{code}" if code else line_item_of("gk06", "", name)
                if item:
                    yield _Figure(cell, code, name, item, form.measures[cell.column])
                code, names = "", []
            elif not is_amount(text):
                names.append("".join(cell.text.split()))


def _three_public_figures(form: _Form) -> Iterator[_Figure]:
    """gk09: one row of amounts, or one row an expense with 预算数 and 决算数 as columns."""
    for _, cells in form.body():
        label = next((cell.text for cell in cells if not is_amount(squeeze(cell.text))), "")
        for cell in cells:
            if not is_amount(squeeze(cell.text)) or form.is_ordinal(cell.column):
                continue
            measure = form.measures.get(cell.column)
            if measure is None and label:
                measure = measure_of("gk09", (*form.path(cell.column), label))
            if measure:
                yield _Figure(cell, "", "".join(label.split()), "three_public", measure)


def _amounts(form: _Form, cells: Sequence[GridCell]) -> Iterator[GridCell]:
    for cell in cells:
        if cell.column in form.measures and is_amount(squeeze(cell.text)):
            yield cell


def _unclaimed(form: _Form, claimed: set[tuple[int, int]]) -> Iterator[ProblemDraft]:
    """The numbers of the body that became no figure. Codes and 行次 are not figures; a whole
    number counts where its column holds amounts."""
    for r, cells in form.body():
        label = next((cell.text for cell in cells if not is_amount(squeeze(cell.text))), "")
        for cell in cells:
            text = squeeze(cell.text)
            in_amount_column = cell.column in form.measures
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
