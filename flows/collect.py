"""Which documents there are: the files behind DOCUMENTS and those in archives, each with its hash."""

from __future__ import annotations

import hashlib
import os
import time
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flows import children
from flows.errors import JuesuanError, UsageError
from flows.extract.normalise import printable
from flows.extract.readers import members
from flows.forker import Report
from flows.progress import progress

# What desktops and office programs leave in folders; hidden files are passed over anyway.
_NOT_DOCUMENTS = {"thumbs.db", "desktop.ini"}
_OFFICE_LOCK = "~$"

# What an archive holds: the documents in it, and whether there was something that could not be had.
Contents = tuple[tuple[members.Member, ...], bool]


@dataclass(frozen=True)
class SourceFile:
    """One file. `name` is its path within the folder it was found in, with /, NFC (macOS writes NFD):
    the same on every machine."""

    name: str
    path: Path


@dataclass(frozen=True)
class FoundDocument:
    """One document, that is one content. `duplicates` are the names of other files with the same bytes.

    `place` says where in the archive at `path` it is, empty for a file of its own; `printed_name` what an
    archive calls it whose name for it leads out of the archive, and was made harmless.
    """

    document_id: str
    name: str
    path: Path
    duplicates: tuple[str, ...] = ()
    place: members.Place = ()
    printed_name: str = ""


@dataclass(frozen=True)
class Collected:
    """`unreadable` are (name, reason) of files that could not be opened, so have no content and no id."""

    documents: tuple[FoundDocument, ...]
    unreadable: tuple[tuple[str, str], ...]
    stamps: Mapping[str, tuple[str, str]]  # path -> (stamp, document_id), to know unchanged files by
    archives: Mapping[str, Contents]  # document_id -> what it holds, to know what is in unchanged archives


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
    return sorted(files.values(), key=lambda file: _order(file.name))


def collect(
    roots: Iterable[Path],
    known: Mapping[str, tuple[str, str]] | None = None,
    archives: Mapping[str, Contents] | None = None,
    workers: int = 0,
) -> Collected:
    """Find the documents under `roots`; files whose stamp is in `known` are not opened, if `archives` holds
    the contents of all archives among them.

    Of several files with the same bytes the first by name is the document, whichever was there earlier:
    the result depends on what lies in the folder now, not on the order in which it came.
    """
    known = known or {}
    have_looked = archives is not None
    archives = archives or {}
    files: list[tuple[str, SourceFile]] = []
    unreadable: list[tuple[str, str]] = []
    stamps: dict[str, tuple[str, str]] = {}
    to_unpack: dict[str, Path] = {}
    for file in list_files(roots):
        key = str(file.path.absolute())
        try:
            stamp = _stamp(file.path)
            is_known = key in known and known[key][0] == stamp
            document_id = known[key][1] if is_known else content_hash(file.path)
            is_looked_into = document_id in archives or (is_known and have_looked)
            if not is_looked_into and members.may_be_archive(_head(file.path)):
                to_unpack[document_id] = file.path
        except OSError as error:
            unreadable.append((file.name, error.strerror or type(error).__name__))
            continue
        if _is_settled(stamp):
            stamps[key] = (stamp, document_id)
        files.append((document_id, file))
    contents = {document_id: archives[document_id] for document_id, _ in files if document_id in archives}
    contents |= _unpacked(to_unpack, workers)
    found = [document for document_id, file in files for document in _documents(file, document_id, contents)]
    return Collected(tuple(_without_copies(found)), tuple(unreadable), stamps, contents)


def _documents(file: SourceFile, document_id: str, contents: Mapping[str, Contents]) -> list[FoundDocument]:
    """A file as the document it is, or as those in it; an archive that could not be had whole is both."""
    inside, is_partial = contents.get(document_id, ((), True))
    documents = [
        FoundDocument(
            member.document_id,
            f"{file.name}/{member.name}",
            file.path,
            place=member.place,
            printed_name=member.printed_name,
        )
        for member in inside
    ]
    return documents + [FoundDocument(document_id, file.name, file.path)] * is_partial


def _without_copies(found: Iterable[FoundDocument]) -> list[FoundDocument]:
    first: dict[str, FoundDocument] = {}
    duplicates: dict[str, list[str]] = {}
    for document in sorted(found, key=_precedence):
        if document.document_id in first:
            duplicates.setdefault(document.document_id, []).append(document.name)
        else:
            first[document.document_id] = document
    return [
        replace(document, duplicates=tuple(duplicates.get(document_id, ())))
        for document_id, document in first.items()
    ]


def _precedence(document: FoundDocument) -> tuple[bool, tuple[str, str]]:
    # A file of its own before its copy in an archive.
    return bool(document.place), _order(document.name)


# -- archives ---------------------------------------------------------------------------------------------


def _unpacked(archives: Mapping[str, Path], workers: int) -> dict[str, Contents]:
    """What archives hold, each looked into in a process of its own. One that ends its process holds
    nothing that can be had, and is a document whose own reading will say so."""
    if not archives:
        return {}
    jobs = [
        children.Job("flows.collect:unpack", {"path": str(path.absolute()), "document_id": document_id})
        for document_id, path in archives.items()
    ]
    ids = list(archives)
    contents: dict[str, Contents] = {}
    with progress().count("unpacking 解压", len(jobs)):
        for number, outcome in children.run(jobs, workers):
            contents[ids[number]] = contents_of(outcome.value or [[], True])
            progress().advance(str(archives[ids[number]].name))
    return contents


def contents_of(listed: Sequence[Any]) -> Contents:
    """The contents of an archive from lists, as JSON holds them."""
    inside, is_partial = listed
    return tuple(members.Member(name, tuple(place), *rest) for name, place, *rest in inside), is_partial


def unpack(path: str, document_id: str, report: Report) -> list[object]:
    """The documents in an archive, for `contents_of`; a file that is no archive holds none. In the process
    of one document."""
    source = Path(path)
    if content_hash(source) != document_id:
        raise JuesuanError(f"{source.name} was changed while it was being read; refresh again")
    if not members.is_archive(source):
        return [[], True]
    unpacked = members.unpack(source)
    inside = [[m.name, list(m.place), m.document_id, m.printed_name] for m in unpacked.members]
    return [inside, bool(unpacked.reason)]


# -- files ------------------------------------------------------------------------------------------------


def content_hash(path: Path) -> str:
    """The document_id: the first 16 hex digits of the SHA-256 of the bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(64)


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
    return printable(unicodedata.normalize("NFC", path.as_posix()))


def _order(name: str) -> tuple[str, str]:
    # By stem first, so that "X.pdf" comes before its copies "X (1).pdf" and "X - 副本.pdf".
    stem, _, _ = name.rpartition(".")
    return (stem or name, name)
