"""Sums in numbers alone against plain arithmetic over their terms, on made-up department-years."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import duckdb
import pytest

from tests.corpus.bench_identities import JUDGING, PLACING, build_table, make_cells

_DOCUMENTS = 52  # one wrong, two without table 02, two read from pictures
_TELLING = (
    "check_id, document_id, total_value, parts_value, difference_value, tolerance_value, verdict, "
    "is_truncated, n_terms, n_inferred, n_ocr, missing, missing_zh"
)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """Checks whose terms are all listed, and `brief_checks` of the same figures with open terms alone."""
    with duckdb.connect() as connection:
        make_cells(connection, _DOCUMENTS, tmp_path_factory.mktemp("cells"))
        for name in PLACING + JUDGING:
            _create(connection, name, list_settled_terms=True)
        _create(connection, "checks", list_settled_terms=True)
        connection.execute("alter table int_identity_checks rename to listed_checks")
        connection.execute("alter table int_identity_terms rename to listed_terms")
        connection.execute("drop table int_identity_verdicts")
        for name in ("terms", "verdicts", "checks"):
            _create(connection, name, list_settled_terms=False)
        yield connection


def _create(connection, name, list_settled_terms):
    build_table(connection, f"intermediate/int_identity_{name}", list_settled_terms=list_settled_terms)


def test_slices_of_documents_add_up_to_the_whole(warehouse):
    """Also with facts of the year before, and of a document beyond the last that prints anything."""
    warehouse.execute("begin")
    warehouse.execute(
        "drop table int_identity_sums;"
        "insert into int_identity_key_terms select * replace (1 as years_back) from int_identity_key_terms;"
        "insert into int_identity_prior_values"
        " select if(document_no < 51, document_no + 1, 99), scope_no, key_no, value, half_width, tally"
        " from int_identity_values where document_no > 20"
    )
    found = []
    for size in (1000, 7, 26, 1):
        build_table(warehouse, "intermediate/int_identity_sums", documents_at_a_time=size)
        found.append(warehouse.execute("from int_identity_sums order by all").fetchall())
        warehouse.execute("drop table int_identity_sums")
    warehouse.execute("rollback")
    assert {row[0] for row in found[0]} == {*range(1, _DOCUMENTS + 1), 99}
    assert all(rows == found[0] for rows in found[1:])


def test_leaving_out_settled_terms_changes_no_verdict(warehouse):
    listed, brief = (
        warehouse.execute(f"select {_TELLING} from {table} order by check_id").fetchall()
        for table in ("listed_checks", "int_identity_checks")
    )
    assert listed == brief
    assert {row[6] for row in listed} == {"exact", "within_rounding", "violated", "not_checkable"}
    few, all_of_them = (
        warehouse.execute(f"select count(*) from {table}").fetchone()[0]
        for table in ("int_identity_terms", "listed_terms")
    )
    assert few < all_of_them / 2


def test_every_sum_is_what_its_terms_make(warehouse):
    """S, the weighted parts, D and the tolerance added up one by one; a verdict is what they say."""
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 4)
    for check_id, side, weight, value, half_width in warehouse.execute(
        """
        select check_id, side, weight, value, half_width
        from listed_checks as checks
        inner join listed_terms as terms
            on checks.document_id = terms.document_id and checks.identity_id = terms.identity_id
            and checks.instance_code is not distinct from terms.instance_code
            and checks.instance_measure is not distinct from terms.instance_measure
        where checks.verdict != 'not_checkable' and checks.comparison != 'ratio'
        """
    ).fetchall():
        sums[check_id][{"total": 0, "part": 1}[side]] += weight * value
        sums[check_id][2] += half_width
        sums[check_id][3] += 1
    checks = warehouse.execute(
        "select check_id, comparison, total_value, parts_value, difference_value, tolerance_value, n_terms, "
        "verdict, is_truncated from listed_checks where verdict != 'not_checkable' and comparison != 'ratio'"
    ).fetchall()
    assert len(checks) > 10_000
    for check_id, comparison, total, parts, difference, tolerance, n_terms, verdict, is_truncated in checks:
        assert [total, parts, tolerance, n_terms] == sums[check_id], check_id
        assert difference == total - parts
        if not is_truncated:
            assert verdict == _verdict(comparison, difference, tolerance), check_id


def _verdict(comparison: str, difference: Decimal, tolerance: Decimal) -> str:
    if difference == 0 or (comparison == "at_least" and difference > 0):
        return "exact"
    return "within_rounding" if abs(difference) <= tolerance else "violated"
