"""gk01 and gk04 in text without columns and without 行次: a row is told by its label alone."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flows.extract.model import ProblemDraft
from flows.extract.normalise import decimal_of, has_decimals, is_amount, squeeze
from flows.extract.tables.columnless import (
    ColumnlessTable,
    Row,
    Token,
    is_dash,
    keep_filled_columns,
    unclaimed,
)
from flows.extract.tables.segment import Segment
from flows.extract.tables.text_headers import Block
from flows.extract.tables.vocabulary import LineItems, label_without_ordinal, line_item_of

_LABEL_WORDS_AT_MOST = 30  # words that a label is broken into
_BLANK_ROWS_WORDS = 200  # of rows without a number, before the label of the next row with one
_OPENING = "balance.opening_fiscal_carryover"
_CLOSING = "balance.closing_fiscal_carryover"


class _Reader:
    """Goes through the words of the rows. A row's cells, numbers and dashes, follow its label, and of the
    words before them the longest run that is a label counts."""

    def __init__(self, segment: Segment, blocks: Sequence[Block]) -> None:
        self.table_code = segment.table_code
        self.columns = {block.side: block.columns for block in blocks}
        self.items = {side: LineItems(self.table_code, side) for side in self.columns}
        self.rows: list[Row] = []
        self.cells: list[list[Token]] = []
        self.printed: set[str] = set()
        self.grand_totals = 0  # how often 总计 was printed
        self.late: list[int] = []  # rows below both carryovers, of either side
        self.words_below: list[str] = []  # all words below the closing carryover

    def read(self, tokens: Sequence[Token]) -> None:
        words: list[str] = []
        is_below = False
        for token in tokens:
            text = squeeze(token.text)
            if not is_amount(text) and not is_dash(text):
                words.append(token.text)
                if is_below:
                    self.words_below.append(token.text)
                is_below = is_below or "年末" in text
                continue
            if words:
                self._begin(words)
                words = []
            if self.rows:
                self.cells[-1].append(token)
        for row, cells in zip(self.rows, self.cells, strict=True):
            row.values = [token for token in cells if is_amount(squeeze(token.text))]

    def _begin(self, words: Sequence[str]) -> None:
        label, sides = "", []
        for start in range(max(0, len(words) - _LABEL_WORDS_AT_MOST), len(words)):
            label = "".join(words[start:])
            sides = [side for side in self.columns if line_item_of(self.table_code, side, label)]
            if sides:
                break
        self._note_carryovers(words[-_BLANK_ROWS_WORDS:])
        self.grand_totals += sum(squeeze(word).endswith("总计") for word in words)
        if len(sides) > 1:
            sides = self._chosen(label, sides)
        side = sides[0] if sides else ""
        item = self.items[side].of(label) if side else None
        self.printed.add(item or "")
        self.rows.append(Row(len(self.rows) + 1, "", label, item or "", self.columns.get(side, ())))
        self.cells.append([])

    def _note_carryovers(self, words: Sequence[str]) -> None:
        """Takes note of a carryover whose label is printed and whose amount is blank."""
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + 6) + 1):
                label = "".join(words[start:end])
                for side, item in (("revenue", _OPENING), ("expenditure", _CLOSING)):
                    if item not in self.printed and line_item_of(self.table_code, side, label) == item:
                        if end < len(words):
                            self.items[side].of(label)
                        self.printed.add(item)

    def _chosen(self, label: str, sides: list[str]) -> list[str]:
        """The side of a label that several sides have; none where it is not told."""
        if "nature" in sides and "expenditure" in sides and "revenue" not in sides:
            return []
        if label.endswith("总计"):  # printed for the revenue first
            return sides[self.grand_totals - 1 :][:1] if self.grand_totals else []
        if _CLOSING not in self.printed and "revenue" in sides:
            return ["revenue"]
        if "revenue" in sides:  # the parts of both carryovers have the same labels
            self.late.append(len(self.rows))
        return []

    def settle_parts(self) -> None:
        """Gives the parts of a carryover that are printed once, below both carryovers, to the opening one
        where they add up to it and not to the closing one."""
        text = squeeze("".join(self.words_below))
        late = [self.rows[n] for n in self.late]
        if not late or any(text.count(label_without_ordinal(row.label)) != 1 for row in late):
            return
        width = len(self.columns["revenue"])
        amounts = [self._amounts(n, width) for n in self.late]
        opening = self._amounts_of(_OPENING, width)
        closing = self._amounts_of(_CLOSING, len(self.columns["expenditure"]))
        if opening is None or closing is None or any(amount is None for amount in amounts):
            return
        sums = [sum((a[n] for a in amounts if a), Decimal(0)) for n in range(width)]
        slack = Decimal("0.5") * (len(late) + 1) * _last_digit([t for n in self.late for t in self.cells[n]])
        fits = all(abs(a - b) <= slack for a, b in zip(sums, opening, strict=True))
        fits_closing = any(sums) and any(abs(max(sums) - amount) <= slack for amount in closing)
        if not fits or fits_closing or not any(sums):
            return
        for row in late:
            row.line_item = self.items["revenue"].of(row.label) or ""
            row.columns = self.columns["revenue"]
            row.is_inferred = bool(row.line_item)

    def _amounts_of(self, item: str, width: int) -> list[Decimal] | None:
        found = [n for n, row in enumerate(self.rows) if row.line_item == item]
        if not found:
            return [Decimal(0)] * width if item in self.printed else None
        cells = self.cells[found[0]]
        if item == _CLOSING:  # any of its amounts
            return [decimal_of(token.text) for token in self.rows[found[0]].values]
        return self._amounts(found[0], width) if cells else None

    def _amounts(self, n: int, width: int) -> list[Decimal] | None:
        """The amounts of a row, nothing for dashes; None where its cells are not as many as its columns."""
        cells = self.cells[n]
        if len(cells) != width:
            return None
        return [Decimal(0) if is_dash(squeeze(t.text)) else decimal_of(t.text) for t in cells]


def totals_by_label(segment: Segment, tokens: Sequence[Token], blocks: Sequence[Block]) -> ColumnlessTable:
    """The rows of gk01 or gk04 whose blocks are known. A row whose side is not told is a problem."""
    reader = _Reader(segment, blocks)
    reader.read(tokens)
    reader.settle_parts()
    problems: list[ProblemDraft] = []
    has_points = any(has_decimals(token.text) for cells in reader.cells for token in cells)
    for row, cells in zip(reader.rows, reader.cells, strict=True):
        # A whole number among numbers with decimals may be a 行次 of a form whose header hides it.
        is_mixed = has_points and any(squeeze(token.text).strip("0-").isdigit() for token in row.values)
        if not row.line_item or len(cells) > len(row.columns) or is_mixed:
            problems += [unclaimed(token, row.label) for token in row.values]
            row.values = []
        keep_filled_columns(row, cells)
    return ColumnlessTable(segment, tuple(row for row in reader.rows if row.line_item), tuple(problems))


def _last_digit(tokens: Sequence[Token]) -> Decimal:
    """One unit of the last digit that numbers are printed with."""
    decimals = [len(token.text.partition(".")[2]) for token in tokens if is_amount(squeeze(token.text))]
    return Decimal(10) ** -min(decimals, default=0)
