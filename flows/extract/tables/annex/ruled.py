"""Reads annexes whose rows kept their cells: base data and self-evaluations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from flows.extract.model import CellDraft, ProblemDraft, TableDraft
from flows.extract.normalise import squeeze
from flows.extract.tables.annex.find import Annex, Cell
from flows.extract.tables.annex.knowledge import (
    Column,
    bare_label,
    header_year,
    headers_of,
    is_header_of_a_year,
    level,
    line_item,
)
from flows.extract.tables.annex.numbers import Printed, compact, numbers_in, printed_number

_UNIT = re.compile(r"[（(]\s*(亿元|万元|元|人|㎡|m²|m2|平方米)\s*[)）]")
_INLINE = re.compile(r"^(?P<label>[^:：]*[^:：\d][:：])(?P<rest>[^:：]*)$")
_PROJECT_NAME = ("项目支出名称", "项目名称")
_NOT_FIGURES = ("填报日期", "联系电话", "单位名称", "主管部门", "实施单位")


@dataclass
class _Section:
    """The header row in force: what the values below it are."""

    name: str = ""
    title: str = ""  # its first cell, a row label where the rows below have none
    columns: dict[int, Column] = field(default_factory=dict)
    printed: dict[int, str] = field(default_factory=dict)
    unit: str = ""

    def unit_of(self, index: int) -> str:
        """The unit printed in the column's header, else the section's where it fits."""
        own = _UNIT.search(self.printed[index])
        if own:
            return own[1]
        kind = self.columns[index].unit_kind
        fits = (kind == "persons") == (self.unit == "人") and kind in ("persons", "amount")
        return self.unit if fits else ""

    def index_of(self, measure: str) -> int | None:
        return next((i for i, c in self.columns.items() if c.measure == measure), None)


def ruled_table(annex: Annex, fiscal_year: str) -> TableDraft:
    """The draft of one annex whose `rows` hold cells."""
    return _Reader(annex, fiscal_year).read()


class _Reader:
    def __init__(self, annex: Annex, fiscal_year: str) -> None:
        self.annex = annex
        self.code = annex.table_code
        text = "".join(cell.text for row in annex.rows for cell in row)
        self.headers = headers_of(self.code, header_year(text, fiscal_year))
        self.section = _Section()
        self.row_no = 0
        self.category = "unclassified"
        self.parent_item = ""  # the line item of the last known row label
        self.counted = {"project": 0, "indicator": 0}
        self.project_name = ""
        self.cells: list[CellDraft] = []
        self.problems: list[ProblemDraft] = []

    def read(self) -> TableDraft:
        for row in self.annex.rows:
            self.row_no += 1
            if not (self._is_name(row) or self._is_header(row)):
                self._data(row)
        title = compact(self.annex.title.text)
        return TableDraft(
            table_code=self.code,
            printed_title=f"{title}：{self.project_name}" if self.project_name else title,
            printed_unit="",
            first_page=self.annex.title.page,
            last_page=self.annex.last.page,
            first_line=self.annex.title.line_no,
            last_line=self.annex.last.line_no,
            row_count=len(self.annex.rows),
            column_count=max((len(row) for row in self.annex.rows), default=0),
            is_declared_empty=False,
            method="grid",
            cells=tuple(self.cells),
            problems=tuple(self.problems),
        )

    # -- rows without figures -----------------------------------------------------------------

    def _is_name(self, row: tuple[Cell, ...]) -> bool:
        texts = [compact(cell.text) for cell in row if cell.text.strip()]
        if not texts:
            return True
        if texts[0] in _PROJECT_NAME and len(texts) > 1:
            self.project_name = texts[1]
            return True
        return any(texts[0].startswith(name) or texts[0].endswith(name) for name in _NOT_FIGURES)

    def _is_header(self, row: tuple[Cell, ...]) -> bool:
        """Two headers of one section make a header row; a row of nothing but one header is
        the end of a header row that was broken in two."""
        known = {i: found for i, cell in enumerate(row) if (found := self._header(cell.text))}
        names = [column.section for columns in known.values() for column in columns]
        filled = [i for i, cell in enumerate(row) if cell.text.strip()]
        if len(known) == 1 and list(known) == filled and self.section.name in names:
            index = max(self.section.columns) + 1
            self._add_column(index, row[filled[0]], known[filled[0]], self.section)
            return True
        # Headers of other years mean nothing here, and yet they end the section before.
        if len(known) + sum(i not in known and is_header_of_a_year(row[i].text) for i in filled) < 2:
            return False
        section = _Section(name=max(dict.fromkeys(names), key=names.count, default=""))
        for i, columns in known.items():
            self._add_column(i, row[i], columns, section)
        section.title = next((c.text for c in row[: min(known, default=1)] if c.text.strip()), "")
        unit = _UNIT.search(section.title)
        section.unit = unit[1] if unit else ""
        self.section = section
        item = line_item(self.code, section.title)
        self.parent_item = item.line_item if item else ""
        return True

    def _header(self, text: str) -> list[Column]:
        return self.headers.get(squeeze(text)) or self.headers.get(bare_label(text), [])

    @staticmethod
    def _add_column(index: int, cell: Cell, columns: list[Column], section: _Section) -> None:
        for column in columns:
            if column.section == section.name:
                section.columns[index] = column
                section.printed[index] = compact(cell.text)

    # -- rows with figures ----------------------------------------------------------------------

    def _data(self, row: tuple[Cell, ...]) -> None:
        first = next((i for i, cell in enumerate(row) if cell.text.strip()), None)
        if first is None:
            return
        item = line_item(self.code, row[first].text)
        if item and item.line_item == "total_score" and self.section.name != "scores":
            claimed = self._total_score(row, first)
        elif self.section.name == "indicator":
            claimed = self._indicator(row)
        elif self.section.name == "goal":
            claimed = self._by_column(row, "annual_goal", self.section.title)
        else:
            claimed = self._labelled(row, first)
        self._unclaimed(row, claimed, row[first].text)

    def _total_score(self, row: tuple[Cell, ...], first: int) -> set[int]:
        """总分 stands under 分值 and 得分 alone, however many cells its label spans."""
        numbers = [(i, p) for i, cell in enumerate(row) if (p := printed_number(cell.text)) and i > first]
        measures = {1: ("score",), 2: ("full_score", "score")}.get(len(numbers), ())
        for (i, printed), measure in zip(numbers, measures, strict=False):
            self._land(row[i], i, "total_score", row[first].text, measure, printed, certain=True)
        return {i for (i, _), _ in zip(numbers, measures, strict=False)}

    def _indicator(self, row: tuple[Cell, ...]) -> set[int]:
        claimed = self._levels(row)
        shift, certain = self._shift(row)
        if shift is None:
            return claimed
        places = {i + shift: column for i, column in self.section.columns.items()}
        label = next(
            (
                c.text
                for c in reversed(row[: min(places)])
                if c.text.strip() and level(c.text) is None and printed_number(c.text) is None
            ),
            "",
        )
        values = {i: p for i in places if 0 <= i < len(row) and (p := printed_number(row[i].text))}
        if not label or not values:
            return claimed
        self.counted["indicator"] += 1
        item = f"indicator.{self.category}.{self.counted['indicator']}"
        for i, printed in values.items():
            self._land(row[i], i, item, label, places[i].measure, printed, certain, header=i - shift)
        return claimed | set(values)

    def _levels(self, row: tuple[Cell, ...]) -> set[int]:
        """Takes note of the 一级 and 二级 indicator, and lands the full score behind a name."""
        claimed = set()
        for i, cell in enumerate(row):
            found = level(cell.text)
            if found is None:
                continue
            self.category = found.category
            if found.full_score:
                item, mark = f"indicator_group.{found.category}", Printed(found.full_score, "分")
                self._land(cell, i, item, found.label, "full_score", mark, certain=True)
                claimed.add(i)
        return claimed

    def _shift(self, row: tuple[Cell, ...]) -> tuple[int | None, bool]:
        """How far the row slipped against its header: 分值 and 得分 must be plain numbers, the
        second no higher than the first, and no number may be left beyond them."""
        full, score = self.section.index_of("full_score"), self.section.index_of("score")
        if full is None or score is None:
            return 0, True
        fitting = [s for s in (0, -1, 1, -2, 2) if self._fits(row, full + s, score + s)]
        if fitting[:1] == [0]:
            return 0, True
        if not fitting and full < len(row) and not any(cell.text.strip() for cell in row[score:]):
            # Not scored: then 分值 under its own header is all that holds the row in place.
            return (0, True) if printed_number(row[full].text) else (None, False)
        return (fitting[0], False) if len(fitting) == 1 else (None, False)

    @staticmethod
    def _fits(row: tuple[Cell, ...], full: int, score: int) -> bool:
        if min(full, score) < 0 or max(full, score) >= len(row):
            return False
        highest, given = printed_number(row[full].text), printed_number(row[score].text)
        if highest is None or given is None or not (highest.is_plain and given.is_plain):
            return False
        if any(printed_number(cell.text) for cell in row[score + 1 :]):
            return False
        return _less_or_equal(given.value_text, highest.value_text)

    def _labelled(self, row: tuple[Cell, ...], first: int) -> set[int]:
        """A row of amounts behind its label, or of labels that hold their amount themselves."""
        inline = self._inline(row)
        if inline:
            return inline
        text = row[first].text
        if printed_number(text) is not None:
            item = line_item(self.code, self.section.title)
            return self._by_column(row, item.line_item, self.section.title) if item else set()
        item = line_item(self.code, text)
        if item:
            self.parent_item = item.line_item
            return self._by_column(row, item.line_item, text)
        if self.parent_item.startswith("project_expenditure") and any(
            printed_number(cell.text) for cell in row[first + 1 :]
        ):
            self.counted["project"] += 1
            return self._by_column(row, f"project.{self.counted['project']}", text)
        return set()

    def _inline(self, row: tuple[Cell, ...]) -> set[int]:
        """其中：一般公共预算：5.67万元, or the amount alone in the cell after such a label, or
        after a label that says the measure itself (基本支出总额)."""
        claimed: set[int] = set()
        waiting: tuple[str, str, str] | None = None
        for i, cell in enumerate(row):
            text = compact(cell.text)
            match = _INLINE.match(re.sub(r"^其中[:：]", "", text))
            rest = match["rest"] if match else ""
            label = text[: len(text) - len(rest)].rstrip(":：")
            item = line_item(self.code, label)
            if item and item.measure and (match or item.measure != "amount"):
                if printed := printed_number(rest):
                    self._land(cell, i, item.line_item, label, item.measure, printed, certain=True)
                    claimed.add(i)
                waiting = None if rest else (item.line_item, label, item.measure)
            elif waiting and (printed := printed_number(text)):
                self._land(cell, i, *waiting, printed, certain=True)
                claimed.add(i)
                waiting = None
        return claimed

    def _by_column(self, row: tuple[Cell, ...], item: str, label: str) -> set[int]:
        """Values under their headers; where the row slipped but is complete, in printed order."""
        columns = self.section.columns
        values = {i: p for i, cell in enumerate(row) if (p := printed_number(cell.text))}
        if set(values) <= set(columns):
            places, certain = {i: i for i in values}, True
        elif len(values) == len(columns):
            places, certain = dict(zip(values, sorted(columns), strict=True)), False
        else:
            places, certain = {i: i for i in values if i in columns}, True
        for i, header in places.items():
            self._land(row[i], i, item, label, columns[header].measure, values[i], certain, header)
        return set(places)

    def _land(
        self, cell: Cell, index: int, item: str, label: str, measure: str, printed: Printed,
        certain: bool, header: int | None = None,
    ) -> None:  # fmt: skip
        column = index if header is None else header
        unit = printed.unit_text
        if not unit:
            unit = self.section.unit_of(column) if column in self.section.columns else ""
            if measure == "amount":
                unit = self.section.unit  # it stands below the section's header, under none of its columns
        if item == "total_score":
            unit = printed.unit_text
        self.cells.append(
            CellDraft(
                row_no=self.row_no,
                column_no=index + 1,
                page=cell.line.page,
                line_no=cell.line.line_no,
                row_code="",
                row_label=compact(label),
                line_item=item,
                column_path=self.section.printed.get(column, "") if measure != "amount" else "",
                measure=measure,
                value_text=printed.value_text,
                unit_text=unit,
                method="grid",
                confidence="certain" if certain else "inferred",
            )
        )

    def _unclaimed(self, row: tuple[Cell, ...], claimed: set[int], label: str) -> None:
        for i, cell in enumerate(row):
            if i in claimed or self._header(cell.text) or level(cell.text):
                continue
            if printed := printed_number(cell.text):
                detail = f"{printed} in cell {i + 1} of the row {compact(label)[:40]}"
                self._problem(cell, "unclaimed_number", detail)
            elif numbers := numbers_in(_without_ordinals(cell.text)):
                detail = f"{' '.join(numbers)} inside the text of cell {i + 1}"
                self._problem(cell, "number_in_text", detail)

    def _problem(self, cell: Cell, code: str, detail: str) -> None:
        line = cell.line
        self.problems.append(ProblemDraft(line.page, line.line_no, "recognise", code, detail))


def _without_ordinals(text: str) -> str:
    """1、 and 2、 before a point of a list are no figures."""
    return re.sub(r"(?<![\d.])\d{1,2}、", "", text)


def _less_or_equal(a: str, b: str) -> bool:
    return Decimal(a.replace(",", "")) <= Decimal(b.replace(",", ""))
