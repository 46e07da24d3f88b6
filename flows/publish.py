"""Publishes an audited candidate: one atomic replace of the warehouse file, Parquet beside it.

Readers that have the old file open keep it until they close it; whoever opens the path gets the old file
or the new one, never a part (docs/decisions/0001-duckdb-version.md).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from pathlib import Path

import duckdb

from flows.errors import JuesuanError
from flows.metrics import write_definitions
from flows.settings import Settings

# What analysts see; staging and intermediate tables stay in the candidate.
SCHEMAS = ("landing", "reference", "marts", "quality", "zh")
# The schemas that also lie beside the warehouse as Parquet, a file per table.
PARQUET_SCHEMAS = ("marts", "quality")
MANIFEST = "manifest.json"  # of the Parquet files, beside them
# Every DuckDB from 1.0 opens a file of this storage version; 2.0 would by default write one that 1.x cannot.
STORAGE_VERSION = "v1.0.0"


def publish(settings: Settings) -> Path:
    """Write the published file and its Parquet from the candidate; returns the published path.

    The published copy has its rows in the order of their columns, so that the same candidate gives the
    same Parquet bytes and the same rows in the same order. Raises JuesuanError when there is no candidate
    or the disk refuses; the last good warehouse is then still up.
    """
    if not settings.candidate.is_file():
        raise JuesuanError(f"there is no candidate for {settings.warehouse}; run `juesuan build` first")
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    # On the same file system as the warehouse, or the replace would not be atomic.
    fresh = settings.warehouse.with_name(f".{settings.warehouse.name}.publishing")
    fresh_parquet = settings.parquet.with_name(f".{settings.parquet.name}.publishing")
    _remove(fresh, fresh_parquet)
    try:
        _write(settings.candidate, fresh, fresh_parquet)
        _flush_to_disk(fresh)
        # A write-ahead log beside the old file belongs to the old file; the new one must not find it.
        settings.warehouse.with_name(settings.warehouse.name + ".wal").unlink(missing_ok=True)
        os.replace(fresh, settings.warehouse)
        _flush_to_disk(settings.warehouse.parent)
        _replace_folder(fresh_parquet, settings.parquet)
        _publish_metrics(settings)
    except (duckdb.Error, OSError) as error:
        raise JuesuanError(f"{settings.warehouse} could not be published: {error}") from error
    finally:
        _remove(fresh, fresh_parquet)
    return settings.warehouse


def _write(candidate: Path, target: Path, parquet: Path) -> None:
    with contextlib.closing(duckdb.connect()) as connection:
        connection.execute(f"attach {_literal(candidate)} as candidate (read_only)")
        connection.execute(f"attach {_literal(target)} as published (storage_version '{STORAGE_VERSION}')")
        connection.execute("use published")
        for schema in SCHEMAS:
            connection.execute(f"create schema if not exists {schema}")
        for schema, table in _copy_tables(connection):
            if schema in PARQUET_SCHEMAS:
                file = parquet / schema / f"{table}.parquet"
                file.parent.mkdir(parents=True, exist_ok=True)
                connection.execute(f"copy {_name(schema, table)} to {_literal(file)} (format parquet)")
        _write_manifest(connection, parquet)
        _copy_views(connection)
        _copy_comments(connection)
        connection.execute("checkpoint published")


def _copy_tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Create and fill the tables; returns their (schema, table)."""
    tables = connection.execute(
        "select schema_name, table_name, sql from duckdb_tables() "
        "where database_name = 'candidate' and list_contains($schemas, schema_name) order by all",
        {"schemas": list(SCHEMAS)},
    ).fetchall()
    # Created in an order that foreign keys allow, so filled in that order too.
    for schema, table in _create_all(connection, tables):
        name = _name(schema, table)
        connection.execute(f"insert into published.{name} from candidate.{name} order by all")
    return [(schema, table) for schema, table, _ in tables]


def _write_manifest(connection: duckdb.DuckDBPyConnection, parquet: Path) -> None:
    """manifest.json: for each Parquet file its rows, bytes and SHA-256, so that a copy can be checked."""
    files = {}
    for path in sorted(parquet.rglob("*.parquet")):
        (rows,) = connection.execute(f"select count(*) from read_parquet({_literal(path)})").fetchone()
        data = path.read_bytes()
        name = path.relative_to(parquet).as_posix()
        files[name] = {"rows": rows, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    parquet.mkdir(parents=True, exist_ok=True)
    (parquet / MANIFEST).write_text(
        json.dumps({"files": files}, indent=1) + "\n", encoding="utf-8", newline="\n"
    )


def _copy_views(connection: duckdb.DuckDBPyConnection) -> None:
    views = connection.execute(
        "select schema_name, view_name, sql from duckdb_views() "
        "where database_name = 'candidate' and list_contains($schemas, schema_name) order by all",
        {"schemas": list(SCHEMAS)},
    ).fetchall()
    # dbt writes the name of the file into every view; the published file has another name, and a BI tool
    # may attach it under a third.
    _create_all(connection, [(schema, view, _without_catalog(sql)) for schema, view, sql in views])


def _without_catalog(sql: str) -> str:
    return re.sub(rf'"?candidate"?\.(?="?(?:{"|".join(SCHEMAS)})"?\.)', "", sql)


def _create_all(
    connection: duckdb.DuckDBPyConnection, waiting: list[tuple[str, str, str]]
) -> list[tuple[str, str]]:
    """Run (schema, name, create statement) until all are done, whichever needs which."""
    created: list[tuple[str, str]] = []
    while waiting:
        held: list[tuple[str, str, str]] = []
        for schema, name, sql in waiting:
            try:
                connection.execute(sql)
                created.append((schema, name))
            except (duckdb.CatalogException, duckdb.BinderException):  # refers to one not yet created
                if len(held) + 1 == len(waiting):
                    raise
                held.append((schema, name, sql))
        waiting = held
    return created


def _copy_comments(connection: duckdb.DuckDBPyConnection) -> None:
    comments = connection.execute(
        """
        select schema_name, 'table ' || format('"{}"."{}"', schema_name, table_name), comment
        from duckdb_tables() where database_name = 'candidate' and comment is not null
        union all
        select schema_name, 'view ' || format('"{}"."{}"', schema_name, view_name), comment
        from duckdb_views() where database_name = 'candidate' and comment is not null
        union all
        select
            schema_name,
            'column ' || format('"{}"."{}"."{}"', schema_name, table_name, column_name),
            comment
        from duckdb_columns() where database_name = 'candidate' and comment is not null
        """
    ).fetchall()
    for schema, name, comment in comments:
        if schema in SCHEMAS:
            connection.execute(f"comment on {name} is {_literal(comment)}")


def _replace_folder(fresh: Path, target: Path) -> None:
    # Folders cannot be replaced in one step everywhere; each file in it is, and none is missing meanwhile.
    kept = set()
    for path in sorted(path for path in fresh.rglob("*") if path.is_file()):
        place = target / path.relative_to(fresh)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, place)
        kept.add(place)
    for path in target.rglob("*"):
        if path.is_file() and path not in kept:
            path.unlink()


def _publish_metrics(settings: Settings) -> None:
    built = settings.state / "dbt" / "semantic_manifest.json"
    if built.is_file():
        fresh = settings.metrics.with_name(f".{settings.metrics.name}.publishing")
        write_definitions(built, fresh)
        os.replace(fresh, settings.metrics)


def _remove(file: Path, folder: Path) -> None:
    for path in (file, file.with_name(file.name + ".wal")):
        path.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _flush_to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _name(schema: str, table: str) -> str:
    return f'"{schema}"."{table}"'


def _literal(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
