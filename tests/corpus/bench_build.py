"""What the models cost: `dbt build` on the samples and on made-up department-years, in rows a second.

A made-up department-year is one of the samples under another name: the same tables and sentences, errors
included, so that the findings are as many a document as in life.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from flows.land import LANDING
from flows.settings import PROJECT, SAMPLES_LANDING

DEPARTMENT_YEARS = 2_000


def print_build(department_years: int = DEPARTMENT_YEARS) -> None:
    """Print the seconds of `dbt build`, data tests and no unit tests, on the samples and on many copies."""
    _print_one("samples", SAMPLES_LANDING)
    with tempfile.TemporaryDirectory() as folder:
        landing = Path(folder) / "landing"
        landing.mkdir()
        multiply(SAMPLES_LANDING, landing, department_years)
        _print_one(f"{department_years:,} department-years", landing)


def multiply(source: Path, target: Path, department_years: int) -> None:
    """Write the landing `target`: so many copies of the department-years of `source`, told apart by a number
    after the department's name and by document ids of their own."""
    with duckdb.connect() as connection:
        files = {name: source / f"{name}.csv" for name in LANDING}
        for name, path in files.items():
            connection.execute(
                f"create table {name} as from read_csv('{path}', all_varchar = true, header = true)"
            )
        (documents,) = connection.execute("select count(*) from landed_documents").fetchone()
        copies = -(-department_years // documents)
        for name in LANDING:
            others = {"document_id": "left(md5(document_id || '-' || copy), 16)"}
            if name == "landed_documents":
                others["department_name"] = "department_name || copy || '号'"
                others["file_name"] = "copy || '-' || file_name"
            replaced = ", ".join(f"{expression} as {column}" for column, expression in others.items())
            numbers = [c for c in ("table_no", "row_no", "column_no", "claim_no", "page", "line_no") if c in
                       LANDING[name]]  # fmt: skip
            order = ", ".join(["document_id", *(f"try_cast({column} as integer)" for column in numbers)])
            connection.execute(
                f"copy (select * exclude (copy) replace ({replaced}) "
                f"from {name}, range({copies}) as copies (copy) "
                f"order by {order}) to '{target / name}.csv' (header)"
            )


def _print_one(label: str, landing: Path) -> None:
    rows = sum(1 for name in LANDING for _ in (landing / f"{name}.csv").open(encoding="utf-8")) - len(LANDING)
    with tempfile.TemporaryDirectory() as folder:
        code = (
            "import sys; from pathlib import Path; "
            "from flows.build import build; from flows.settings import Settings; "
            "build(Settings(warehouse=Path(sys.argv[1]), landing=Path(sys.argv[2])))"
        )
        command = [sys.executable, "-c", code, str(Path(folder) / "bench.duckdb"), str(landing)]
        started = time.perf_counter()
        subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - started
    print(f"dbt build, {label:<24}{seconds:8.1f}   s ({rows:,} landed rows, {rows / seconds:,.0f} rows/s)")
