"""Which reader a document needs, told by its content: names lie, and web pages are saved as .xls."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from flows.extract.model import Reading
from flows.extract.readers import (
    UnreadableDocument,
    archive,
    compound,
    doc,
    docx,
    html,
    members,
    mhtml,
    pdf,
    picture,
    text,
    workbook,
)

OnPage = Callable[[int, int], None]  # told (page, of how many) when a page has been read


@dataclass(frozen=True)
class Kind:
    """What bytes are: their media type and their reader, or the reason why there is none."""

    media_type: str
    read: Callable[[bytes, OnPage | None], Reading] | None = None
    refusal: str = ""


def kind_of(data: bytes) -> Kind:
    """The kind of a document by what it holds; whatever is nothing else is a text.

    Raises UnreadableDocument where the bytes are an archive too damaged or too large to look into.
    """
    head = data[:1024].lstrip(_BLANK)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(_ZIP):
        return _package(data)
    if head.startswith(compound.MAGIC[:4]):
        return _compound(data)
    if _is_pdf(data):
        return _PDF
    if mhtml.is_mhtml(data):
        return Kind(mhtml.MEDIA_TYPE, mhtml.read)
    for mark, kind in _OFFICE_XML:
        if mark in data[:4096]:
            return kind
    if html.is_html(data):
        return Kind("text/html", html.read)
    return Kind("text/plain", _plain(text.read))


def read(data: bytes, on_page: OnPage | None = None) -> Reading:
    """The reading of a document of any kind. `on_page` hears of each page of those that take long.

    Raises UnreadableDocument with the reason where the document cannot be read.
    """
    if not data.strip(b"\0" + _BLANK):
        raise UnreadableDocument("文件为空，请重新下载 / the file is empty; download it again")
    kind = kind_of(data)
    if kind.read is None:
        raise UnreadableDocument(kind.refusal)
    return kind.read(data, on_page)


def media_type_of(data: bytes) -> str:
    """The media type of bytes, whatever state they are in; an archive that cannot be opened is one."""
    try:
        return kind_of(data).media_type
    except UnreadableDocument:
        return _ZIP_TYPE


# -- kinds ------------------------------------------------------------------------------------------


_BLANK = b" \t\r\n\f\v\xef\xbb\xbf"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ZIP_TYPE = "application/zip"
_OLE_TYPE = "application/x-ole-storage"


def _plain(reader: Callable[[bytes], Reading]) -> Callable[[bytes, OnPage | None], Reading]:
    return lambda data, on_page: reader(data)


def _save_as(kind: str, target: str, target_zh: str = "") -> str:
    return f"暂不能读取 {kind}，请另存为 {target_zh or target} / {kind} cannot be read; save it as {target}"


def _picture(media_type: str) -> Kind:
    return Kind(media_type, lambda data, on_page: picture.read(data, media_type, on_page))


_PDF = Kind("application/pdf", pdf.read)
_UNPACK = (
    "暂不能读取 {0} 压缩包，请解压后提供，或改用 ZIP / "
    "{0} archives cannot be read; unpack it and add the files in it, or pack them as ZIP"
)
_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", _PDF),
    (b"\x89PNG\r\n", _picture("image/png")),
    (b"\xff\xd8\xff", _picture("image/jpeg")),
    (b"II*\0", _picture("image/tiff")),
    (b"MM\0*", _picture("image/tiff")),
    (b"GIF8", Kind("image/gif", refusal=_save_as("GIF", "PNG"))),
    (b"Rar!\x1a\x07", Kind("application/vnd.rar", refusal=_UNPACK.format("RAR"))),
    (b"7z\xbc\xaf\x27\x1c", Kind("application/x-7z-compressed", refusal=_UNPACK.format("7z"))),
    (b"\x1f\x8b\x08", Kind("application/gzip", refusal=_UNPACK.format("gzip"))),
    (b"{\\rtf", Kind("application/rtf", lambda data, on_page: doc.read(data, "rtf", on_page))),
)
_OFFICE_XML = (
    (
        b"urn:schemas-microsoft-com:office:spreadsheet",
        Kind("application/xml", refusal=_save_as("XML 2003", "XLSX")),
    ),
    (
        b"http://schemas.microsoft.com/office/word/2003/wordml",
        Kind("application/xml", refusal=_save_as("XML 2003", "DOCX")),
    ),
    (
        b"http://schemas.microsoft.com/office/2006/xmlPackage",
        Kind("application/xml", refusal=_save_as("XML", "DOCX")),
    ),
)
_PDF_HEADER = re.compile(rb"%PDF-\d\.\d")


def _is_pdf(data: bytes) -> bool:
    """Whether a PDF begins within the first kilobyte, as readers of PDF allow, and is no mere mention."""
    return _PDF_HEADER.search(data[:1024]) is not None and b" obj" in data


def _package(data: bytes) -> Kind:
    """Office files are ZIP archives: what lies in one tells which it is."""
    kind = archive.kind_of_zip(data)
    if kind == "docx":
        return Kind(docx.MEDIA_TYPE, docx.read)
    if kind == "xlsx":
        return Kind(workbook.XLSX, workbook.read)
    if kind == "zip":
        return Kind(_ZIP_TYPE, _refuse_archive)
    if kind == "opendocument":
        return Kind(_ZIP_TYPE, refusal=_save_as("OpenDocument", "DOCX or XLSX", "DOCX 或 XLSX"))
    return Kind(_ZIP_TYPE, refusal=_save_as(kind.upper(), "PDF"))


def _refuse_archive(data: bytes, on_page: OnPage | None) -> Reading:
    """An archive of documents is no document: whoever collects takes it apart before. What comes here is
    one that cannot be taken apart, in whole or in part."""
    raise UnreadableDocument(members.why_not_whole(data))


def _compound(data: bytes) -> Kind:
    """Old office files, and new ones with a password, are OLE compound files."""
    kind = compound.kind_of_compound(data)
    if kind == "doc":
        return Kind(doc.MEDIA_TYPES["doc"], lambda data, on_page: doc.read(data, "doc", on_page))
    if kind == "xls":
        return Kind(workbook.XLS, workbook.read)
    if kind == "encrypted":
        return Kind(
            _OLE_TYPE,
            refusal=(
                "文件有密码，请另存为无密码的副本 / "
                "the file is encrypted with a password; save a copy without the password and add that"
            ),
        )
    if kind == "ppt":
        return Kind("application/vnd.ms-powerpoint", refusal=_save_as("PPT", "PDF"))
    return Kind(
        _OLE_TYPE,
        refusal=(
            "办公文档已损坏或种类不明，请另存为 PDF、DOCX 或 XLSX / "
            "the office file is damaged or of an unknown kind; save it as PDF, DOCX or XLSX"
        ),
    )
