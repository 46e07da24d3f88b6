"""Does jobs in child processes within limits, over the machine's cores: docs/decisions/0010.

What a job does to its process, whether it dies, hangs or eats all memory, ends as that job's failure.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from flows.errors import JuesuanError
from flows.forker import Limits
from flows.settings import PROJECT

_PATIENCE = 5.0  # seconds that a forker has to stop its child and end
# One thread a process: the documents are read side by side. And the same order of sets every time.
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "PYTHONHASHSEED": "0",
}


@dataclass(frozen=True)
class Job:
    """A function, as module:function, with arguments that JSON can hold. It is called with these and
    `report`, a flows.forker.Report, and returns what JSON can hold."""

    call: str
    arguments: dict[str, Any]


@dataclass
class Outcome:
    """What became of a job: its value, or `failure`, the reason in Chinese / English why it has none.

    `about` is what it said of its work. `is_final` is false where another try may end otherwise: it took
    too long, which a busy machine can be the cause of, or something else ended it.
    """

    value: Any = None
    failure: str = ""
    about: dict[str, str] = field(default_factory=dict)
    is_final: bool = True


def cores() -> int:
    """How many processes this one may run at the same time."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    jobs: Sequence[Job],
    workers: int = 0,
    limits: Limits | None = None,
    on_page: Callable[[int, int, int], None] | None = None,
    preload: Sequence[str] = ("flows.reading",),
) -> Iterator[tuple[int, Outcome]]:
    """Does jobs, `workers` at a time (0: as many as there are cores), each in a process of its own.

    Yields (number of the job, its outcome) as they end. `on_page` hears (number of the job, page, of how
    many). Ends all processes when it is closed or interrupted.

    Raises OSError where a job did, and JuesuanError where no process can be started.
    """
    limits = limits or Limits()
    forkers: list[_Forker] = []
    waiting = iter(range(len(jobs)))
    with selectors.DefaultSelector() as selector:
        try:
            for number in _first(waiting, workers or cores()):
                forkers.append(_Forker(preload))
                selector.register(forkers[-1].out, selectors.EVENT_READ, forkers[-1])
                forkers[-1].give(number, jobs[number], limits)
            while any(forker.job is not None for forker in forkers):
                for key, _ in selector.select():
                    forker = key.data
                    for number, page, of in forker.listen():
                        if on_page:
                            on_page(number, page, of)
                    if forker.is_gone:
                        selector.unregister(forker.out)
                    if forker.outcome is None:
                        continue
                    done, outcome = forker.job, forker.outcome
                    if forker.is_gone:
                        forker = _replaced(forkers, forker, preload)
                        selector.register(forker.out, selectors.EVENT_READ, forker)
                    forker.job = forker.outcome = None
                    following = next(waiting, None)
                    if following is not None:
                        forker.give(following, jobs[following], limits)
                    yield done, outcome
        finally:
            for forker in forkers:
                forker.dismiss()
            for forker in forkers:
                forker.wait()


def _first(numbers: Iterator[int], count: int) -> Iterator[int]:
    for _, number in zip(range(count), numbers, strict=False):
        yield number


def _replaced(forkers: list[_Forker], gone: _Forker, preload: Sequence[str]) -> _Forker:
    gone.wait()
    fresh = _Forker(preload)
    forkers[forkers.index(gone)] = fresh
    return fresh


class _Forker:
    """One process that forks a child for each job (flows/forker.py), seen from here."""

    def __init__(self, preload: Sequence[str]) -> None:
        # A session of its own: Ctrl-C reaches this process only, which then ends the others in order.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "flows.forker", *preload],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("JUESUAN_DEBUG") else subprocess.DEVNULL,
            cwd=PROJECT,
            env=os.environ | _ENVIRONMENT,
            start_new_session=True,
        )
        assert self._process.stdin and self._process.stdout
        self.out = self._process.stdout
        self.job: int | None = None
        self.outcome: Outcome | None = None
        self.is_gone = False
        self._is_ready = False
        self._heard = b""
        self._limits = Limits()

    def give(self, number: int, job: Job, limits: Limits) -> None:
        self.job, self.outcome, self._limits = number, None, limits
        self._unfinished = Outcome()
        order = {"call": job.call, "arguments": job.arguments, "limits": asdict(limits)}
        with contextlib.suppress(BrokenPipeError):  # gone: `listen` will see it
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()

    def listen(self) -> Iterator[tuple[int, int, int]]:
        """Takes in what has been said. Yields (job, page, of how many) of each page."""
        said = os.read(self.out.fileno(), 1 << 20)
        if not said:
            self.is_gone = True
            if not self._is_ready:
                raise JuesuanError(
                    "the process that reads documents could not be started; JUESUAN_DEBUG=1 shows why"
                )
            if self.job is not None:
                self.outcome = self._unfinished
                self._end("SIGKILL")
            return
        *lines, self._heard = (self._heard + said).split(b"\n")
        for line in lines:
            try:
                message = json.loads(line or b"{}")
            except ValueError:
                continue  # cut off in the middle, by whatever ended the child
            if "page" in message:
                yield self.job, *message["page"]
            self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        if "ready" in message:
            self._is_ready = True
        elif "about" in message:
            self._unfinished.about = message["about"]
        elif "value" in message:
            self._unfinished.value = message["value"]
        elif "raised" in message:
            self._raised(*message["raised"])
        elif "ended" in message:
            self.outcome = self._unfinished
            if self.outcome.value is None and not self.outcome.failure:
                self._end(message["ended"])

    def _raised(self, kind: str, *details: Any) -> None:
        if kind == "OSError":
            raise OSError(*details)
        if kind == "JuesuanError":
            raise JuesuanError(*details)
        if kind == "MemoryError":
            self._unfinished.failure = _too_much_memory(*details)
        else:
            self._unfinished.failure = (
                f"读取失败 / reading failed ({kind}: {details[0]}); please report it"
            )

    def _end(self, how: str) -> None:
        """Say why a job that has no value has none."""
        limits, outcome = self._limits, self.outcome
        if how == "silent":
            outcome.is_final = False
            outcome.failure = (
                f"读取 {limits.silence:g} 秒没有进展，已终止 / "
                f"stopped: nothing came of reading it for {limits.silence:g} s"
            )
        elif how == "computing":
            outcome.is_final = False
            outcome.failure = (
                "读取耗时超出限额，已终止，请拆分 / stopped: reading it takes more computing time than "
                f"{limits.seconds:g} s and {limits.seconds_a_page:g} s a page; split it"
            )
        else:
            outcome.is_final = False
            outcome.failure = (
                f"读取进程意外中止（{how or 'exit'}），请另存后再试 / the process reading it ended abruptly "
                f"({how or 'exit'}); save it again, as PDF for instance, and try again"
            )

    def dismiss(self) -> None:
        """Let it end: it stops its child when nobody listens any more."""
        for pipe in (self._process.stdin, self.out):
            with contextlib.suppress(OSError):
                pipe.close()

    def wait(self) -> None:
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _too_much_memory(bytes_at_most: int) -> str:
    limit = bytes_at_most // 2**20
    return (
        f"读取所需内存超过 {limit} MiB，请拆分 / reading it takes more than {limit} MiB of memory; split it"
    )
