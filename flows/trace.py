"""Follows one figure from the warehouse back to where it is printed, and forth to the marts made of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.errors import UsageError
from flows.show import as_text
from flows.warehouse import opened

_CELL = re.compile(r"([0-9a-f]{16})-t(\d{2,})-r(\d{3,})-c(\d{2,})")
_CLAIM = re.compile(r"([0-9a-f]{16})-n(\d{4,})")
_PATTERNS = "<document_id>-t01-r002-c03 for a table's cell, <document_id>-n0004 for the narrative"


@dataclass(frozen=True)
class Trace:
    """`document`, `table` (empty for the narrative) and `printed` are landing rows; `uses` are
    (schema.table, row) of every row made from the figure. All values are text, empty for NULL."""

    figure_id: str
    document: dict[str, str]
    table: dict[str, str]
    printed: dict[str, str]
    uses: tuple[tuple[str, dict[str, str]], ...]


def trace(warehouse: Path, figure_id: str) -> Trace:
    """Find a figure. Raises UsageError when the id is malformed or the warehouse has no such figure."""
    figure_id = figure_id.strip().lower()
    with opened(warehouse) as connection:
        table: dict[str, str] = {}
        if cell := _CELL.fullmatch(figure_id):
            document_id, table_no, row_no, column_no = cell[1], *map(int, cell.groups()[1:])
            keys = {"document_id": document_id, "table_no": table_no}
            table = _first(connection, "landed_tables", keys)
            printed = _first(connection, "landed_cells", {**keys, "row_no": row_no, "column_no": column_no})
        elif claim := _CLAIM.fullmatch(figure_id):
            document_id = claim[1]
            keys = {"document_id": document_id, "claim_no": int(claim[2])}
            printed = _first(connection, "landed_claims", keys)
        else:
            raise UsageError(f"not a figure id: {figure_id}\na figure id looks like {_PATTERNS}")
        document = _first(connection, "landed_documents", {"document_id": document_id})
        if not document:
            raise UsageError(f"no document {document_id} in {warehouse}")
        if not printed:
            raise UsageError(f"{document['file_name']} has no figure {figure_id} in {warehouse}")
        return Trace(figure_id, document, table, printed, tuple(_uses(connection, figure_id)))


def _first(connection: duckdb.DuckDBPyConnection, table: str, keys: dict[str, object]) -> dict[str, str]:
    condition = " and ".join(f"{column} = cast(? as varchar)" for column in keys)
    rows = _rows(connection, f"select * from landing.{table} where {condition}", list(keys.values()))
    return rows[0] if rows else {}


def _uses(connection: duckdb.DuckDBPyConnection, figure_id: str) -> list[tuple[str, dict[str, str]]]:
    # Every table that names its figures can be followed, whichever tables there are: a mart added
    # tomorrow is traced without a change here. The zh views show the same rows again, so are left out.
    columns = connection.execute(
        "select table_schema, table_name, column_name, column_name like '%figure_ids' "
        "from information_schema.columns "
        "where column_name similar to '.*figure_ids?' and table_schema not in ('zh', 'landing') order by all"
    ).fetchall()
    conditions: dict[tuple[str, str], list[str]] = {}
    for schema, table, column, holds_several in columns:
        # A column of several ids is a list or a text of ids with something between them.
        pattern = "'(^|[^0-9a-z])' || $figure_id || '($|[^0-9a-z])'"
        several = f'regexp_matches(cast("{column}" as varchar), {pattern})'
        test = several if holds_several else f'"{column}" = $figure_id'
        conditions.setdefault((schema, table), []).append(test)
    found: list[tuple[str, dict[str, str]]] = []
    for (schema, table), tests in conditions.items():
        query = f'select * from "{schema}"."{table}" where {" or ".join(tests)}'
        found += [(f"{schema}.{table}", row) for row in _rows(connection, query, {"figure_id": figure_id})]
    return found


def _rows(connection: duckdb.DuckDBPyConnection, query: str, values: object) -> list[dict[str, str]]:
    result = connection.execute(query, values)
    names = [column[0] for column in result.description]
    return [dict(zip(names, map(as_text, row), strict=True)) for row in result.fetchall()]
