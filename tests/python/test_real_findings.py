"""The findings of the real documents: what must be among them, what may not, and how they are worded."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import duckdb
import pytest

from tests.corpus.finding_score import broken_floors, built, finding_scores, finding_truth, reported_findings

_NAMED = Path(__file__).parents[1] / "corpus" / "truth" / "named_contradictions.csv"
# keys of tables, line items and measures: gk05, function.2080505, revenue.total_current, adjusted_budget
_KEY = re.compile(r"\b(?:gk|pf)\d\d\b|\b[a-z]+_[a-z_]+\b|\b[a-z]+\.[a-z0-9]+\b")


@pytest.fixture(scope="module")
def warehouse(real_documents, tmp_path_factory):
    return built(tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="module")
def findings(warehouse):
    """Every finding as a dictionary, with `has_pages` of its document."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute("""
            select found.*, documents.page_count is not null as has_pages
            from quality.fct_findings as found
            inner join intermediate.int_documents as documents using (document_id)
        """)
        names = [column[0] for column in rows.description]
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def _named():
    with _NAMED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("named", _named(), ids=lambda n: f"{n['document']} {n['line_no']} {n['rule']}")
def test_every_named_contradiction_is_found_where_it_stands_and_with_its_reason(findings, named):
    there = [
        f
        for f in findings
        if (f["document_id"], f["rule"]) == (named["document_id"], named["rule"])
        and (f["page"], f["line_no"]) == (int(named["page"]), int(named["line_no"]))
        and named["printed"] in f["printed_text"]
    ]
    assert [f["expected_text"] or "" for f in there] == [named["expected"]]
    assert named["says"] in there[0]["message_zh"]


def test_what_readers_found_is_found_and_nothing_that_they_would_call_false(warehouse):
    scores = finding_scores(finding_truth(), reported_findings(warehouse))
    assert broken_floors(scores[-1]) == []


def test_sentences_name_things_and_no_keys(findings):
    told = [f[name] for f in findings for name in ("message_zh", "message_en")]
    assert [text for text in told if text is None or _KEY.search(text)] == []


def test_a_place_in_a_text_dump_has_no_page(findings):
    dumped = [f for f in findings if not f["has_pages"]]
    assert dumped
    assert [f for f in dumped if re.search(r"第\d+页", f["message_zh"]) or "page " in f["message_en"]] == []
