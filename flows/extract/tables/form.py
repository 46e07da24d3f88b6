"""A grid seen as a form: which rows are headers, and what each column means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.extract.model import Grid, GridCell
from flows.extract.normalise import has_decimals, is_amount, squeeze
from flows.extract.tables.vocabulary import (
    ECONOMIC_CODE,
    FUNCTION_CODE,
    FUNCTION_TABLES,
    PHASES,
    TWO_SIDED_TABLES,
    line_item_of,
    measure_of,
    number_and_unit,
    table_code_of_title,
    unit_in_label,
    unit_of,
)

_LABEL_HEADER = re.compile(
    r"(收入|支出)?项目(\(.*\))?|项目(名称|按.*)|.*(编码|代码|名称|科目)|支出?功能分类.*|支出?经济分类.*|类|款|项"
)
_SIDE_HEADERS = {"收入", "支出"}  # over the labels of gk01 and gk04 where no 项目 stands below them
_ORDINAL_HEADERS = {"行次", "序号"}
_CODE_LEVELS = {"类": 0, "款": 1, "项": 2}
_COLUMN_NUMBERS = {"栏次", "行次"}
_OF_COLUMN_NUMBERS = set("栏行次")
_COLUMN_LETTERS = {"甲", "乙", "丙"}
_COLUMN_NUMBER = re.compile(r"\d{1,2}(?:=[\d+\-()]+)?")
_UNIT_HEADERS = {"单位", "计量单位"}
_FURNITURE = re.compile(
    r"\(?(财决)?公开(表)?\d{1,2}表?\)?|(金额)?单位:.*|[\u4e00-\u9fff]{0,4}(部门|单位)(名称|\(公章\))?:.*|20\d\d年度?|\(?续表?\)?"
)
_YEAR = re.compile(r"20\d{2}")  # a header, where it stands alone
_HEADER_YEAR = re.compile(r"(20\d{2})年")
_HEADER_ROWS_AT_MOST = 12
_NOTE = re.compile(r"\(?(注|说明|备注)\)?\d?[:.、]")


@dataclass(frozen=True)
class Figure:
    """One printed number with its row's and its column's meaning. `unit` is the unit that its row
    prints."""

    cell: GridCell
    row_code: str
    row_label: str
    line_item: str
    measure: str
    unit: str = ""

    @property
    def value_text(self) -> str:
        """The number as printed, without blanks and without the unit that stands in the cell."""
        value, _ = number_and_unit(self.cell.text) or (squeeze(self.cell.text), "")
        return value


class Form:
    """A grid seen as a form: header rows, body rows, and what each column means.

    `spans_known` is false where merged cells come as one text and empty cells to its right.
    `fiscal_year` tells the columns of the year from those of the year before; where it is empty the
    last year that the headers print is taken for it.
    """

    def __init__(self, grid: Grid, table_code: str, spans_known: bool = True, fiscal_year: str = "") -> None:
        self.table_code = table_code
        self.column_count = grid.column_count
        self.rows: list[list[GridCell]] = [[] for _ in range(grid.row_count)]
        self._covering: dict[tuple[int, int], GridCell] = {}
        for cell in sorted(grid.cells, key=lambda cell: (cell.row, cell.column)):
            self.rows[cell.row].append(cell)
            for row in range(cell.row, min(cell.row + cell.row_span, grid.row_count)):
                for column in range(cell.column, min(cell.column + cell.column_span, grid.column_count)):
                    self._covering[row, column] = cell
        self.first_row = next((r for r in range(grid.row_count) if not self._is_heading(r)), grid.row_count)
        self._numbering = {r for r in range(grid.row_count) if self._numbers_columns(r)}
        header_end = min(grid.row_count, self.first_row + _HEADER_ROWS_AT_MOST)
        self.first_body_row = next(
            (r for r in range(self.first_row, header_end) if self._is_body(r)), header_end
        )
        if not spans_known:
            self._spread_group_headers()
        self._paths = [self._path(column) for column in range(grid.column_count)]
        headers = squeeze("".join(part for path in self._paths for part in path))
        years = _HEADER_YEAR.findall(headers)
        self.fiscal_year = fiscal_year or max(years, default="")
        self.sides = self._sides()
        self.measures = self._measures()
        self._body = [
            (r, [cell for cell in self.rows[r] if cell.text.strip()])
            for r in range(self.first_body_row, grid.row_count)
            if not self.is_column_numbers(r)
        ]

    def _measures(self) -> dict[int, str]:
        found: dict[int, str] = {}
        spent = [columns for side, columns in self.sides if side != "revenue"]
        for column, path in enumerate(self._paths):
            measure = measure_of(self.table_code, path, self.fiscal_year)
            if measure and self.table_code == "gk04" and any(column in columns for columns in spent):
                # one column of expenditure stands for all funds together
                if measure == "final":
                    measure = "total"
                elif measure in PHASES:
                    measure += ".total"
            if measure:
                found[column] = measure
        return found

    def unit(self, column: int) -> str:
        """The unit that a column's headers print in brackets, the innermost first; else empty."""
        return next(filter(None, map(unit_in_label, reversed(self._paths[column]))), "")

    def counts(self, column: int) -> bool:
        """Whether a column can hold this year's counts: its header says final or nothing of a phase."""
        return measure_of("gk10", self._paths[column], self.fiscal_year) in ("final", "count")

    def is_unit(self, column: int) -> bool:
        """Whether a column holds the rows' units (计量单位)."""
        path = self._paths[column]
        return bool(path) and squeeze(path[-1]) in _UNIT_HEADERS

    def unit_of_row(self, cells: Sequence[GridCell]) -> str:
        """The unit that a column of units prints for a row; else empty."""
        return next((unit_of(cell.text) for cell in cells if self.is_unit(cell.column)), "")

    def path(self, column: int) -> tuple[str, ...]:
        """The printed headers of a column, outermost first."""
        return self._paths[column]

    def body(self) -> Iterator[tuple[int, list[GridCell]]]:
        """The rows with figures: number from 0, cells that begin in the row."""
        return iter(self._body)

    def is_column_numbers(self, r: int) -> bool:
        """Whether a row numbers the columns (栏次 1 2 3 …)."""
        return r in self._numbering

    def _numbers_columns(self, r: int) -> bool:
        texts = [squeeze(cell.text) for cell in self.rows[r] if cell.text.strip()]
        numbers = [int(text.partition("=")[0]) for text in texts if _COLUMN_NUMBER.fullmatch(text)]
        words = [text for text in texts if not _COLUMN_NUMBER.fullmatch(text)]
        titles = _COLUMN_NUMBERS
        if len(numbers) > 1 and any(cell.recognition for cell in self.rows[r]):  # a character may be misread
            titles = titles | {word for word in words if len(word) <= 2 and _OF_COLUMN_NUMBERS & {*word}}
        known = titles | _COLUMN_LETTERS
        if words and not all(word in known or _LABEL_HEADER.fullmatch(word) for word in words):
            return False
        if any(word in titles for word in words):
            return True
        if len(numbers) < 3:
            return False
        in_order = max(Counter(number - n for n, number in enumerate(numbers)).values())
        if any(cell.recognition for cell in self.rows[r]):  # one may be misread, 7 as 1
            return 4 * in_order >= 3 * len(numbers)
        return in_order == len(numbers)

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
        if self.table_code in TWO_SIDED_TABLES:
            sides = ("revenue", "expenditure")
            known = any(line_item_of(self.table_code, side, text) for side in sides)
            return known and self._is_under_label(r, first)
        if self.table_code == "gk06":
            coded = any(ECONOMIC_CODE.fullmatch(squeeze(cell.text)) for cell in filled)
            return coded or (
                line_item_of("gk06", "", text) is not None and any(is_amount(squeeze(c.text)) for c in filled)
            )
        return any(number_and_unit(cell.text) and not _YEAR.fullmatch(squeeze(cell.text)) for cell in filled)

    def _is_under_label(self, r: int, cell: GridCell) -> bool:
        """Whether the headers above a cell are those of a label column (项目, 科目名称, 类/款/项)."""
        above = [self._covering.get((row, cell.column)) for row in range(self.first_row, r)]
        texts = [squeeze(header.text) for header in above if header and header.text.strip()]
        return bool(texts) and (self._is_label_header(texts[-1]) or texts[-1] in _COLUMN_NUMBERS)

    def _is_label_header(self, text: str) -> bool:
        if self.table_code in TWO_SIDED_TABLES and text in _SIDE_HEADERS:
            return True
        return _LABEL_HEADER.fullmatch(text) is not None

    def _sides(self) -> tuple[tuple[str, range], ...]:
        """The sides of gk01 and gk04 with their columns: revenue, expenditure, and in older forms
        nature (支出按性质和经济分类). A side begins with its labels; forms that print budget and
        final account side by side have each side twice."""
        if self.table_code not in TWO_SIDED_TABLES:
            return ()
        innermost = [squeeze(path[-1]) if path else "" for path in self._paths]
        labels = [c for c, header in enumerate(innermost) if self._is_label_header(header)]
        starts = [c for c in labels if c - 1 not in labels]
        if len(starts) < 2:
            return (("revenue", range(self.column_count)),)
        ends = [*starts[1:], self.column_count]
        names = [self._side(n, squeeze("".join(self._paths[c]))) for n, c in enumerate(starts)]
        starts[0] = 0
        return tuple((name, range(*ends)) for name, *ends in zip(names, starts, ends, strict=True))

    @staticmethod
    def _side(n: int, header: str) -> str:
        if "性质" in header or "经济分类" in header:
            return "nature"
        if "支出" in header or "功能" in header:
            return "expenditure"
        if "收入" in header:
            return "revenue"
        return ("revenue", "expenditure", "nature")[min(n, 2)]

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

    def _begins(self, r: int, column: int) -> bool:
        """Whether a printed header begins in a column of a row."""
        cell = self._covering.get((r, column))
        return cell is not None and cell.column == column and bool(cell.text.strip())

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
                if any(self._begins(above, column) for above in range(self.first_row, r)):
                    group = None
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
