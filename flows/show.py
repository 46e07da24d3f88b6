"""Writes rows for people (a table), for spreadsheets (csv) and for programs (json)."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TextIO

from flows.extract.normalise import is_amount

FORMATS = ("table", "csv", "json")
# A terminal scrolls; the other formats print everything.
_TABLE_ROWS = 200
_FORMULA = tuple("=+-@\t\r＝＋－＠")


def show(names: Sequence[str], rows: Sequence[Sequence[Any]], form: str, out: TextIO | None = None) -> None:
    """Write rows in one of FORMATS. Decimals are written digit by digit: no figure passes through a float."""
    out = out or sys.stdout
    if form == "csv":
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([_harmless(value) for value in row] for row in rows)
    elif form == "json":
        records = [dict(zip(names, row, strict=True)) for row in rows]
        json.dump(records, out, ensure_ascii=False, indent=1, default=as_text)
        out.write("\n")
    else:
        _show_table(names, rows, out)


def _harmless(value: Any) -> str:
    """A value for a spreadsheet. Printed text that a spreadsheet would run as a formula gets a ' before it,
    which the spreadsheet takes for "this is text"; numbers stay numbers."""
    text = as_text(value)
    may_run = isinstance(value, str) and len(text) > 1 and text.startswith(_FORMULA)
    return "'" + text if may_run and not is_amount(text) else text


def _show_table(names: Sequence[str], rows: Sequence[Sequence[Any]], out: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(show_edge=False)
    for number, name in enumerate(names):
        is_number = bool(rows) and all(
            row[number] is None or isinstance(row[number], int | Decimal) for row in rows
        )
        table.add_column(name, justify="right" if is_number else "left", overflow="fold")
    for row in rows[:_TABLE_ROWS]:
        table.add_row(*(as_text(value).replace("[", r"\[") for value in row))
    # Piped into a file or a pager a table keeps its full width.
    console = Console(file=out, width=None if out.isatty() else 400, highlight=False)
    console.print(table)
    hidden = f", {len(rows) - _TABLE_ROWS:,} more with --format csv" if len(rows) > _TABLE_ROWS else ""
    console.print(f"{len(rows):,} rows{hidden}")


def as_text(value: Any) -> str:
    """A value as it is printed: NULL as nothing, decimals digit by digit."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)
