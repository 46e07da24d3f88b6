"""Where the annex tables of a text dump stand, and in which form each was dumped."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flows.extract.model import Line
from flows.extract.normalise import squeeze
from flows.extract.tables.annex.knowledge import TableKind, table_kinds

# How many printed lines after a title may pass before the form shows itself: broken PDF text
# needs many for one header, a list of annexes in the table of contents has none.
_LOOKAHEAD = 15
_LONGEST_TITLE = 120
_FOOTER = re.compile(r"^(?:说明|备注|注|填表人|填报人)[:：]")


@dataclass(frozen=True)
class Cell:
    text: str
    line: Line


@dataclass(frozen=True)
class Annex:
    """One annex as it lies in the text. `rows` hold its cells where tabs made any, else they
    are empty and `lines` (without the title, blank lines left out) are all there is."""

    table_code: str
    title: Line
    lines: tuple[Line, ...]
    rows: tuple[tuple[Cell, ...], ...]
    last: Line  # the last line of the table, the notes below it included
    is_closed: bool = True  # whether something printed ends it; else the text goes on behind it


def find_annexes(lines: list[Line]) -> list[Annex]:
    """The annexes in printed order. A title counts only where its form follows it before
    another title does, so lists of annexes and references to them are passed over."""
    titles = [(i, kind) for i, line in enumerate(lines) if (kind := _kind(line)) is not None]
    places = [i for i, _ in titles] + [len(lines)]
    found = []
    for (start, kind), stop in zip(titles, places[1:], strict=True):
        if _is_confirmed(lines[start + 1 : stop], kind):
            found.append(_annex(lines, start, stop, kind))
    return found


def _kind(line: Line) -> TableKind | None:
    """The annex that a line announces: its title, or the header row of the form without one."""
    if len(line.text) > _LONGEST_TITLE:
        return None
    text, has_cells = squeeze(line.text), "\t" in line.text.strip("\t")
    return next(
        (k for k in table_kinds() if k.title.match(text) and (k.is_headed_only or not has_cells)), None
    )


def _is_confirmed(lines: list[Line], kind: TableKind) -> bool:
    head = [squeeze(line.text) for line in lines if line.text.strip()][:_LOOKAHEAD]
    return bool(head) and kind.confirm.search("".join(head)) is not None


def _annex(lines: list[Line], start: int, stop: int, kind: TableKind) -> Annex:
    body = lines[start + 1 : stop]
    first = next((i for i, line in enumerate(body) if "\t" in line.text), None)
    is_ruled = first is not None and sum(1 for line in body[:first] if line.text.strip()) <= _LOOKAHEAD
    if is_ruled and not kind.is_headed_only:
        end = _end_of_rows(body, first)
        rows = _rows(body[first:end])
        last = start + 1 + _end_of_footer(body, end)
        return Annex(kind.table_code, lines[start], (), tuple(rows), lines[last - 1])
    end = next((i for i, line in enumerate(body) if kind.end.match(squeeze(line.text))), len(body))
    kept = [line for line in body[:end] if line.text.strip()]
    last = kept[-1] if kept else lines[start]
    return Annex(kind.table_code, lines[start], tuple(kept), (), last, is_closed=end < len(body))


def _end_of_rows(body: list[Line], first: int) -> int:
    """Cells end where, after a blank line, a printed line has no tab."""
    end, after_blank = first, False
    for i in range(first, len(body)):
        text = body[i].text
        if "\t" in text:
            end, after_blank = i + 1, False
        elif not text.strip():
            after_blank = True
        elif after_blank:
            break
        else:
            end = i + 1
    return end


def _end_of_footer(body: list[Line], end: int) -> int:
    """The notes and the signatures right below the cells belong to the form."""
    for i in range(end, len(body)):
        text = squeeze(body[i].text)
        if _FOOTER.match(text):
            end = i + 1
        elif text:
            break
    return end


def _rows(body: list[Line]) -> list[tuple[Cell, ...]]:
    """Rows of cells, from rows with tabs between the cells or from one cell a line."""
    tabbed = [line for line in body if "\t" in line.text]
    many = sum(1 for line in tabbed if "\t" in line.text.strip("\t") or line.text.count("\t") > 1)
    return _tab_rows(body) if 2 * many > len(tabbed) else _word_rows(body)


def _tab_rows(body: list[Line]) -> list[tuple[Cell, ...]]:
    """One row a line; a line without a tab goes on with the last cell."""
    rows: list[list[Cell]] = []
    for line in body:
        if "\t" in line.text:
            rows.append([Cell(text, line) for text in line.text.split("\t")])
        elif line.text.strip() and rows:
            _go_on(rows[-1], line)
    return [tuple(row) for row in rows]


def _word_rows(body: list[Line]) -> list[tuple[Cell, ...]]:
    """One cell a line, begun by a tab; a cell goes on over lines, a blank line ends the row."""
    rows: list[list[Cell]] = []
    row: list[Cell] = []
    for line in body:
        if "\t" in line.text:
            row += [Cell(text, line) for text in line.text.split("\t")[1:]]
        elif line.text.strip():
            if row:
                _go_on(row, line)
        elif row:
            rows.append(row)
            row = []
    if row:
        rows.append(row)
    return [tuple(row) for row in rows]


def _go_on(row: list[Cell], line: Line) -> None:
    row[-1] = Cell(f"{row[-1].text}{line.text.strip()}", row[-1].line)
