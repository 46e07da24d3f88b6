"""How far a refresh is, shown while it runs: a bar on a terminal, a line a step elsewhere."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextvars import ContextVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars


class Progress:
    """Tells nobody. The functions of the steps report to `progress()`, whoever listens."""

    @contextlib.contextmanager
    def count(self, title: str, total: int) -> Iterator[None]:
        """A step over `total` things, each reported by `advance`."""
        yield

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[None]:
        """A step that is either running or done."""
        yield

    def advance(self, name: str) -> None:
        """One thing of the counted step is done."""

    def say(self, words: str) -> None:
        """Something begins that takes a while and is no step of its own."""


class ConsoleProgress(Progress):
    """Shows the steps on a console (standard error, so that output can be piped)."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars: Bars | None = None
        self._task: TaskID | None = None

    @contextlib.contextmanager
    def count(self, title: str, total: int) -> Iterator[None]:
        started = time.monotonic()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Bars(*columns, console=self._console, transient=True) as self._bars:
            self._task = self._bars.add_task(title, total=total)
            yield
        self._bars = None
        self._done(f"{title}: {total}", started)

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[None]:
        started = time.monotonic()
        with self._console.status(f"{title} …"):
            yield
        self._done(title, started)

    def advance(self, name: str) -> None:
        if self._bars is not None and self._task is not None:
            self._bars.advance(self._task)

    def say(self, words: str) -> None:
        self._console.print(f"  {words} …", highlight=False)

    def _done(self, title: str, started: float) -> None:
        self._console.print(f"  {title}  {time.monotonic() - started:.1f} s", highlight=False)


_listening: ContextVar[Progress | None] = ContextVar("progress", default=None)


def progress() -> Progress:
    """Whoever listens now, or nobody."""
    return _listening.get() or Progress()


@contextlib.contextmanager
def shown_on(console: Console) -> Iterator[None]:
    """Show the progress of what runs inside on this console."""
    token = _listening.set(ConsoleProgress(console))
    try:
        yield
    finally:
        _listening.reset(token)
