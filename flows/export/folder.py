"""Everything that is handed on, into one folder."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from flows.errors import UsageError
from flows.export import official, tables, workbook
from flows.export.accounts import accounts

FORMS = ("xlsx", "csv", "package")
_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


def export(
    connection: duckdb.DuckDBPyConnection, folder: Path, forms: tuple[str, ...], words: str = ""
) -> list[Path]:
    """Write what is asked for (of FORMS) into the folder and return the paths of what people open first.

    `words` keeps the workbooks of departments or files whose name holds them. Raises UsageError where there
    is no such form or no such department, OSError where the folder cannot be written.
    """
    unknown = sorted(set(forms) - set(FORMS))
    if unknown:
        raise UsageError(f"no such form: {', '.join(unknown)} (choose of {', '.join(FORMS)})")
    written: list[Path] = []
    if "xlsx" in forms:
        written += _workbooks(connection, folder / "xlsx", words)
    if "csv" in forms:
        tables.write_csv(connection, folder / "csv")
        written.append(folder / "csv")
    if "package" in forms:
        written.append(tables.write_package(connection, folder / "package"))
    return written


def _workbooks(connection: duckdb.DuckDBPyConnection, folder: Path, words: str) -> list[Path]:
    known, written = official.forms(connection), []
    folder.mkdir(parents=True, exist_ok=True)
    for account in accounts(connection, words):
        name = f"{account.document['department_name']}_{account.document['fiscal_year']}"
        path = folder / f"{_NOT_IN_FILE_NAMES.sub('_', name)}.xlsx"
        if path in written:  # a department's accounts and its performance report, each a document of its own
            path = path.with_stem(f"{path.stem}_{account.document['document_id']}")
        workbook.write(account, known, path)
        written.append(path)
    if words and not written:
        raise UsageError(f"no department and no file has {words} in its name")
    return written
