"""The documents in a ZIP archive of documents, archives in it opened too. Nothing is written to disk."""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.extract.normalise import printable
from flows.extract.readers import UnreadableDocument
from flows.extract.readers.archive import (
    MOST_ARCHIVE_BYTES,
    MOST_ENTRIES,
    kind_of_zip,
    open_archive,
    read_entry,
    too_large,
)

DEEPEST = 3  # archives in archives
_LONGEST_NAME = 200  # characters, of one part of a path
_NAMED = 3  # files that a reason names; the others are counted

_ZIP = b"PK\x03\x04", b"PK\x05\x06"
_NOT_DOCUMENTS = {"thumbs.db", "desktop.ini", "__macosx"}
_PARTS = re.compile(r"[/\\]+")
_DRIVE = re.compile(r"[A-Za-z]:")
_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075

_PACKAGE_LIST = b"[Content_Types].xml", b"mimetype"  # the name of the first file stands at byte 30

Place = tuple[int, ...]  # the number of the entry, in the archive and in those within it


@dataclass(frozen=True)
class Member:
    """One file of an archive. `name` is its path in it, made harmless; `printed_name` is what the
    archive calls it where that is no path within the archive (../../etc), else empty."""

    name: str
    place: Place
    document_id: str
    printed_name: str = ""


@dataclass(frozen=True)
class Unpacked:
    """The documents of an archive; `reason` says what could not be had from it, in Chinese / English,
    and is empty where that is nothing."""

    members: tuple[Member, ...]
    reason: str = ""


def is_archive(source: Path | bytes) -> bool:
    """Whether a file is a ZIP archive of documents, and no Office document; one that is too damaged to
    tell is a document, which will be refused with its reason."""
    try:
        return _head(source).startswith(_ZIP) and kind_of_zip(source) == "zip"
    except UnreadableDocument:
        return False


def may_be_archive(head: bytes) -> bool:
    """Whether a file that begins with these bytes has to be looked into by `unpack`. Office documents
    begin with their list of parts, as a rule, and need not be."""
    return head.startswith(_ZIP) and not head[30:].startswith(_PACKAGE_LIST)


def unpack(source: Path | bytes) -> Unpacked:
    """The documents in an archive and in the archives in it. An archive within that cannot be had whole
    is a document among them too, so that its own reading says why."""
    try:
        return _Unpacking(MOST_ARCHIVE_BYTES, MOST_ENTRIES).of(source, depth=1)
    except _Exhausted:
        return Unpacked((), too_large(MOST_ARCHIVE_BYTES).reason)
    except UnreadableDocument as refusal:
        return Unpacked((), refusal.reason)


def why_not_whole(data: bytes) -> str:
    """Why an archive was not taken apart into its documents, in Chinese / English."""
    return unpack(data).reason or (
        f"压缩包套压缩包超过 {DEEPEST} 层，请解压后提供 / "
        f"the archive lies more than {DEEPEST} archives deep; unpack it and add the files in it"
    )


def read_member(source: Path, place: Sequence[int]) -> bytes:
    """The bytes of one member. Raises UnreadableDocument, and IndexError where there is no such place."""
    data: Path | bytes = source
    for number in place:
        with open_archive(data, MOST_ARCHIVE_BYTES) as archive:
            data = read_entry(archive, archive.infolist()[number])
    if isinstance(data, Path):
        raise IndexError("the place of a member is empty")
    return data


@dataclass
class _Unpacking:
    """Counts what comes out of an archive and all archives in it."""

    bytes_left: int
    entries_left: int

    def of(self, source: Path | bytes, depth: int) -> Unpacked:
        found: list[Member] = []
        failed: list[tuple[str, str]] = []
        with open_archive(source, MOST_ARCHIVE_BYTES) as archive:
            for number, entry in enumerate(archive.infolist()):
                name, printed_name = _clean_name(_name_of(entry))
                if entry.is_dir() or not name or _is_passed_over(name):
                    continue
                try:
                    data = self._read(archive, entry)
                except UnreadableDocument as refusal:
                    failed.append((name, refusal.reason))
                    continue
                found += self._documents(data, Member(name, (number,), _hash(data), printed_name), depth)
        return Unpacked(tuple(found), _reason(found, failed))

    def _read(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
        data = read_entry(archive, entry)
        self.bytes_left -= len(data)
        self.entries_left -= 1
        if self.bytes_left < 0 or self.entries_left < 0:
            raise _Exhausted
        return data

    def _documents(self, data: bytes, member: Member, depth: int) -> Iterator[Member]:
        """A file as the document it is, or as those in it."""
        if depth >= DEEPEST or not is_archive(data):
            yield member
            return
        try:
            inner = self.of(data, depth + 1)
        except UnreadableDocument:
            yield member
            return
        for below in inner.members:
            yield Member(
                f"{member.name}/{below.name}",
                member.place + below.place,
                below.document_id,
                below.printed_name or member.printed_name,
            )
        if inner.reason:
            yield member


class _Exhausted(Exception):
    """All archives together hold too much: the outermost is refused, whatever was found in it."""


def _reason(found: Sequence[Member], failed: Sequence[tuple[str, str]]) -> str:
    if not failed:
        nothing = (
            "压缩包中没有文件，或只有隐藏文件，请重新打包 / "
            "the archive holds no file, or hidden files only; pack the documents again"
        )
        return "" if found else nothing
    chinese, _, english = failed[0][1].partition(" / ")
    if not found:
        return f"{chinese} / {english}"
    names = ", ".join(name for name, _ in failed[:_NAMED]) + (" …" if len(failed) > _NAMED else "")
    return (
        f"压缩包中 {len(failed)} 个文件未能取出（{names}）：{chinese} / "
        f"{len(failed)} file(s) in the archive could not be taken out ({names}): {english}"
    )


def _head(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source[:4]
    with source.open("rb") as file:
        return file.read(4)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


# -- names ------------------------------------------------------------------------------------------


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The name of an entry: in UTF-8 where its flag or the Unicode path field says so. Else packers
    write what their system writes, which is GBK in China, and the library takes it for code page 437."""
    if entry.flag_bits & _UTF8_FLAG:
        return entry.orig_filename
    try:
        raw = entry.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.orig_filename
    named = _unicode_path(entry.extra, raw)
    if named is not None:
        return named
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.orig_filename


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name in the Info-ZIP Unicode path field, which is valid for the name it was made from."""
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        content = extra[position + 4 : position + 4 + length]
        if kind == _UNICODE_PATH and len(content) > 5 and content[1:5] == struct.pack("<I", zlib.crc32(raw)):
            return content[5:].decode("utf-8", "replace")
        position += 4 + length
    return None


def _clean_name(name: str) -> tuple[str, str]:
    """A path that stays within the archive, with /; and the name as it was if it did not."""
    parts = _PARTS.split(name)
    kept = []
    for part in parts:
        part = unicodedata.normalize("NFC", printable(part)).strip()
        part = _DRIVE.sub("", part, count=1) if _DRIVE.match(part) else part
        if part not in ("", ".", ".."):
            kept.append(part[-_LONGEST_NAME:])
    is_harmless = not name.startswith(("/", "\\")) and ".." not in parts and not _DRIVE.match(name)
    return "/".join(kept), "" if is_harmless else printable(name)[:_LONGEST_NAME]


def _is_passed_over(name: str) -> bool:
    """What desktops and office programs leave in archives."""
    return any(
        part.startswith((".", "~$")) or part.lower() in _NOT_DOCUMENTS for part in name.split("/")
    )
