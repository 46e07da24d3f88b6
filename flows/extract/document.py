"""From a reading to all that its document lands: tables, claims, problems, and what it is."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from flows.extract.claims import claims_in, narrative_of
from flows.extract.guarded import Guarded
from flows.extract.model import (
    CellDraft,
    ClaimDraft,
    DocumentDraft,
    Line,
    ProblemDraft,
    Reading,
    TableDraft,
)
from flows.extract.normalise import decimal_of, is_too_long, squeeze
from flows.extract.places import Stretch, inside, stretch_of
from flows.extract.recognised import mark_recognised
from flows.extract.tables.amounts import finest_decimals, half_width, yuan_of_unit
from flows.extract.tables.annex import annex_tables
from flows.extract.tables.codes import proofread_codes
from flows.extract.tables.columnless import ColumnlessTable, Row
from flows.extract.tables.columnless_forms import read_text_table
from flows.extract.tables.form import Form
from flows.extract.tables.grid import STANDARD_TABLES, is_matrix, table_from_grid, tables_from_grids
from flows.extract.tables.identities import identities
from flows.extract.tables.infer import Placement, RowToPlace, place
from flows.extract.tables.proofread import proofread
from flows.extract.tables.segment import Segment, segments_of
from flows.extract.tables.tabbed import fields_after_column_numbers, grid_of
from flows.extract.tables.titled import TitledGrid
from flows.extract.tables.unknown import unknown_table
from flows.extract.tables.unknown_text import unknown_text_table
from flows.extract.wording import wording_problems

_REFERENCE = Path(__file__).parents[2] / "seeds" / "reference"
_REGION = re.compile(
    r"(?:中共|中国共产党)?"
    r"((?:[\u4e00-\u9fff]{2,5}?(?:省|自治区))?"
    r"(?:[\u4e00-\u9fff]{2,6}?(?:自治州|地区|市|盟))?"
    r"(?:[\u4e00-\u9fff]{1,6}?(?:区|县|旗|市))?)"
)

_TITLE_PARTS = re.compile(r"[-_|—–]+")  # 某某局2023年度部门决算 - 某某区人民政府


def draft_document(reading: Reading) -> DocumentDraft:
    """Recognises the tables, places their figures and parses the claims of one reading."""
    lines = reading.lines
    draft = DocumentDraft(problems=list(reading.problems))
    _name(draft, lines, reading.title)
    ruled = tables_from_grids(reading, draft.fiscal_year)
    taken = [*_stretches_of_grids(reading), *map(stretch_of, ruled)]
    is_taken = inside(taken)
    annex = annex_tables([line for line in lines if not is_taken(line)], draft.fiscal_year)
    is_taken = inside([*taken, *map(stretch_of, annex)])
    standard = _standard_tables(lines, is_taken, ruled, draft.problems, draft.fiscal_year)
    draft.tables = sorted(ruled + standard + annex, key=lambda t: (t.first_page, t.first_line))
    units = Counter(t.printed_unit for t in draft.tables if t.printed_unit)
    narrative = narrative_of(lines, map(stretch_of, draft.tables))
    draft.claims, claim_problems = claims_in(narrative, draft.fiscal_year)
    draft.problems += [p for t in draft.tables for p in t.problems] + claim_problems
    _take_out_long_numbers(draft)
    units = units or Counter(c.unit_text for c in draft.claims if c.unit_text in yuan_of_unit())
    draft.amount_unit = units.most_common(1)[0][0] if units else ""
    mark_recognised(draft, reading)
    draft.tables, misnamed = proofread_codes(draft.tables)
    draft.tables, doubts = proofread(draft.tables, draft.amount_unit, identities())
    draft.problems += misnamed + doubts + wording_problems(lines, narrative, draft)
    return draft


# -- what the document is ---------------------------------------------------------------------


@cache
def _title_patterns() -> list[tuple[Guarded, str, bool]]:
    with (_REFERENCE / "document_titles.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["priority"]))
    return [(Guarded(row["pattern"]), row["document_kind"], row["is_title"] == "true") for row in rows]


def _name(draft: DocumentDraft, lines: Sequence[Line], title: str = "") -> None:
    """Title, department, fiscal year and kind, from the document's own title (a web page's, without
    the name of its site), the cover and the first headings.

    A heading may be broken over two or three lines, so neighbours are tried joined.
    """
    printed = [squeeze(line.text) for line in lines if line.text.strip()]
    joined = [piece for piece in _TITLE_PARTS.split(squeeze(title)) if piece]
    joined += ["".join(printed[i : i + span]) for i in range(len(printed)) for span in (1, 2, 3)]
    for pattern, kind, is_title in _title_patterns():
        match = pattern.first(joined)
        if match:
            found = match.groupdict()
            draft.document_kind = draft.document_kind or kind
            draft.department_name = draft.department_name or found.get("name") or ""
            draft.fiscal_year = draft.fiscal_year or found.get("year") or ""
            if is_title and kind == draft.document_kind:
                draft.title = draft.title or match[0]
    if not draft.fiscal_year:
        years = Counter(re.findall(r"(20\d{2})年度", "".join(printed)))
        draft.fiscal_year = max(years, key=lambda y: (years[y], y)) if years else ""
    region = _REGION.match(draft.department_name)
    draft.region_name = region[1] if region else ""


# -- standard tables in text ---------------------------------------------------------------------


def _standard_tables(
    lines: Sequence[Line],
    is_taken: Callable[[Line], bool],
    ruled: list[TableDraft],
    problems: list[ProblemDraft],
    fiscal_year: str = "",
) -> list[TableDraft]:
    """The standard tables in text that no rules enclose, those left out that `ruled` holds.

    Taken are grids and other tables. A grid that is none of the known tables is not read as text:
    its merged cells would shift the columns.
    """
    given = [table for table in ruled if table.table_code in STANDARD_TABLES]
    known = {table.table_code for table in given}
    tables: list[TableDraft] = []
    columnless: list[ColumnlessTable] = []
    for segment in segments_of(lines, is_taken):
        if segment.table_code == "unknown":
            tables += _unknown_tables(segment)
            continue
        if segment.table_code in known:
            continue
        if not segment.has_body:
            if not segment.is_declared_empty:
                problems.append(_no_body(segment))
            tables.append(_table(segment, "grid", (), ()))
        elif segment.is_tabbed and not any(map(fields_after_column_numbers, segment.body)):
            tables.append(_tabbed_table(segment, fiscal_year))
        else:
            table = read_text_table(segment, fiscal_year)
            is_read = any(row.values for row in table.rows) or not table.problems
            unknown = None if is_read else unknown_text_table(segment)
            if unknown:
                tables.append(unknown)
            else:
                columnless.append(table)
    return tables + _placed(columnless, given + tables)


def _stretches_of_grids(reading: Reading) -> list[Stretch]:
    return [
        (grid.page, grid.first_line, grid.page, grid.last_line)
        for page in reading.pages
        for grid in page.grids
    ]


def _unknown_tables(segment: Segment) -> list[TableDraft]:
    """The table below a title that is not known, if it is one."""
    if not segment.is_tabbed:
        found = unknown_text_table(segment)
        return [found] if found else []
    unknown = unknown_table(_titled_grid(segment), spans_known=False)
    return [_with_extent(unknown, segment)] if unknown else []


def _tabbed_table(segment: Segment, fiscal_year: str) -> TableDraft:
    grid = grid_of(segment.body)
    if is_matrix(Form(grid, segment.table_code, spans_known=False)):
        unknown = unknown_table(_titled_grid(segment), spans_known=False)
        if unknown:
            return _with_extent(unknown, segment)
    draft = table_from_grid(
        grid,
        table_code=segment.table_code,
        printed_title=segment.title,
        printed_unit=segment.unit,
        is_declared_empty=segment.is_declared_empty,
        spans_known=False,
        fiscal_year=fiscal_year,
    )
    return _with_extent(draft, segment)


def _titled_grid(segment: Segment) -> TitledGrid:
    return TitledGrid(
        table_code=segment.table_code,
        title=segment.title,
        unit=segment.unit,
        notes="".join(line.text for line in segment.notes),
        grid=grid_of(segment.body),
        first_line=segment.title_line.line_no,
        last_page=segment.lines[-1].page,
    )


def _with_extent(draft: TableDraft, segment: Segment) -> TableDraft:
    return replace(draft, first_line=segment.title_line.line_no, last_line=segment.lines[-1].line_no)


def _placed(tables: list[ColumnlessTable], others: list[TableDraft]) -> list[TableDraft]:
    """Finds the columns of all columnless tables jointly, the other tables' figures given."""
    if not tables:
        return []
    rows: list[RowToPlace] = []
    for table in tables:
        decimals = finest_decimals(token.text for row in table.rows for token in row.values)
        unit = yuan_of_unit().get(table.segment.unit, 1)
        rows += [_row_to_place(table, row, unit, decimals) for row in table.rows]
    for other in others:
        decimals = finest_decimals(cell.value_text for cell in other.cells)
        unit = yuan_of_unit().get(other.printed_unit, 1)
        rows += [
            RowToPlace(
                table_code=other.table_code,
                line_item=cell.line_item,
                measures=(cell.measure,),
                amounts=(decimal_of(cell.value_text) * unit,),
                half_widths=(half_width(cell.value_text, unit, decimals),),
            )
            for cell in other.cells
        ]
    placements = iter(place(rows, identities()))
    return [_columnless_draft(table, [next(placements) for _ in table.rows]) for table in tables]


def _row_to_place(table: ColumnlessTable, row: Row, unit: int, decimals: int) -> RowToPlace:
    return RowToPlace(
        table_code=table.segment.table_code,
        line_item=row.line_item,
        measures=tuple(column.measure for column in row.columns),
        amounts=tuple(decimal_of(token.text) * unit for token in row.values),
        half_widths=tuple(half_width(token.text, unit, decimals) for token in row.values),
    )


def _columnless_draft(table: ColumnlessTable, placements: list[Placement]) -> TableDraft:
    cells: list[CellDraft] = []
    problems = list(table.problems)
    for row, placement in zip(table.rows, placements, strict=True):
        if not row.values:
            continue
        if placement.confidence == "ambiguous":
            problems.append(_ambiguous(row, placement))
        for n, (token, c) in enumerate(zip(row.values, placement.columns, strict=True)):
            column = row.columns[c]
            cells.append(
                CellDraft(
                    row_no=row.row_no,
                    column_no=column.column_no,
                    page=token.line.page,
                    line_no=token.line.line_no,
                    row_code=row.row_code,
                    row_label=row.label,
                    line_item=row.line_item,
                    column_path=column.header,
                    measure=column.measure,
                    value_text=token.text,
                    method="inferred",
                    confidence=_confidence(row, placement, n),
                )
            )
    return _table(
        table.segment,
        "inferred",
        tuple(cells),
        tuple(problems),
        row_count=len(table.rows),
        column_count=max((c.column_no for row in table.rows for c in row.columns), default=0),
    )


def _confidence(row: Row, placement: Placement, n: int) -> str:
    """Of the n-th number of a row."""
    if n in placement.told:
        return "inferred"
    return "inferred" if row.is_inferred and placement.confidence == "certain" else placement.confidence


def _table(
    segment: Segment,
    method: str,
    cells: tuple[CellDraft, ...],
    problems: tuple[ProblemDraft, ...],
    row_count: int = 0,
    column_count: int = 0,
) -> TableDraft:
    last = segment.lines[-1]
    return TableDraft(
        table_code=segment.table_code,
        printed_title=segment.title,
        printed_unit=segment.unit,
        first_page=segment.title_line.page,
        last_page=last.page,
        first_line=segment.title_line.line_no,
        last_line=last.line_no,
        row_count=row_count,
        column_count=column_count,
        is_declared_empty=segment.is_declared_empty,
        method=method,
        cells=cells,
        problems=problems,
    )


def _no_body(segment: Segment) -> ProblemDraft:
    return ProblemDraft(
        page=segment.title_line.page,
        line_no=segment.title_line.line_no,
        stage="recognise",
        code="table_without_text",
        detail=squeeze(segment.title)[:40],
    )


def _ambiguous(row: Row, placement: Placement) -> ProblemDraft:
    """Numbers whose column is not told, row, and how many arrangements fit or which identities none
    satisfies."""
    numbers = " ".join(token.text for n, token in enumerate(row.values) if n not in placement.told)
    reason = f"{placement.alternatives}+" if not placement.broken else " ".join(placement.broken)
    line = row.values[0].line
    return ProblemDraft(
        page=line.page,
        line_no=line.line_no,
        stage="infer",
        code="ambiguous_columns",
        detail=f"{numbers} · {row.row_code or row.label[:20]} · {reason}",
    )


def _take_out_long_numbers(draft: DocumentDraft) -> None:
    """Figures whose number is too long to be one become problems."""
    for n, table in enumerate(draft.tables):
        long = [cell for cell in table.cells if is_too_long(cell.value_text)]
        if long:
            kept = tuple(cell for cell in table.cells if not is_too_long(cell.value_text))
            draft.tables[n] = replace(table, cells=kept)
            draft.problems += [_too_long(cell, "recognise", cell.row_label) for cell in long]
    long_claims = [claim for claim in draft.claims if is_too_long(claim.value_text)]
    draft.claims = [claim for claim in draft.claims if not is_too_long(claim.value_text)]
    draft.problems += [_too_long(claim, "claims", claim.subject_text) for claim in long_claims]


def _too_long(figure: CellDraft | ClaimDraft, stage: str, label: str) -> ProblemDraft:
    detail = f"{figure.value_text[:40]} · {squeeze(label)[:40]} · too long to be one number"
    return ProblemDraft(figure.page, figure.line_no, stage, "unclaimed_number", detail)
