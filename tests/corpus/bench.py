"""`make bench`: what a refresh costs, as ratios of things measured in the same run on the same machine.

Ratios travel between machines, seconds do not. Documents are documents/samples unless DOCUMENTS= says
otherwise.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flows import land
from flows.collect import collect
from flows.settings import split_documents
from tests.corpus.bench_build import print_build
from tests.corpus.bench_identities import DEPARTMENTS, print_identities
from tests.corpus.bench_reading import print_reading

_REPEATS = 3


def main() -> None:
    """Print one line a ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--departments", type=int, default=DEPARTMENTS, help="department-years to judge")
    parser.add_argument("--identities-only", action="store_true", help="leave out reading and refreshing")
    arguments = parser.parse_args()
    if not arguments.identities_only:
        _print_refresh()
        print_reading()
        print_build()
    print_identities(arguments.departments)


def _print_refresh() -> None:
    roots = split_documents(os.environ.get("JUESUAN_DOCUMENTS", ""))
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Path(folder) / "bench.duckdb"
        start = _seconds(lambda: _run("--help"), _REPEATS)
        full = _seconds(lambda: _refresh(roots, warehouse), 1)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        again = _seconds(lambda: _refresh(roots, warehouse), _REPEATS)
    documents = [path.path.read_bytes() for path in collect(roots).documents]
    texts = [data for data in documents if not data.startswith(b"%PDF")]
    decode = _seconds(lambda: [data.decode("utf-8", "replace").splitlines() for data in texts], _REPEATS)
    read = _seconds(lambda: [land.land_document("bench", data) for data in texts], _REPEATS)
    print(f"nothing new / full refresh        {again / full:8.3f}   ({again:.2f} s of {full:.2f} s)")
    print(f"nothing new / start of the program {again / start:8.2f}")
    if texts:
        print(
            f"reading text / decoding it        {read / decode:8.0f}   ({len(texts) / read:.1f} documents/s)"
        )
    print(f"peak memory of a refresh          {peak:8.0f}   MB")


def _refresh(roots: tuple[Path, ...], warehouse: Path) -> None:
    _run("refresh", *map(str, roots), "--warehouse", str(warehouse))


def _run(*arguments: str) -> None:
    command = [sys.executable, "-c", "from flows.cli import main; main()", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _seconds(work: Callable[[], object], repeats: int) -> float:
    """The median of the wall-clock seconds that `work` takes."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


if __name__ == "__main__":
    main()
