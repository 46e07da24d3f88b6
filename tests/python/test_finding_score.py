"""How findings are held against what a reader found."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.corpus.finding_score import Finding, finding_scores, finding_truth, met

_SEEDS = Path(__file__).parents[2] / "seeds" / "identities"


def _finding(line_no: int, kind: str, document_id: str = "doc", page: int = 1) -> Finding:
    return Finding(document_id, page, line_no, kind, "")


def test_kinds_of_one_group_meet_within_two_lines():
    stated = _finding(100, "duplicate")
    assert met([stated], [_finding(102, "sum")])
    assert not met([stated], [_finding(103, "sum")])
    assert not met([stated], [_finding(100, "share")])
    assert not met([stated], [_finding(100, "sum", page=2)])
    assert not met([stated], [_finding(100, "sum", document_id="other")])


def test_score_counts_each_side_by_its_own_kind():
    truth = [_finding(1, "duplicate"), _finding(50, "share"), _finding(90, "unit")]
    reported = [
        _finding(2, "sum"),
        _finding(50, "completion_rate"),
        _finding(51, "share"),
        _finding(70, "share"),
    ]
    scores = {one.kind: one for one in finding_scores(truth, reported)}
    assert (scores["duplicate"].stated, scores["duplicate"].found, scores["duplicate"].reported) == (1, 1, 0)
    assert (scores["sum"].stated, scores["sum"].reported, scores["sum"].right) == (0, 1, 1)
    assert (scores["share"].found, scores["share"].reported, scores["share"].right) == (1, 2, 1)
    assert (scores["unit"].stated, scores["unit"].found) == (1, 0)
    assert (scores["all"].recall, scores["all"].precision) == (2 / 3, 3 / 4)


def test_truth_names_kinds_that_the_rules_can_have():
    kinds = set()
    for name in ("claim_relations", "claim_bases"):
        with (_SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            kinds |= {row["kind"] for row in csv.DictReader(file)}
    # no reader found a wrong change or rate of change in the real documents
    assert kinds <= {one.kind for one in finding_truth()} | {"arithmetic_change", "change_rate"}
