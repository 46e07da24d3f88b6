"""Keeps two refreshes of one warehouse apart."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator

from flows.errors import WarehouseBusy
from flows.settings import Settings


@contextlib.contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Hold the warehouse's lock. Raises WarehouseBusy at once when another process holds it.

    The lock is the operating system's: it ends with the process that holds it, so none is left behind.
    """
    settings.state.mkdir(parents=True, exist_ok=True)
    with (settings.state / "lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise WarehouseBusy(
                f"another refresh of {settings.warehouse} is running (process {holder}); "
                "wait until it is done, or refresh into another file with --warehouse"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
