"""Opens a published warehouse for reading."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from flows.errors import JuesuanError, UsageError


@contextlib.contextmanager
def opened(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can neither change the warehouse nor reach any other file.

    Raises UsageError when there is no such warehouse, JuesuanError when it cannot be opened.
    """
    if not warehouse.is_file():
        raise UsageError(f"there is no warehouse {warehouse}; make it with `juesuan refresh`")
    try:
        connection = duckdb.connect(str(warehouse), read_only=True)
    except duckdb.Error as error:
        raise JuesuanError(f"{warehouse} cannot be opened: {error}") from error
    with contextlib.closing(connection):
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection


def has_table(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    """Whether the warehouse has this table or view."""
    found = connection.execute(
        "select count(*) from information_schema.tables where table_schema = ? and table_name = ?",
        [schema, table],
    ).fetchone()
    return bool(found and found[0])
