"""A small warehouse world for the tests of the flow: readers, models and audit that take no time.

The documents are lines of numbers; every number is landed as a cell of one table. What is real in these
tests is everything between: collecting, remembering, landing, publishing, the lock, the command line.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from flows import children, land
from flows.forker import function_of
from flows.settings import Settings


def land_numbers(file_name: str, data: bytes) -> dict[str, list[dict[str, str]]]:
    """A reader of numbers: rejects what is empty or holds a zero byte."""
    document_id = hashlib.sha256(data).hexdigest()[:16]
    is_good = bool(data) and b"\0" not in data
    rows: dict[str, list[dict[str, str]]] = {name: [] for name in land.LANDING}

    def add(table: str, **values: object) -> None:
        row = dict.fromkeys(land.LANDING[table], "") | {"document_id": document_id}
        rows[table].append(row | {column: str(value) for column, value in values.items()})

    add(
        "landed_documents",
        file_name=file_name,
        page_count=1 if is_good else "",
        status="landed" if is_good else "rejected",
        status_reason="" if is_good else "nothing that can be read",
    )
    if is_good:
        add("landed_tables", table_no=1, table_code="gk01", printed_title="收支", printed_unit="万元")
        for number, text in enumerate(re.findall(rb"\d+\.\d\d", data), start=1):
            add("landed_cells", table_no=1, row_no=number, column_no=1, page=1, line_no=number,
                row_label="行", line_item="revenue.other", column_path="决算数", measure="final",
                value_text=text.decode(), method="grid", confidence="certain")  # fmt: skip
    return rows


def build_candidate(settings: Settings) -> Path:
    """A candidate as dbt would leave it: the landing, one mart, checks, findings, a view in Chinese."""
    settings.candidate.unlink(missing_ok=True)
    with duckdb.connect(str(settings.candidate)) as connection:
        for schema in ("landing", "reference", "intermediate", "marts", "quality", "zh"):
            connection.execute(f"create schema {schema}")
        for table in land.LANDING:
            path = settings.landing / f"{table}.csv"
            connection.execute(
                f"create table landing.{table} as from read_csv('{path}', all_varchar = true, header = true)"
            )
        connection.execute(
            """
            create table intermediate.int_figures as
            select
                format('{}-t{:02d}-r{:03d}-c{:02d}',
                    document_id, table_no::int, row_no::int, column_no::int) as figure_id,
                document_id,
                value_text::decimal(18, 2) * 10000 as amount_yuan
            from landing.landed_cells;
            create table marts.fct_amounts (
                figure_id varchar primary key, document_id varchar not null, amount_yuan decimal(28, 6)
            );
            insert into marts.fct_amounts from intermediate.int_figures;
            comment on table marts.fct_amounts is 'One row per figure';
            comment on column marts.fct_amounts.amount_yuan is '金额，元';
            create table quality.fct_identity_checks as
            select 'exact' as verdict, string_agg(figure_id, ' ' order by figure_id) as figure_ids
            from marts.fct_amounts;
            create table quality.fct_findings as
            select
                'f1' as finding_id, document_id, 'minor' as severity, 1 as page, 1 as line_no,
                '0.00' as printed_text, 'ocr' as confidence, '无' as message_zh, 'none' as message_en,
                figure_id
            from marts.fct_amounts order by figure_id limit 1;
            create view candidate.zh."金额" as
            select figure_id as "数字编号", amount_yuan as "金额" from candidate.marts.fct_amounts;
            """
        )
    return settings.candidate


def run_here(
    jobs: Sequence[children.Job], *_: object, **__: object
) -> Iterator[tuple[int, children.Outcome]]:
    """As children.run, in this process."""
    report = SimpleNamespace(page=None, about=lambda **_: None)
    for number, job in enumerate(jobs):
        yield number, children.Outcome(function_of(job.call)(**job.arguments, report=report))


@dataclass
class Verdict:
    """What an audit returns, as far as the gate looks."""

    passed: bool
    failures: list[str] = field(default_factory=list)


@dataclass
class World:
    """A folder of documents, the settings of a warehouse, and the names of documents read so far."""

    folder: Path
    settings: Settings
    read: list[str]
    audit: Verdict

    def write(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The flow with its real order of steps, run without Prefect and with fast readers and models."""
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    from flows import gate, refresh

    folder = tmp_path / "documents"
    folder.mkdir()
    here = World(folder, Settings((folder,), tmp_path / "published" / "test.duckdb"), [], Verdict(True))

    def read(file_name: str, data: bytes, on_page: object) -> dict[str, list[dict[str, str]]]:
        here.read.append(file_name)
        return land_numbers(file_name, data)

    monkeypatch.setattr(land, "land_document", read)
    monkeypatch.setattr(children, "run", run_here)
    for name in ("collect_task", "read_task", "land_task", "publish_task"):
        monkeypatch.setattr(refresh, name, getattr(refresh, name).fn)
    monkeypatch.setattr(refresh, "build_task", build_candidate)
    monkeypatch.setattr(refresh, "audit_task", gate.audit_candidate)
    monkeypatch.setitem(sys.modules, "flows.audit", SimpleNamespace(audit=lambda *_: here.audit))
    monkeypatch.setattr(refresh, "refresh", refresh.refresh.fn)
    return here
