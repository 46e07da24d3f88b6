"""One department's account of one year as a warehouse holds it: every figure with its verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

# The gravest first: a figure of many checks shows the gravest verdict of them.
VERDICTS = ("violated", "within_rounding", "exact", "not_checkable")


@dataclass(frozen=True)
class Figure:
    """One printed number of a table. `verdict` is one of VERDICTS, or empty where no identity holds it;
    `page` is 0 where the document has no pages; `findings` are the sentences laid at its door."""

    figure_id: str
    table_no: int
    table_code: str
    row_no: int
    column_no: int
    line_item: str
    measure: str
    row_code: str
    row_label: str
    column_path: str
    text: str
    unit: str
    confidence: str
    page: int
    line_no: int
    verdict: str
    findings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One landed table; `unit` is printed, or the document's where the table prints none."""

    table_no: int
    table_code: str
    title: str
    unit: str
    is_declared_empty: bool
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Account:
    """The current document of a department and fiscal year."""

    document: dict[str, Any]
    tables: tuple[Table, ...]
    findings: tuple[dict[str, Any], ...]

    def table(self, table_code: str) -> Table | None:
        """The first table of that code that has figures, else the first; None where it is not there."""
        of_code = [table for table in self.tables if table.table_code == table_code]
        return next((table for table in of_code if table.figures), of_code[0] if of_code else None)


def accounts(connection: duckdb.DuckDBPyConnection, words: str = "") -> Iterator[Account]:
    """The accounts of a published warehouse by department and year.

    `words` keeps those whose department or file name holds them. Documents that were not landed have none.
    """
    documents = _rows(
        connection,
        """
        select
            landed.document_id, landed.file_name, landed.department_name, landed.region_name, landed.title,
            landed.status, landed.status_reason, landed.amount_unit, document.fiscal_year,
            document.department_year_id, document.document_kind, document.is_quarantined, card.grade,
            card.grade_rule_zh
        from landing.landed_documents as landed
        inner join marts.dim_document as document using (document_id)
        left join quality.disclosure_scorecard as card using (document_id)
        where
            document.is_current and landed.status <> 'rejected' and document.department_year_id is not null
            and (contains(landed.department_name, $words) or contains(landed.file_name, $words))
        order by landed.department_name, document.fiscal_year, landed.document_id
        """,
        {"words": words},
    )
    for document in documents:
        yield _account(connection, document)


def _account(connection: duckdb.DuckDBPyConnection, document: dict[str, Any]) -> Account:
    of = {"document": document["document_id"]}
    verdicts = _verdicts(connection, of)
    findings = _rows(
        connection,
        """
        select
            finding_id, severity, page, line_no, row_label, printed_text, expected_text, message_zh, figure_id
        from quality.fct_findings where document_id = $document
        order by list_position(['critical', 'major', 'minor'], severity), page, line_no, finding_id
        """,
        of,
    )
    said: dict[str, list[str]] = {}
    for finding in findings:
        if finding["figure_id"] and finding["message_zh"]:
            said.setdefault(finding["figure_id"], []).append(finding["message_zh"])
    figures: dict[int, list[Figure]] = {}
    for row in _rows(connection, _CELLS, of):
        figure_id = row["figure_id"]
        figure = Figure(**row, verdict=verdicts.get(figure_id, ""), findings=tuple(said.get(figure_id, ())))
        figures.setdefault(figure.table_no, []).append(figure)
    tables = _rows(connection, _TABLES, of)
    return Account(
        document,
        tuple(Table(**table, figures=tuple(figures.get(table["table_no"], ()))) for table in tables),
        tuple(findings),
    )


def _verdicts(connection: duckdb.DuckDBPyConnection, of: dict[str, str]) -> dict[str, str]:
    """figure_id → the gravest verdict of the identities that it stands in. A waived violation is none."""
    rows = connection.execute(
        """
        with terms as (
            select
                unnest(string_split(figure_ids, ' ')) as figure_id,
                case when is_waived then 'exact' else verdict end as verdict
            from quality.fct_identity_checks where document_id = $document and figure_ids is not null
        )
        select figure_id, min(list_position($verdicts, verdict)) from terms group by figure_id
        """,
        {**of, "verdicts": list(VERDICTS)},
    ).fetchall()
    return {figure_id: VERDICTS[position - 1] for figure_id, position in rows}


_TABLES = """
    select
        table_no::integer as table_no, table_code, coalesce(printed_title, '') as title,
        coalesce(nullif(printed_unit, ''), nullif(amount_unit, ''), '') as unit,
        is_declared_empty = 'true' as is_declared_empty
    from landing.landed_tables inner join landing.landed_documents using (document_id)
    where document_id = $document
    order by table_no::integer
"""

_CELLS = """
    select
        format('{}-t{:02d}-r{:03d}-c{:02d}', cell.document_id, cell.table_no::integer, cell.row_no::integer,
            cell.column_no::integer) as figure_id,
        cell.table_no::integer as table_no, landed.table_code, cell.row_no::integer as row_no,
        cell.column_no::integer as column_no, coalesce(cell.line_item, '') as line_item,
        coalesce(cell.measure, '') as measure, coalesce(cell.row_code, '') as row_code,
        coalesce(cell.row_label, '') as row_label, coalesce(cell.column_path, '') as column_path,
        coalesce(cell.value_text, '') as text, coalesce(cell.unit_text, '') as unit,
        coalesce(cell.confidence, '') as confidence,
        case when doc.page_count is not null then cell.page::integer else 0 end as page,
        cell.line_no::integer as line_no
    from landing.landed_cells as cell
    inner join landing.landed_tables as landed
        on cell.document_id = landed.document_id and cell.table_no = landed.table_no
    inner join landing.landed_documents as doc on cell.document_id = doc.document_id
    where cell.document_id = $document
    order by cell.table_no::integer, cell.row_no::integer, cell.column_no::integer
"""


def _rows(connection: duckdb.DuckDBPyConnection, query: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    result = connection.execute(query, values)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
