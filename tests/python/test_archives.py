"""ZIP archives of documents: each file in one is a document, whatever its name and whoever packed it."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from flows import children, collect, reading
from flows.extract.readers import archive, members
from flows.extract.readers.members import Member, unpack
from flows.land import land_document
from flows.manifest import Manifest
from flows.settings import Settings


def zipped(*files: tuple[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as packed:
        for name, content in files:
            packed.writestr(zipfile.ZipInfo(name), content, kind)
    return out.getvalue()


def named(raw: bytes, content: bytes = b"x", extra: bytes = b"") -> bytes:
    """An archive of one file with this name in bytes, no flag saying what they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        entry = zipfile.ZipInfo("n" * len(raw))
        entry.extra = extra
        packed.writestr(entry, content)
    return out.getvalue().replace(b"n" * len(raw), raw)


def id_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def names(data: bytes) -> list[str]:
    return [member.name for member in unpack(data).members]


def reason(data: bytes) -> str:
    (row,) = land_document("a.zip", data)["landed_documents"]
    assert (row["status"], row["media_type"]) == ("rejected", "application/zip")
    return row["status_reason"].split(" / ", 1)[1]


def test_each_file_is_a_document_with_the_hash_of_its_own_bytes() -> None:
    data = zipped(("2023/决算.txt", b"one"), ("b.pdf", b"two"), ("folder/", b""))
    assert unpack(data).members == (
        Member("2023/决算.txt", (0,), id_of(b"one")),
        Member("b.pdf", (1,), id_of(b"two")),
    )
    assert [members.read_member(data, (n,)) for n in (0, 1)] == [b"one", b"two"]


def test_archives_in_archives_are_opened_three_deep() -> None:
    data = b"deepest"
    for depth in range(5, 0, -1):
        data = zipped((f"{depth}.zip" if depth < 5 else "x.txt", data), ("b.txt", b"%d" % depth))
    assert names(zipped(("0.zip", data))) == ["0.zip/1.zip/2.zip", "0.zip/1.zip/b.txt", "0.zip/b.txt"]
    place = unpack(zipped(("0.zip", data))).members[0].place
    assert place == (0, 0, 0)
    assert "more than 3 archives deep" in reason(members.read_member(zipped(("0.zip", data)), place))


def test_names_are_read_as_they_were_packed() -> None:
    name = "部门决算.txt"
    raw = name.encode("gb18030")
    field = b"\x01" + struct.pack("<I", zlib.crc32(b"n" * 9)) + name.encode()
    extra = struct.pack("<HH", 0x7075, len(field)) + field
    assert names(zipped((name, b"x"))) == [name]
    assert names(named(raw)) == [name]
    assert names(named(name.encode())) == [name]
    assert names(named(b"n" * 9, extra=extra)) == [name]
    assert names(named(b"m" * 9, extra=extra)) == ["m" * 9]  # the field is of another name


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("../../etc/cron.d/x", "etc/cron.d/x"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Windows\\x.txt", "Windows/x.txt"),
        ("a/../../x.txt", "a/x.txt"),
        ("\\\\server\\share\\x", "server/share/x"),
    ],
)
def test_names_that_lead_out_are_made_harmless_and_told(printed: str, name: str) -> None:
    (member,) = unpack(zipped((printed, b"x"))).members
    assert (member.name, member.printed_name) == (name, printed)


def test_names_hold_nothing_that_cannot_be_shown() -> None:
    (member,) = unpack(zipped(("a\u202etxt.exe\x07/b\u200b.txt", b"x"))).members
    assert member.name == "atxt.exe/b.txt"


def test_what_desktops_leave_is_passed_over() -> None:
    left = ("__MACOSX/._a.pdf", ".DS_Store", "a/.hidden", "~$a.docx", "Thumbs.db", "b/desktop.ini")
    assert names(zipped(*((name, b"x") for name in left), ("a.pdf", b"y"))) == ["a.pdf"]
    assert "hidden files only" in reason(zipped(*((name, b"x") for name in left)))
    assert "holds no file" in reason(zipped())


def test_damaged_archives_have_their_reason() -> None:
    data = zipped(("a.txt", b"whole"), ("b.txt", bytes(range(256)) * 8), kind=zipfile.ZIP_STORED)
    assert "damaged" in reason(data[: len(data) // 2])
    broken = data.replace(bytes(range(256)) * 2, bytes(512), 1)
    assert names(broken) == ["a.txt"]
    assert reason(broken).startswith("1 file(s) in the archive could not be taken out (b.txt): the archive")
    inner = zipped(("inner.zip", broken), ("c.txt", b"c"))
    assert names(inner) == ["inner.zip/a.txt", "inner.zip", "c.txt"]
    assert unpack(inner).reason == ""  # the inner one says it itself


def test_passwords_and_unusual_packing_have_their_reason() -> None:
    data = zipped(("a.txt", b"x"), kind=zipfile.ZIP_STORED)
    secret = bytearray(data)
    secret[6] |= 1
    secret[data.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in reason(bytes(secret))
    assert "unusual way" in reason(zipped(("a.txt", b"x" * 100), kind=zipfile.ZIP_LZMA))


def test_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped(("0", bytes(100 * 2**20)))
    assert "packed beyond all measure" in reason(bomb)
    assert names(zipped(("bomb.zip", bomb), ("a.txt", b"x"))) == ["bomb.zip", "a.txt"]
    monkeypatch.setattr(members, "MOST_ARCHIVE_BYTES", 2500)
    many = zipped(*((f"{n}.txt", bytes([n]) * 1000) for n in range(2)))
    assert len(names(many)) == 2
    # each within the limit, all together beyond it
    assert unpack(zipped(("a.zip", many), ("b.zip", many + b" "))).members == ()
    monkeypatch.setattr(archive, "MOST_ENTRIES", 1)
    assert "split it" in unpack(many).reason


def test_an_archive_that_holds_itself_ends() -> None:
    data = zipped(("a.txt", b"x"))
    for _ in range(50):
        data = zipped(("r.zip", data))
    assert names(data) == ["r.zip/r.zip/r.zip"]


def test_office_documents_are_no_archives() -> None:
    docx = zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<x/>"))
    assert not members.is_archive(docx)
    assert names(zipped(("a.docx", docx))) == ["a.docx"]
    assert members.is_archive(zipped(("[Content_Types].xml", b"<Types/>"), ("a.pdf", b"x")))


# -- in a refresh ---------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "documents").mkdir()
    inner = zipped(("c.txt", b"three"), ("copy of a.txt", b"one"))
    data = zipped(("a.txt", b"one"), ("../b.txt", b"two"), ("inner.zip", inner))
    (tmp_path / "documents" / "z.zip").write_bytes(data)
    (tmp_path / "documents" / "own.txt").write_bytes(b"two")
    return tmp_path / "documents"


def test_archives_are_collected_as_the_documents_in_them(folder: Path) -> None:
    found = collect.collect([folder])
    assert [(document.name, document.duplicates) for document in found.documents] == [
        ("own.txt", ("z.zip/b.txt",)),
        ("z.zip/a.txt", ("z.zip/inner.zip/copy of a.txt",)),
        ("z.zip/inner.zip/c.txt", ()),
    ]


def test_an_unchanged_archive_is_not_opened_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.collect.time.time_ns", lambda: 2**62)
    first = collect.collect([folder])
    settings = Settings((folder,), folder.parent / "x.duckdb")
    Manifest(dict(first.stamps), {}, dict(first.archives)).save(settings)
    known = Manifest.load(settings)

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr(children, "run", fail)
    monkeypatch.setattr(collect, "_head", fail)
    assert collect.collect([folder], known.stamps, known.archives) == first
    monkeypatch.setattr("flows.manifest.reading_code", lambda: "of tomorrow")
    assert Manifest.load(settings).archives is None


def test_documents_in_archives_are_read_and_landed(folder: Path) -> None:
    settings = Settings((folder,), folder.parent / "x.duckdb")
    (folder / "z.zip").write_bytes(zipped(("../b.txt", b"two"), ("cut.zip", zipped(("x", b"y"))[:30])))
    (folder / "own.txt").unlink()
    documents = reading.collect_documents(settings).documents
    reading.read_and_remember(settings, documents)
    reading.write_landing(settings, documents)
    rows = (settings.landing / "landed_documents.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert sorted(row.split(",")[1] for row in rows) == ["z.zip/b.txt", "z.zip/cut.zip"]
    problems = (settings.landing / "landed_problems.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert problems == [f"{id_of(b'two')},0,0,collect,unsafe_file_name,the archive calls it '../b.txt'"]


def test_an_archive_that_ends_its_process_is_a_document(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        children, "run", lambda jobs, *_: [(n, children.Outcome(failure="x / y")) for n in range(len(jobs))]
    )
    assert [document.name for document in collect.collect([folder]).documents] == ["own.txt", "z.zip"]
