"""The semantic layer: every metric can be asked for, and says what the documents say."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from conftest import juesuan

from flows import metrics
from flows.errors import UsageError
from flows.settings import Settings

pytestmark = pytest.mark.end_to_end
HETANG = "中共株洲市荷塘区委办公室"
CAIDIAN = "中国共产党武汉市蔡甸区委员会办公室"
BEITA = "中共邵阳市北塔区委办公室"


@pytest.fixture(scope="module")
def definitions(published: Path) -> Path:
    return Settings(warehouse=published).metrics


def _asked(published: Path, definitions: Path, names: list[str], by: list[str]) -> dict[tuple, tuple]:
    """Rows of a query for metrics: the dimensions' values → the metrics'."""
    with duckdb.connect(str(published), read_only=True) as connection:
        rows = connection.execute(metrics.sql_of(definitions, names, by)).fetchall()
    return {row[: len(by)]: row[len(by) :] for row in rows}


def test_every_metric_can_be_asked_for_and_has_both_labels(published: Path, definitions: Path) -> None:
    listed = metrics.listed(definitions)
    assert len(listed) >= 25
    for metric in listed:
        assert any("\u4e00" <= character <= "\u9fff" for character in metric.label), metric
        assert any("a" <= character <= "z" for character in metric.label), metric
        assert "metric_time" in metric.dimensions
        assert len(_asked(published, definitions, [metric.name], ["metric_time__year"])) >= 1, metric


def test_metrics_are_what_the_documents_print(published: Path, definitions: Path) -> None:
    rows = _asked(
        published,
        definitions,
        ["expenditure_total", "basic_expenditure", "basic_share", "expenditure_per_head"],
        ["department__department_name"],
    )
    # 荷塘: 公开03表 合计 563.56 and 基本支出 448.55 万元
    total, basic, share, _ = rows[HETANG,]
    assert (total, basic) == (Decimal(5635600), Decimal(4485500))
    assert share == pytest.approx(448.55 / 563.56)
    # 蔡甸: 990.75 and 866.15 万元; its staff is printed nowhere, so that there is no expenditure per head
    total, basic, _, per_head = rows[CAIDIAN,]
    assert (total, basic, per_head) == (Decimal(9907500), Decimal(8661500), None)
    # 北塔: 594.67 万元 and 20 in service, both in the annex
    total, _, _, per_head = rows[BEITA,]
    assert (total, per_head) == (Decimal(5946700), pytest.approx(5946700 / 20))


def test_a_ratio_takes_only_those_that_have_both_figures(published: Path, definitions: Path) -> None:
    names = ["expenditure_per_head", "actual_staff"]
    with duckdb.connect(str(published), read_only=True) as connection:
        expected = connection.execute(
            "select sum(expenditure_total_yuan) / sum(actual_staff_count) from marts.fct_department_year "
            "where fiscal_year = 2023 "
            "and expenditure_total_yuan is not null and actual_staff_count is not null"
        ).fetchone()
        everyone = connection.execute(
            "select sum(expenditure_total_yuan) / sum(actual_staff_count) from marts.fct_department_year "
            "where fiscal_year = 2023"
        ).fetchone()
    (row,) = _asked(published, definitions, names, ["metric_time__year"]).values()
    assert row[0] == pytest.approx(float(expected[0]))
    assert row[0] != pytest.approx(
        float(everyone[0])
    )  # a plain quotient would count expenditure without staff


def test_codes_are_summed_without_their_parents(published: Path, definitions: Path) -> None:
    by = ["department__department_name", "function__class_code"]
    rows = _asked(published, definitions, ["expenditure_by_function"], by)
    # 荷塘, 公开03表: the items of 208 are 16.80, 26.53 and 12.33 of the printed 55.65 (truncated)
    assert rows[HETANG, "208"] == (Decimal(556600),)
    assert rows[HETANG, "221"] == (Decimal(220200),)


def test_an_unknown_name_is_answered_with_those_near_it(definitions: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="expenditure_total"):
        metrics.sql_of(definitions, ["expenditur_total"])
    with pytest.raises(UsageError, match="juesuan refresh"):
        metrics.listed(tmp_path / "none.json")


def test_the_command_line_asks_and_shows(published: Path) -> None:
    done = juesuan(
        "metric", "expenditure_total", "--by", "department__department_name", "-w", published, "-f", "csv"
    )
    assert done.returncode == 0, done.stderr
    assert f"{HETANG},5635600.000000" in done.stdout.splitlines()
    done = juesuan("metric", "-w", published)
    assert (done.returncode, "which metric?" in done.stderr) == (2, True)
