"""The printed words of the standard tables and what they mean.

The words are rows of seeds/reference/table_titles.csv, line_item_labels.csv, column_headers.csv
and column_phases.csv; a new spelling is a new row there. Every lookup squeezes its argument
first, so callers pass text as it is printed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from flows.extract.normalise import is_amount, squeeze

FUNCTION_TABLES = frozenset({"gk02", "gk03", "gk05", "gk07", "gk08"})  # rows named by functional codes
TWO_SIDED_TABLES = frozenset({"gk01", "gk04"})  # 收入 on the left, 支出 on the right
LIST_TABLES = frozenset({"gk10", "gk11", "gk12"})  # what forms add: items with one number each
THREE_PUBLIC = "三公经费"  # in a list of other figures: it has a section on these expenses
# What a column can say of when its amounts are of, besides final: a measure, or the first half of one.
PHASES = frozenset(
    {"initial_budget", "adjusted_budget", "prior_final", "change", "change_rate", "completion_rate"}
)
# A code, alone or with its name run on: 类, 款, 项 have 3, 5, 7 digits, economic codes 3 and 5.
FUNCTION_CODE = re.compile(r"(2\d{2}(?:\d{2}){0,2})(\D.*)?")
ECONOMIC_CODE = re.compile(r"(3\d{2}(?:\d{2})?)(\D.*)?")

_SEEDS = Path(__file__).parents[3] / "seeds" / "reference"

_BULLET = re.compile(r"^[-•·●■*#]+")
_ORDINAL = re.compile(
    r"^(?:\(?[一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}[、.,]|\(?\d{1,2}[、.)](?!\d)|[①-⑳][、.]?)"
)
_FORM_NUMBER = re.compile(
    r"\(?(?:财决)?(?:公开|财决)表?\d{1,2}(?:-\d)?表?\)?[:、]?|^[Zz]\d{2}(?:-\d)?"
    # 表7 财政拨款…; after a numeral in characters a mark is needed, 表一 may begin 表一般公共预算…
    r"|(?:^|(?<=年度)|(?<=年))表(?:\d{1,2}[-:.、]?|[一二三四五六七八九十]{1,3}[-:.、])"
)
_ATTACHMENT = re.compile(r"^附(?:件|表)[一二三四五六七八九十\d]{0,2}[-\d]*[:.、]?")
_BARE_NUMBER = re.compile(r"^\d{1,2}(?=[^\d年.])")  # 1收入支出决算总表, a sheet's name
_UNIT_SUFFIX = re.compile(r"\(?(?:金额)?单位:(?:人民币)?[百万亿千]{0,2}元\)?$")
_CONTINUED = re.compile(r"(?:\(?续(?:表)?\d?\)?)$")
_BRACKET = re.compile(r"\([^()]{1,20}\)$")  # (万元), (2023年度), (空表)
_YEAR_SUFFIX = re.compile(r"20\d{2}年度?$")
_LONGEST_TITLE = 60
_SENTENCE = re.compile(r"[。;!?]|,.*,|[注:].*表$|[详参]见|如下|见.*表$|^本表")
_HEADER_UNIT = re.compile(r"\((?:金额)?(?:单位:)?(?:人民币)?[百万亿千]{0,2}元\)$")
_LABEL_REMARK = re.compile(r"\((?:含|不含)[^()]*\)")  # 单价50万元(含)以上, 专用设备(不含车辆)
_LABEL_UNIT = re.compile(r"\(([^()]{1,8}(?:\([^()]*\))?)\)$")
_NUMBER_WITH_UNIT = re.compile(r"([^a-zA-Z\u4e00-\u9fff%]+)(\D{1,4})")
_YEAR = re.compile(r"^(?:(20\d{2})年度?|上一?年度?|去年|本年度?|当年)")

# What may stand before a title: a year, a department, or both. A title that runs on from other
# words (见2023年度收入决算表, 财政拨款 before 支出决算表) is not one.
_PREFIX = re.compile(
    r"(?:[^,。;:!?《》、]{0,40}?(?:20|二[〇○零0])[\d〇○零一二三四五六七八九]{2}年度?"
    r"(?:本级|部门(?:\(单位\))?|单位|\(本级\))?"
    r"|[^,。;:!?《》、]{0,40}?"
    r"(?:[局委部厅办院所会队校署站馆社台处团园场宫司组庭室所中]|中心|中学|小学|大学|学院|政府|机关|办公室|基地"
    r"|本级|\(本级\)|\(汇总\)|部门|\(单位\)|单位|街道|镇|乡|公司))"
)
_NOT_A_PREFIX = re.compile(r"详见|参见|^见|[见为]本|如下|反映|根据|按照|其中|依据|包括|列示|附有")


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


@cache
def _phases() -> tuple[tuple[re.Pattern[str], str, bool], ...]:
    return tuple(
        (re.compile(row["header_pattern"]), row["phase"], row["yields"] == "true")
        for row in _rows("column_phases.csv")
    )


@cache
def _classes() -> dict[str, str]:
    """Name of each 类 of the functional classification, without 支出 → its line item."""
    return {
        squeeze(name).removesuffix("支出"): f"expenditure.class.{row['functional_code']}"
        for row in _rows("functional_codes.csv")
        if row["level"] == "class"
        for name in (row["name_zh"], row["former_name_zh"])
        if name
    }


@cache
def _economic_names() -> dict[str, str]:
    """Name of each 类 and 款 of the economic classification → its line item; of 款 of the same name
    in two 类 the one outside 基本建设, and a 类 before a 款."""
    rows = [row for row in _rows("economic_codes.csv") if row["level"] in {"class", "section"}]
    rows.sort(key=lambda row: (row["level"] == "class", row["parent_code"] not in {"309", "311"}))
    return {squeeze(row["name_zh"]): f"economic.{row['economic_code']}" for row in rows}


@cache
def _units() -> dict[str, str]:
    return {squeeze(row["unit"]): row["kind"] for row in _rows("units.csv")}


@cache
def _counted() -> frozenset[str]:
    """The line items of the added tables that count things: subjects of claims that are counts only."""
    return frozenset(row["subject"] for row in _rows("claim_subjects.csv") if row["kinds"] == "count")


def _rows(file_name: str) -> list[dict[str, str]]:
    with (_SEEDS / file_name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=4096)
def table_code_of_title(text: str) -> str | None:
    """The table that a printed line names, or None where the line is no table title.

    The whole line has to be the title: 一般公共预算财政拨款支出决算表 ends with 支出决算表 and is
    another table. Taken off before comparing: bullets, ordinals (一、), 附件1：, the form's
    number (公开01表), the unit (单位：万元), 续, a last remark in brackets or year, and before the
    title a year and a department. The number decides nothing: forms number the tables differently.
    """
    if len(text) > 160 or "表" not in squeeze(text):
        return None
    title = title_words(text)
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


def title_words(text: str) -> str:
    """A printed title squeezed and without all that a form adds to it."""
    title = _FORM_NUMBER.sub("", squeeze(text))
    for pattern in (_BULLET, _ATTACHMENT, _ORDINAL, _BARE_NUMBER, _FORM_NUMBER, _UNIT_SUFFIX, _CONTINUED):
        title = pattern.sub("", title)
    for pattern in (_BRACKET, _YEAR_SUFFIX, _CONTINUED, _BRACKET):
        if not title.endswith("表"):
            title = pattern.sub("", title)
    return title


def looks_like_title(text: str) -> bool:
    """Whether a printed line could be the title of a table that is not known."""
    words = squeeze(text)
    return (
        4 < len(words) <= _LONGEST_TITLE
        and "表" in words
        and title_words(text).endswith("表")
        and not _SENTENCE.search(words)
    )


def is_continued(text: str) -> bool:
    """Whether a printed title says that its table goes on from before (续)."""
    return "续" in squeeze(text)


def label_without_ordinal(label: str) -> str:
    """A row label squeezed and without 其中： and its printed ordinal, which differs between forms."""
    label = squeeze(label).removeprefix("其中:")
    return _ORDINAL.sub("", label)


def line_item_of(table_code: str, side: str, label: str) -> str | None:
    """The meaning of a row label. `side` is revenue, expenditure or nature (支出按性质和经济分类) in
    gk01 and gk04, else empty.

    On the revenue side of gk04 一般公共预算财政拨款 stands twice, as revenue and, below
    年初财政拨款结转和结余, as a part of it: `LineItems` follows the rows and tells them apart.
    """
    label = label_without_ordinal(label)
    item = _line_items().get((table_code, side, label))
    if item is None and side == "expenditure" and label:
        return _classes().get(label.removesuffix("支出"))
    if item is None and table_code == "gk06":
        return _economic_names().get(label)
    return item


@cache
def labels_of(table_code: str, side: str = "") -> Mapping[str, str]:
    """The row labels that a form of the table can print, without ordinals → their line items."""
    classes = _classes() if side == "expenditure" else {}
    labels = {label: item for name, item in classes.items() for label in (name, f"{name}支出")}
    of_form = (table_code, side)
    return labels | {label: item for (*form, label), item in _line_items().items() if tuple(form) == of_form}


@lru_cache(maxsize=4096)
def list_item_of(table_code: str, label: str, with_three_public: bool = False) -> str | None:
    """The meaning of a row or column label in a table that a form adds (gk10, gk11, gk12); one table
    may hold what others print in three. `with_three_public` says that it prints the 三公 expenses too:
    in such a one 公务接待费 is a 三公 expense, in any other a part of the operating expenses."""
    label = label_without_unit(label)
    if with_three_public and (item := _line_items().get((table_code, "three_public", label))):
        return item
    for code in (table_code, *sorted(LIST_TABLES)):
        item = _line_items().get((code, "", label))
        if item and (code == table_code or label not in _TOTALS):
            return item
    return _economic_names().get(label) if table_code == "gk10" else None


_TOTALS = frozenset({"合计", "总计"})  # of the table that prints them


def label_without_unit(label: str) -> str:
    """A row label squeezed, without ordinal, remarks (含) and its unit in brackets."""
    label = _LABEL_REMARK.sub("", label_without_ordinal(label)).replace(";", "")  # a number broken over lines
    unit = _LABEL_UNIT.search(label)
    return label[: unit.start()] if unit and unit_of(unit[1]) else label


def unit_in_label(label: str) -> str:
    """The unit that a label prints in brackets at its end: 车辆数合计（辆）, 决算数（万元）."""
    unit = _LABEL_UNIT.search(squeeze(label))
    return unit_of(unit[1]) if unit else ""


def unit_of(text: str) -> str:
    """`text` where it is one of the units of units.csv (with or without 单位：), else empty."""
    text = squeeze(text).removeprefix("金额").removeprefix("单位:").removeprefix("人民币")
    return text if text in _units() else ""


def number_and_unit(text: str) -> tuple[str, str] | None:
    """The number that a cell prints, squeezed, and the unit that it prints with it (12.5%, 3辆), empty
    where it prints none; None where the cell holds anything else."""
    text = squeeze(text)
    if is_amount(text):
        return text, ""
    match = _NUMBER_WITH_UNIT.fullmatch(text)
    return (match[1], match[2]) if match and is_amount(match[1]) and match[2] in _units() else None


def unit_kind(unit: str) -> str:
    """money, percent, score or count; empty for a unit that is not known."""
    return _units().get(squeeze(unit), "")


def is_counted(line_item: str) -> bool:
    """Whether a line item of the added tables counts things and is no money."""
    return line_item in _counted()


# Parts of 财政拨款收入 in the totals of older forms, that were rows of their own later.
_FISCAL_APPROPRIATIONS = {"revenue.general_public_budget", "revenue.government_fund", "revenue.state_capital"}


class LineItems:
    """The line items of one side of a table, asked for row by row from the top."""

    def __init__(self, table_code: str, side: str = "") -> None:
        self._table_code = table_code
        self._side = side
        self._opening = False
        self._has_fiscal_appropriation = False

    def of(self, label: str) -> str | None:
        """The line item of the next row that has a label."""
        item = line_item_of(self._table_code, self._side, label)
        if self._table_code == "gk01" and self._side == "revenue" and item is not None:
            if item == "revenue.fiscal_appropriation":
                self._has_fiscal_appropriation = True
            elif self._has_fiscal_appropriation and item in _FISCAL_APPROPRIATIONS:
                return f"revenue.fiscal_appropriation.{item.removeprefix('revenue.')}"
        if self._table_code != "gk04" or self._side != "revenue" or item is None:
            return item
        if item == "balance.opening_fiscal_carryover":
            self._opening = True
        elif self._opening and item != "revenue.grand_total":
            return f"balance.opening_fiscal_carryover.{item.removeprefix('revenue.')}"
        return item


def measure_of(table_code: str, header_path: Sequence[str], fiscal_year: str = "") -> str | None:
    """The meaning of a column whose printed headers are `header_path`, outermost first.

    A column has a phase (column_phases.csv: 年初预算数, 决算数 …) and, in most tables, a part
    (column_headers.csv). The phase may stand outside or inside; the innermost says it. What it
    prints of a year before `fiscal_year` is prior_final. The measure is phase.part, the part alone
    for final amounts outside gk09, and the phase alone where the table's columns have no parts.

    A part such as 公务用车购置及运行费/小计 fits when all its levels stand in the path, and the
    innermost header that is no phase is one of them; among those that fit the one that says most
    about the innermost levels wins. A header broken over two lines can come as two headers, where no
    rule tells (年初结转和结/余): then they are tried as one.
    """
    path = tuple(header_path)
    measure = _measure_of(table_code, path, fiscal_year)
    if measure is None and len(path) > 1:
        measure = _measure_of(table_code, (*path[:-2], path[-2] + path[-1]), fiscal_year)
    return measure


@lru_cache(maxsize=4096)
def _measure_of(table_code: str, header_path: tuple[str, ...], fiscal_year: str) -> str | None:
    path = [_HEADER_UNIT.sub("", squeeze(part)) for part in header_path]
    path = [label_without_ordinal(part) for part in path if part]
    phases = [_phase_of(part, fiscal_year) for part in path]
    parts = [part for part, phase in zip(path, phases, strict=True) if phase is None]
    phase = _innermost([phase for phase in phases if phase is not None])
    part = _part_of(table_code, parts)
    innermost_is_phase = bool(phases) and phases[-1] is not None
    if phase is None or (part is None and not (innermost_is_phase and phase)):
        return None
    if table_code in _WITHOUT_PARTS and (part is None or innermost_is_phase):
        return phase or None
    if table_code == "gk09":
        return f"{phase}.{part}" if phase and part else None
    if part is None:
        return phase if table_code in _PHASE_ALONE else None
    if part in _PARTS_THAT_ARE_FINAL or phase in ("", "final"):
        return "final" if part == "total" and table_code == "gk06" else part
    return phase if part == "total" and table_code == "gk06" else f"{phase}.{part}"


_WITHOUT_PARTS = {"gk01", "gk06"}  # gk06 has parts where they are the innermost headers
_PHASE_ALONE = {"gk04", "gk10", "gk11", "gk12"}
_PARTS_THAT_ARE_FINAL = {"count"}


def _part_of(table_code: str, path: Sequence[str]) -> str | None:
    places: dict[str, int] = {part: i for i, part in enumerate(path)}
    best: tuple[tuple[int, ...], str] | None = None
    for parts, measure in _headers(table_code):
        if any(part not in places for part in parts):
            continue
        depth = tuple(sorted((places[part] for part in parts), reverse=True))
        if depth[0] == len(path) - 1 and (best is None or depth > best[0]):
            best = (depth, measure)
    return best[1] if best else None


def says_phase(header: str) -> bool:
    """Whether a header or row label says a phase (预算数, 2023年决算数)."""
    return _phase_of(label_without_ordinal(_HEADER_UNIT.sub("", squeeze(header))), "") is not None


def is_header_part(table_code: str, header: str) -> bool:
    """Whether a header is one of the levels of a column of a table in column_headers.csv."""
    text = _HEADER_UNIT.sub("", squeeze(header))
    return any(text in parts for parts, _ in _headers(table_code))


@cache
def header_words(table_code: str) -> Mapping[str, str]:
    """The column headers of one level that a form of the table can print → their measures."""
    return {parts[0]: measure for parts, measure in _headers(table_code) if len(parts) == 1}


class _Phase(NamedTuple):
    """What one header says about the phase: `phase` is empty where it names a year only, and
    `is_prior` is None where it names none."""

    phase: str
    yields: bool
    is_prior: bool | None


def _phase_of(header: str, fiscal_year: str) -> _Phase | None:
    """What a header says about the phase, or None where it says something else."""
    if _is_another_year(header, fiscal_year):
        return None
    for text in (header, _YEAR.sub("", header)):
        for pattern, phase, yields in _phases():
            if pattern.fullmatch(text):
                return _Phase(phase, yields, _is_prior(header, fiscal_year))
    is_year = _YEAR.fullmatch(header) is not None
    return _Phase("", True, _is_prior(header, fiscal_year)) if is_year else None


def _is_prior(header: str, fiscal_year: str) -> bool | None:
    year = _YEAR.match(header)
    if year is None:
        return None
    if year[1]:
        return bool(fiscal_year) and int(year[1]) == int(fiscal_year) - 1
    return year[0].startswith(("上", "去"))


def _is_another_year(header: str, fiscal_year: str) -> bool:
    """Whether a header prints a year that is neither the fiscal year nor the one before."""
    year = _YEAR.match(header)
    return bool(year and year[1] and fiscal_year) and int(fiscal_year) - int(year[1]) not in (0, 1)


def _innermost(phases: Sequence[_Phase]) -> str | None:
    """The phase that a path says: empty where it says none, None where it is one that is not
    known (the budget of the year before)."""
    said = [phase for phase in phases if phase.phase]
    firm = [phase for phase in said if not phase.yields] or said
    phase = firm[-1].phase if firm else ""
    if any(item.is_prior for item in phases):
        return {"final": "prior_final", "": "prior_final"}.get(phase)
    if not phase and any(item.is_prior is False for item in phases):
        return "final"
    return phase
