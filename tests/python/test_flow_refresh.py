"""A refresh is boring: incremental, repeatable, atomic, and one bad document costs no other."""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from flows import job, manifest
from flows.errors import HeldBack, JuesuanError, WarehouseBusy
from flows.lock import locked
from flows.publish import publish
from flows.settings import Settings

if TYPE_CHECKING:
    from flow_fixtures import World

pytest_plugins = ("flow_fixtures",)


def _landing(settings: Settings) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(settings.landing.iterdir())}


def _rows(settings: Settings, query: str) -> list[tuple]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_nothing_new_reads_nothing_and_changes_nothing(world: World) -> None:
    world.write("a.txt", b"1.00 2.00")
    assert job.run(world.settings).is_new
    before = world.settings.warehouse.stat().st_mtime_ns
    world.read.clear()
    assert not job.run(world.settings).is_new
    assert world.read == []
    assert world.settings.warehouse.stat().st_mtime_ns == before


def test_only_what_is_new_is_read(world: World) -> None:
    world.write("a.txt", b"1.00")
    job.run(world.settings)
    world.write("b.txt", b"2.00")
    world.read.clear()
    assert job.run(world.settings).is_new
    assert world.read == ["b.txt"]
    assert _rows(world.settings, "select count(*) from marts.fct_amounts") == [(2,)]


def test_a_document_taken_away_leaves_the_warehouse(world: World) -> None:
    world.write("a.txt", b"1.00")
    gone = world.write("b.txt", b"2.00")
    job.run(world.settings)
    gone.unlink()
    job.run(world.settings)
    assert _rows(world.settings, "select file_name from landing.landed_documents") == [("a.txt",)]


def test_changed_code_reads_all_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.write("a.txt", b"1.00")
    job.run(world.settings)
    world.read.clear()
    monkeypatch.setattr(manifest, "reading_code", lambda: "of tomorrow")
    assert job.run(world.settings).is_new
    assert world.read == ["a.txt"]


def test_a_warehouse_that_someone_removed_or_wrote_to_is_published_again(world: World) -> None:
    world.write("a.txt", b"1.00")
    job.run(world.settings)
    world.settings.warehouse.unlink()
    world.read.clear()
    assert job.run(world.settings).is_new
    assert world.read == []


def test_a_torn_state_is_only_read_anew(world: World) -> None:
    world.write("a.txt", b"1.00")
    job.run(world.settings)
    (world.settings.state / "manifest.json").write_text("{")
    for path in (world.settings.state / "landed").iterdir():
        path.write_text("[]")
    world.read.clear()
    job.run(world.settings)
    assert world.read == ["a.txt"]


def test_the_landing_does_not_depend_on_the_way_there(world: World, tmp_path: Path) -> None:
    for name, content in (("c.txt", b"3.00"), ("a.txt", b"1.00"), ("b.txt", b"2.00")):
        world.write(name, content)
        job.run(world.settings)
    at_once = Settings(world.settings.documents, tmp_path / "other" / "test.duckdb")
    job.run(at_once)
    assert _landing(world.settings) == _landing(at_once)
    for mart in sorted(at_once.parquet.rglob("*.parquet")):
        same = world.settings.parquet / mart.relative_to(at_once.parquet)
        assert same.read_bytes() == mart.read_bytes(), mart.name


def test_bad_documents_do_not_disturb_the_others(world: World) -> None:
    good = world.write("m.txt", b"1.00 2.00")
    job.run(world.settings)
    alone = _landing(world.settings)
    world.write("a corrupt.pdf", b"%PDF\0 9.99")
    world.write("empty.txt", b"")
    world.write("m (1).txt", good.read_bytes())
    job.run(world.settings)
    beside = _landing(world.settings)
    assert beside["landed_cells.csv"] == alone["landed_cells.csv"]
    assert set(alone["landed_documents.csv"].splitlines()) < set(beside["landed_documents.csv"].splitlines())
    assert _rows(
        world.settings, "select file_name, status, status_reason from landing.landed_documents order by all"
    ) == [
        ("a corrupt.pdf", "rejected", "nothing that can be read"),
        ("empty.txt", "rejected", "nothing that can be read"),
        ("m.txt", "landed", None),
    ]
    assert _rows(world.settings, "select stage, code, detail from landing.landed_problems") == [
        ("collect", "duplicate_document", "m (1).txt = m.txt")
    ]


def test_a_failed_audit_keeps_the_last_good_warehouse(world: World) -> None:
    world.write("a.txt", b"1.00")
    job.run(world.settings)
    good = world.settings.warehouse.read_bytes()
    world.write("b.txt", b"2.00")
    world.audit.passed, world.audit.failures = False, ["one key is there twice"]
    with pytest.raises(HeldBack, match="one key is there twice"):
        job.run(world.settings)
    assert world.settings.warehouse.read_bytes() == good
    world.audit.passed = True
    assert job.run(world.settings).is_new
    assert _rows(world.settings, "select count(*) from marts.fct_amounts") == [(2,)]


def test_two_refreshes_of_one_warehouse_do_not_meet(world: World) -> None:
    held = multiprocessing.get_context("fork").Process(target=_hold, args=(world.settings,))
    with locked(world.settings):
        held.start()
        held.join()
    assert held.exitcode == WarehouseBusy.exit_code
    with locked(world.settings):
        pass


def _hold(settings: Settings) -> None:
    try:
        with locked(settings):
            raise SystemExit(0)
    except WarehouseBusy as error:
        raise SystemExit(error.exit_code) from None


def test_readers_keep_the_old_file_and_newcomers_get_the_new(world: World) -> None:
    world.write("a.txt", b"1.00")
    job.run(world.settings)
    query = "select count(*) from marts.fct_amounts"
    receive, send = multiprocessing.Pipe()
    reader = multiprocessing.get_context("spawn").Process(
        target=_read_twice, args=(str(world.settings.warehouse), query, receive, send)
    )
    reader.start()
    try:
        assert receive.recv() == 1
        world.write("b.txt", b"2.00")
        job.run(world.settings)
        receive.send("published")
        assert receive.recv() == 1
    finally:
        reader.join(20)
    assert _rows(world.settings, query) == [(2,)]


def _read_twice(path: str, query: str, _receive, send) -> None:
    with duckdb.connect(path, read_only=True) as connection:
        send.send(connection.execute(query).fetchone()[0])
        send.recv()
        send.send(connection.execute(query).fetchone()[0])


def test_the_published_file_is_for_every_1_x_client(world: World) -> None:
    world.write("a.txt", b"1.00")
    job.run(world.settings)
    head = world.settings.warehouse.read_bytes()[:20]
    # The magic bytes stand after the checksum; the storage version after them: 64 is that of DuckDB 0.9 to
    # 1.x, which every 1.x client opens.
    assert head[8:12] == b"DUCK"
    assert int.from_bytes(head[12:20], "little") == 64
    assert list(world.settings.warehouse.parent.glob(".*publishing*")) == []


def test_what_is_published_is_whole(world: World, tmp_path: Path) -> None:
    world.write("a.txt", b"12.30")
    job.run(world.settings)
    moved = tmp_path / "under another name.duckdb"
    moved.write_bytes(world.settings.warehouse.read_bytes())
    with duckdb.connect() as connection:
        connection.execute(f"attach '{moved}' as somewhere (read_only)")
        assert connection.execute('select "金额" from somewhere.zh."金额"').fetchall()[0][0] == 123000
        assert connection.execute(
            "select comment from duckdb_columns() "
            "where table_name = 'fct_amounts' and column_name = 'amount_yuan'"
        ).fetchall() == [("金额，元",)]
        schemas = connection.execute(
            "select distinct schema_name from duckdb_tables() where database_name = 'somewhere' order by all"
        ).fetchall()
    assert schemas == [("landing",), ("marts",), ("quality",)]
    keys = "select constraint_type from duckdb_constraints() where table_name = 'fct_amounts' order by all"
    assert _rows(world.settings, keys) == [("NOT NULL",), ("NOT NULL",), ("PRIMARY KEY",)]


def test_a_publish_that_fails_leaves_the_last_warehouse(world: World, monkeypatch) -> None:
    world.write("a.txt", b"1.00")
    job.run(world.settings)
    good = world.settings.warehouse.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("flows.publish._flush_to_disk", full)
    with pytest.raises(JuesuanError, match="No space left"):
        publish(world.settings)
    assert world.settings.warehouse.read_bytes() == good
    assert list(world.settings.warehouse.parent.glob(".*publishing*")) == []


def test_a_file_too_large_is_landed_as_rejected_without_reading_it(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world.write("large.txt", b"1.00" * 10)
    monkeypatch.setattr("flows.land.BYTES_AT_MOST", 20)
    job.run(world.settings)
    assert world.read == []
    ((status, reason),) = _rows(world.settings, "select status, status_reason from landing.landed_documents")
    assert (status, reason.endswith("split it")) == ("rejected", True)
