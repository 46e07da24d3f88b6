"""The main job as a user runs it: a process of its own, real readers, models, audit and publish."""

from __future__ import annotations

import csv
import hashlib
import json
import time
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from conftest import juesuan
from frictionless import Package

from flows.settings import SAMPLES, SAMPLES_LANDING

pytestmark = pytest.mark.end_to_end


def test_a_second_refresh_is_done_at_once(published: Path) -> None:
    started = time.monotonic()
    done = juesuan("refresh", SAMPLES, published.parent / "bad documents", "--warehouse", published)
    assert (done.returncode, time.monotonic() - started < 5) == (0, True)
    assert "nothing new" in done.stdout


def test_bad_documents_have_their_reason_and_disturb_no_other(published: Path) -> None:
    with duckdb.connect(str(published), read_only=True) as connection:
        documents = connection.execute(
            "select file_name, status, status_reason from landing.landed_documents order by all"
        ).fetchall()
        duplicates = connection.execute(
            "select count(*) from landing.landed_problems where code = 'duplicate_document'"
        ).fetchall()
    rejected = {name for name, status, reason in documents if status == "rejected" and reason}
    assert rejected == {"损坏 corrupt.pdf", "empty.txt", "unrelated.txt"}
    assert len(documents) == len(list(SAMPLES.iterdir())) + len(rejected)
    assert duplicates == [(1,)]
    for table in ("landed_tables", "landed_cells", "landed_claims"):
        alone = (SAMPLES_LANDING / f"{table}.csv").read_bytes()
        assert (published.with_suffix(".landing") / f"{table}.csv").read_bytes() == alone, table


def test_the_published_schemas_are_the_promised_ones(published: Path) -> None:
    with duckdb.connect(str(published), read_only=True) as connection:
        schemas = connection.execute(
            "select distinct table_schema from information_schema.tables order by all"
        ).fetchall()
        views = connection.execute("select view_name from duckdb_views() where schema_name = 'zh'").fetchall()
        for (view,) in views:
            connection.execute(f'select * from zh."{view}"').fetchall()
    assert [schema for (schema,) in schemas] == ["landing", "marts", "quality", "reference", "zh"]
    assert views


def test_a_figure_of_a_mart_is_traced_to_its_page(published: Path) -> None:
    query = "select figure_id from marts.fct_function_amounts order by figure_id limit 1"
    figure_id = juesuan("sql", query, "-f", "csv", "--warehouse", published).stdout.splitlines()[1]
    done = juesuan("trace", figure_id, "--warehouse", published)
    assert done.returncode == 0, done.stderr
    for word in ("file ", "place ", "printed ", "table ", "row ", "column ", "marts.fct_function_amounts"):
        assert word in done.stdout


def test_the_published_parquet_can_be_checked(published: Path) -> None:
    folder = published.with_name("test.parquet")
    files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert sorted(files) == sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet"))
    for name, said in files.items():
        data = (folder / name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (said["bytes"], said["sha256"])
        assert duckdb.sql(f"select count(*) from '{folder / name}'").fetchone() == (said["rows"],)


def test_the_data_package_validates_and_its_amounts_are_the_marts(published: Path, tmp_path: Path) -> None:
    done = juesuan("export", tmp_path, "--warehouse", published, "--form", "package", "--form", "csv")
    assert done.returncode == 0, done.stderr
    package = Package(tmp_path / "package" / "datapackage.json")
    report = package.validate()  # types, keys and references of every row
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])[:5]
    with (tmp_path / "package" / "data" / "fct_function_amounts.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        total = sum(Decimal(row["amount_yuan"]) for row in csv.DictReader(file))
    with duckdb.connect(str(published), read_only=True) as connection:
        assert connection.execute("select sum(amount_yuan) from marts.fct_function_amounts").fetchone() == (
            total,
        )
        names = connection.execute(
            "select table_schema || '/' || table_name || '.csv' from information_schema.tables "
            "where table_schema in ('marts', 'quality', 'zh')"
        ).fetchall()
    written = {path.relative_to(tmp_path / "csv").as_posix() for path in (tmp_path / "csv").rglob("*.csv")}
    assert written == {name for (name,) in names}
