"""How far a refresh is, shown while it runs: a bar on a terminal, a line a step elsewhere."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

_A_SIGN_OF_LIFE = 30.0  # seconds between lines where there is no terminal to draw a bar on
_LONGEST_NAME = 40


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

    def page(self, name: str, page: int, of: int) -> None:
        """A page of one thing of the counted step is done."""

    def advance(self, name: str) -> None:
        """One thing of the counted step is done."""

    def say(self, words: str) -> None:
        """Something begins that takes a while and is no step of its own."""


class ConsoleProgress(Progress):
    """Shows the steps on a console (standard error, so that output can be piped)."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._counted: _Counted | None = None

    @contextlib.contextmanager
    def count(self, title: str, total: int) -> Iterator[None]:
        started = time.monotonic()
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[counts]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[name]}"),
        )
        with Bars(*columns, console=self._console, transient=True) as bars:
            task = bars.add_task(title, total=total, counts=f"0/{total}", name="")
            self._counted = _Counted(self._console, bars, task, title, total, started)
            try:
                yield
            finally:
                counts, self._counted = self._counted.counts(), None
        self._done(f"{title}: {counts}", started)

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[None]:
        started = time.monotonic()
        with self._console.status(f"{title} …"):
            yield
        self._done(title, started)

    def page(self, name: str, page: int, of: int) -> None:
        if self._counted is not None:
            self._counted.page(name, page, of)

    def advance(self, name: str) -> None:
        if self._counted is not None:
            self._counted.advance(name)

    def say(self, words: str) -> None:
        self._console.print(f"  {words} …", highlight=False)

    def _done(self, title: str, started: float) -> None:
        self._console.print(f"  {title}  {time.monotonic() - started:.1f} s", highlight=False)


@dataclass
class _Counted:
    """A counted step on the console: things done, and pages done of those known."""

    console: Console
    bars: Bars
    task: TaskID
    title: str
    total: int
    started: float
    done: int = 0
    pages: dict[str, tuple[int, int]] = field(default_factory=dict)  # of what is being read now
    pages_done: int = 0  # of what has been read
    told: float = 0.0

    def counts(self) -> str:
        """Things done of all, and pages done of those known where there are any."""
        read = self.pages_done + sum(page for page, _ in self.pages.values())
        known = self.pages_done + sum(of for _, of in self.pages.values())
        things = f"{self.done}/{self.total}"
        return f"{things}, {read}/{known} 页 pages" if known else things

    def page(self, name: str, page: int, of: int) -> None:
        self.pages[name] = (page, of)
        self._show(name)

    def advance(self, name: str) -> None:
        self.done += 1
        self.pages_done += self.pages.pop(name, (0, 0))[1]
        self._show(next(reversed(self.pages), name))

    def _show(self, name: str) -> None:
        within = sum(page / of for page, of in self.pages.values())
        self.bars.update(
            self.task,
            completed=self.done + within,
            counts=self.counts(),
            name=escape(name[-_LONGEST_NAME:]),
        )
        now = time.monotonic()
        if not self.console.is_terminal and now - max(self.told, self.started) > _A_SIGN_OF_LIFE:
            self.told = now
            seconds = now - self.started
            self.console.print(
                f"  {self.title}: {self.counts()}  {seconds:.0f} s", highlight=False, markup=False
            )


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
