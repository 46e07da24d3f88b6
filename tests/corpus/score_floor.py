"""What no line of the score may fall below (score_floor.yml)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cache
from pathlib import Path

import yaml

_FLOORS = Path(__file__).with_suffix(".yml")

# key of a floor → what is counted, and what it is a share of
_SHARES = {
    "right": ("right", "printed"),
    "claims_right": ("claims_right", "stated"),
}
_COUNTS = ("wrong", "missing", "invented", "silent", "ambiguous", "claims_wrong", "claims_missed")

Row = Mapping[str, object]


@cache
def floors() -> dict[str, dict[str, object]]:
    """Pattern of line names → its floors; the first pattern that fits a line holds."""
    return yaml.safe_load(_FLOORS.read_text(encoding="utf-8"))


def broken_floors(rows: Iterable[Row]) -> list[str]:
    """What is wrong with the lines, one message a floor; a line that no pattern fits is wrong too."""
    return [message for row in rows for message in _broken(row)]


def _broken(row: Row) -> list[str]:
    name = str(row["line"])
    floor = next((f for pattern, f in floors().items() if fnmatchcase(name, pattern)), None)
    if floor is None:
        return [f"{name}: no pattern of {_FLOORS.name} fits it"]
    messages = []
    for key, limit in floor.items():
        if key in _SHARES:
            part, whole = (int(row[column]) for column in _SHARES[key])
            if whole and Fraction(part, whole) < Fraction(str(limit)):
                messages.append(f"{name}: {key} {part} of {whole}, at least {limit}")
        elif key in _COUNTS:
            if int(row[key]) > int(limit):
                messages.append(f"{name}: {key} {row[key]}, at most {limit}")
        else:
            raise ValueError(f"{_FLOORS.name}: {key} is no floor")
    return messages
