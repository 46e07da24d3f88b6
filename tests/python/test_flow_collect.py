"""Which files are documents, and which are the same one."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from pathlib import Path

import pytest

from flows.collect import collect, list_files
from flows.errors import UsageError
from flows.settings import SAMPLES, Settings, split_documents


def _write(path: Path, content: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_all_files_of_a_folder_are_found_but_hidden_ones(tmp_path: Path) -> None:
    for name in ("一 二.pdf", "b/c.txt", ".hidden", ".git/config", "~$draft.docx", "Thumbs.db", "d.xyz"):
        _write(tmp_path / name)
    assert [file.name for file in list_files([tmp_path])] == ["b/c.txt", "d.xyz", "一 二.pdf"]


def test_names_are_the_same_on_every_system(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "é.txt")
    _write(tmp_path / decomposed)
    (file,) = list_files([tmp_path])
    assert file.name == unicodedata.normalize("NFC", decomposed)


def test_the_id_is_the_head_of_the_sha256_of_the_bytes(tmp_path: Path) -> None:
    _write(tmp_path / "a.txt", b"abc")
    (document,) = collect([tmp_path]).documents
    assert document.document_id == "ba7816bf8f01cfea"  # of "abc", as FIPS 180-2 prints it


def test_of_the_same_bytes_the_first_name_is_the_document(tmp_path: Path) -> None:
    for name in ("X - 副本.pdf", "X.pdf", "X (1).pdf", "copy of X.pdf"):
        _write(tmp_path / name, b"same")
    _write(tmp_path / "Y.pdf", b"other")
    same, other = collect([tmp_path]).documents
    assert (same.name, same.duplicates) == ("X.pdf", ("X (1).pdf", "X - 副本.pdf", "copy of X.pdf"))
    assert (other.name, other.duplicates) == ("Y.pdf", ())


def test_a_file_given_twice_is_one_file(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.txt")
    (document,) = collect([tmp_path, path]).documents
    assert document.duplicates == ()


def test_a_changed_file_is_noticed_though_size_and_mtime_are_kept(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.txt", b"1")
    before = path.stat()
    known = {str(path): ("1-1-1-1", "0" * 16)}
    path.write_bytes(b"2")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    (document,) = collect([tmp_path], known).documents
    assert document.document_id == hashlib.sha256(b"2").hexdigest()[:16]


def test_a_known_file_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _write(tmp_path / "a.txt")
    monkeypatch.setattr("flows.collect.time.time_ns", lambda: path.stat().st_ctime_ns + 10**10)
    stamps = collect([tmp_path]).stamps

    def fail(path: Path) -> str:
        raise AssertionError(f"opened {path}")

    monkeypatch.setattr("flows.collect.content_hash", fail)
    assert len(collect([tmp_path], stamps).documents) == 1


def test_a_file_written_moments_ago_is_hashed_again(tmp_path: Path) -> None:
    _write(tmp_path / "a.txt")
    assert collect([tmp_path]).stamps == {}


def test_a_missing_path_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder or file"):
        list_files([tmp_path / "nowhere"])


def test_documents_as_typed_to_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blank = _write(tmp_path / "年度 决算.pdf").relative_to(tmp_path)
    other = _write(tmp_path / "b.txt").relative_to(tmp_path)
    _write(tmp_path / "list.txt", "年度 决算.pdf\n\nb.txt\n".encode())
    assert split_documents("") == (SAMPLES,)
    assert split_documents("年度 决算.pdf") == (blank,)
    assert split_documents("'年度 决算.pdf' b.txt") == (blank, other)
    assert split_documents("@list.txt") == (blank, other)
    with pytest.raises(UsageError, match="cannot be split"):
        split_documents("it's")


def test_everything_lies_beside_the_warehouse(tmp_path: Path) -> None:
    settings = Settings((tmp_path,), tmp_path / "x.duckdb")
    names = {path.name for path in (settings.landing, settings.parquet, settings.audit, settings.state)}
    assert names == {"x.landing", "x.parquet", "x.audit", "x.state"}
    with pytest.raises(UsageError, match="no such policy"):
        Settings((tmp_path,), tmp_path / "x.duckdb", "lenient")
    with pytest.raises(UsageError, match="is a folder"):
        Settings((tmp_path,), tmp_path)
