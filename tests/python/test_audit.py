"""The audit: what stops a publish, what does not, and that nothing is skipped silently."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

import duckdb
import pytest

from flows.audit import SUITES, audit, load_suites
from flows.suites import identity_suites

# A warehouse of one document with one printed figure, as the suites' tables hold it.
WAREHOUSE = """
create schema landing; create schema intermediate; create schema quality; create schema marts;
create schema reference;
create table landing.landed_documents as select
    'doc1' as document_id, 'a.txt' as file_name, 'text/plain' as media_type, '10' as byte_size,
    '1' as page_count, 'text' as reader, '' as title, '甲' as department_name, '' as region_name,
    '2023' as fiscal_year, 'department_accounts' as document_kind, '万元' as amount_unit,
    'landed' as status, null::varchar as status_reason;
create table landing.landed_tables as select
    'doc1' as document_id, '1' as table_no, 'gk03' as table_code, '支出决算表' as printed_title,
    '万元' as printed_unit, '1' as first_page, '1' as last_page, '3' as row_count, '8' as column_count,
    'false' as is_declared_empty, 'grid' as method;
create table landing.landed_cells as select
    'doc1' as document_id, '1' as table_no, '1' as row_no, '3' as column_no, '1' as page, '7' as line_no,
    '' as row_code, '合计' as row_label, 'function.total' as line_item, '本年支出合计' as column_path,
    'total' as measure, '563.56' as value_text, null::varchar as unit_text, 'grid' as method,
    'certain' as confidence, null::varchar as box;
create table landing.landed_claims as select
    'doc1' as document_id, '1' as claim_no, '2' as page, '9' as line_no, '3' as section,
    '支出' as subject_text, 'expenditure.total' as subject, null::varchar as functional_path,
    'final' as measure, '563.56' as value_text, '万元' as unit_text, null::varchar as direction,
    '支出563.56万元' as evidence, 'certain' as confidence;
create table landing.landed_problems (
    document_id varchar, page varchar, line_no varchar, stage varchar, code varchar, detail varchar);
create table reference.identities as select 'gk03_row' as identity_id, false as is_same_fact;
create table reference.units as select '万元' as unit, 'money' as kind, 10000 as factor;
create table intermediate.int_figures as
select 'doc1-t01-r001-c03' as figure_id, 'doc1' as document_id, 'table' as source, 1 as table_no, 1 as row_no,
    3 as column_no, 1 as page, 7 as line_no, '563.56' as value_text, '万元' as unit_text,
    5635600::decimal(28, 6) as amount_yuan, 563.56::decimal(28, 6) as number_value,
    50::decimal(28, 6) as half_width_yuan, 'certain' as confidence, false as is_corrected
union all
select 'doc1-n0001', 'doc1', 'claim', null, 1, null, 2, 9, '563.56', '万元', 5635600, 563.56, 50,
    'certain', false;
create table quality.fct_identity_checks as select
    'doc1-gk03_row-total' as check_id, 'doc1' as document_id, 'gk03_row' as identity_id,
    '行' as name_zh, 'critical' as severity,
    'equals' as comparison, 5635600::decimal(28, 6) as total_value, 5635600::decimal(28, 6) as parts_value,
    0::decimal(28, 6) as difference_value, 150::decimal(28, 6) as tolerance_value, 'exact' as verdict,
    false as is_truncated, false as is_waived, null::varchar as missing, 1 as page, 7 as line_no,
    'doc1-t01-r001-c03' as figure_ids;
create table quality.fct_claim_checks (
    check_id varchar, name_zh varchar, kind varchar, comparison varchar, printed_value decimal(28, 6),
    expected_value decimal(28, 6), difference decimal(28, 6), tolerance decimal(28, 6), verdict varchar,
    severity varchar, missing varchar, is_waived boolean, waiver_reason varchar, figure_ids varchar,
    page integer, line_no integer);
create table quality.disclosure_scorecard as select
    'doc1' as document_id, 'a.txt' as file_name, 'A' as grade, 0 as finding_count, 1 as check_count,
    1 as exact_count, 0 as within_rounding_count, 0 as violated_count, 0 as not_checkable_count,
    0 as claim_check_count, 0 as claim_exact_count, 0 as claim_within_rounding_count,
    0 as claim_violated_count, 0 as claim_not_checkable_count;
create table reference.expected_disclosures as select
    1 as expected_no, '甲' as department_name, '2023' as fiscal_year;
create table quality.disclosure_coverage as
    select *, 'published' as status, 'doc1' as document_id from reference.expected_disclosures;
create table quality.identity_coverage as select
    'gk03_row' as identity_id, '行' as name_zh, 1 as check_count, 1 as exact_count,
    0 as within_rounding_count, 0 as violated_count, 0 as not_checkable_count, false as is_dead;
create table reference.corrections as select 'doc1-n0001' as figure_id;
create table quality.corrected_figures as select
    'doc1-n0001' as figure_id, '563.56' as printed_text, '563.65' as corrected_value_text, '勘误' as reason,
    '通知' as evidence, true as is_applied, 2 as page, 9 as line_no;
create table reference.waivers as select 'claim-x' as finding_id;
create table quality.waived_findings as select
    'claim-x' as waiver, 'doc1' as document_id, 'claim-x' as finding_id, '已更正' as reason,
    '通知' as evidence;
create table quality.fct_findings (
    finding_id varchar, document_id varchar, severity varchar, check_ids varchar, page integer,
    line_no integer);
create table marts.dim_document as select 'doc1' as document_id, 'a.txt' as file_name;
create table marts.fct_function_amounts as select
    'dy1' as department_year_id, 'total' as functional_code, 'all' as fund, 'final' as phase,
    'total' as measure, 5635600::decimal(28, 6) as amount_yuan, 'doc1-t01-r001-c03' as figure_id,
    'doc1' as document_id, 'certain' as confidence;
create table marts.fct_economic_amounts as
    select * exclude (functional_code), 'total' as economic_code from marts.fct_function_amounts where false;
create table marts.fct_three_public as
    select department_year_id, measure, phase, figure_id, amount_yuan, confidence
    from marts.fct_function_amounts where false;
create table marts.fct_department_year as select 'dy1' as department_year_id, 'doc1' as accounts_document_id;
create table marts.fct_claims as select
    'doc1-n0001' as figure_id, 5635600::decimal(28, 6) as amount_yuan, 2 as page, 9 as line_no,
    'certain' as confidence;
"""

# The critical identity of the document fails by 9.00 万元, and one finding says so.
VIOLATION = """
update quality.fct_identity_checks
    set verdict = 'violated', parts_value = 5545600, difference_value = 90000;
insert into quality.fct_findings values ('identity-1', 'doc1', 'critical', 'doc1-gk03_row-total', 1, 7);
update quality.disclosure_scorecard set finding_count = 1;
"""


# A claim that a table contradicts.
CONTRADICTION = """
insert into quality.fct_claim_checks values
    ('doc1-n0001-repeats', '正文与表一致', 'duplicate', 'equals', 8380600, 8661500, -280900, 0, 'violated',
    'minor', null, {is_waived}, {reason}, 'doc1-n0001', 2, 9);
"""


def _audited(tmp_path: Path, changes: str = "", policy: str = "quarantine"):
    path = tmp_path / "candidate.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(WAREHOUSE + changes)
    return audit(path, tmp_path / "candidate.audit", policy)


def test_sound_candidate_passes_and_leaves_its_results(tmp_path):
    result = _audited(tmp_path)
    assert result.failures == ()
    assert result.passed
    expected = sum(len(table["expectations"]) for suite in load_suites() for table in suite["tables"])
    assert sum(entry["passed"] + entry["failed"] for entry in result.counts.values()) == expected
    assert all(entry["failed"] == 0 for entry in result.counts.values())

    summary = json.loads((tmp_path / "candidate.audit" / "results.json").read_text(encoding="utf-8"))
    assert summary["passed"] is True and len(summary["checks"]) == expected
    page = result.data_docs.read_text(encoding="utf-8")
    assert "landed_cells" in page
    for html in result.data_docs.parent.rglob("*.html"):
        text = html.read_text(encoding="utf-8")
        assert 'rel="stylesheet" href="http' not in text and 'src="http' not in text


# One breach a table, and what the failure must show of the row. An audit takes seconds, so all go into one.
BREACHES = {
    "landing.landed_documents": ("update landing.landed_documents set status = 'partial'", "file_name=a.txt"),
    "landing.landed_tables": ("insert into landing.landed_tables from landing.landed_tables", "table_no=1"),
    "landing.landed_cells": (
        "delete from intermediate.int_figures where source = 'table'",
        "line_no=7, value_text=563.56",
    ),
    "landing.landed_claims": (
        "delete from intermediate.int_figures where source = 'claim'",
        "line_no=9, value_text=563.56",
    ),
    "landing.landed_problems": ("alter table landing.landed_problems add column remark varchar", "remark"),
    "intermediate.int_figures": (
        "insert into intermediate.int_figures values "
        "('x', 'doc1', 'table', 9, 9, 9, 3, 4, '1.10', '万元', 11000.01, 1.10, 50, 'certain', false)",
        "value_text=1.10",
    ),
    "quality.fct_identity_checks": (
        "update quality.fct_identity_checks set difference_value = 300, parts_value = 5635300",
        "verdict=exact",
    ),
    "marts.fct_function_amounts": (
        "update marts.fct_function_amounts set amount_yuan = 5635601",
        "amount_yuan=5635601.000000",
    ),
    "marts.fct_claims": ("drop table marts.fct_claims", "could not be checked"),
}


def test_structural_failures_stop_the_publish_and_show_the_rows(tmp_path):
    result = _audited(tmp_path, ";".join(change for change, _ in BREACHES.values()))
    assert not result.passed
    for table, (_, shown) in BREACHES.items():
        failures = [text for text in result.structural_failures if text.startswith(table + ":")]
        assert any(shown in text for text in failures), (table, failures)
    assert {text.split(":")[0] for text in result.structural_failures} == set(BREACHES)
    # a table that is not there fails every expectation about it
    missing = [check for check in result.checks if check.table == "marts.fct_claims"]
    assert len(missing) == 2 and all(check.error and not check.passed for check in missing)
    # the page a person opens says the same, row by row, without a network
    page = result.data_docs.read_text(encoding="utf-8")
    assert "未通过" in page and page.count("✘ 停止发布 stops") == len(result.structural_failures)
    assert [shown for _, shown in BREACHES.values() if escape(shown) not in page] == []


def test_violated_document_may_not_stand_in_the_stars_under_quarantine(tmp_path):
    result = _audited(tmp_path, VIOLATION)
    assert not result.passed
    assert [text for text in result.structural_failures if "document_id=doc1" in text]


@pytest.mark.parametrize(("policy", "passes"), [("flag", True), ("strict", False)])
def test_violated_identity_stops_only_under_strict(tmp_path, policy, passes):
    result = _audited(tmp_path, VIOLATION, policy)
    assert result.passed is passes
    assert result.structural_failures == ()
    failed = [check for check in result.checks if not check.passed and check.kind == "accounting"]
    assert [check.unexpected_count for check in failed] == [1]
    assert failed[0].unexpected_rows[0]["check_id"] == "doc1-gk03_row-total"


def test_waived_violation_passes_and_a_second_audit_replaces_the_first(tmp_path):
    stale = tmp_path / "candidate.audit" / "validations" / "stale.json"
    stale.parent.mkdir(parents=True)
    stale.write_text("{}")
    note = tmp_path / "candidate.audit" / "note.txt"
    note.write_text("kept")
    waived = "update quality.fct_identity_checks set is_waived = true; delete from quality.fct_findings;"
    waived += "update quality.disclosure_scorecard set finding_count = 0;"
    waived += CONTRADICTION.format(is_waived="true", reason="'已更正'")
    result = _audited(tmp_path, VIOLATION + waived, "strict")
    assert result.passed and [check for check in result.checks if not check.passed] == []
    assert not stale.exists() and note.exists()


def test_contradicted_claim_fails_its_suite_and_stops_nothing(tmp_path):
    result = _audited(tmp_path, CONTRADICTION.format(is_waived="false", reason="null"), "strict")
    assert result.passed
    (failed,) = [check for check in result.checks if not check.passed]
    assert (failed.suite, failed.unexpected_rows[0]["difference"]) == ("identities_claims", "-280900.000000")


def test_failed_identity_shows_its_rows_in_the_data_docs(tmp_path):
    printed = "update quality.fct_identity_checks set name_zh = '<script>alert(1)</script>';"
    result = _audited(tmp_path, VIOLATION + printed, "flag")
    (failed,) = [check for check in result.checks if not check.passed and check.kind == "accounting"]
    assert failed.suite == "identities_gk03"
    page = result.data_docs.read_text(encoding="utf-8")
    assert "doc1-gk03_row-total" in page and "difference_value=90000" in page
    # Data Docs' own page of the suite shows the rows too; what a document prints is text there and no markup
    (own,) = result.data_docs.parent.glob("validations/identities_gk03/**/*.html")
    text = own.read_text(encoding="utf-8")
    assert "doc1-gk03_row-total" in text and "90000.000000" in text and "difference_value" in text
    assert "<script>alert" not in text and "&lt;script&gt;alert" in text


def test_suites_are_those_of_the_seeds():
    kept = {path.name: path.read_text(encoding="utf-8") for path in SUITES.glob("identities_*.yml")}
    assert kept == identity_suites(), "run python -m flows.suites"
    rows = (SUITES.parent / "seeds/identities/identities.csv").read_text(encoding="utf-8").splitlines()[1:]
    for identity_id in (row.split(",")[0] for row in rows):
        assert sum(f"'{identity_id}'" in text for text in kept.values()) == 1, identity_id


def test_corrected_figure_need_not_be_the_printed_one(tmp_path):
    corrected = (
        "update intermediate.int_figures set number_value = 565.36, amount_yuan = 5653600, "
        "is_corrected = true where source = 'claim'; update marts.fct_claims set amount_yuan = 5653600;"
    )
    assert _audited(tmp_path, corrected, "strict").passed


def test_slip_in_a_suite_is_an_error(tmp_path):
    (tmp_path / "landing.yml").write_text(
        "suite: landing\ntables:\n"
        "  - table: landing.landed_cells\n    key: [document_id]\n    place: []\n"
        "    expectation: []\n    expectations: []\n"
    )
    with pytest.raises(ValueError, match="expectation"):
        load_suites(tmp_path)


def test_unknown_policy_and_missing_warehouse_are_refused(tmp_path):
    with pytest.raises(ValueError, match="lenient"):
        audit(tmp_path / "none.duckdb", tmp_path / "audit", "lenient")
    with pytest.raises(FileNotFoundError):
        audit(tmp_path / "none.duckdb", tmp_path / "audit")
