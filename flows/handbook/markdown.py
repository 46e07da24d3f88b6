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
        any(row[n] is not None for row in rows) and all(_is_number(row[n]) for row in rows)
        for n in range(len(names))
    ]
    lines = [_row(names), _row("---:" if is_number else "---" for is_number in numeric)]
    return "\n".join([*lines, *(_row(as_text(value) for value in row) for row in rows)]) + "\n"


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float | Decimal) and not isinstance(value, bool))


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
