"""Jobs that do to their process what hostile documents do, for test_children.py."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time

from flows.forker import Report


def answer(value: str, report: Report) -> str:
    return value


def answer_late(seconds: float, report: Report) -> float:
    time.sleep(seconds)
    return seconds


def hang(report: Report) -> None:
    time.sleep(1000)


def hang_for_good(report: Report) -> None:
    """As code of a library hangs, which hears of no signal."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(1000)


def compute(report: Report) -> None:
    while True:
        pass


def die(report: Report) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def fall_over_a_pointer(report: Report) -> None:
    ctypes.string_at(0)


def leave(report: Report) -> None:
    os._exit(0)


def raise_error(report: Report) -> None:
    raise ValueError("of some kind")


def eat_memory(report: Report) -> int:
    return len(bytearray(8 * 2**30))


def count_pages(pages: int, pause: float, report: Report) -> int:
    for page in range(1, pages + 1):
        time.sleep(pause)
        report.page(page, pages)
    return pages


def start_another(path: str, report: Report) -> None:
    """Leaves a process behind, and its number in a file."""
    started = subprocess.Popen(["sleep", "1000"])
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{started.pid} {os.getpid()}")
    time.sleep(1000)


def print_much(report: Report) -> str:
    print("{" * 100_000, flush=True)
    os.write(1, b'{"value": "forged"}\n')
    return "x" * 3_000_000
