"""Marks what was read from pictures, so that no figure of a scan looks like a printed one.

One place for tables, annexes and claims of every kind: a figure is recognised if the cell or the
line that it stands in is.
"""

from __future__ import annotations

from dataclasses import replace

from flows.extract.model import CellDraft, ClaimDraft, DocumentDraft, ProblemDraft, Reading, Recognition
from flows.extract.normalise import squeeze
from flows.extract.places import inside, stretch_of
from flows.extract.tables.proofread import NEEDS_PROOF

_CERTAIN = 1.0


def mark_recognised(draft: DocumentDraft, reading: Reading) -> None:
    """Sets method and confidence `ocr` on the tables, cells and claims of `draft` that `reading`
    has from pictures, and reports claims in doubt as `ocr_uncertain`. An ambiguous column stays
    ambiguous: that is the greater doubt."""
    sources = _Sources(reading)
    if not sources.lines:
        return
    for n, table in enumerate(draft.tables):
        cells = tuple(_marked(cell, sources) for cell in table.cells)
        is_inside = inside([stretch_of(table)])
        is_recognised = any(cell.recognition for cell in cells) or any(map(is_inside, sources.printed))
        draft.tables[n] = replace(table, cells=cells, method="ocr" if is_recognised else table.method)
    for n, claim in enumerate(draft.claims):
        recognition = sources.of_number(claim)
        if recognition:
            draft.claims[n] = replace(claim, confidence="ocr")
            if recognition.certainty < NEEDS_PROOF:
                draft.problems.append(_uncertain(claim, recognition))


class _Sources:
    """Where the recognised lines and cells of a reading stand."""

    def __init__(self, reading: Reading) -> None:
        self.printed = [line for line in reading.lines if line.recognition]
        # a picture in a document without pages stands at no place that could be told
        self.unmeasured = {page.number for page in reading.pages if not page.width}
        self.lines = {(line.page, line.line_no): line for line in self.printed}
        self.cells = {
            (cell.page, cell.line_no, cell.box.as_text()): cell
            for page in (reading.pages if self.printed else ())
            for grid in page.grids
            for cell in grid.cells
            if cell.recognition and cell.box
        }

    def of_cell(self, cell: CellDraft) -> Recognition | None:
        """The recognition of the grid's cell, with its other readings; else that of the line."""
        source = self.cells.get((cell.page, cell.line_no, cell.box))
        return source.recognition if source else self.of_number(cell)

    def of_number(self, figure: CellDraft | ClaimDraft) -> Recognition | None:
        """How certain a number is in a line of text: as certain as the line where another reading
        of the line has not got it, else the line's doubt lies elsewhere."""
        line = self.lines.get((figure.page, figure.line_no))
        if line is None or line.recognition is None:
            return None
        number = squeeze(figure.value_text)
        is_disputed = any(number not in squeeze(other) for other in line.recognition.others)
        return Recognition(line.recognition.certainty if is_disputed else _CERTAIN)


def _marked(cell: CellDraft, sources: _Sources) -> CellDraft:
    recognition = sources.of_cell(cell)
    if recognition is None:
        return cell
    if cell.page in sources.unmeasured:
        cell = replace(cell, box="")
    confidence = cell.confidence if cell.confidence == "ambiguous" else "ocr"
    return replace(cell, recognition=recognition, method="ocr", confidence=confidence)


def _uncertain(claim: ClaimDraft, recognition: Recognition) -> ProblemDraft:
    detail = f"{claim.value_text}{claim.unit_text} · {squeeze(claim.subject_text)[:40]} · "
    detail += f"certainty {recognition.certainty:.2f}"
    return ProblemDraft(claim.page, claim.line_no, "claims", "ocr_uncertain", detail)
