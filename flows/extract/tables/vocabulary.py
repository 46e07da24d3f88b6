"""The printed words of the standard tables and what they mean.

The words are rows of seeds/reference/table_titles.csv, line_item_labels.csv and
column_headers.csv; a new spelling is a new row there. Every lookup squeezes its argument
first, so callers pass text as it is printed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

from flows.extract.normalise import squeeze

FUNCTION_TABLES = frozenset({"gk02", "gk03", "gk05", "gk07", "gk08"})  # rows named by functional codes
TWO_SIDED_TABLES = frozenset({"gk01", "gk04"})  # 收入 on the left, 支出 on the right
# A code, alone or with its name run on: 类, 款, 项 have 3, 5, 7 digits, economic codes 3 and 5.
FUNCTION_CODE = re.compile(r"(2\d{2}(?:\d{2}){0,2})(\D.*)?")
ECONOMIC_CODE = re.compile(r"(3\d{2}(?:\d{2})?)(\D.*)?")

_SEEDS = Path(__file__).parents[3] / "seeds" / "reference"

_BULLET = re.compile(r"^[-•·●■*#]+")
_ORDINAL = re.compile(
    r"^(?:\(?[一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}[、.,]|\(?\d{1,2}[、.)](?!\d))"
)
_FORM_NUMBER = re.compile(r"\(?(?:公开|财决公开|财决)(?:表)?\d{1,2}表\)?")
_ATTACHMENT = re.compile(r"^附(?:件|表)\d{0,2}[-\d]*[:.、]?")
_UNIT_SUFFIX = re.compile(r"\(?(?:金额)?单位:(?:人民币)?[百万亿千]{0,2}元\)?$")
_CONTINUED = re.compile(r"(?:\(?续(?:表)?\d?\)?)$")
_HEADER_UNIT = re.compile(r"\((?:单位:)?(?:人民币)?[百万亿千]{0,2}元\)$")

# What may stand before a title: a year, a department, or both. A title that runs on from other
# words (见2023年度收入决算表, 财政拨款 before 支出决算表) is not one.
_PREFIX = re.compile(
    r"(?:[^,。;:!?《》、]{0,40}?(?:20|二[〇○零0])[\d〇○零一二三四五六七八九]{2}年度?"
    r"(?:本级|部门(?:\(单位\))?|单位|\(本级\))?"
    r"|[^,。;:!?《》、]{0,40}?"
    r"(?:[局委部厅办院所会队校署站馆社台处团]|中心|政府|机关|办公室|本级|\(本级\)|部门|\(单位\)|单位|街道|镇|乡))"
)
_NOT_A_PREFIX = re.compile(r"详见|参见|^见|如下|反映|根据|按照|其中")


@cache
def _titles() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (row["table_code"], re.compile(row["title_pattern"] + "$")) for row in _rows("table_titles.csv")
    )


@cache
def _line_items() -> dict[tuple[str, str, str], str]:
    return {
        (row["table_code"], row["side"], row["label"]): row["line_item"]
        for row in _rows("line_item_labels.csv")
    }


@cache
def _headers(table_code: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    return tuple(
        (tuple(row["header"].split("/")), row["measure"])
        for row in _rows("column_headers.csv")
        if row["table_code"] == table_code
    )


def _rows(file_name: str) -> list[dict[str, str]]:
    with (_SEEDS / file_name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=4096)
def table_code_of_title(text: str) -> str | None:
    """The table that a printed line names, or None where the line is no table title.

    The whole line has to be the title: 一般公共预算财政拨款支出决算表 ends with 支出决算表 and is
    another table. Taken off before comparing: bullets, ordinals (一、), 附件1：, the form's
    number (公开01表), the unit (单位：万元), 续, and before the title a year and a department.
    """
    if len(text) > 160:
        return None
    title = _FORM_NUMBER.sub("", squeeze(text))
    for pattern in (_BULLET, _ATTACHMENT, _ORDINAL, _UNIT_SUFFIX, _CONTINUED):
        title = pattern.sub("", title)
    if not title.endswith("表"):
        return None
    best: tuple[int, str] | None = None
    for code, pattern in _titles():
        match = pattern.search(title)
        if match and (best is None or match.start() < best[0]):
            best = (match.start(), code)
    if best is None:
        return None
    prefix = title[: best[0]]
    if prefix and (not _PREFIX.fullmatch(prefix) or _NOT_A_PREFIX.search(prefix)):
        return None
    return best[1]


def label_without_ordinal(label: str) -> str:
    """A row label squeezed and without 其中： and its printed ordinal, which differs between forms."""
    label = squeeze(label).removeprefix("其中:")
    return _ORDINAL.sub("", label)


def line_item_of(table_code: str, side: str, label: str) -> str | None:
    """The meaning of a row label. `side` is revenue or expenditure in gk01 and gk04, else empty.

    On the revenue side of gk04 一般公共预算财政拨款 stands twice, as revenue and, below
    年初财政拨款结转和结余, as a part of it: `LineItems` follows the rows and tells them apart.
    """
    return _line_items().get((table_code, side, label_without_ordinal(label)))


class LineItems:
    """The line items of one side of a table, asked for row by row from the top."""

    def __init__(self, table_code: str, side: str = "") -> None:
        self._table_code = table_code
        self._side = side
        self._opening = False

    def of(self, label: str) -> str | None:
        """The line item of the next row that has a label."""
        item = line_item_of(self._table_code, self._side, label)
        if self._table_code != "gk04" or self._side != "revenue" or item is None:
            return item
        if item == "balance.opening_fiscal_carryover":
            self._opening = True
        elif self._opening and item != "revenue.grand_total":
            return f"balance.opening_fiscal_carryover.{item.removeprefix('revenue.')}"
        return item


def measure_of(table_code: str, header_path: Sequence[str]) -> str | None:
    """The meaning of a column whose printed headers are `header_path`, outermost first.

    A seed header such as 预算数/公务接待费 fits when all its parts stand in the path, in any
    order (预算数 stands outside in some forms and inside in others), and the innermost header is
    one of them; among those that fit the one that says most about the innermost levels wins.
    """
    path = [_HEADER_UNIT.sub("", squeeze(part)) for part in header_path]
    path = [label_without_ordinal(part) for part in path if part]
    if not path:
        return None
    places: dict[str, int] = {part: i for i, part in enumerate(path)}
    best: tuple[tuple[int, ...], str] | None = None
    for parts, measure in _headers(table_code):
        if any(part not in places for part in parts):
            continue
        depth = tuple(sorted((places[part] for part in parts), reverse=True))
        if depth[0] == len(path) - 1 and (best is None or depth > best[0]):
            best = (depth, measure)
    return best[1] if best else None
