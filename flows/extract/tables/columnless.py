"""Tables in text that lost its columns: labels broken over lines, blank cells gone.

What is left is the order of the words and numbers. The row is told by what names it (a code,
a 行次, a label); which column a number stood in is told by nothing, so a row keeps its
numbers in order and flows.extract.tables.infer finds the columns.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from flows.extract.model import Line, ProblemDraft
from flows.extract.normalise import has_decimals, is_amount, is_too_long, squeeze
from flows.extract.tables.segment import Segment
from flows.extract.tables.tabbed import fields_after_column_numbers
from flows.extract.tables.vocabulary import (
    ECONOMIC_CODE,
    FUNCTION_CODE,
    FUNCTION_TABLES,
    TWO_SIDED_TABLES,
    LineItems,
    line_item_of,
)

_FORM_COLUMNS = Path(__file__).parents[3] / "seeds" / "reference" / "form_columns.csv"
_LINE_NUMBERS_AT_MOST = 99
_NO_ORDINAL = 1000
_LABEL_WORDS_AT_MOST = 30  # words that a label is broken into
_DECIMALS_AT_MOST = 6  # one 元 in 百万元; more is a number that the next code ran into
_DASH = re.compile(r"[-—–]+")
_LEVEL = re.compile(r"\d{2}")
_TOTALS_06 = ("人员经费合计", "公用经费合计")


@dataclass(frozen=True)
class FormColumn:
    """One numbered column (栏次) of an official form."""

    column_no: int
    measure: str
    header: str


@dataclass(frozen=True)
class Token:
    """A run of characters without white space, and the line it stands on."""

    text: str
    line: Line


@dataclass
class Row:
    """One row: what names it, and its printed numbers from left to right. `columns` are the
    columns of the form that the numbers may stand in. `is_inferred` says that its label alone does not
    tell the line item: sums did."""

    row_no: int
    row_code: str
    label: str
    line_item: str
    columns: tuple[FormColumn, ...]
    values: list[Token] = field(default_factory=list)
    is_inferred: bool = False


@dataclass(frozen=True)
class ColumnlessTable:
    segment: Segment
    rows: tuple[Row, ...]
    problems: tuple[ProblemDraft, ...]


@cache
def form_columns(table_code: str, side: str = "") -> tuple[FormColumn, ...]:
    """The numbered columns of a standard form, in order."""
    with _FORM_COLUMNS.open(encoding="utf-8", newline="") as file:
        return tuple(
            FormColumn(int(row["column_no"]), row["measure"], row["header"])
            for row in csv.DictReader(file)
            if row["table_code"] == table_code and row["side"] == side
        )


def read_columnless(segment: Segment) -> ColumnlessTable:
    """The rows of a standard table whose text has no columns."""
    tokens = tokens_of(segment.body)
    if segment.table_code in FUNCTION_TABLES:
        return function_table(segment, tokens, form_columns(segment.table_code))
    if segment.table_code in TWO_SIDED_TABLES:
        sides = ("revenue", "expenditure")
        return totals_table(segment, tokens, {side: form_columns(segment.table_code, side) for side in sides})
    if segment.table_code == "gk06":
        return _economic_table(segment, tokens)
    return _three_public_table(segment, tokens)


def tokens_of(lines: Sequence[Line]) -> list[Token]:
    """The words of lines in reading order, broken numbers put together."""
    return list(_tokens(lines))


def _tokens(lines: Sequence[Line]) -> Iterator[Token]:
    """Words in reading order; a number that was broken over lines (28, .0, 9) is put together.

    A piece that begins or ends with the point is no number by itself, so it belongs to its
    neighbours; forms print two decimals, so a single digit after one decimal is the second.
    """
    raw = [Token(text, line) for line in lines for text in line.text.split()]
    alone = {id(line) for line in lines if len(line.text.split()) == 1}
    i = 0
    while i < len(raw):
        text, start = raw[i].text, i
        while i + 1 < len(raw):
            following = raw[i + 1].text
            joins = (
                (re.fullmatch(r"-?[\d,]+", text) and re.fullmatch(r"\.\d*", following))
                or (re.fullmatch(r"-?[\d,]+\.", text) and re.fullmatch(r"\d+", following))
                or (
                    i > start
                    and re.fullmatch(r"-?[\d,]+\.\d", text)
                    and re.fullmatch(r"\d", following)
                    and id(raw[i + 1].line) in alone
                )
            )
            if not joins:
                break
            text += following
            i += 1
        yield Token(text, raw[start].line)
        i += 1


def function_table(
    segment: Segment, tokens: Sequence[Token], columns: tuple[FormColumn, ...]
) -> ColumnlessTable:
    """Rows named by 合计 or a functional code. A label may go on after the row's numbers,
    since cells are centred on the row and their text flows around it."""
    rows: list[Row] = []
    labels: list[list[str]] = []
    cells: dict[int, list[Token]] = defaultdict(list)  # row → its numbers and the dashes of empty cells
    problems: list[ProblemDraft] = []
    in_body = False
    # 合计 is also a header (of gk08's first column, of gk04); the row comes after 栏次.
    header_end = next((i for i, token in enumerate(tokens) if squeeze(token.text) == "栏次"), 0)
    for i, token in enumerate(tokens):
        text = squeeze(token.text)
        code = FUNCTION_CODE.fullmatch(text)
        if text == "合计" and not rows and i >= header_end:
            in_body = True
            rows.append(_row(rows, "", "合计", "function.total", columns))
            labels.append(["合计"])
        elif code and not has_decimals(token.text):
            in_body = True
            rows.append(_row(rows, code[1], "", f"function.{code[1]}", columns))
            labels.append([code[2]] if code[2] else [])
        elif rows and _LEVEL.fullmatch(text) and not labels[-1] and not rows[-1].values:
            # 款 and 项 of a code that the form splits
            whole = rows[-1].row_code + text
            rows[-1].row_code, rows[-1].line_item = whole, f"function.{whole}"
        elif in_body and text == "合计":
            rows.append(_row(rows, "", "合计", "function.total", columns))
            labels.append(["合计"])
        elif not in_body:
            continue
        elif has_decimals(token.text):
            rows[-1].values.append(token)
            cells[len(rows)].append(token)
        elif is_dash(text):
            cells[len(rows)].append(token)
        elif is_amount(token.text):
            problems.append(unclaimed(token, "".join(labels[-1])))
        else:
            labels[-1].append(token.text)
    for row, label in zip(rows, labels, strict=True):
        row.label = "".join(label)
        keep_filled_columns(row, cells[row.row_no])
    return _checked(segment, rows, problems)


def totals_table(
    segment: Segment, tokens: list[Token], columns: dict[str, tuple[FormColumn, ...]]
) -> ColumnlessTable:
    """gk01 and gk04: label, 行次, amounts on the revenue side, the same on the expenditure side and, in older
    forms, by nature. `columns` are those of each side, in the order of the sides.

    The 行次 of the sides rise by one each, a side's from where the side before ends, so an integer
    that is next on a side is a 行次. Where rows were left out it may be a later one, but then it must
    follow a label of its side; any other integer is a number.
    """
    start = 0
    for i, token in enumerate(tokens):
        if squeeze(token.text) == "栏次":
            start = i + 1
            while start < len(tokens) and (
                is_amount(tokens[start].text) or squeeze(tokens[start].text) == "栏次"
            ):
                start += 1
            break
    tokens = tokens[start:]
    expected = dict(zip(columns, _first_ordinals(tokens, len(columns)), strict=True))
    starts = dict(expected)
    items = {side: LineItems(segment.table_code, side) for side in columns}
    rows: list[Row] = []
    sides: list[str] = []
    dashes: dict[int, list[Token]] = defaultdict(list)  # row → its numbers and the dashes of empty cells
    problems: list[ProblemDraft] = []
    pending: list[Token] = []
    for token in tokens:
        number = _ordinal(token.text)
        side = next((s for s in reversed(starts) if number is not None and starts[s] <= number), "")
        if (
            number is not None
            and side
            and (
                number == expected[side]
                or (
                    expected[side] < number <= _LINE_NUMBERS_AT_MOST
                    and len(pending) <= _LABEL_WORDS_AT_MOST
                    and line_item_of(segment.table_code, side, "".join(t.text for t in pending))
                )
            )
        ):
            label = _give_back_tail(segment.table_code, rows, sides, pending)
            item = items[side].of(label) if label else None
            rows.append(_row(rows, token.text, label, item or "", columns[side]))
            sides.append(side)
            expected[side] = number + 1
            pending = []
        elif has_decimals(token.text) and rows:
            rows[-1].values.append(token)
            dashes[len(rows)].append(token)
        elif is_dash(squeeze(token.text)) and rows and not pending:
            dashes[len(rows)].append(token)
        elif is_amount(token.text):
            near = pending[-_LABEL_WORDS_AT_MOST:]
            problems.append(unclaimed(token, "".join(t.text for t in near)))
        else:
            pending.append(token)
    _give_back_tail(segment.table_code, rows, sides, pending)
    for row in rows:
        keep_filled_columns(row, dashes[row.row_no])
    return _checked(segment, [row for row in rows if row.label or row.values], problems)


def keep_filled_columns(row: Row, cells: Sequence[Token]) -> None:
    """Leaves a row the columns of its numbers, where numbers and dashes together are as many as columns."""
    if len(cells) == len(row.columns):
        printed = zip(row.columns, cells, strict=True)
        row.columns = tuple(column for column, token in printed if token in row.values)


def _first_ordinals(tokens: Sequence[Token], sides: int) -> list[int]:
    """The 行次 of the first row of each side; beyond any 行次 for a side without one. The second side
    begins after more than 20 rows; a third with the next 行次 that does not go on with one of them."""
    ordinals = [number for token in tokens if (number := _ordinal(token.text))]
    starts = [1]
    second = next((n for n in ordinals if n > 20), _NO_ORDINAL)
    starts.append(second)
    expected = second
    for n in ordinals:
        if n == expected:
            expected += 1
        elif n > second and sides > 2:
            starts.append(n)
            break
    return [*starts, *[_NO_ORDINAL] * sides][:sides]


def _ordinal(text: str) -> int | None:
    """The number of a token that may be a 行次."""
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text) else None


def _give_back_tail(table_code: str, rows: list[Row], sides: Sequence[str], pending: list[Token]) -> str:
    """Splits the words between two 行次 into the tail of the row before and the next label.

    A centred cell's last words can come after its own 行次; they are recognised because the
    label before them has no meaning alone and has one with them.
    """
    words = [token.text for token in pending]
    if not rows or rows[-1].line_item or not rows[-1].label:
        return "".join(words)
    row = rows[-1]
    for cut in range(min(len(words), _LABEL_WORDS_AT_MOST), 0, -1):
        item = line_item_of(table_code, sides[-1], row.label + "".join(words[:cut]))
        if item:
            row.label += "".join(words[:cut])
            row.line_item = item
            return "".join(words[cut:])
    return "".join(words)


def _economic_table(segment: Segment, tokens: list[Token]) -> ColumnlessTable:
    """gk06: code, name, amount, in several groups side by side; one column of amounts."""
    columns = form_columns("gk06")
    rows: list[Row] = []
    problems: list[ProblemDraft] = []
    waiting = ""  # the words of a total that may be broken over lines
    for token in tokens:
        text = squeeze(token.text)
        code = ECONOMIC_CODE.fullmatch(text)
        if code and not has_decimals(token.text):
            rows.append(_row(rows, code[1], code[2] or "", f"economic.{code[1]}", columns))
            waiting = ""
        elif not rows:
            continue
        elif has_decimals(token.text):
            if rows[-1].values:
                problems.append(unclaimed(token, rows[-1].label))
            else:
                rows[-1].values.append(token)
        elif is_amount(token.text):
            problems.append(unclaimed(token, rows[-1].label))
        else:
            waiting += text
            total = next((t for t in _TOTALS_06 if waiting.endswith(t)), None)
            if total:
                # words of the total that were taken for the row before are taken back
                rows[-1].label = rows[-1].label.removesuffix(total.removesuffix(text))
                item = line_item_of("gk06", "", total) or ""
                rows.append(_row(rows, "", total, item, columns))
                waiting = ""
            else:
                rows[-1].label += token.text
    return _checked(segment, rows, problems)


def _three_public_table(segment: Segment, tokens: list[Token]) -> ColumnlessTable:
    """gk09: one row of amounts below the column numbers 1 to 12, often in the same line as they."""
    columns = form_columns("gk09")
    run_on = next(
        ((line, fields) for line in segment.body if (fields := fields_after_column_numbers(line))), None
    )
    if run_on:  # the tabs that are left tell the columns
        line, fields = run_on
        placed = [(n, Token(text, line)) for n, text in enumerate(fields) if is_amount(text)]
        values = [token for n, token in placed if n < len(columns)]
        extra = [token for n, token in placed if n >= len(columns)]
        columns = tuple(columns[n] for n, _ in placed[: len(values)])
    else:
        start = _end_of_column_numbers(tokens, len(columns))
        numbers = [t for t in tokens[start:] if is_amount(t.text) and (start or has_decimals(t.text))]
        values, extra = numbers[: len(columns)], numbers[len(columns) :]
    row = Row(1, "", "三公经费", "three_public", columns, values)
    return ColumnlessTable(segment, (row,), tuple(unclaimed(token, row.label) for token in extra))


def _end_of_column_numbers(tokens: list[Token], count: int) -> int:
    """Where the tokens 1 2 3 … up to `count` end; 0 where they are not printed."""
    run = 0
    for i, token in enumerate(tokens):
        run = run + 1 if token.text == str(run + 1) else 0
        if run == count:
            return i + 1
    return 0


def _row(rows: list[Row], code: str, label: str, line_item: str, columns: tuple[FormColumn, ...]) -> Row:
    return Row(len(rows) + 1, code, label, line_item, columns)


def _checked(segment: Segment, rows: list[Row], problems: list[ProblemDraft]) -> ColumnlessTable:
    """Takes out what cannot be placed at all: numbers of a row without a meaning, rows with more
    numbers than the form has columns, and numbers that ran into each other. All are problems,
    never guesses."""
    for row in rows:
        if row.values and (
            not row.line_item
            or len(row.values) > len(row.columns)
            or any(is_run_together(token.text) for token in row.values)
        ):
            problems.extend(unclaimed(token, row.label or row.row_code) for token in row.values)
            row.values = []
    return ColumnlessTable(segment, tuple(row for row in rows if row.line_item), tuple(problems))


def is_run_together(text: str) -> bool:
    """Whether a number is longer or finer than any amount: several that lost the blanks between them."""
    return is_too_long(text) or len(text.partition(".")[2]) > _DECIMALS_AT_MOST


def is_dash(text: str) -> bool:
    """Whether a word is the dash of an empty cell."""
    return _DASH.fullmatch(text) is not None


def unclaimed(token: Token, label: str) -> ProblemDraft:
    """The problem of a number that no row and column claim."""
    return ProblemDraft(
        page=token.line.page,
        line_no=token.line.line_no,
        stage="recognise",
        code="unclaimed_number",
        detail=f"{token.text[:40]} · {squeeze(label)[:40]}",
    )
