"""The marts as CSV, and the stars as a Fiscal Data Package (CSV with a datapackage.json)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import yaml

from flows.show import show

_CONTENT = Path(__file__).with_name("fiscal_package.yml")
_SCHEMAS = ("marts", "quality", "zh")
# DuckDB's types by those of Table Schema; what is not here is a string.
_TYPES = {"INTEGER": "integer", "BIGINT": "integer", "BOOLEAN": "boolean", "DATE": "date", "DOUBLE": "number"}
_YUAN = {"name": "currency", "type": "string", "columnType": "value-currency:code", "constant": "CNY"}


def write_csv(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[Path]:
    """Write every mart as <folder>/<schema>/<table>.csv and return the paths.

    UTF-8 with LF; decimals digit by digit; text that a spreadsheet would run as a formula gets a ' before it.
    """
    names = connection.execute(
        "select table_schema, table_name from information_schema.tables "
        "where list_contains($schemas, table_schema) order by all",
        {"schemas": list(_SCHEMAS)},
    ).fetchall()
    return [
        _write_table(connection, schema, table, folder / schema / f"{table}.csv") for schema, table in names
    ]


def write_package(connection: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    """Write the Fiscal Data Package into the folder and return the path of its datapackage.json."""
    content = yaml.safe_load(_CONTENT.read_text(encoding="utf-8"))
    keys = {**content["facts"], **{name: [key] for name, key in content["dimensions"].items()}}
    resources = []
    for table, key in keys.items():
        path = _write_table(connection, "marts", table, folder / "data" / f"{table}.csv")
        resources.append(_resource(connection, table, key, path, content))
    descriptor = {
        # which the fiscal one extends; validators know it without a network
        "profile": "tabular-data-package",
        "name": "juesuan",
        "title": "部门决算 Final accounts of Chinese government departments",
        "description": "Figures as published, in 元, each with the figure_id of its printed place.",
        "countryCode": "CN",
        "resources": resources,
    }
    target = folder / "datapackage.json"
    target.write_text(
        json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n"
    )
    return target


def _write_table(connection: duckdb.DuckDBPyConnection, schema: str, table: str, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    result = connection.execute(f'from "{schema}"."{table}" order by all')
    names = [column[0] for column in result.description]
    with path.open("w", encoding="utf-8", newline="") as file:
        show(names, result.fetchall(), "csv", file)
    return path


def _resource(
    connection: duckdb.DuckDBPyConnection, table: str, key: list[str], path: Path, content: dict[str, Any]
) -> dict[str, Any]:
    data = path.read_bytes()
    fields = list(_fields(connection, table, key, content["column_types"]))
    schema: dict[str, Any] = {"fields": fields, "primaryKey": key, "missingValues": [""]}
    names = {field["name"] for field in fields}
    references = [
        {"fields": [column], "reference": {"resource": dimension, "fields": [column]}}
        for dimension, column in content["dimensions"].items()
        if column in names and dimension != table
    ]
    if references:
        schema["foreignKeys"] = references
    if any(field.get("columnType") == "value" for field in fields):
        schema["extraFields"] = [_YUAN]
    return {
        "profile": "tabular-data-resource",
        "name": table,
        "title": _comment(connection, table) or table,
        "path": f"data/{path.name}",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\n", "delimiter": ","},
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": schema,
    }


def _fields(
    connection: duckdb.DuckDBPyConnection, table: str, key: list[str], column_types: dict[str, str]
) -> Iterator[dict[str, Any]]:
    rows = connection.execute(
        "select column_name, data_type, comment from duckdb_columns() "
        "where schema_name = 'marts' and table_name = $table order by column_index",
        {"table": table},
    ).fetchall()
    for name, type_, comment in rows:
        field: dict[str, Any] = {
            "name": name,
            "type": "number" if "DECIMAL" in type_ else _TYPES.get(type_, "string"),
        }
        if comment:
            field["description"] = comment
        if name in column_types:
            field["columnType"] = column_types[name]
        if name in key:
            field["constraints"] = {"required": True}
        yield field


def _comment(connection: duckdb.DuckDBPyConnection, table: str) -> str | None:
    row = connection.execute(
        "select comment from duckdb_tables() where schema_name = 'marts' and table_name = $table",
        {"table": table},
    ).fetchone()
    return row[0] if row else None
