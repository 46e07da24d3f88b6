"""For each finding what is printed at its place: a picture where the page has positions, else the line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

import pypdfium2 as pdfium

from flows.extract.model import Box, Line
from flows.extract.readers import UnreadableDocument, dispatch, picture
from flows.report.contents import SEVERITIES, Contents, Document, Finding
from flows.report.originals import Originals
from flows.report.pictures import Pages, Picture
from flows.report.printed import PrintedLine, line_of, printed_lines

MOST_PICTURES = 300


@dataclass(frozen=True)
class Evidence:
    """What stands beside a finding: a picture, or lines, or the reason why neither (`without_place` of
    words.yml; empty where the finding has no place)."""

    picture: Picture | None = None
    lines: tuple[PrintedLine, ...] = ()
    why_not: str = ""


def evidence_of(
    contents: Contents, originals: Originals, on_document: Callable[[str], None] = lambda name: None
) -> dict[str, Evidence]:
    """finding_id → its evidence. The gravest findings get the MOST_PICTURES pictures."""
    by_severity = sorted(contents.findings, key=lambda pair: SEVERITIES.index(pair[1].row["severity"]))
    with_pictures = [
        finding.row["finding_id"] for document, finding in by_severity if _can_be_seen(document, finding)
    ][:MOST_PICTURES]
    found: dict[str, Evidence] = {}
    for document in contents.documents:
        if document.findings:
            on_document(document.row["file_name"])
            found.update(_of_document(document, originals, set(with_pictures)))
    return found


def _is_drawn(document: Document) -> bool:
    return document.media_type == "application/pdf" or document.media_type.startswith("image/")


def _can_be_seen(document: Document, finding: Finding) -> bool:
    return _is_drawn(document) and bool(_place(finding)[0])


def _place(finding: Finding) -> tuple[int, int]:
    """(page, line) of a finding; zeros where it is the whole document's or page's."""
    if finding.figure:
        return finding.figure.page, finding.figure.line_no
    return finding.row["page"] or 0, finding.row["line_no"] or 0


def _of_document(
    document: Document, originals: Originals, with_pictures: set[str]
) -> Iterator[tuple[str, Evidence]]:
    placed = [finding for finding in document.findings if any(_place(finding))]
    yield from ((f.row["finding_id"], Evidence()) for f in document.findings if f not in placed)
    data = originals.bytes_of(document.row["document_id"]) if placed else b""
    if data is None:
        yield from ((finding.row["finding_id"], Evidence(why_not="moved")) for finding in placed)
        return
    try:
        if _is_drawn(document):
            yield from _drawn(document, placed, data, with_pictures)
        elif placed:
            yield from _written(placed, data)
    except (UnreadableDocument, pdfium.PdfiumError):
        # it was read when the warehouse was made; perhaps what read it is not installed here
        yield from ((finding.row["finding_id"], Evidence(why_not="unreadable")) for finding in placed)


def _written(placed: list[Finding], data: bytes) -> Iterator[tuple[str, Evidence]]:
    lines = {(line.page, line.line_no): line.text for line in dispatch.read(data).lines}
    for finding in placed:
        page, line_no = _place(finding)
        evidence = finding.figure.evidence if finding.figure else ""
        yield finding.row["finding_id"], Evidence(
            lines=printed_lines(lines, page, line_no, _value(finding), evidence)
        )


def _value(finding: Finding) -> str:
    """What is marked: the figure, or the words that are meant."""
    return finding.figure.text if finding.figure else finding.printed


def _drawn(
    document: Document, placed: list[Finding], data: bytes, with_pictures: set[str]
) -> Iterator[tuple[str, Evidence]]:
    if document.media_type.startswith("image/"):
        data = picture.as_pdf(data, document.media_type)
    lines: dict[tuple[int, int], Line] | None = None
    with closing(Pages(data)) as pages:
        for finding in sorted(placed, key=_place):
            finding_id = finding.row["finding_id"]
            if finding_id not in with_pictures:
                yield finding_id, Evidence(why_not="cut" if _can_be_seen(document, finding) else "")
                continue
            box = finding.figure.box if finding.figure else None
            if not box and lines is None:
                # reading pictures again takes seconds a page, for a line that the report can do without
                read = () if "ocr" in document.reader else dispatch.read(data).lines
                lines = {(line.page, line.line_no): line for line in read}
            yield finding_id, _seen(pages, finding, box, lines or {})


def _seen(
    pages: Pages,
    finding: Finding,
    box: tuple[float, float, float, float] | None,
    lines: dict[tuple[int, int], Line],
) -> Evidence:
    page, line_no = _place(finding)
    try:
        place = Box(*box) if box else _box_of_line(pages, finding, lines)
        if place is None:
            return Evidence(why_not="no_line" if line_no else "")
        others = [Box(*other.box) for other in finding.others if other.box and other.page == page]
        return Evidence(picture=pages.picture(page, place, others))
    except (pdfium.PdfiumError, IndexError, ValueError):
        return Evidence(why_not="no_line")


def _box_of_line(pages: Pages, finding: Finding, lines: dict[tuple[int, int], Line]) -> Box | None:
    page, line_no = _place(finding)
    texts = {place: line.text for place, line in lines.items() if place[0] == page}
    line = lines.get(line_of(texts, page, line_no, _value(finding)))
    if line is None or line.box is None:
        return None
    evidence = finding.figure.evidence if finding.figure else ""
    return pages.box_in_line(page, line.box, _value(finding), evidence)
