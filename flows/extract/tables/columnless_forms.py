"""Which form a table in text without columns is of, and the forms other than the official one.

The official forms number their columns and rows; `columnless` reads them. The columns of any other form
are told by its header (`text_headers`). Here are the totals without 行次, lists with a label before each
row's numbers, 基本支出 with columns of 人员经费 and 公用经费, and the 三公 tables in one row or in a row a
phase. Where neither the header nor the column numbers tell the columns, the numbers are problems, never
guesses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from flows.extract.model import ProblemDraft
from flows.extract.normalise import has_decimals, is_amount, squeeze
from flows.extract.tables.columnless import (
    ColumnlessTable,
    FormColumn,
    Row,
    Token,
    form_columns,
    function_table,
    is_dash,
    keep_filled_columns,
    read_columnless,
    tokens_of,
    totals_table,
    unclaimed,
)
from flows.extract.tables.segment import Segment
from flows.extract.tables.tabbed import fields_after_column_numbers
from flows.extract.tables.text_headers import (
    Block,
    Word,
    blocks_of,
    columns_of,
    header_words,
    three_public_columns,
)
from flows.extract.tables.text_totals import totals_by_label
from flows.extract.tables.vocabulary import (
    ECONOMIC_CODE,
    FUNCTION_TABLES,
    LIST_TABLES,
    THREE_PUBLIC,
    TWO_SIDED_TABLES,
    is_counted,
    list_item_of,
    measure_of,
    says_phase,
)

_OTHER_PHASES = re.compile(r"预算数|预算额|年初|调整|上年|增减")  # columns beside the final account
_WITH_FLOWS = re.compile(r"年初结转|本年收入")
_HEADER_TOKENS_AT_MOST = 200
_LABEL_WORDS_AT_MOST = 30  # words that a label is broken into
_TOTAL_OF_MEASURE = {"personnel": "economic.personnel_total", "public": "economic.public_total"}


def read_text_table(segment: Segment, fiscal_year: str = "") -> ColumnlessTable:
    """The rows of a standard or added table whose text has no columns. `fiscal_year` tells the columns
    of the year from those of the year before."""
    code = segment.table_code
    tokens = tokens_of(segment.body)
    header = _header(tokens)
    if code in LIST_TABLES:
        return _list(segment, tokens, header, "")
    words, end = header_words(code, tokens)
    if code in TWO_SIDED_TABLES:
        blocks = blocks_of(code, words, fiscal_year)
        if any(word.kind == "ordinal" for word in words) or not blocks:
            return _numbered_totals(segment, tokens, blocks)
        return totals_by_label(segment, tokens[end:], blocks)
    if code in FUNCTION_TABLES:
        columns = columns_of(code, words, fiscal_year) or _numbered_columns(code, tokens, header)
        return function_table(segment, tokens[end:], columns) if columns else _not_read(segment, tokens)
    if code == "gk06":
        columns = columns_of(code, words, fiscal_year)
        if {"personnel", "public"} <= {column.measure for column in columns}:
            return _economic_columns(segment, tokens[end:], columns)
        return _not_read(segment, tokens) if _OTHER_PHASES.search(header) else read_columnless(segment)
    if "项目" in header and not any(word.text == "合计" for word in words):
        return _list(segment, tokens, header, "three_public")
    if any(fields_after_column_numbers(line) for line in segment.body):
        return read_columnless(segment)  # tabs tell the columns
    return _three_public(segment, tokens, words, end, fiscal_year)


def _header(tokens: Sequence[Token]) -> str:
    """The words before the first number with decimals."""
    end = next((i for i, token in enumerate(tokens) if has_decimals(token.text)), len(tokens))
    return squeeze("".join(token.text for token in tokens[: min(end, 80)]))


def _not_read(segment: Segment, tokens: Sequence[Token]) -> ColumnlessTable:
    numbers = [token for token in tokens if has_decimals(token.text)]
    return ColumnlessTable(segment, (), tuple(unclaimed(token, segment.title) for token in numbers))


def _numbered_columns(code: str, tokens: Sequence[Token], header: str) -> tuple[FormColumn, ...]:
    """The columns of the official form, or of the one with carryover and revenue, where the form numbers
    as many (栏次 1 2 3 …)."""
    last = 0
    texts = [squeeze(token.text) for token in tokens]
    for text in texts[texts.index("栏次") + 1 :] if "栏次" in texts else []:
        if text.partition("=")[0] != str(last + 1):
            break
        last += 1
    if code in ("gk05", "gk08") and _WITH_FLOWS.search(header):
        code = "gk07"
    official = form_columns(code)
    return official if last == len(official) else ()


def _numbered_totals(segment: Segment, tokens: list[Token], blocks: Sequence[Block]) -> ColumnlessTable:
    """gk01 and gk04 with 行次. Where the header does not tell the columns, their numbers must be those of the
    official form."""
    if blocks:
        return totals_table(segment, tokens, {block.side: block.columns for block in blocks})
    texts = [squeeze(token.text) for token in tokens[:_HEADER_TOKENS_AT_MOST]]
    numbered: list[int] = []
    for text in texts[texts.index("栏次") :] if "栏次" in texts else []:
        if text == "栏次":
            numbered.append(0)
        elif text == str(sum(numbered) + 1):
            numbered[-1] += 1
        else:
            break
    official = [len(form_columns(segment.table_code, side)) for side in ("revenue", "expenditure")]
    return read_columnless(segment) if numbered == official else _not_read(segment, tokens)


def _economic_columns(
    segment: Segment, tokens: Sequence[Token], columns: tuple[FormColumn, ...]
) -> ColumnlessTable:
    """gk06 with columns of 合计, 人员经费 and 公用经费: rows named by an economic code. The row 合计 holds
    the totals that other forms print as rows; with a blank in it, it is not told which."""
    rows: list[Row] = []
    cells: list[Token] = []
    problems: list[ProblemDraft] = []
    totals: list[Row] = []
    for token in tokens:
        text = squeeze(token.text)
        code = None if has_decimals(text) else ECONOMIC_CODE.fullmatch(text)
        if code or text == "合计":
            _fill_row(rows, cells)
            label = code[2] or "" if code else text
            item = f"economic.{code[1]}" if code else "economic.total"
            rows.append(Row(len(rows) + 1, code[1] if code else "", label, item, columns))
        elif is_dash(text) or has_decimals(text):
            cells.append(token)
        elif is_amount(text):
            problems.append(unclaimed(token, rows[-1].label if rows else segment.title))
        elif rows:
            rows[-1].label += token.text
    _fill_row(rows, cells)
    for row in rows:
        if row.line_item == "economic.total" and len(row.values) == len(row.columns):
            totals += [
                replace(row, line_item=_TOTAL_OF_MEASURE.get(c.measure, row.line_item),
                        columns=(replace(c, measure="final"),), values=[token])
                for c, token in zip(row.columns, row.values, strict=True)
            ]  # fmt: skip
        elif row.line_item == "economic.total" or len(row.values) > len(row.columns):
            problems += [unclaimed(token, row.label) for token in row.values]
        else:
            totals.append(row)
    return ColumnlessTable(segment, tuple(totals), tuple(problems))


def _fill_row(rows: list[Row], cells: list[Token]) -> None:
    if rows:
        rows[-1].values = [token for token in cells if not is_dash(squeeze(token.text))]
        keep_filled_columns(rows[-1], cells)
    cells.clear()


def _three_public(
    segment: Segment, tokens: list[Token], words: Sequence[Word], end: int, fiscal_year: str
) -> ColumnlessTable:
    """The 三公 table: one row, or one of each phase. Without a header that tells its columns it must number
    those of the official form."""
    columns = three_public_columns(words, fiscal_year)
    if not columns:
        return read_columnless(segment) if _numbers_official(tokens) else _not_read(segment, tokens)
    rest = tokens[end:]
    if [token.text for token in rest[: len(columns)]] == [str(n) for n in range(1, len(columns) + 1)]:
        rest = rest[len(columns) :]
    by_phase = not any(word.kind == "phase" for word in words)
    rows: list[Row] = [] if by_phase else [Row(1, "", "三公经费", "three_public", columns)]
    cells: list[Token] = []
    problems: list[ProblemDraft] = []
    for token in rest:
        text = squeeze(token.text)
        if by_phase and says_phase(text):
            _fill_row(rows, cells)
            rows.append(Row(len(rows) + 1, "", text, "three_public", _of_phase(columns, text, fiscal_year)))
        elif is_dash(text) or is_amount(text):
            if rows and rows[-1].columns:
                cells.append(token)
            elif not is_dash(text):
                problems.append(unclaimed(token, segment.title))
    _fill_row(rows, cells)
    for row in rows:
        if len(row.values) > len(row.columns):
            problems += [unclaimed(token, row.label) for token in row.values]
            row.values = []
    return ColumnlessTable(segment, tuple(row for row in rows if row.columns), tuple(problems))


def _numbers_official(tokens: Sequence[Token]) -> bool:
    """Whether a 三公 table numbers its columns, as many as the official form has."""
    texts = [token.text for token in tokens]
    count = len(form_columns("gk09"))
    start = next((n for n in range(len(texts)) if texts[n : n + 2] == ["1", "2"]), len(texts))
    run = texts[start : start + count]
    goes_on = texts[start + count : start + count + 1] == [str(count + 1)]
    return run == [str(n) for n in range(1, count + 1)] and not goes_on


def _of_phase(columns: tuple[FormColumn, ...], phase: str, fiscal_year: str) -> tuple[FormColumn, ...]:
    """The columns of a row that is of one phase; none where it is of none that is known."""
    paths = [(phase, *column.header.split("/")[1:]) for column in columns]
    measures = [measure_of("gk09", path, fiscal_year) for path in paths]
    if not all(measures):
        return ()
    return tuple(
        FormColumn(column.column_no, measure or "", "/".join(path))
        for column, measure, path in zip(columns, measures, paths, strict=True)
    )


def _list(segment: Segment, tokens: Sequence[Token], header: str, line_item: str) -> ColumnlessTable:
    """A list: a label, its 行次 where the form has them, its numbers; a dash stands for an empty cell."""
    code = segment.table_code
    phases = _phases_of_header(tokens)
    has_ordinals = "行次" in header
    with_three_public = any(THREE_PUBLIC in squeeze(token.text) for token in tokens)
    rows: list[Row] = []
    problems: list[ProblemDraft] = []
    words: list[str] = []
    cells: list[Token] = []
    row: Row | None = None

    def close() -> None:
        if row is None:
            problems.extend(unclaimed(token, "".join(words)) for token in cells if has_decimals(token.text))
        else:
            _fill(row, cells, problems)
        cells.clear()

    is_ordinal_next = False
    for token in tokens:
        text = squeeze(token.text)
        if is_amount(text) and is_ordinal_next and text.isdigit():
            is_ordinal_next = False
        elif is_amount(text) or is_dash(text):
            cells.append(token)
        else:
            if cells:
                close()
                words, row = [], None
            words.append(token.text)
            found = _row_of(code, words, phases, line_item, with_three_public)
            if found:
                row = replace(found, row_no=len(rows) + 1)
                rows.append(row)
                is_ordinal_next = has_ordinals
    close()
    rows = [row for row in rows if row.values]
    return ColumnlessTable(segment, tuple(rows), tuple(problems))


def _phases_of_header(tokens: Sequence[Token]) -> tuple[str, ...]:
    """The headers that say a phase, in their order, before the first row."""
    found: list[str] = []
    for token in tokens:
        if has_decimals(token.text) or "计" in token.text.removesuffix("统计数"):
            break
        if says_phase(token.text):
            found.append(token.text)
    return tuple(found)


def _row_of(
    code: str, words: Sequence[str], phases: Sequence[str], line_item: str, with_three_public: bool
) -> Row | None:
    """The row that the last words name, the longest label first; without its number yet."""
    for start in range(max(0, len(words) - _LABEL_WORDS_AT_MOST), len(words)):
        label = "".join(words[start:])
        if line_item:
            measures = [measure_of(code, (phase, label)) for phase in phases]
            item = line_item
        else:
            item = list_item_of(code, label, with_three_public) or ""
            measures = ["count"] if item and is_counted(item) else [measure_of(code, (p,)) for p in phases]
        if item and measures and all(measures):
            columns = [
                FormColumn(n, m, phases[n - 1] if phases else "") for n, m in enumerate(measures, 1) if m
            ]
            return Row(0, "", label, item, tuple(columns))
    return None


def _fill(row: Row, cells: Sequence[Token], problems: list[ProblemDraft]) -> None:
    """Puts numbers into a row: with the dashes they are as many as the columns, or the columns are to be
    found."""
    numbers = [token for token in cells if is_amount(squeeze(token.text))]
    if len(cells) == len(row.columns):
        row.columns = tuple(
            column for column, token in zip(row.columns, cells, strict=True) if token in numbers
        )
    if row.values or len(numbers) > len(row.columns):
        problems += [unclaimed(token, row.label) for token in numbers]
    else:
        row.values = numbers
