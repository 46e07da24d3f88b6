"""All slips of wording of one document."""

from __future__ import annotations

from collections.abc import Sequence

from flows.extract.claims.passages import Passage, passages_of
from flows.extract.claims.vocabulary import vocabulary
from flows.extract.model import DocumentDraft, Line, ProblemDraft
from flows.extract.places import inside, stretch_of
from flows.extract.wording.absent import absent_tables, notes_missing
from flows.extract.wording.funds import fund_slips
from flows.extract.wording.names import name_slips, term_slips
from flows.extract.wording.residue import may_hold_residue, residue
from flows.extract.wording.units import unit_slips
from flows.extract.wording.years import year_slips


def wording_problems(
    lines: Sequence[Line], passages: Sequence[Passage], draft: DocumentDraft
) -> list[ProblemDraft]:
    """The slips of wording in `lines`, one row a place, as problems of the stage `wording`.

    `passages` are the document's narrative, what stands outside its tables. `draft` says what the
    document is and which tables it has. The detail is what is printed, and after → what was expected
    where that is known; 60 characters at most.
    """
    is_inside = inside(map(stretch_of, draft.tables))
    table_lines = [line for line in lines if is_inside(line)]
    in_tables = (
        passages_of(table_lines, [], vocabulary().outline) if may_hold_residue(table_lines) else []
    )
    left = residue(passages, in_tables, lines, draft)
    if any(problem.code == "residue_template" for problem in left):
        return left
    wrong = unit_slips(passages, draft) + year_slips(passages, draft) + name_slips(passages, lines, draft)
    wrong += term_slips(lines) + fund_slips(passages, draft)
    # a unit, a year or a name that was read from a picture may be misread
    recognised = {(line.page, line.line_no) for line in lines if line.recognition is not None}
    wrong = [problem for problem in wrong if (problem.page, problem.line_no) not in recognised]
    return left + wrong + absent_tables(lines, draft) + notes_missing(lines, passages, draft)
