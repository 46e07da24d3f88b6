"""Reads the indicators of the form 三级指标, 年初目标值, 实际完成值, each cell broken over lines."""

from __future__ import annotations

import re
from collections import Counter

from flows.extract.model import Line
from flows.extract.normalise import squeeze
from flows.extract.tables.annex.drafting import Drafting
from flows.extract.tables.annex.knowledge import Column, level, target_wordings, units
from flows.extract.tables.annex.numbers import Printed, known_number, numbers_in

_VALUE = (
    r"(?:≥|≤|>|<|＞|＜|不少于|不低于)?\s*-?\d[\d,]*(?:\.\d+)?(?:\s*[%％]|\s*余?\s*[\u4e00-\u9fff㎡]{1,3})?"
)
_PAIR = re.compile(rf"(?P<label>.*?)(?P<target>(?<!\S){_VALUE})\s+(?P<actual>{_VALUE})")
_GOAL = re.compile(r"^年度(?:绩效)?(?:总体)?目标\d*[:：]")
_LAST_HEADER = re.compile(r"实际完成值(?:\([AB]\))?$")


class Wrapped:
    """The form 三级指标, 年初目标值, 实际完成值, each cell wrapped in its own narrow column.

    A wrapped cell fills its lines, so the lines of a name are told from those of another cell
    by their width: all but the last are as wide as the widest column of the area.
    """

    def __init__(self, draft: Drafting, columns: dict[str, Column], lines: list[Line]) -> None:
        self.draft, self.columns, self.lines = draft, columns, lines
        self.category, self.number = "unclassified", 0
        self.pending: list[str] = []
        self.target: tuple[Line, Printed, str] | None = None
        widths = Counter(len(squeeze(word)) for line in lines for word in line.text.split())
        self.width = max((w for w, n in widths.items() if n >= 3), default=0)
        # Lines taken as the unit of the line before them.
        self.used: set[int] = set()

    def read(self) -> None:
        for i, line in enumerate(self.lines):
            if i in self.used:
                continue
            text = squeeze(line.text)
            if _GOAL.match(text) or self._ends_header(text):
                self._begin()
            elif found := level(text.removeprefix("产出").removeprefix("效益")) or level(text):
                self.category = found.category
                self._begin()
            elif not any(c.isdigit() for c in text):
                self._words(line)
            elif printed := self._number(i):
                self._single(i, line, printed)
            elif not self._pair(line):
                self._words(line)
                if numbers := numbers_in(line.text):
                    self.draft.problem(line, "number_in_text", f"{' '.join(numbers)} in a cell's text")

    def _begin(self) -> None:
        """Before anything is forgotten, a target without a result is landed by itself."""
        if self.target:
            line, printed, label = self.target
            self._land(label, [("target", line, printed)], certain=False)
        self.target, self.pending = None, []

    def _ends_header(self, text: str) -> bool:
        return _LAST_HEADER.search("".join(self.pending[-2:]) + text) is not None

    def _words(self, line: Line) -> None:
        for word in line.text.split():
            text = squeeze(word)
            if found := level(text):
                self.category = found.category
                self.pending = []
            else:
                self.pending.append(text)

    def _number(self, i: int) -> Printed | None:
        """The number that is the whole line, with the rest of its unit from the next line."""
        printed = known_number(self.lines[i].text)
        if printed is None or i + 1 >= len(self.lines):
            return printed
        following = squeeze(self.lines[i + 1].text)
        longer = printed.unit_text + following
        bare = longer.lstrip("≥≤><余")
        if bare in units() and len(following) <= 2 and not printed.unit_text.endswith("%"):
            self.used.add(i + 1)
            return Printed(printed.value_text, longer)
        return printed

    def _single(self, i: int, line: Line, printed: Printed) -> None:
        if self.target:
            target_line, target, label = self.target
            self.target = None
            self._land(label, [("target", target_line, target), ("actual", line, printed)])
        elif printed.is_bound:
            self.target = (line, printed, "".join(self._name(self.pending)))
            self.pending = []
        elif label := self._name_before_wording():
            self._land(label, [("actual", line, printed)])
        elif self._is_only_a_name() and self._is_narrow_after(i):
            self._land("".join(self.pending), [("target", line, printed)], certain=False)
        else:
            before = "".join(self.pending)[-20:]
            detail = f"{printed}, target or result of {before}"
            self.draft.problem(line, "indicator_unplaced", detail)
            self.pending = []

    def _pair(self, line: Line) -> bool:
        match = _PAIR.fullmatch(line.text.strip())
        if match is None:
            return False
        target, actual = known_number(match["target"]), known_number(match["actual"])
        if target is None or actual is None:
            return False
        words = [squeeze(word) for word in match["label"].split()]
        label = "".join(self._name(self.pending + words))
        if not label:
            return False
        self._land(label, [("target", line, target), ("actual", line, actual)])
        return True

    def _land(self, label: str, values: list[tuple[str, Line, Printed]], certain: bool = True) -> None:
        self.number += 1
        self.draft.row_no += 1
        item = f"indicator.{self.category}.{self.number}"
        for measure, line, printed in values:
            column_no = 4 if measure == "target" else 5
            self.draft.land(line, item, label, self.columns[measure], column_no, printed, certain)
        self.pending = []

    # -- which of the waiting lines are the name ---------------------------------------------------

    def _name(self, waiting: list[str]) -> list[str]:
        """The last lines of `waiting` that make one wrapped cell."""
        first = len(waiting) - 1
        while first > 0 and len(waiting[first - 1]) >= self.width - 1:
            first -= 1
        return waiting[max(first, 0) :]

    def _name_before_wording(self) -> str:
        """The name before a target in words: a known wording, or the name said again."""
        for cut in range(len(self.pending) - 1, 0, -1):
            wording, name = "".join(self.pending[cut:]), "".join(self._name(self.pending[:cut]))
            if wording in target_wordings() or wording == name:
                return name
        return ""

    def _is_only_a_name(self) -> bool:
        return bool(self.pending) and self._name(self.pending) == self.pending

    def _is_narrow_after(self, i: int) -> bool:
        """Whether the text after line i is wrapped narrower than a name: then it is the result
        in words, and the number before it the target."""
        following = [squeeze(line.text) for line in self.lines[i + 1 : i + 3]]
        return len(following) == 2 and all(
            len(text) < self.width - 1 and level(text) is None and not _GOAL.match(text) for text in following
        )
