"""One way to compare printed labels, and one test of what a printed number is."""

from __future__ import annotations

import re
import unicodedata

_QUOTES = str.maketrans("", "", "\"'“”‘’「」『』")
_NUMBER = re.compile(r"[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
# Numbers that ran into each other; no office has ten trillion of anything.
_TOO_LONG = re.compile(r"\d{14}|\.\d{9}")
_AMOUNT_WITH_POINT = re.compile(r"[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d+")


def squeeze(text: str) -> str:
    """The comparable form of a label: NFKC (full-width brackets, digits and colons become
    ASCII), no white space (labels are justified with blanks and broken over lines), no
    quotation marks (forms disagree about straight and curly ones)."""
    text = unicodedata.normalize("NFKC", text).replace("〔", "(").replace("〕", ")")
    return "".join(text.split()).translate(_QUOTES)


def is_amount(text: str) -> bool:
    """Whether `text` is one printed number (1,093.15, 0.00, -3, 20)."""
    return _NUMBER.fullmatch(text.strip()) is not None


def has_decimals(text: str) -> bool:
    """Whether `text` is one printed number with a decimal point; a 行次 or a code never is."""
    return _AMOUNT_WITH_POINT.fullmatch(text.strip()) is not None


def is_too_long(text: str) -> bool:
    """Whether `text` prints more digits than one number can have."""
    return _TOO_LONG.search(text.replace(",", "")) is not None
