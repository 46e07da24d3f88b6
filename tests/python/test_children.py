"""Whatever a document does to the process that reads it, it costs no other and leaves nothing running."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from rich.console import Console

from flows import children, manifest, reading
from flows.children import Job, Outcome
from flows.collect import FoundDocument
from flows.errors import JuesuanError
from flows.forker import Limits
from flows.manifest import is_read
from flows.progress import progress, shown_on
from flows.settings import PROJECT, SAMPLES, Settings

LIMITS = Limits(silence=2, seconds=2, seconds_a_page=1, memory=2**30)
MISBEHAVING = "tests.python.misbehaving"


def job(name: str, **arguments: object) -> Job:
    return Job(f"{MISBEHAVING}:{name}", arguments)


def outcomes(
    *jobs: Job, workers: int = 4, limits: Limits = LIMITS, **options: object
) -> list[Outcome]:
    done = dict(children.run(jobs, workers, limits, preload=[MISBEHAVING], **options))
    return [done[number] for number in range(len(jobs))]


def is_running(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until_gone(*pids: int) -> bool:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if not any(map(is_running, pids)):
            return True
        time.sleep(0.05)
    return False


def test_each_ends_with_its_own_reason_and_the_others_go_on() -> None:
    names = ("hang", "die", "fall_over_a_pointer", "leave", "raise_error", "eat_memory")
    found = outcomes(job("answer", value="first"), *map(job, names), job("answer", value="last"))
    assert (found[0].value, found[-1].value) == ("first", "last")
    reasons = dict(zip(names, found[1:-1], strict=True))
    assert reasons["hang"].failure.endswith("nothing came of reading it for 2 s")
    assert "ended abruptly (SIGSEGV)" in reasons["die"].failure
    assert "ended abruptly (SIGSEGV)" in reasons["fall_over_a_pointer"].failure
    assert "ended abruptly (exit)" in reasons["leave"].failure
    assert "ValueError: of some kind" in reasons["raise_error"].failure
    assert "more than 1024 MiB of memory" in reasons["eat_memory"].failure
    assert all(" / " in outcome.failure and outcome.value is None for outcome in reasons.values())
    # another try may do better with what time or the machine ended, and not with the rest
    assert {name for name in names if reasons[name].is_final} == {"raise_error", "eat_memory"}


def test_computing_without_end_is_ended() -> None:
    (found,) = outcomes(job("compute"), limits=Limits(silence=60, seconds=1, seconds_a_page=2))
    assert "more computing time than 1 s and 2 s a page" in found.failure
    assert not found.is_final


def test_pages_give_time_and_are_told() -> None:
    told: list[tuple[int, int, int]] = []
    (found,) = outcomes(
        job("count_pages", pages=5, pause=0.6), on_page=lambda *page: told.append(page)
    )  # 3 s in all, more than the silence that is allowed
    assert found.value == 5
    assert told == [(0, page, 5) for page in range(1, 6)]


def test_what_libraries_print_is_no_message() -> None:
    (found,) = outcomes(job("print_much"))
    assert found.value == "x" * 3_000_000


def test_jobs_end_in_any_order_and_keep_their_numbers() -> None:
    pauses = [0.4, 0.0, 0.2, 0.1, 0.3, 0.0]
    found = outcomes(*(job("answer_late", seconds=pause) for pause in pauses), workers=3)
    assert [outcome.value for outcome in found] == pauses


def test_a_thread_may_run_them() -> None:
    found: list[Outcome] = []
    thread = threading.Thread(target=lambda: found.extend(outcomes(job("answer", value="there"))))
    thread.start()
    thread.join(30)
    assert [outcome.value for outcome in found] == ["there"]


def test_nothing_is_left_running_when_the_caller_stops(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    running = children.run(
        [job("start_another", path=str(pids)), job("count_pages", pages=1, pause=0.5), job("hang_for_good")],
        2,
        LIMITS,
        preload=[MISBEHAVING],
    )
    assert next(running)[0] == 1
    numbers = [int(pid) for pid in pids.read_text().split()]
    running.close()
    assert wait_until_gone(*numbers)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_running_when_the_caller_is_stopped(tmp_path: Path, how: signal.Signals) -> None:
    pids = tmp_path / "pids"
    program = (
        "from flows import children\n"
        f"job = children.Job('{MISBEHAVING}:start_another', {{'path': {str(pids)!r}}})\n"
        f"list(children.run([job], preload=['{MISBEHAVING}']))\n"
    )
    caller = subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 20
    while not (pids.exists() and pids.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    numbers = [int(pid) for pid in pids.read_text().split()]
    assert all(map(is_running, numbers))
    started = time.monotonic()
    os.kill(caller.pid, how)
    caller.wait(20)
    assert wait_until_gone(*numbers)
    assert time.monotonic() - started < 5


def test_a_reading_process_that_cannot_start_says_so() -> None:
    with pytest.raises(JuesuanError, match="could not be started"):
        list(children.run([job("answer", value="")], preload=["no_such_module"]))


# -- documents ------------------------------------------------------------------------------------------


def found_samples() -> list[FoundDocument]:
    from flows.collect import collect

    return list(collect([SAMPLES]).documents)


def test_the_landing_does_not_depend_on_who_is_done_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = found_samples()
    forth, back = (Settings((SAMPLES,), tmp_path / name, workers=3) for name in ("a.duckdb", "b.duckdb"))
    reading.read_and_remember(forth, documents)
    reading.write_landing(forth, documents)
    run = children.run

    def run_from_the_end(jobs: list[Job], *rest: object, **options: object):
        last = len(jobs) - 1
        for number, outcome in reversed(list(run(jobs[::-1], *rest))):
            yield last - number, outcome

    monkeypatch.setattr(children, "run", run_from_the_end)
    reading.read_and_remember(back, documents[::-1])
    reading.write_landing(back, documents[::-1])
    for path in sorted(forth.landing.iterdir()):
        assert path.read_bytes() == (back.landing / path.name).read_bytes(), path.name
    assert len((forth.landing / "landed_documents.csv").read_text().splitlines()) == len(documents) + 1


def test_a_document_that_ended_its_process_is_landed_with_its_reason_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings((SAMPLES,), tmp_path / "a.duckdb")
    documents = found_samples()[:2]

    def run(jobs: list[Job], *_: object, **__: object):
        about = {"byte_size": "12", "media_type": "application/pdf"}
        yield 0, Outcome(failure="太慢 / too slow", about=about, is_final=False)
        yield 1, Outcome(failure="太大 / too large", about=about)

    monkeypatch.setattr(children, "run", run)
    reading.read_and_remember(settings, documents)
    reading.write_landing(settings, documents)
    rows = (settings.landing / "landed_documents.csv").read_text().splitlines()[1:]
    assert sorted(row.split("rejected,")[1] for row in rows) == ["太大 / too large", "太慢 / too slow"]
    assert all("application/pdf,12," in row for row in rows)
    assert [is_read(settings, document) for document in documents] == [False, True]


def test_a_file_that_changes_or_goes_while_it_is_read_stops_the_refresh(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"now")
    settings = Settings((path,), tmp_path / "a.duckdb")
    with pytest.raises(JuesuanError, match=r"a\.txt was changed while it was being read"):
        reading.read_and_remember(settings, [FoundDocument("0" * 16, "a.txt", path)])
    path.unlink()
    with pytest.raises(FileNotFoundError):
        reading.read_and_remember(settings, [FoundDocument("0" * 16, "a.txt", path)])


# -- what is shown ----------------------------------------------------------------------------------------


def test_the_pages_are_counted_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    console = Console(file=out, width=200)
    now = [0.0]
    monkeypatch.setattr("flows.progress.time.monotonic", lambda: now[0])
    with shown_on(console), progress().count("reading", 3):
        progress().advance("a.txt")
        progress().page("b.pdf", 1, 4)
        now[0] = 31.0
        progress().page("b.pdf", 2, 4)
        progress().page("b.pdf", 3, 4)
        progress().advance("b.pdf")
        progress().advance("[c].pdf")
    lines = [line.strip() for line in out.getvalue().splitlines() if line.strip()]
    assert lines == ["reading: 1/3, 2/4 页 pages  31 s", "reading: 3/3, 4/4 页 pages  31.0 s"]


def test_a_new_converter_or_extra_means_to_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def code() -> str:
        manifest.reading_code.cache_clear()
        return manifest.reading_code()

    before = code()
    monkeypatch.setattr(manifest, "converter", lambda: sys.executable)
    with_converter = code()
    monkeypatch.setattr(manifest, "version", lambda package: "0" if package == "rapidocr" else "1")
    assert len({before, with_converter, code()}) == 3
    monkeypatch.undo()
    assert code() == before
