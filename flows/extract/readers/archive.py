"""ZIP archives, and the Office documents that are ZIP archives, opened with care.

What an archive says of its sizes is checked before anything is unpacked, and what comes out is
counted again: a few kilobytes can say little and hold gigabytes.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

from lxml import etree

from flows.extract.readers import UnreadableDocument

MOST_ENTRIES = 10_000
MOST_BYTES = 64 * 2**20  # of all entries together, unpacked
MOST_ARCHIVE_BYTES = 2 * 2**30  # the same of an archive of documents, whose members are read one by one
MOST_XML_BYTES = 32 * 2**20  # of one XML part: in memory it takes about ten times as much
MOST_RATIO = 250  # unpacked to packed, of an entry over _SMALL; tables of blank cells reach 155
_SMALL = 2**20

_CONTENT_TYPES = "[Content_Types].xml"
_MAIN_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_OTHER_PARTS = {"ppt/presentation.xml": "pptx", "OFD.xml": "ofd", "META-INF/manifest.xml": "opendocument"}
_FAMILIES = {"docx": "wordprocessingml", "xlsx": "spreadsheetml"}
DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
    struct.error,
)  # fmt: skip


def kind_of_zip(source: Path | bytes) -> str:
    """docx, xlsx, pptx, ofd, opendocument, or zip where it is an archive of whatever files.

    Raises UnreadableDocument where it is damaged or larger than the limits of an archive of documents.
    """
    archive = open_archive(source, MOST_ARCHIVE_BYTES)
    names = set(archive.namelist())
    office = next((kind for kind in _MAIN_PARTS if main_part(archive, kind)), "")
    return office or next((kind for part, kind in _OTHER_PARTS.items() if part in names), "zip")


def open_archive(source: bytes | Path, most: int = MOST_BYTES) -> zipfile.ZipFile:
    """The archive, its declared sizes within the limits. Raises UnreadableDocument."""
    try:
        archive = zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source))
    except DAMAGE as error:
        raise _damaged() from error
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > most:
        raise too_large(most)
    for entry in entries:
        if entry.file_size > _SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise too_large(most)
    return archive


def read_entry(archive: zipfile.ZipFile, entry: str | zipfile.ZipInfo, most: int = MOST_BYTES) -> bytes:
    """The bytes of one entry, `most` of them at the utmost.

    Raises UnreadableDocument where there are more, or the entry is missing, damaged or encrypted.
    """
    try:
        entry = archive.getinfo(entry) if isinstance(entry, str) else entry
    except KeyError as error:
        raise _damaged() from error
    if entry.flag_bits & 1:
        raise UnreadableDocument(
            "压缩包有密码，请解压后提供 / the archive has a password; unpack it and add the files in it"
        )
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableDocument(
            "压缩方式不常用，请用 ZIP 的默认方式重新压缩 / "
            "the archive is packed in an unusual way; pack it again as an ordinary ZIP"
        )
    try:
        with archive.open(entry) as file:
            data = file.read(most + 1)
    except DAMAGE as error:
        raise _damaged() from error
    if len(data) > most:
        raise too_large(most)
    return data


def read_xml(archive: zipfile.ZipFile, name: str) -> etree._Element:
    """The root element of an XML part. Nothing is fetched and no entity is resolved.

    Raises UnreadableDocument where it is not well-formed, or declares a document type, which
    no Office document does.
    """
    data = read_entry(archive, name, MOST_XML_BYTES)
    declared = b"<!DOCTYPE" in data
    if not declared:
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise _damaged() from error
        declared = bool(root.getroottree().docinfo.doctype)  # written in UTF-16, for instance
    if declared:
        raise UnreadableDocument(
            "文件含有办公文档不应有的 DOCTYPE 声明，不予读取，请用 Word 另存 / "
            "the file declares a DOCTYPE, which no Office document does, and is not read;"
            " save it again with Word"
        )
    return root


def main_part(archive: zipfile.ZipFile, kind: str) -> str:
    """The name of the main part of a docx or xlsx; empty where the archive is not one."""
    names = set(archive.namelist())
    if _CONTENT_TYPES not in names:
        return ""
    if _MAIN_PARTS[kind] in names:
        return _MAIN_PARTS[kind]
    for override in read_xml(archive, _CONTENT_TYPES).iter("{*}Override"):
        content_type = override.get("ContentType", "")
        name = override.get("PartName", "").lstrip("/")
        if _FAMILIES[kind] in content_type and content_type.endswith("main+xml") and name in names:
            return name
    return ""


def _damaged() -> UnreadableDocument:
    return UnreadableDocument(
        "压缩包或办公文档已损坏，请重新下载或另存 / "
        "the archive or Office document is damaged; download it again or save it again"
    )


def too_large(most: int) -> UnreadableDocument:
    """The refusal of what has more than `most` bytes unpacked, or says so."""
    limit = most // 2**20
    return UnreadableDocument(
        f"解压后超过 {limit} MiB 或压缩比异常，请拆分 / "
        f"unpacked it has more than {limit} MiB, or is packed beyond all measure; split it"
    )
