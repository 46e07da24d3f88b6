"""Reads the indicators of the form that prints 绩效基本型 before target and result."""

from __future__ import annotations

import re

from flows.extract.model import Line
from flows.extract.normalise import squeeze
from flows.extract.tables.annex.drafting import Drafting, words_of
from flows.extract.tables.annex.knowledge import Column, common_indicators
from flows.extract.tables.annex.numbers import Printed, known_number

KIND_OF_INDICATOR = re.compile(r"绩效(?:基本|创新)型$")


class Classified:
    """The form that prints 绩效基本型 before target and result. The cells before it ran into
    one another, so a name is taken only where a common indicator's name stands unbroken."""

    def __init__(self, draft: Drafting, columns: dict[str, Column]) -> None:
        self.draft, self.columns = draft, columns
        self.number = 0

    def read(self, lines: list[Line]) -> None:
        block, after_kind = "", False
        for line in lines:
            text = squeeze(line.text)
            words = words_of(line.text)
            if after_kind and len(words) == 2:
                pair = [known_number(word) for word in words]
                if all(pair):
                    self._place(line, block, [p for p in pair if p])
                block, after_kind = "", False
                continue
            values = [p for word in words if (p := known_number(word))]
            # A factor of a formula (×100%, x100) is no figure of the table.
            if values and not block.endswith(("x", "×", "*")) and len(values) == len(words):
                detail = f"{' '.join(words)} after {block[-20:]}"
                self.draft.problem(line, "unclaimed_number", detail)
            block = text if after_kind else block + text
            after_kind = KIND_OF_INDICATOR.search(block) is not None

    def _place(self, line: Line, block: str, pair: list[Printed]) -> None:
        names = [(name, category) for name, category in common_indicators() if name in block]
        names = [n for n in names if not any(n[0] in other[0] and n != other for other in names)]
        if len(names) != 1:
            for measure, printed in zip(("target", "actual"), pair, strict=True):
                detail = f"{measure} {printed}, the indicator's name is broken apart"
                self.draft.problem(line, "indicator_unplaced", detail)
            return
        self.number += 1
        self.draft.row_no += 1
        name, category = names[0]
        for n, (measure, printed) in enumerate(zip(("target", "actual"), pair, strict=True), start=5):
            item = f"indicator.{category}.{self.number}"
            self.draft.land(line, item, name, self.columns[measure], n, printed, certain=False)
