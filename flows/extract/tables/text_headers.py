"""The columns of a table in text without columns, told by its header's words in reading order.

A header cell that is broken over lines is put together again as the longest run of words that is a
header (seeds/reference/column_headers.csv and column_phases.csv); the first word that is none ends the
header. A form prints its upper header row before the lower one, so what the upper row groups (本年支出, a
决算数 above three funds) takes its columns from the words that follow the upper row. A header whose words
do not come out even gives no columns: nothing is guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from flows.extract.normalise import is_amount, squeeze
from flows.extract.tables.columnless import FormColumn, Token, is_dash
from flows.extract.tables.vocabulary import (
    ECONOMIC_CODE,
    FUNCTION_CODE,
    FUNCTION_TABLES,
    PHASES,
    TWO_SIDED_TABLES,
    is_header_part,
    line_item_of,
    measure_of,
    says_phase,
)

_HEADER_GOES_ON = 100  # words in which 栏次 may still follow
_PIECES_AT_MOST = 9  # of one header broken over lines
_BEFORE_HEADER = 14  # words of form number, department and unit above the header
_LABEL = re.compile(
    r"(收入|支出)?项目(名称)?(\([^()]*\))?|(支出)?((功能|经济)分类)?(科目)?(编码|代码|名称)|科目|类|款|项|单位名称"
)
_ORDINALS = {"行次", "序号"}
_SIDES = {"收入", "支出"}
_NATURE = re.compile(r"性质|经济分类")
_NUMBERING = {"栏次"}
_COLUMN_NUMBER = re.compile(r"\d{1,2}(?:=[\d+\-()]+)?")
_UNIT_IN_HEADING = re.compile(r"单位:.{0,4}元$")
_VEHICLES = "vehicles"


class Word(NamedTuple):
    """One header. `kind` is label, ordinal, side, phase, part, numbering or number."""

    kind: str
    text: str


class Block(NamedTuple):
    """One of the blocks of labels and columns that stand side by side in gk01 and gk04."""

    side: str  # revenue | expenditure | nature
    columns: tuple[FormColumn, ...]


def header_words(table_code: str, tokens: Sequence[Token]) -> tuple[list[Word], int]:
    """The words of the header and the number of tokens up to its end; none and 0 where it has none, or what
    follows its words is no row: then some of its words were not known."""
    starts = [0] + [
        n
        for n, token in enumerate(tokens[:_BEFORE_HEADER], 1)
        if _UNIT_IN_HEADING.search(squeeze(token.text))
    ]
    texts = [squeeze(token.text) for token in tokens]
    i = next((n for n in range(starts[-1], min(len(texts), starts[-1] + _BEFORE_HEADER))
              if _word_at(table_code, texts, n)), None)  # fmt: skip
    if i is None:
        return [], 0
    words: list[Word] = []
    ends: list[int] = []
    while i < len(texts):
        found = _word_at(table_code, texts, i)
        if found is None and words and _numbers(words) and _COLUMN_NUMBER.fullmatch(texts[i]):
            found = Word("number", texts[i]), 1
        if found is None:
            break
        words.append(found[0])
        i += found[1]
        ends.append(i)
    while words and i < len(texts) and _begins_row(words, texts[i]):
        words.pop()
        ends.pop()
        i = ends[-1] if ends else 0
    return (words, i) if _is_row(table_code, texts[i:]) else ([], 0)


def _is_row(table_code: str, texts: Sequence[str]) -> bool:
    """Whether words begin with what names or fills a row of a table."""
    if not texts or "栏次" in texts[:_HEADER_GOES_ON]:
        return False
    if table_code in TWO_SIDED_TABLES:
        labels = ["".join(texts[:count]) for count in range(1, _PIECES_AT_MOST + 1)]
        return any(line_item_of(table_code, "revenue", label) for label in labels)
    if is_amount(texts[0]) or is_dash(texts[0]):
        return True
    if table_code in FUNCTION_TABLES:
        return texts[0] == "合计" or FUNCTION_CODE.fullmatch(texts[0]) is not None
    if table_code == "gk06":
        return texts[0] == "合计" or ECONOMIC_CODE.fullmatch(texts[0]) is not None
    return says_phase(texts[0])


def _word_at(table_code: str, texts: Sequence[str], i: int) -> tuple[Word, int] | None:
    """The longest header that begins with a token, and of how many tokens it is."""
    if texts[i] in _SIDES:
        return Word("side", texts[i]), 1
    for count in range(min(_PIECES_AT_MOST, len(texts) - i), 0, -1):
        text = "".join(texts[i : i + count])
        kind = _kind(table_code, text)
        if kind:
            return Word(kind, text), count
    return None


def _kind(table_code: str, text: str) -> str:
    if is_amount(text) or is_dash(text):
        return ""
    if _LABEL.fullmatch(text):
        return "label"
    if text in _ORDINALS:
        return "ordinal"
    if text in _NUMBERING:
        return "numbering"
    if is_header_part(table_code, text):
        return "part"
    return "phase" if says_phase(text) else ""


def _numbers(words: Sequence[Word]) -> bool:
    """Whether a whole number may follow: the numbers of the columns."""
    return words[-1].kind in ("numbering", "number")


def _begins_row(words: Sequence[Word], following: str) -> bool:
    """Whether the last word is the label of the first row: 合计 before a number, or the only phase."""
    if not is_amount(following) and not is_dash(following):
        return False
    is_only_phase = words[-1].kind == "phase" and sum(word.kind == "phase" for word in words) == 1
    return words[-1].text == "合计" or (is_only_phase and len(words) > 4)


def column_count(words: Sequence[Word]) -> list[int]:
    """How many columns each 栏次 of a header numbers, where they go on from 1 without a gap."""
    counts: list[int] = []
    following = 1
    for word in words:
        if word.kind == "numbering":
            counts.append(0)
        elif word.kind == "number" and counts:
            if word.text.partition("=")[0] != str(following):
                return []
            counts[-1] += 1
            following += 1
    return [count for count in counts if count]


def blocks_of(table_code: str, words: Sequence[Word], fiscal_year: str = "") -> tuple[Block, ...]:
    """The blocks of gk01 or gk04 with their columns; none where the header does not tell them surely."""
    counts = column_count(words)
    words = [word for word in words if word.kind not in ("side", "numbering", "number")]
    starts = [n for n, word in enumerate(words) if word.kind == "label"]
    if len(starts) not in (2, 3) or starts[0] != 0:
        return ()
    runs = [words[a + 1 : b] for a, b in zip(starts, [*starts[1:], len(words)], strict=True)]
    if any(word.kind == "ordinal" for run in runs for word in run[1:]):
        return ()
    runs = [[word for word in run if word.kind != "ordinal"] for run in runs]
    first, lower = _rows(runs[-1])
    runs[-1] = first
    nested = _nested(runs, lower)
    if nested is None:
        return ()
    sides = [_side(n, words[start].text) for n, start in enumerate(starts)]
    blocks = []
    column_no = 0
    for side, paths in zip(sides, nested, strict=True):
        columns = []
        for path in paths:
            column_no += 1
            measure = _measure_of_totals(table_code, side, path, fiscal_year)
            columns.append(FormColumn(column_no, measure, "/".join(path)))
        blocks.append(Block(side, tuple(columns)))
    is_told = all(
        block.columns and all(_distinct([column.measure for column in block.columns])) for block in blocks
    )
    if not is_told or len({block.side for block in blocks}) < len(blocks):
        return ()
    if counts and counts != [len(block.columns) for block in blocks]:
        return ()
    return tuple(blocks)


def _distinct(measures: Sequence[str]) -> list[bool]:
    seen = Counter(measures)
    return [bool(measure) and seen[measure] == 1 for measure in measures]


def _rows(run: Sequence[Word]) -> tuple[list[Word], list[Word]]:
    """The words of the last block, and those of the lower header row that follow them."""
    end = next((n for n, word in enumerate(run) if n and word.kind != run[0].kind), len(run))
    return list(run[:end]), list(run[end:])


def _nested(runs: list[list[Word]], lower: Sequence[Word]) -> list[list[tuple[str, ...]]] | None:
    """The path of every column of every block: the lower row divides the columns of one block or, in
    forms of three, of the last two."""
    paths = [[(word.text,) for word in run] for run in runs]
    if not lower:
        return paths
    kinds = {word.kind for word in lower}
    if len(kinds) > 1:
        return None
    for divided in ([1], [1, 2]):
        upper = [(n, path) for n in divided if n < len(paths) for path in paths[n]]
        if not upper or len(lower) % len(upper):
            continue
        size = len(lower) // len(upper)
        groups = [[word.text for word in lower[k : k + size]] for k in range(0, len(lower), size)]
        if len(set(groups[0])) < max(size, 2) or any(group != groups[0] for group in groups):
            continue
        for n in divided:
            paths[n] = []
        for (n, path), group in zip(upper, groups, strict=True):
            paths[n] += [(*path, text) for text in group]
        return paths
    return None


def _side(n: int, label: str) -> str:
    return "nature" if _NATURE.search(label) else ("revenue", "expenditure", "nature")[n]


def _measure_of_totals(table_code: str, side: str, path: Sequence[str], fiscal_year: str) -> str:
    measure = measure_of(table_code, path, fiscal_year) or ""
    if table_code == "gk04" and side != "revenue":
        if measure == "final":
            return "total"
        if measure in PHASES:
            return f"{measure}.total"
    return measure


def columns_of(table_code: str, words: Sequence[Word], fiscal_year: str = "") -> tuple[FormColumn, ...]:
    """The columns of a table with one block; none where the header does not tell them surely."""
    counts = column_count(words)
    parts = [word for word in words if word.kind in ("part", "phase")]
    paths = _paths(table_code, parts)
    measures = [measure_of(table_code, path, fiscal_year) or "" for path in paths]
    if not measures or not all(_distinct(measures)):
        return ()
    if counts and counts != [len(paths)]:
        return ()
    return tuple(
        FormColumn(n, measure, "/".join(path))
        for n, (measure, path) in enumerate(zip(measures, paths, strict=True), start=1)
    )


# What the upper row of a form groups, and what begins and goes on in the lower row below it.
_GROUPS = {
    "本年支出": ({"合计", "小计"}, {"基本支出", "项目支出"}),
    "基本支出": ({"合计", "小计"}, {"人员经费", "公用经费"}),
}


def _paths(table_code: str, words: Sequence[Word]) -> list[tuple[str, ...]]:
    """Every column's headers, outermost first."""
    texts = [word.text for word in words]
    phases = next((n for n, word in enumerate(words) if word.kind != "phase"), len(words))
    upper, lower = texts[:phases], texts[phases:]
    starts = [n for n, text in enumerate(lower) if text == lower[0]]
    if len(upper) > 1 and len(starts) == len(upper) and all(word.kind == "part" for word in words[phases:]):
        # 上年决算数 and 本年决算数, each over columns of its own that begin with the same one
        ends = [*starts[1:], len(lower)]
        return [
            (phase, text)
            for phase, start, end in zip(upper, starts, ends, strict=True)
            for text in lower[start:end]
        ]
    for group, (first, others) in _GROUPS.items():
        if group in texts and set(texts[-2:]) == others and len(texts) > 3 and texts[-3] in first:
            upper, lower = texts[:-3], texts[-3:]
            if upper.count(group) == 1:
                n = upper.index(group)
                return [
                    *[(text,) for text in upper[:n]],
                    *[(group, text) for text in lower],
                    *[(text,) for text in upper[n + 1 :]],
                ]
    return [(text,) for text in texts]


def three_public_columns(words: Sequence[Word], fiscal_year: str = "") -> tuple[FormColumn, ...]:
    """The columns of a 三公 table: phases above the expenses, below each expense (pairs), or none at all,
    where each row is of a phase; none where the header does not tell them. Without phases the measure is
    that of the final account."""
    counts = column_count(words)
    words = [word for word in words if word.kind in ("phase", "part")]
    phases = [word.text for word in words if word.kind == "phase"]
    leading = next((n for n, word in enumerate(words) if word.kind == "part"), 0)
    if 0 < leading < len(phases):
        return ()
    parts = [word.text for word in words[leading:] if word.kind == "part"]
    trailing = phases[leading:]
    upper = _expenses(parts)
    if upper is None:
        return ()
    if leading:
        if len(upper) % leading:
            return ()
        size = len(upper) // leading
        groups = [upper[k : k + size] for k in range(0, len(upper), size)]
        if any(group != groups[0] for group in groups):
            return ()
        paths = [(phase, *path) for phase, group in zip(phases, groups, strict=False) for path in group]
    elif trailing:
        if len(trailing) % len(upper):
            return ()
        size = len(trailing) // len(upper)
        if any(word.kind == "part" for word in words[-len(trailing) :]) or trailing != trailing[:size] * len(
            upper
        ):
            return ()
        paths = [(*path, phase) for path in upper for phase in trailing[:size]]
    else:
        paths = [("决算数", *path) for path in upper]
    measures = [measure_of("gk09", path, fiscal_year) or "" for path in paths]
    if not all(_distinct(measures)) or (counts and counts != [len(paths)]):
        return ()
    return tuple(
        FormColumn(n, measure, "/".join(path))
        for n, (measure, path) in enumerate(zip(measures, paths, strict=True), start=1)
    )


def _expenses(parts: Sequence[str]) -> list[tuple[str, ...]] | None:
    """The expenses in order, the vehicles' with their own columns, which the lower row prints."""
    kinds = [measure_of("gk09", ("决算数", part)) for part in parts]
    lower = next((n for n, text in enumerate(parts) if text == "小计"), len(parts))
    groups = [n for n in range(lower) if kinds[n] == f"final.{_VEHICLES}"]
    below = list(parts[lower:])
    if not groups:
        return None if below else [(part,) for part in parts]
    if not below:
        return [(part,) for part in parts]
    if len(below) % len(groups):
        return None
    size = len(below) // len(groups)
    paths: list[tuple[str, ...]] = []
    for n, part in enumerate(parts[:lower]):
        if n in groups:
            k = groups.index(n) * size
            if below[k] != "小计":
                return None
            paths += [(part, text) for text in below[k : k + size]]
        else:
            paths.append((part,))
    return paths
