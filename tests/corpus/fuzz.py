"""Reads damaged documents of every format: make fuzz, or python -m tests.corpus.fuzz.

Each is read as a refresh reads it, in a process of its own within limits, and must end landed, partial or
rejected with a reason, its rows as the landing contract has them. Documents that do not are kept in a
folder outside the repository and can be read again with --replay. Pages that lost their text are looked at
as pictures in one PDF of many only, since that takes seconds a page.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

from flows import children, land
from flows.extract.normalise import is_amount, is_too_long
from flows.extract.readers import members, ocr
from flows.forker import Limits, Report
from flows.land import LandedRows, land_document
from tests.corpus import render_docx, render_html, render_pdf, render_txt, render_xlsx
from tests.corpus.accounts import Account
from tests.corpus.generate import random_account
from tests.corpus.mutations import mutated

DOCUMENTS = 10_000
SEED = 3
# Far above what these small documents take, so that a machine at its limit does not look like a hang.
LIMITS = Limits(silence=60, seconds=40, seconds_a_page=2)
_ACCOUNTS = 3

Render = Callable[[Account], bytes]


def main() -> None:
    """Read so many damaged documents; exit code 1 where one of them is not dealt with."""
    arguments = _arguments()
    warnings.simplefilter("ignore")  # of zipfile, about names that are there twice
    if arguments.replay:
        for path in arguments.replay:
            print(path, read(str(path), 0, None, None) or "as it should be")
        return
    folder = Path(tempfile.mkdtemp(prefix="juesuan-fuzz-"))
    started = time.monotonic()
    statuses: Counter[str] = Counter()
    slowest = (0.0, -1)
    bad = 0
    jobs = [
        children.Job("tests.corpus.fuzz:read", {"path": "", "seed": arguments.seed, "number": number})
        for number in range(arguments.first, arguments.first + arguments.documents)
    ]
    preload = ("flows.reading", "tests.corpus.fuzz")
    for n, outcome in children.run(jobs, arguments.workers, LIMITS, preload=preload):
        number = jobs[n].arguments["number"]
        complaint, status, seconds = outcome.value or (outcome.failure, "ended", 0.0)
        statuses[f"{kind_of(number)} {status}"] += 1
        slowest = max(slowest, (seconds, number))
        if complaint:
            bad += 1
            path = folder / f"{arguments.seed}-{number}.{kind_of(number)}"
            path.write_bytes(document(arguments.seed, number))
            print(f"  {path}: {complaint[:300]}", flush=True)
        if sum(statuses.values()) % 500 == 0:
            seconds = time.monotonic() - started
            print(f"{sum(statuses.values())} read, {bad} bad, {seconds:.0f} s", flush=True)
    for name, count in sorted(statuses.items()):
        print(f"  {name:20} {count:6}")
    seconds = time.monotonic() - started
    print(
        f"{len(jobs)} damaged documents in {seconds:.0f} s, the slowest {slowest[0]:.1f} s "
        f"(number {slowest[1]}): {bad} bad" + (f", kept in {folder}" if bad else "")
    )
    if bad:
        raise SystemExit(1)
    folder.rmdir()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--first", type=int, default=0, help="number of the first document")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--replay", type=Path, nargs="+", help="read these files instead, in this process")
    return parser.parse_args()


# -- documents --------------------------------------------------------------------------------------------


def _archive(account: Account) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("决算/说明.docx", render_docx.render(account))
        archive.writestr("表.html", render_html.render(account))
    return out.getvalue()


def _web_archive(account: Account) -> bytes:
    head = b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n'
    return head + b"Content-Type: text/html\n\n" + render_html.render(account) + b"\n--b--\n"


_RENDERS: dict[str, Render] = {
    "pdf": render_pdf.render,
    "docx": render_docx.render,
    "xlsx": render_xlsx.render,
    "xls": lambda account: render_xlsx.render(account, legacy=True),
    "html": render_html.render,
    "mhtml": _web_archive,
    "zip": _archive,
    "tabbed": lambda account: render_txt.render(account, "tabbed").encode(),
    "columnless": lambda account: render_txt.render(account, "columnless").encode("gb18030"),
}
KINDS = tuple(_RENDERS)
_ONE_WITH_PICTURES = 25 * len(KINDS)


def kind_of(number: int) -> str:
    """The format of a document by its number."""
    return KINDS[number % len(KINDS)]


@cache
def _valid(kind: str, n: int) -> bytes:
    return _RENDERS[kind](random_account(Random(n)))


def document(seed: int, number: int) -> bytes:
    """The damaged document of this number: the same one on every machine."""
    random = Random(f"{seed} {number}")
    return mutated(random, _valid(kind_of(number), random.randrange(_ACCOUNTS)))


def warm_up() -> None:
    """Make the valid documents, once for all processes."""
    for kind in KINDS:
        for n in range(_ACCOUNTS):
            _valid(kind, n)


# -- in the process of one document -----------------------------------------------------------------------


def read(path: str, seed: int | None, number: int, report: Report | None) -> list[object]:
    """(complaint or "", status, seconds) of a document; of an archive those of all documents in it, and the
    status of the last."""
    data = Path(path).read_bytes() if path else document(seed, number)
    if number % _ONE_WITH_PICTURES:
        ocr.available = lambda: False
    started = time.process_time()
    complaints: list[str] = []
    status = ""
    for part in _documents(data):
        rows = land_document("x", part, report.page if report else None)
        complaints += complaints_of(rows)
        status = rows["landed_documents"][0]["status"]
    return ["; ".join(complaints[:3]), status, time.process_time() - started]


def _documents(data: bytes) -> list[bytes]:
    if not members.is_archive(data):
        return [data]
    unpacked = members.unpack(data)
    parts = [members.read_member(data, member.place) for member in unpacked.members]
    return parts + [data] * bool(unpacked.reason)


def complaints_of(rows: LandedRows) -> list[str]:
    """What in the rows of one document breaks the landing contract."""
    found: list[str] = []
    for table, columns in land.LANDING.items():
        for row in rows[table]:
            if tuple(row) != columns or not all(isinstance(value, str) for value in row.values()):
                found.append(f"{table} has other columns: {row}")
            elif any(0xD800 <= ord(c) < 0xE000 or c == "\0" for value in row.values() for c in value):
                found.append(f"{table} holds what cannot be written: {row}")
    (about,) = rows["landed_documents"]
    if about["status"] not in ("landed", "partial", "rejected"):
        found.append(f"status {about['status']!r}")
    if about["status"] != "landed" and " / " not in about["status_reason"]:
        found.append("no reason")
    if "report it" in about["status_reason"]:
        found.append(about["status_reason"])
    found += _not_whole("landed_tables", rows, ("table_no", "first_page", "last_page"), ("table_no",))
    place = ("table_no", "row_no", "column_no")
    found += _not_whole("landed_cells", rows, (*place, "page", "line_no"), place)
    found += _not_whole("landed_claims", rows, ("claim_no", "page", "line_no"), ("claim_no",))
    found += _not_whole("landed_problems", rows, ("page", "line_no"), ())
    tables = {row["table_no"] for row in rows["landed_tables"]}
    for row in rows["landed_cells"] + rows["landed_claims"]:
        value = row["value_text"]
        if not is_amount(value) or is_too_long(value):
            found.append(f"no amount: {value[:40]!r}")
        if row.get("table_no", "") not in tables | {""}:
            found.append(f"a cell of no table: {row}")
    return found


def _not_whole(
    table: str, rows: LandedRows, numbers: tuple[str, ...], key: tuple[str, ...]
) -> list[str]:
    """Rows whose places are no whole numbers, or whose key is there twice."""
    found = [
        f"{table}.{column} is {row[column]!r}"
        for row in rows[table]
        for column in numbers
        if not (row[column].isascii() and row[column].isdigit())
    ]
    keys = Counter(tuple(row[column] for column in key) for row in rows[table])
    return found + [f"{table} has {one} {count} times" for one, count in keys.items() if key and count > 1]


if __name__ == "__main__":
    main()
