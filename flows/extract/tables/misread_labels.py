"""Row labels read from pictures, held against the labels that the form has.

Noise breaks a character of a label or its ordinal (、节能环保支出, 般公共预算财政拨款) or loses the code
beside it, and with it a row of figures that are well read. A label that the form does not have is taken for
one that it has if it is near in characters and no other row of the table is it. The order of the form helps:
of classes and codes only those between the neighbours can stand in a row, and of the classes that are left
one may be less near. Printed text is never matched so: there, a label that is near another is another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from flows.extract.model import Grid, GridCell, ProblemDraft
from flows.extract.normalise import distance, has_words, is_amount, squeeze
from flows.extract.tables.codes import listed_names
from flows.extract.tables.form import Form
from flows.extract.tables.vocabulary import (
    ECONOMIC_CODE,
    FUNCTION_TABLES,
    TWO_SIDED_TABLES,
    LineItems,
    header_words,
    label_without_ordinal,
    labels_of,
    measure_of,
    number_and_unit,
    says_phase,
)

_SAME = 6  # one character in so many may be misread in the same label
_SHORT = 4  # characters: a shorter label that is misread in one can be another
_HALF = 2  # where the order leaves few labels, one character in so many may be misread
_APART = 2  # characters: how much less near all others must be then
_CLASS = "expenditure.class."
_DIRT = "-—–_.,·|:;'`~★*"
_OF_ORDINALS = frozenset("一二三四五六七八九十0123456789()、" + _DIRT)
_ORDINAL_MARK = re.compile(r"^.{0,3}、")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")

NamesOfCodes = Mapping[str, Set[str]]


@dataclass(frozen=True)
class CodedRow:
    """A row of a table by functional code: the cells of its label, the code and the name that they
    print, and the line item; None where they tell none."""

    labels: Sequence[GridCell]
    code: str
    name: str
    line_item: str | None


@dataclass(frozen=True)
class _Mend:
    """A cell of the grid with its text as it must be, what was read, and what it is taken for.
    `left_over` are other cells with parts of what was read."""

    cell: GridCell
    text: str
    read: str
    taken_for: str
    left_over: tuple[GridCell, ...] = ()


def mend_labels(
    grid: Grid, form: Form, rows: Sequence[CodedRow], names: NamesOfCodes
) -> tuple[Grid, tuple[ProblemDraft, ...]]:
    """The grid with the row labels that its form has in place of misread ones, and a problem
    `ocr_corrected` with both readings for each. `rows` are those of a table by functional code, `names`
    what the document's tables call functional codes."""
    if not any(cell.recognition for cell in grid.cells):
        return grid, ()
    mends = list(_mends(form, rows, names))
    if not mends:
        return grid, ()
    texts = {(cell.row, cell.column): "" for mend in mends for cell in mend.left_over}
    texts |= {(mend.cell.row, mend.cell.column): mend.text for mend in mends}
    cells = (
        replace(cell, text=texts[cell.row, cell.column]) if (cell.row, cell.column) in texts else cell
        for cell in grid.cells
    )
    return replace(grid, cells=tuple(cells)), tuple(_problem(mend, form.table_code) for mend in mends)


def _mends(form: Form, rows: Sequence[CodedRow], names: NamesOfCodes) -> Iterator[_Mend]:
    if form.table_code in TWO_SIDED_TABLES:
        for side, columns in form.sides:
            yield from _of_side(form, side, columns)
    elif form.table_code in FUNCTION_TABLES:
        yield from _of_functions(form, rows, names)
    elif form.table_code == "gk06":
        yield from _of_economic(form)
    elif form.table_code == "gk09":
        yield from _of_three_public(form)


def _problem(mend: _Mend, table_code: str) -> ProblemDraft:
    detail = f"{mend.read[:40]} → {mend.taken_for[:40]} · {table_code} · by the labels of the form"
    return ProblemDraft(mend.cell.page, mend.cell.line_no, "recognise", "ocr_corrected", detail)


# -- likeness ----------------------------------------------------------------------------------------


def _far(read: str, label: str) -> int:
    """How far what was read is from a label: its ordinal, whole or broken, and dirt at its ends count
    for nothing."""
    words = read.rstrip(_DIRT)
    texts = {words, label_without_ordinal(words), _ORDINAL_MARK.sub("", words)}
    for n, character in enumerate(words, start=1):
        if character not in _OF_ORDINALS:
            break
        texts.add(words[n:])
    return min(distance(text, label) for text in texts)


def _is_near(far: int, label: str) -> bool:
    return far == 0 or (len(label) >= _SHORT and far <= max(1, len(label) // _SAME))


def _nearest(read: str, options: Mapping[str, str]) -> str | None:
    """The label of `options` (label → meaning) that was read, if it is near and no label of another
    meaning is as near."""
    far, label, next_far = _ranked(read, options)
    return label if label and _is_near(far, label) and far < next_far else None


def _nearest_in_order(read: str, options: Mapping[str, str]) -> str | None:
    """The same among the labels that the order of the form leaves for a row."""
    far, label, next_far = _ranked(read, options)
    return label if label and far * _HALF <= len(label) and far + _APART <= next_far else None


def _ranked(read: str, options: Mapping[str, str]) -> tuple[int, str, int]:
    """The nearest label, of spellings of one meaning the first, with its distance and that of the nearest
    with another meaning; no label where there are none."""
    ranked = sorted(((_far(read, label), label) for label in options), key=lambda pair: pair[0])
    if not ranked:
        return 0, "", 0
    far, nearest = ranked[0]
    others = (other for other, label in ranked if options[label] != options[nearest])
    return far, nearest, next(others, len(read) + _APART)


# -- gk01 and gk04 -----------------------------------------------------------------------------------


def _of_side(form: Form, side: str, columns: range) -> Iterator[_Mend]:
    labelled: list[GridCell] = []
    for _, cells in form.body():
        labels = (c for c in cells if c.column in columns and has_words(c.text))
        label = next((c for c in labels if not is_amount(squeeze(c.text))), None)
        if label is not None:
            labelled.append(label)
    labels = [squeeze(cell.text) for cell in labelled]
    known = labels_of(form.table_code, side)
    for n, cell in enumerate(labelled):
        items = _items(form.table_code, side, labels)
        if items[n] is not None or not cell.recognition:
            continue
        others = {*items[:n], *items[n + 1 :]}
        options = {
            label: item
            for label, plain in known.items()
            if _is_near(_far(labels[n], label), label) or plain.startswith(_CLASS)
            # what a label means can depend on the rows above it
            if (item := _items(form.table_code, side, [*labels[:n], label])[n]) and item not in others
        }
        below, above = _classes_around(items, n)
        in_order = {
            label: item
            for label, item in options.items()
            if item.startswith(_CLASS) and below < item.removeprefix(_CLASS) < above
        }
        options = {label: item for label, item in options.items() if not item.startswith(_CLASS)} | in_order
        label = _nearest(labels[n], options) or _nearest_in_order(labels[n], in_order)
        if label:
            yield _Mend(cell, label, labels[n], label)
            labels[n] = label


def _items(table_code: str, side: str, labels: Sequence[str]) -> list[str | None]:
    items = LineItems(table_code, side)
    return [items.of(label) for label in labels]


def _classes_around(items: Sequence[str | None], n: int) -> tuple[str, str]:
    """The codes of the classes next to the n-th row: classes are printed in their order."""
    codes = [item.removeprefix(_CLASS) if item and item.startswith(_CLASS) else "" for item in items]
    return next(filter(None, reversed(codes[:n])), ""), next(filter(None, codes[n + 1 :]), "3")


# -- tables by code ----------------------------------------------------------------------------------


def _of_functions(form: Form, rows: Sequence[CodedRow], names: NamesOfCodes) -> Iterator[_Mend]:
    listed = listed_names("function")
    names_of = {code: {*names.get(code, ()), *listed.get(code, ())} for code in {*names, *listed}}
    codes = [row.code for row in rows]
    items = [row.line_item for row in rows]
    totals = labels_of(form.table_code)
    for n, row in enumerate(rows):
        words = [cell for cell in row.labels if _CHINESE.search(cell.text)]
        if row.line_item or not words or not words[0].recognition:
            continue
        name, of_words = squeeze("".join(cell.text for cell in words)), words[0]
        code = _code_of(name, codes, n, names_of, is_economic=False)
        total = _nearest_in_order(name, totals) if n in (0, len(rows) - 1) and not code else None
        if code:
            yield _coded(row.labels, of_words, code, name)
            codes[n] = code
        elif total and totals[total] not in items:
            yield _Mend(of_words, total, name, total)
            items[n] = totals[total]


def _code_of(
    name: str, codes: Sequence[str], n: int, names_of: NamesOfCodes, is_economic: bool
) -> str | None:
    """The code of the n-th row, which has lost it, by its name: one that no other row has, in order
    between the rows around, and below a printed code, as the others of a table are that prints its 类 and
    款; of economic codes, whose 类 can stand in another column, where the name is that of several."""
    below = next(filter(None, reversed(codes[:n])), "")
    above = next(filter(None, codes[n + 1 :]), "9")
    is_tree = any(len(code) > 3 and code[:-2] in codes for code in codes)  # forms can leave 类 and 款 out
    scored = sorted(
        (_far(name, label), code)
        for code, labels in names_of.items()
        if code not in codes and (below < code < above or below >= above)
        if is_economic or not is_tree or len(code) == 3 or code[:-2] in codes
        for label in labels
        if _is_near(_far(name, label), label)
    )
    best = {code for far, code in scored if far == scored[0][0]}
    if len(best) > 1:
        best = {code for code in best if len(code) == 3 or code[:-2] in codes}
    return best.pop() if len(best) == 1 else None


def _coded(labels: Sequence[GridCell], of_words: GridCell, code: str, name: str) -> _Mend:
    """The code in place of what is left of it; where nothing is, before the name."""
    broken = [cell for cell in labels if not _CHINESE.search(cell.text) and re.search(r"\d", cell.text)]
    read = " ".join([*(squeeze(cell.text) for cell in broken), name])
    if broken:
        return _Mend(broken[0], code, read, f"{code} {name}", tuple(broken[1:]))
    return _Mend(of_words, f"{code}{of_words.text}", read, f"{code} {name}")


@dataclass
class _Entry:
    """A code, a name and amounts among several side by side in a row of gk06."""

    code: str
    labels: list[GridCell]
    has_amount: bool = False

    @property
    def name(self) -> str:
        return squeeze("".join(cell.text for cell in self.labels if _CHINESE.search(cell.text)))


def _of_economic(form: Form) -> Iterator[_Mend]:
    groups: dict[int, list[_Entry]] = {}
    for _, cells in form.body():
        for entry in _entries(form, cells):
            column = next((c.column for c in entry.labels if _CHINESE.search(c.text)), -1)
            if column >= 0 and entry.has_amount:
                groups.setdefault(column, []).append(entry)
    entries = [entry for group in groups.values() for entry in group]
    if 2 * sum(bool(entry.code) for entry in entries) < len(entries):
        return  # a form without codes: its names are all that it prints
    totals = labels_of("gk06")
    for group in groups.values():
        codes = [entry.code for entry in group]
        for n, entry in enumerate(group):
            of_words = next(cell for cell in entry.labels if _CHINESE.search(cell.text))
            if entry.code or not of_words.recognition or label_without_ordinal(entry.name) in totals:
                continue
            elsewhere = {other.code for other in entries}
            names_of = {c: names for c, names in listed_names("economic").items() if c not in elsewhere}
            code = _code_of(entry.name, codes, n, names_of, is_economic=True)
            total = None if code else _nearest(entry.name, totals)
            if code:
                yield _coded(entry.labels, of_words, code, entry.name)
                codes[n] = entry.code = code
            elif total:
                yield _Mend(of_words, total, entry.name, total)


def _entries(form: Form, cells: Sequence[GridCell]) -> list[_Entry]:
    entries = [_Entry("", [])]
    for cell in cells:
        text = squeeze(cell.text)
        code = ECONOMIC_CODE.fullmatch(text.strip(_DIRT))
        if form.is_ordinal(cell.column):
            continue
        if number_and_unit(text) and cell.column in form.measures:
            entries[-1].has_amount = True
            continue
        if entries[-1].has_amount or code:
            entries.append(_Entry("", []))
        if code:
            entries[-1].code = code[1]
        entries[-1].labels.append(cell)
    return entries


# -- gk09 --------------------------------------------------------------------------------------------


def _of_three_public(form: Form) -> Iterator[_Mend]:
    """Rows named by an expense, where the columns say the phase."""
    names = header_words("gk09")
    rows: list[tuple[GridCell, str, str | None]] = []
    for _, cells in form.body():
        label = next((c for c in cells if has_words(c.text) and not is_amount(squeeze(c.text))), None)
        amount = next((c for c in cells if number_and_unit(c.text) and not form.is_ordinal(c.column)), None)
        if label is None or amount is None or says_phase(label.text):
            continue
        path = form.path(amount.column)
        if measure_of("gk09", path, form.fiscal_year) is None:
            measure = measure_of("gk09", (*path, label.text), form.fiscal_year)
            rows.append((label, squeeze(label.text), measure))
    parts = {measure.partition(".")[2] for _, _, measure in rows if measure}
    for cell, read, measure in rows:
        if measure or not cell.recognition:
            continue
        options = {label: part for label, part in names.items() if part not in parts}
        label = _nearest(read, options)
        if label:
            yield _Mend(cell, label, read, label)
            parts.add(options[label])
