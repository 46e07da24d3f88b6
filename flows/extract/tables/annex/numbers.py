"""Printed numbers with their units, as the cells of the annexes hold them."""

from __future__ import annotations

import re
from typing import NamedTuple

from flows.extract.tables.annex.knowledge import units

# Digits, points and per cent signs may be full-width; everything else stays as printed.
_WIDTH = str.maketrans("０１２３４５６７８９．，％－−＞＜", "0123456789.,%--><")
_SIGN = r"≥|≤|≧|≦|>=|<=|>|<|不少于|不低于|不超过|不高于"
_VALUE = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_CELL = re.compile(rf"(?P<sign>{_SIGN})?(?P<value>{_VALUE})(?P<unit>[%‰㎡²a-zA-Z/\u4e00-\u9fff]{{0,5}})")
_DATE = re.compile(r"\d{4}年|\d{1,2}月|\d{1,2}日")
_YEAR_OR_DATE = re.compile(
    r"(?:19|20)\d\d\s*[年.\-/]?(?:\s*\d{1,2}\s*[月.\-/])?(?:\s*\d{1,2}\s*[日号]?)?(?![\d.])|\d{1,2}\s*月|\d+·\d+"
)
_ANY_NUMBER = re.compile(rf"(?<![\d.])(?<!\d,){_VALUE}\s*[%‰余]?[\u4e00-\u9fff]?")


class Printed(NamedTuple):
    """One printed number. `unit_text` holds the sign too, first: ≥20期 is 20, `≥期`."""

    value_text: str
    unit_text: str

    def __str__(self) -> str:
        return f"{self.value_text}{self.unit_text}"

    @property
    def is_bound(self) -> bool:
        return self.unit_text[:1] in "≥≤≧≦><不" and bool(self.unit_text)

    @property
    def is_plain(self) -> bool:
        return not self.unit_text


def compact(text: str) -> str:
    """`text` without white space, digits and their signs in half width."""
    return "".join(text.split()).translate(_WIDTH)


def printed_number(text: str) -> Printed | None:
    """The number that the whole of `text` is, or None. A date is no number."""
    match = _CELL.fullmatch(compact(text))
    if match is None or _DATE.match(f"{match['value']}{match['unit']}"):
        return None
    return Printed(match["value"], (match["sign"] or "") + match["unit"])


def known_number(text: str) -> Printed | None:
    """Like `printed_number`, but only with a unit of seeds/reference/annex_units.csv, or none:
    in text without cells a longer word behind a number is the next word, not a unit."""
    printed = printed_number(text)
    if printed is None:
        return None
    unit = re.sub(rf"^(?:{_SIGN})", "", printed.unit_text)
    return printed if not unit or unit in units() or unit.lstrip("余") in units() else None


def numbers_in(text: str) -> list[str]:
    """The numbers inside a sentence, each with the sign or word behind it; years and dates,
    and dates by nickname (4·15), are not among them."""
    bare = _YEAR_OR_DATE.sub(" ", text.translate(_WIDTH))
    return ["".join(found.split()) for found in _ANY_NUMBER.findall(bare)]
