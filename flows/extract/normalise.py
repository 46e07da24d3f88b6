"""One way to compare printed labels, and one test of what a printed number is."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

# Marks that print nothing: zero-width ones, and those that turn the direction of writing.
_UNSEEN = "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_LEFT_OUT = re.compile(f"[\\s\"'“”‘’「」『』{_UNSEEN}]+")
_UNPRINTABLE = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_UNSEEN}]+")
_LONE_HALVES = re.compile("[\ud800-\udfff]")
_REMEMBERED = 200  # characters; labels and lines are shorter, and are compared again and again
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
_MINUS = "-−–—△▲"  # what forms print before a negative number; brackets are another way
_NUMBER = re.compile(rf"[{_MINUS}]?{_DIGITS}(?:\.\d+)?|\({_DIGITS}\.\d+\)")
# Numbers that ran into each other; no office has ten trillion of anything.
_TOO_LONG = re.compile(r"\d{14}|\.\d{9}")
_AMOUNT_WITH_POINT = re.compile(rf"[{_MINUS}]?{_DIGITS}\.\d+|\({_DIGITS}\.\d+\)")


def squeeze(text: str) -> str:
    """The comparable form of a label: NFKC (full-width brackets, digits and colons become
    ASCII), no white space (labels are justified with blanks and broken over lines), no
    quotation marks (forms disagree about straight and curly ones)."""
    return _squeezed_label(text) if len(text) <= _REMEMBERED else _squeezed(text)


def _squeezed(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("〔", "(").replace("〕", ")")
    return _LEFT_OUT.sub("", text)


_squeezed_label = lru_cache(maxsize=8192)(_squeezed)


def printable(text: str) -> str:
    """`text` without what cannot be printed: control characters but tab and line feed, marks that
    turn the direction of writing, and lone halves of surrogate pairs, which no encoding can write."""
    if text.isprintable():
        return text
    return _LONE_HALVES.sub("\ufffd", _UNPRINTABLE.sub("", text))


def is_amount(text: str) -> bool:
    """Whether `text`, squeezed, is one printed number (1,093.15, 0.00, -3, △3, (3.20), 20). A number
    in brackets is negative where it has decimals; (3) is an ordinal."""
    return _NUMBER.fullmatch(text.strip()) is not None


def has_words(text: str) -> bool:
    """Whether `text` says anything: a dash or stroke in an empty cell does not."""
    return any(character.isalnum() for character in text)


def has_decimals(text: str) -> bool:
    """Whether `text` is one printed number with a decimal point; a 行次 or a code never is."""
    return _AMOUNT_WITH_POINT.fullmatch(text.strip()) is not None


def decimal_of(text: str) -> Decimal:
    """The number that a printed amount (see `is_amount`) stands for, exactly."""
    text = squeeze(text).replace(",", "")
    number = Decimal(text.strip("()" + _MINUS))
    return -number if text[0] in "(" + _MINUS else number


def is_too_long(text: str) -> bool:
    """Whether `text` prints more digits than one number can have."""
    return _TOO_LONG.search(text.replace(",", "")) is not None


def distance(text: str, other: str) -> int:
    """How many characters have to be changed, put in or taken out to make one text of the other."""
    before = list(range(len(other) + 1))
    for n, a in enumerate(text, start=1):
        row = [n]
        for m, b in enumerate(other, start=1):
            row.append(min(before[m] + 1, row[-1] + 1, before[m - 1] + (a != b)))
        before = row
    return before[-1]
