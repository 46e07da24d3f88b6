"""A folder of documents that are broken or made to hurt, refreshed as any other: each is landed, partial or
rejected with its reason, within its limits, and the good one among them is read."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from pathlib import Path
from random import Random

import pytest

from flows import children, reading
from flows.settings import Settings
from tests.corpus import render_docx, render_html, render_pdf, render_txt, render_xlsx
from tests.corpus.generate import random_account

ACCOUNT = random_account(Random(2))
PDF, DOCX, XLSX = (r.render(ACCOUNT) for r in (render_pdf, render_docx, render_xlsx))
XLS, HTML = render_xlsx.render(ACCOUNT, legacy=True), render_html.render(ACCOUNT)
TEXT = render_txt.render(ACCOUNT, "tabbed")
SECONDS = 120.0  # for all together on a busy machine; none alone comes near


def packed(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def changed(package: bytes, part: str, content: bytes) -> bytes:
    """A package with one part replaced, packed again as it should be."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return out.getvalue()


def part_of(package: bytes, part: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return archive.read(part)


BODY = part_of(DOCX, "word/document.xml")
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "%s">%s]>' % (
    b"1.00" * 100,
    b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%s;" % (b"%d" % (n - 1) if n else b"") * 10) for n in range(9)),
)
BOMB = packed(bomb=bytes(200 * 2**20))
DEEP = 10_000
DOCUMENTS = {
    "good.txt": TEXT.encode(),
    "bomb.zip": BOMB,
    "bomb in.zip": packed(bomb_zip=BOMB, again_zip=packed(bomb_zip=BOMB)),
    "bomb.docx": changed(DOCX, "word/document.xml", BODY.replace(b"<w:body>", b"<w:body>" + b" " * 2**27)),
    "entities.docx": changed(DOCX, "word/document.xml", ENTITIES + BODY.replace(b"1", b"&a8;")),
    "entities.html": ENTITIES + b"<html><table><tr><td>&a8;</td></tr></table></html>",
    "outside.docx": changed(
        DOCX, "word/document.xml", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + BODY
    ),
    "deep.html": b"<html>" + b"<div>" * DEEP + b"1.00" + b"</div>" * DEEP,
    "deep tables.html": b"<html>" + b"<table><tr><td>" * DEEP + b"1.00",
    "deep.docx": changed(
        DOCX,
        "word/document.xml",
        BODY.replace(b"<w:body>", b"<w:body>" + b"<w:sdt><w:sdtContent>" * DEEP).replace(
            b"</w:body>", b"</w:sdtContent></w:sdt>" * DEEP + b"</w:body>"
        ),
    ),
    "wide.html": HTML.replace(b"<td", b'<td colspan="999999999" rowspan="999999999"', 40),
    "scripts.html": HTML.replace(b"<body", b"<script>document.write('99.99')</script><body", 1),
    "nul.txt": TEXT.replace("合计", "合\0计").encode(),
    "nul.html": HTML.replace(b"<td", b"\0<td"),
    "bidi.txt": TEXT.replace("合计", "\u202e合\u2066计\u200b").encode(),
    "halves.txt": TEXT.encode().replace(b"\n", b"\xed\xa0\x80\n", 1),
    "halves.html": HTML.replace(b"<td>", b"<td>&#xD800;&#0;", 5),
    "formulas.txt": (TEXT + '\n=HYPERLINK("http://x")\t1.00\n@SUM(1)\t2.00\n').encode(),
    "twice.zip": packed(a_txt=TEXT.encode() + b"\n", b_pdf=PDF[:5000]),
    "a\udcff.txt": TEXT.encode() + b"\n\n",  # a file name that is no UTF-8
    **{
        f"cut {share}.{name}": data[: len(data) * share // 100]
        for name, data in (("pdf", PDF), ("docx", DOCX), ("xlsx", XLSX), ("xls", XLS), ("html", HTML))
        for share in (1, 50, 99)
    },
}


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, str]]]:
    """The landing of the folder, by table."""
    base = tmp_path_factory.mktemp("hostile")
    folder = base / "documents"
    folder.mkdir()
    for name, data in DOCUMENTS.items():
        (folder / name).write_bytes(data)
    settings = Settings((folder,), base / "x.duckdb")
    started = time.monotonic()
    documents = reading.collect_documents(settings).documents
    reading.read_and_remember(settings, documents)
    reading.write_landing(settings, documents)
    assert time.monotonic() - started < SECONDS
    return {path.stem: read_csv(path) for path in sorted(settings.landing.iterdir())}


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_document_has_its_status_and_its_reason(landing: dict[str, list[dict[str, str]]]) -> None:
    documents = {row["file_name"]: row for row in landing["landed_documents"]}
    # the bomb in the other archives is the same bytes as the bomb, and so the same document
    files = set(DOCUMENTS) - {"bomb in.zip", "twice.zip", "a\udcff.txt"}
    assert set(documents) == files | {"twice.zip/a_txt", "twice.zip/b_pdf", "a\ufffd.txt"}
    for name, row in documents.items():
        assert row["status"] in ("landed", "partial", "rejected"), name
        if row["status"] != "landed":
            assert " / " in row["status_reason"], name
        for word in ("report it", "abruptly", "stopped:"):
            assert word not in row["status_reason"], (name, row["status_reason"])


def test_what_can_be_read_is_read(landing: dict[str, list[dict[str, str]]]) -> None:
    statuses = {row["file_name"]: row["status"] for row in landing["landed_documents"]}
    for name in ("good.txt", "scripts.html", "nul.html", "bidi.txt", "formulas.txt", "twice.zip/a_txt"):
        assert statuses[name] == "landed", name
    for name in ("bomb.zip", "bomb.docx", "entities.docx", "outside.docx", "nul.txt", "halves.txt"):
        assert statuses[name] == "rejected", name
    ids = {row["file_name"]: row["document_id"] for row in landing["landed_documents"]}
    cells = {
        name: [
            (row["line_item"], row["measure"], row["value_text"])
            for row in landing["landed_cells"]
            if row["document_id"] == ids[name]
        ]
        for name in ("good.txt", "bidi.txt")
    }
    assert cells["good.txt"] == cells["bidi.txt"] != []


def test_nothing_is_landed_that_no_reader_sees(landing: dict[str, list[dict[str, str]]]) -> None:
    printed = "\n".join(value for rows in landing.values() for row in rows for value in row.values())
    assert "document.write" not in printed and "99.99" not in printed
    assert "root:" not in printed  # of /etc/passwd
    assert not any(c in printed for c in "\0\u202e\u2066\u200b")


def test_limits_are_what_they_are_said_to_be() -> None:
    limits = children.Limits()
    assert (limits.memory, limits.memory_at_most) == (2**30, 3 * 2**30)
    assert limits.seconds_a_page * 200 > 200 * 3  # a scan of 200 pages at three seconds each has its time
