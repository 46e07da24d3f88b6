"""The reading part of the bench: PDF against pdfplumber, OCR against drawing the page, two processes
against one. Ratios of things measured in this run; CPU seconds of this process where one does the work.
"""

from __future__ import annotations

import io
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pdfplumber
import pypdfium2 as pdfium

from flows.extract.readers import ocr
from flows.land import land_document
from tests.corpus import layouts
from tests.corpus.images import POINTS_PER_INCH, Damage, image_only
from tests.corpus.score_cases import DOCUMENTS, FONTS

_REPEATS = 3
_SCAN = Damage("150 dpi, skew 2°, noise, JPEG 40", dpi=150, skew=2.0, noise=12.0, jpeg=40)
_SCANS = 4
_AS_FAST_AS = 8  # times pdfplumber's tables alone
_SECONDS_A_SCANNED_PAGE = 3.0


def print_reading() -> None:
    """One line a ratio."""
    real = sorted(DOCUMENTS.glob("*.pdf")) if DOCUMENTS.is_dir() else []
    if real:
        _print_pdf("real PDF", [path.read_bytes() for path in real])
    _print_pdf("rendered PDF", [_rendered(name) for name in ("official_2021", "shanghai_2024")])
    if ocr.available():
        _print_ocr(image_only(_rendered("official_2021"), _SCAN))
        _print_parallel()


def _rendered(name: str, seed: int = 0) -> bytes:
    layout = layouts.layout(name)
    return layouts.render(layouts.account_for(layout, seed, 3), layout, "pdf", font=FONTS[0])


def _print_pdf(label: str, documents: Sequence[bytes]) -> None:
    """From bytes to landed rows, all of it, against pdfplumber's table finder alone."""
    landed = _cpu_seconds(lambda: [land_document("bench.pdf", data) for data in documents])
    found = _cpu_seconds(lambda: [_tables_by_pdfplumber(data) for data in documents])
    pages = sum(map(_page_count, documents))
    print(
        f"pdfplumber's tables / landing, {label:<13}{found / landed:6.1f}   (at least {_AS_FAST_AS} wanted; "
        f"{pages} pages, {pages / landed:.0f} a second)"
    )


def _tables_by_pdfplumber(data: bytes) -> None:
    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            page.extract_tables()


def _page_count(data: bytes) -> int:
    document = pdfium.PdfDocument(data)
    try:
        return len(document)
    finally:
        document.close()


def _print_ocr(data: bytes) -> None:
    """A scan read by one process whose models are loaded, against drawing its pages at 200 dpi."""
    pages = _page_count(data)
    land_document("bench.pdf", data)
    read = _cpu_seconds(lambda: land_document("bench.pdf", data), 1) / pages
    draw = _cpu_seconds(lambda: _draw(data)) / pages
    print(
        f"reading a scan / drawing it                 {read / draw:6.0f}   ({read:.2f} CPU s a page, at most "
        f"{_SECONDS_A_SCANNED_PAGE:.0f} wanted; {_SCAN.name})"
    )


def _draw(data: bytes) -> None:
    document = pdfium.PdfDocument(data)
    for number in range(len(document)):
        document[number].render(scale=200 / POINTS_PER_INCH, grayscale=True)
    document.close()


def _print_parallel() -> None:
    """The same scans landed by one process at a time and by two, start and models included."""
    with tempfile.TemporaryDirectory() as folder:
        scans = Path(folder) / "scans"
        scans.mkdir()
        for seed in range(_SCANS):
            (scans / f"{seed}.pdf").write_bytes(image_only(_rendered("shanghai_2024", seed), _SCAN))
        one, two = (_landing_seconds(scans, Path(folder) / f"{n}.duckdb", n) for n in (1, 2))
    print(
        f"one process / two, {_SCANS} scans                  {one / two:6.2f}   ({one:.0f} s and {two:.0f} s)"
    )


def _landing_seconds(folder: Path, warehouse: Path, workers: int) -> float:
    command = [
        sys.executable, "-c", "from flows.cli import main; main()", "land", str(folder),
        "--warehouse", str(warehouse), "--workers", str(workers),
    ]  # fmt: skip
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def _cpu_seconds(work: Callable[[], object], repeats: int = _REPEATS) -> float:
    """The median of the CPU seconds of this process, after one run to warm up unless it is run once."""
    if repeats > 1:
        work()
    times = []
    for _ in range(repeats):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return statistics.median(times)
