"""ZIP archives, and the Office documents that are ZIP archives, opened with care.

What an archive says of its sizes is checked before anything is unpacked, and what comes out is
counted again: a few kilobytes can say little and hold gigabytes.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from lxml import etree

from flows.extract.readers import UnreadableDocument

MOST_ENTRIES = 10_000
MOST_BYTES = 64 * 2**20  # of all entries together, unpacked
MOST_XML_BYTES = 32 * 2**20  # of one XML part: in memory it takes about ten times as much
MOST_RATIO = 250  # unpacked to packed, of an entry over _SMALL; tables of blank cells reach 155
_SMALL = 2**20

_CONTENT_TYPES = "[Content_Types].xml"
_MAIN_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_FAMILIES = {"docx": "wordprocessingml", "xlsx": "spreadsheetml"}
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
    struct.error,
)  # fmt: skip


def kind_of_zip(data: bytes) -> str:
    """docx, xlsx or zip, by what the archive holds.

    Raises UnreadableDocument where it is damaged, encrypted or larger than the limits.
    """
    archive = open_archive(data)
    return next((kind for kind in _MAIN_PARTS if main_part(archive, kind)), "zip")


def open_archive(data: bytes) -> zipfile.ZipFile:
    """The archive, its declared sizes within the limits. Raises UnreadableDocument."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGE as error:
        raise _damaged() from error
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise _too_large()
    for entry in entries:
        if entry.file_size > _SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise _too_large()
    return archive


def read_entry(archive: zipfile.ZipFile, name: str, most: int = MOST_BYTES) -> bytes:
    """The bytes of one entry, `most` of them at the utmost.

    Raises UnreadableDocument where there are more, or the entry is missing, damaged or encrypted.
    """
    try:
        entry = archive.getinfo(name)
    except KeyError as error:
        raise _damaged() from error
    if entry.flag_bits & 1:
        raise UnreadableDocument(
            "压缩包有密码，请解压后提供 / the archive has a password; unpack it and add the files in it"
        )
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _damaged()
    try:
        with archive.open(entry) as file:
            data = file.read(most + 1)
    except _DAMAGE as error:
        raise _damaged() from error
    if len(data) > most:
        raise _too_large()
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


def _too_large() -> UnreadableDocument:
    limit = MOST_BYTES // 2**20
    return UnreadableDocument(
        f"解压后超过 {limit} MiB 或压缩比异常，请拆分 / "
        f"unpacked it has more than {limit} MiB, or is packed beyond all measure; split it"
    )
