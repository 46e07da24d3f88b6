"""The process that reads for a refresh: `python -m flows.forker flows.reading`.

It imports the modules named to it once and then, for each job that comes in on standard input, forks a
child that does the job within limits. It has one thread and reads no document itself, so that forking is
safe and quick, and nothing that a document does to its child reaches the next.

One JSON object a line, both ways. In: {"call", "arguments", "limits"}. Out: {"ready"} once; for each job
whatever the child says ({"page"}, {"about"}, {"value"} or {"raised"}), then {"ended"}: how the child ended,
which is "" or "silent", "computing", "memory", or the name of the signal that ended it.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_GRACE = 1.0  # seconds that a child has for stopping what it started itself


@dataclass(frozen=True)
class Limits:
    """What one document may take. Reading is long only where pages are many, so what must be enough for
    one page, or for all that is no page, is the limit of silence, and pages add to the computing time."""

    silence: float = 120.0  # seconds without a page done
    seconds: float = 120.0  # of computing, for a document without pages
    seconds_a_page: float = 10.0  # of computing, more for each page; OCR takes three
    memory: int = 2**30  # bytes of address space: texts and tables
    memory_at_most: int = 3 * 2**30  # for pictures of pages, see flows/extract/readers/room.py


class Report:
    """What a child tells while it works."""

    def __init__(self, out: int, limits: Limits) -> None:
        self._out = out
        self._limits = limits
        self._pages = 0

    def page(self, number: int, of: int) -> None:
        """A page has been read, the `number`th of so many. Pages give computing time."""
        if of > self._pages:
            self._pages = of
            _limit(resource.RLIMIT_CPU, int(self._limits.seconds + self._limits.seconds_a_page * of))
        self._say({"page": [number, of]})

    def about(self, **facts: str) -> None:
        """Facts that are known before the work is done, in case it never is."""
        self._say({"about": facts})

    def _say(self, message: dict[str, Any]) -> None:
        _write(self._out, json.dumps(message).encode() + b"\n")


Work = Callable[..., Any]


def function_of(call: str) -> Work:
    """The function that a job names, as module:function."""
    module, _, name = call.partition(":")
    return getattr(importlib.import_module(module), name)


def main() -> None:
    """Serve jobs until standard input ends; then stop whatever still runs and leave nothing behind."""
    for module in sys.argv[1:]:
        imported = importlib.import_module(module)
        getattr(imported, "warm_up", lambda: None)()
    gc.collect()
    gc.freeze()  # so that children share this memory and do not touch it
    jobs = os.dup(0)
    out = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)  # what libraries print must not come between the messages
    _write(out, b'{"ready": true}\n')
    waiting = b""
    while True:
        line, newline, waiting = waiting.partition(b"\n")
        if newline:
            _one_job(json.loads(line), jobs, out)
            continue
        waiting = line + (more := os.read(jobs, 65536))
        if not more:
            return


def _one_job(job: dict[str, Any], jobs: int, out: int) -> None:
    limits = Limits(**job["limits"])
    from_child, to_parent = os.pipe()
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            os.close(from_child)
            os.close(jobs)
            os.close(out)
            _work(job, to_parent, limits)
        os._exit(0)
    os.close(to_parent)
    with contextlib.suppress(OSError):
        os.setpgid(pid, pid)  # the child does it too: whoever comes first
    ended = _watch(pid, from_child, jobs, out, limits)
    os.close(from_child)
    _write(out, b"\n" + json.dumps({"ended": ended}).encode() + b"\n")


def _watch(pid: int, from_child: int, jobs: int, out: int, limits: Limits) -> str:
    """Hand on what the child says until it ends; end it when it is silent too long or nobody listens."""
    heard = time.monotonic()
    while True:
        left = heard + limits.silence - time.monotonic()
        readable = select.select([from_child, jobs], [], [], max(left, 0))[0]
        if jobs in readable:  # no job comes before the last is done: the parent is gone
            _kill(pid)
            sys.exit()
        if not readable:
            _kill(pid)
            return "silent"
        said = os.read(from_child, 1 << 20)
        if not said:
            return _how_it_ended(pid)
        try:
            _write(out, said)
        except OSError:
            _kill(pid)
            sys.exit()
        heard = time.monotonic()


def _how_it_ended(pid: int) -> str:
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)  # what the child left running; its own end is settled
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code == -signal.SIGXCPU:
        return "computing"
    if code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"signal {-code}"
    return ""


def _kill(pid: int) -> None:
    """End a child, with what it started: politely, then by force."""
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + _GRACE
    while os.waitpid(pid, os.WNOHANG) == (0, 0):
        if time.monotonic() > until:
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return
        time.sleep(0.01)
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)


# -- in the child -------------------------------------------------------------------------------------


def _work(job: dict[str, Any], out: int, limits: Limits) -> None:
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, int(limits.seconds))
    _limit(resource.RLIMIT_AS, limits.memory, limits.memory_at_most)
    try:
        value = function_of(job["call"])(**job["arguments"], report=Report(out, limits))
        message = json.dumps({"value": value}).encode()
    except MemoryError:
        value = None
        message = b'{"raised": ["MemoryError", %d]}' % resource.getrlimit(resource.RLIMIT_AS)[0]
    except OSError as error:
        message = json.dumps({"raised": ["OSError", error.errno, error.strerror, error.filename]}).encode()
    except Exception as error:
        message = json.dumps({"raised": [type(error).__name__, str(error)]}).encode()
    _write(out, message + b"\n")


def _limit(what: int, soft: int, hard: int | None = None) -> None:
    # Not every system knows every limit, and nobody may raise a hard one.
    with contextlib.suppress(ValueError, OSError):
        most = resource.getrlimit(what)[1]
        hard = most if hard is None else hard
        hard = hard if most == resource.RLIM_INFINITY else min(hard, most)
        soft = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
        resource.setrlimit(what, (soft, hard))


def _write(to: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(to, view) :]


if __name__ == "__main__":
    main()
