"""Which documents there are: the files behind DOCUMENTS, each with its content hash."""

from __future__ import annotations

import hashlib
import os
import time
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flows.errors import UsageError

# What desktops and office programs leave in folders; hidden files are passed over anyway.
_NOT_DOCUMENTS = {"thumbs.db", "desktop.ini"}
_OFFICE_LOCK = "~$"


@dataclass(frozen=True)
class SourceFile:
    """One file. `name` is its path within the folder it was found in, with /, NFC (macOS writes NFD):
    the same on every machine."""

    name: str
    path: Path


@dataclass(frozen=True)
class FoundDocument:
    """One document, that is one content. `duplicates` are the names of other files with the same bytes."""

    document_id: str
    name: str
    path: Path
    duplicates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Collected:
    """`unreadable` are (name, reason) of files that could not be opened, so have no content and no id."""

    documents: tuple[FoundDocument, ...]
    unreadable: tuple[tuple[str, str], ...]
    stamps: Mapping[str, tuple[str, str]]  # path -> (stamp, document_id), to know unchanged files by


def list_files(roots: Iterable[Path]) -> list[SourceFile]:
    """All files under `roots` but hidden ones. Raises UsageError when a root does not exist."""
    files: dict[str, SourceFile] = {}
    for root in roots:
        if root.is_dir():
            for folder, folders, names in os.walk(root):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                for name in names:
                    path = Path(folder, name)
                    if path.is_file() and not _is_passed_over(name):
                        found = SourceFile(_portable(path.relative_to(root)), path)
                        files.setdefault(str(path.absolute()), found)
        elif root.is_file():
            files.setdefault(str(root.absolute()), SourceFile(_portable(Path(root.name)), root))
        else:
            raise UsageError(
                f"no such folder or file of documents: {root}\n"
                "give DOCUMENTS= a folder, a file, a quoted list of them, or @list.txt with one path a line"
            )
    return sorted(files.values(), key=_order)


def collect(roots: Iterable[Path], known: Mapping[str, tuple[str, str]] | None = None) -> Collected:
    """Find the documents under `roots`; files whose stamp is in `known` are not opened.

    Of several files with the same bytes the first by name is the document, whichever was there earlier:
    the result depends on what lies in the folder now, not on the order in which it came.
    """
    known = known or {}
    first: dict[str, SourceFile] = {}
    duplicates: dict[str, list[str]] = {}
    unreadable: list[tuple[str, str]] = []
    stamps: dict[str, tuple[str, str]] = {}
    for file in list_files(roots):
        key = str(file.path.absolute())
        try:
            stamp = _stamp(file.path)
            if key in known and known[key][0] == stamp:
                document_id = known[key][1]
            else:
                document_id = content_hash(file.path)
        except OSError as error:
            unreadable.append((file.name, error.strerror or type(error).__name__))
            continue
        if _is_settled(stamp):
            stamps[key] = (stamp, document_id)
        if document_id in first:
            duplicates.setdefault(document_id, []).append(file.name)
        else:
            first[document_id] = file
    documents = tuple(
        FoundDocument(document_id, file.name, file.path, tuple(duplicates.get(document_id, ())))
        for document_id, file in first.items()
    )
    return Collected(documents, tuple(unreadable), stamps)


def content_hash(path: Path) -> str:
    """The document_id: the first 16 hex digits of the SHA-256 of the bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _stamp(path: Path) -> str:
    # ctime is in it because a copy that keeps size and mtime still changes ctime.
    stat = path.stat()
    return f"{stat.st_ctime_ns}-{stat.st_mtime_ns}-{stat.st_size}-{stat.st_ino}"


def _is_settled(stamp: str) -> bool:
    # A file written moments ago may be written again within the same tick of the file system's clock,
    # and its stamp would not tell: such a stamp is not remembered, and the file is hashed next time too.
    return time.time_ns() - int(stamp.partition("-")[0]) > 2_000_000_000


def _is_passed_over(name: str) -> bool:
    return name.startswith((".", _OFFICE_LOCK)) or name.lower() in _NOT_DOCUMENTS


def _portable(path: Path) -> str:
    return unicodedata.normalize("NFC", path.as_posix())


def _order(file: SourceFile) -> tuple[str, str]:
    # By stem first, so that "X.pdf" comes before its copies "X (1).pdf" and "X - 副本.pdf".
    stem, _, _ = file.name.rpartition(".")
    return (stem or file.name, file.name)
