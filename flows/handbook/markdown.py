"""Tables of a Markdown page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from flows.show import as_text


def table(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table; numbers stand to the right."""
    rows = list(rows)
    numeric = [
        bool(rows) and all(row[n] is None or isinstance(row[n], int | float | Decimal) for row in rows)
        for n in range(len(names))
    ]
    lines = [_row(names), _row("---:" if is_number else "---" for is_number in numeric)]
    return "\n".join([*lines, *(_row(as_text(value) for value in row) for row in rows)]) + "\n"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
