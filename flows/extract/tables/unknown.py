"""Grids of numbers that are none of the known tables: landed as they are, every number with its words.

No row and no column of such a table has a meaning here: line_item and measure stay empty, so that
nothing downstream takes its numbers for a standard figure. One problem a table says that it is there.
"""

from __future__ import annotations

import re

from flows.extract.model import CellDraft, GridCell, ProblemDraft, TableDraft
from flows.extract.normalise import squeeze
from flows.extract.tables.form import Form
from flows.extract.tables.titled import TitledGrid
from flows.extract.tables.vocabulary import (
    number_and_unit,
    table_code_of_title,
    unit_in_label,
)

# Columns whose numbers are names of rows, places or times and no figures.
_NO_FIGURES = re.compile(
    r"类|款|项|序号|行次|栏次|编号|.*编码|.*代码|页码|页次|页数?|.*电话.*|.*手机.*|邮编|邮政编码|年份|年度|日期|时间|.*号码"
)
_CODE = re.compile(r"2\d{2}(?:\d{2}){0,2}|3\d{2}(?:\d{2})?")  # of 支出功能分类 or 支出经济分类
_FEWEST = 2  # numbers in a table without a title
_PROSE = re.compile(r"。.*。|.{60,}。", re.DOTALL)  # the grid is a frame around narrative, read as such


def unknown_table(titled: TitledGrid, spans_known: bool = True) -> TableDraft | None:
    """The table in a grid as it is printed, or None where the grid holds no figures: a list, a table of
    contents, a frame around text. A figure is a number alone in its cell, below a header; a grid without
    a title needs two of them."""
    grid = titled.grid
    if sum(table_code_of_title(cell.text) is not None for cell in grid.cells) > 1:
        return None
    if any(_PROSE.search(cell.text) for cell in grid.cells):
        return None
    form = Form(grid, "unknown", spans_known)
    has_header = sum(bool(form.path(column)) for column in range(grid.column_count)) > 1
    figures = [
        (label, cell)
        for _, cells in form.body()
        for label in [_label(cells)]
        for cell in cells
        if number_and_unit(cell.text) and not _names(form, cell)
    ]
    if not figures or (not titled.title and (len(figures) < _FEWEST or not has_header)):
        return None
    method = "ocr" if any(cell.recognition for cell in grid.cells) else "grid"
    return TableDraft(
        table_code="unknown",
        printed_title=titled.title,
        printed_unit=titled.unit,
        first_page=grid.page,
        last_page=titled.last_page,
        first_line=titled.first_line,
        last_line=grid.last_line,
        row_count=grid.row_count,
        column_count=grid.column_count,
        is_declared_empty=titled.is_declared_empty,
        method=method,
        cells=tuple(_cell(form, label, cell, method) for label, cell in figures),
        problems=(
            ProblemDraft(
                page=grid.page,
                line_no=titled.first_line,
                stage="recognise",
                code="unknown_table",
                detail=f"{squeeze(titled.title)[:40] or '-'} · {len(figures)}",
            ),
        ),
    )


def _names(form: Form, cell: GridCell) -> bool:
    """Whether a number stands in a column of ordinals, codes, pages or dates."""
    path = form.path(cell.column)
    if path and _NO_FIGURES.fullmatch(squeeze(path[-1])):
        return True
    texts = [squeeze(c.text) for _, cells in form.body() for c in cells if c.column == cell.column]
    numbers = [text for text in texts if number_and_unit(text)]
    if all(map(_CODE.fullmatch, numbers)) and any(len(text) > 3 for text in numbers):
        return True
    return len(numbers) > 1 and numbers == [str(n) for n in range(1, len(numbers) + 1)]


def _label(cells: list[GridCell]) -> str:
    texts = ("".join(cell.text.split()) for cell in cells)
    return next((text for text in texts if not number_and_unit(text)), "")


def _cell(form: Form, label: str, cell: GridCell, method: str) -> CellDraft:
    value, unit = number_and_unit(cell.text) or ("", "")
    return CellDraft(
        row_no=cell.row + 1,
        column_no=cell.column + 1,
        page=cell.page,
        line_no=cell.line_no,
        row_code="",
        row_label=label,
        line_item="",
        column_path="/".join("".join(part.split()) for part in form.path(cell.column)),
        measure="",
        value_text=value,
        unit_text=unit or unit_in_label(label) or form.unit(cell.column),
        method=method,
        confidence="ocr" if method == "ocr" else "certain",
        box=cell.box.as_text() if cell.box else "",
        recognition=cell.recognition,
    )
