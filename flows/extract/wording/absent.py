"""Tables that the text announces and the document does not have, and empty ones that nothing explains.

A standard table whose title is printed without a body is a problem of recognition
(table_without_text) and not repeated here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from flows.extract.claims.passages import Passage
from flows.extract.model import DocumentDraft, Line, ProblemDraft, TableDraft
from flows.extract.normalise import squeeze
from flows.extract.places import inside, stretch_of
from flows.extract.wording.slip import slip

_ATTACHED = re.compile(r"自评表(?:\(|（)附后(?:\)|）)")
_NUMERAL = "[一二三四五六七八九十]{1,3}"
_TITLE_AT_END = re.compile(rf"^(?:附件\d*:?|{_NUMERAL}、|\({_NUMERAL}\))[^，。;]{{4,50}}表$")
_PAGE_NUMBER = re.compile(r"[-—\s]*\d{1,3}[-—\s]*")
_FUNDS = {"gk07": "政府性基金", "gk08": "国有(?:资本|资产)(?:经营)?"}
_NOTHING = "(?:无|没有|未(?:发生|安排|使用|涉及)|不涉及)"
_SAID_EMPTY = (
    _NOTHING + "[^。]{{0,40}}{fund}",
    "{fund}[^。]{{0,80}}(?:空表|为空|无数据|" + _NOTHING + "|为零|(?<![\\d.])0(?:\\.0+)?[万亿]?元)",
)
_SECTIONS = {"gk07": "7", "gk08": "8"}
_UNDER_HEADING = re.compile(_NOTHING + "[^。]{0,20}(?:收入|支出|收支|资金|预算|此项|该项|数据)")
_SEVERAL = 2  # lines in which an announcement may be broken
_UNREAD = {"page_without_text", "embedded_document", "table_too_large"}  # what is missing may be there


def absent_tables(lines: Sequence[Line], draft: DocumentDraft) -> list[ProblemDraft]:
    """Self-evaluation tables announced as attached where the document has none of a project, and a
    document that ends in the title of a table."""
    lines = [line for line in lines if line.text.strip() and not _PAGE_NUMBER.fullmatch(line.text.strip())]
    if not lines or any(p.code in _UNREAD for p in draft.problems):
        return []
    found = []
    if not any(table.table_code == "pf03" for table in draft.tables):
        for i, line in enumerate(lines):
            text = squeeze("".join(part.text for part in lines[i : i + _SEVERAL]))
            if text.startswith("附件") and _ATTACHED.search(text[:80]):
                found.append(slip("table_missing", line, text[: _ATTACHED.search(text).end()]))
    last, is_in_table = lines[-1], inside(map(stretch_of, draft.tables))
    if _TITLE_AT_END.match(squeeze(last.text)) and not is_in_table(last):
        found.append(slip("table_missing", last, squeeze(last.text)))
    return found


def notes_missing(
    lines: Sequence[Line], passages: Sequence[Passage], draft: DocumentDraft
) -> list[ProblemDraft]:
    """The tables of the government fund and of state capital that have not one figure where no sentence
    about that fund says that there is none. A printed zero is a figure."""
    empty = [
        table
        for table in draft.tables
        if table.table_code in _FUNDS and table.row_count and not table.cells and not table.is_declared_empty
    ]
    if not empty:
        return []
    stretches = [(table, _text_of(lines, table)) for table in draft.tables]
    return [
        slip("note_missing", Line(table.first_page, table.first_line, ""), table.printed_title)
        for table in empty
        if not _is_said_empty(table, passages, stretches)
    ]


def _text_of(lines: Sequence[Line], table: TableDraft) -> str:
    is_inside = inside([stretch_of(table)])
    return squeeze("".join(line.text for line in lines if is_inside(line)))


def _is_said_empty(
    table: TableDraft, passages: Sequence[Passage], stretches: Sequence[tuple[TableDraft, str]]
) -> bool:
    """Whether a sentence that names the table's fund says that it has nothing, in the narrative or in a
    table, or a sentence under the heading of that fund. The title of another table is no such sentence: its
    note speaks for itself alone."""
    fund = _FUNDS[table.table_code]
    texts = [passage.text for passage in passages]
    texts += [
        text if other is table else text.replace(squeeze(other.printed_title), "。")
        for other, text in stretches
    ]
    patterns = [re.compile(said.format(fund=fund)) for said in _SAID_EMPTY]
    if any(pattern.search(text) for pattern in patterns for text in texts):
        return True
    of_fund = [passage.text for passage in passages if passage.section == _SECTIONS[table.table_code]]
    return any(_UNDER_HEADING.search(text) for text in of_fund)
