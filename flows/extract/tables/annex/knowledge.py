"""The words of the annex forms, from seeds/reference/annex_*.csv."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flows.extract.normalise import squeeze

_SEEDS = Path(__file__).parents[4] / "seeds" / "reference"
_ORDINAL = r"(?:[一二三四五六七八九十]+、|\d{1,2}[、.](?!\d))?"
_DECORATION = re.compile(rf"^{_ORDINAL}(?:其中[:,])?{_ORDINAL}")
_TRAILER = re.compile(r"(?:\([^()]*\))?[:：]?$")
_FULL_MARK = re.compile(r"^(?P<label>.*?)\((?P<mark>\d+(?:\.\d+)?)分\)$")
_YEAR = re.compile(r"(20\d\d)年(?:决算数|预算数|实际在职人数)")


class TableKind(NamedTuple):
    table_code: str
    title: re.Pattern[str]
    confirm: re.Pattern[str]
    end: re.Pattern[str]

    @property
    def is_headed_only(self) -> bool:
        """Whether the form has no title and its header row stands for it."""
        return self.table_code == "pf05"


class Column(NamedTuple):
    """What a header means; `header` as printed, white space removed."""

    section: str
    header: str
    measure: str
    unit_kind: str


class LineItem(NamedTuple):
    line_item: str
    measure: str  # the measure that the label alone implies; empty where the column says it
    unit_kind: str


class Level(NamedTuple):
    """A 一级 or 二级 indicator with the full score printed behind it, if any."""

    label: str
    level: str
    category: str
    full_score: str


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (_SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def table_kinds() -> tuple[TableKind, ...]:
    return tuple(
        TableKind(
            row["table_code"],
            *(re.compile(row[f"{part}_pattern"]) for part in ("title", "confirm", "end")),
        )
        for row in _rows("annex_tables")
    )


@cache
def _line_items() -> dict[tuple[str, str], LineItem]:
    return {
        (row["table_code"], row["label"]): LineItem(row["line_item"], row["measure"], row["unit_kind"])
        for row in _rows("annex_line_items")
    }


def bare_label(text: str) -> str:
    """A label without ordinal, 其中, the note in brackets at its end, and its colon."""
    label = _DECORATION.sub("", squeeze(text), count=1)
    while (shorter := _TRAILER.sub("", label)) != label:
        label = shorter
    return label


def line_item(table_code: str, label: str) -> LineItem | None:
    """What a row label means in this table, whatever ordinal stands before it."""
    return _line_items().get((table_code, bare_label(label)))


def labels_of(table_code: str) -> tuple[str, ...]:
    """All known row labels of a table, the longest first."""
    labels = [label for code, label in _line_items() if code == table_code]
    return tuple(sorted(labels, key=len, reverse=True))


def headers_of(table_code: str, fiscal_year: str) -> dict[str, list[Column]]:
    """Squeezed header → what it may mean, with the years of this document filled in."""
    prior_year = str(int(fiscal_year) - 1) if fiscal_year.isdigit() else ""
    found: dict[str, list[Column]] = {}
    for row in _rows("annex_columns"):
        if row["table_code"] != table_code:
            continue
        header = row["header"].replace("<fiscal_year>", fiscal_year).replace("<prior_year>", prior_year)
        found.setdefault(header, []).append(Column(row["section"], header, row["measure"], row["unit_kind"]))
    return found


def header_year(text: str, fiscal_year: str) -> str:
    """The fiscal year, or the latest year that the headers in `text` name."""
    return fiscal_year or max(_YEAR.findall(squeeze(text)), default="")


def is_header_of_a_year(text: str) -> bool:
    """Whether `text` is a header with a year, of whatever year: 2021年决算数."""
    return _YEAR.fullmatch(squeeze(text)) is not None


def level(text: str) -> Level | None:
    """产出指标（40分） → the level it names and the full score behind it."""
    label, mark = squeeze(text), ""
    if match := _FULL_MARK.match(label):
        label, mark = match["label"], match["mark"]
    for row in _rows("annex_indicator_levels"):
        if row["label"] == label:
            return Level(label, row["level"], row["category"], mark)
    return None


@cache
def common_indicators() -> tuple[tuple[str, str], ...]:
    """Names and categories of the indicators that the forms print for every department."""
    return tuple((squeeze(row["label"]), row["category"]) for row in _rows("annex_common_indicators"))


@cache
def target_wordings() -> frozenset[str]:
    """Words that stand as a target in place of a number."""
    return frozenset(squeeze(row["wording"]) for row in _rows("annex_target_wordings"))


@cache
def units() -> dict[str, str]:
    """Printed unit → its kind (amount, rate, count, area)."""
    return {row["unit"]: row["unit_kind"] for row in _rows("annex_units")}
