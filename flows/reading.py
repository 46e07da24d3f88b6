"""Reads the documents that have not been read, and lands them with the ones that have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from flows import children, land, manifest
from flows.collect import Collected, FoundDocument, collect
from flows.errors import JuesuanError
from flows.extract.readers import UnreadableDocument, dispatch, members
from flows.forker import Report
from flows.manifest import Landed, Manifest
from flows.progress import progress
from flows.settings import Settings


def collect_documents(settings: Settings) -> Collected:
    """The documents of this refresh; files known by their stamp are not opened."""
    known = Manifest.load(settings)
    return collect(settings.documents, known.stamps, known.archives, settings.workers)


def read_and_remember(settings: Settings, documents: Iterable[FoundDocument]) -> None:
    """Read documents, each in a process of its own, and keep their rows in the warehouse's state.

    Whatever is wrong with a document, it is landed with its reason, and the others are not disturbed.
    Raises OSError where a file can no longer be opened; what was read until then is kept.
    """
    left = unread(settings, documents)
    jobs = [children.Job("flows.reading:read_document", _arguments(document)) for document in left]

    def on_page(number: int, page: int, of: int) -> None:
        progress().page(left[number].name, page, of)

    for number, outcome in children.run(jobs, settings.workers, on_page=on_page):
        document = left[number]
        rows = outcome.value or _failed(document, outcome)
        manifest.remember(settings, document, rows, outcome.is_final)
        progress().advance(document.name)


def unread(settings: Settings, documents: Iterable[FoundDocument]) -> list[FoundDocument]:
    """The documents that today's code has not read yet."""
    return [document for document in documents if not manifest.is_read(settings, document)]


def write_landing(settings: Settings, documents: Iterable[FoundDocument]) -> None:
    """Write the warehouse's landing from the rows kept of these documents."""
    land.write_landing(settings.landing, (_landed(settings, document) for document in documents))
    manifest.forget_others(settings, documents)


def _landed(settings: Settings, document: FoundDocument) -> Landed:
    rows = manifest.remembered(settings, document)
    if rows is None:
        raise LookupError(f"{document.name} has not been read")
    # Page and line 0: the problem is the whole document's; so they come first.
    rows["landed_problems"][:0] = [
        {
            "document_id": document.document_id,
            "page": "0",
            "line_no": "0",
            "stage": "collect",
            "code": code,
            "detail": detail,
        }
        for code, detail in _of_its_name(document)
    ]
    return rows


def _of_its_name(document: FoundDocument) -> list[tuple[str, str]]:
    found = [("duplicate_document", f"{name} = {document.name}") for name in document.duplicates]
    if document.printed_name:
        found.append(("unsafe_file_name", f"the archive calls it {document.printed_name!r}"))
    return found


def _failed(document: FoundDocument, outcome: children.Outcome) -> Landed:
    about = outcome.about
    byte_size, media_type = int(about.get("byte_size", "0")), about.get("media_type", "")
    return land.rejected(document.document_id, document.name, byte_size, media_type, outcome.failure)


# -- in the process of one document ---------------------------------------------------------------------


def warm_up() -> None:
    """Load what all documents need, once, in the process that those which read are made from."""
    land.land_document("", _WARM_UP.encode())


_WARM_UP = """某某局2023年度部门决算
2023年度支出决算表
单位：万元
科目编码\t科目名称\t本年支出合计\t基本支出
201\t一般公共服务支出\t1.00\t1.00
第三部分 2023年度部门决算情况说明
一、收入支出决算总体情况说明
2023年度收入总计1.00万元。
"""


def _arguments(document: FoundDocument) -> dict[str, object]:
    return {
        "path": str(document.path.absolute()),
        "place": list(document.place),
        "name": document.name,
        "document_id": document.document_id,
    }


def read_document(
    path: str, place: Sequence[int], name: str, document_id: str, report: Report
) -> Landed:
    """The landing rows of the document at `path`, or at `place` in the archive there.

    Raises OSError where it can no longer be opened, JuesuanError where it is no longer the same.
    """
    source = Path(path)
    byte_size = source.stat().st_size
    if not place and byte_size > land.BYTES_AT_MOST:
        return _too_large(source, document_id, name, byte_size)
    try:
        data = members.read_member(source, place) if place else source.read_bytes()
    except (UnreadableDocument, IndexError):
        data = b""
    if land.document_id_of(data) != document_id:
        raise JuesuanError(f"{name} was changed while it was being read; refresh again")
    report.about(byte_size=str(len(data)), media_type=dispatch.media_type_of(data))
    return land.land_document(name, data, report.page)


def _too_large(source: Path, document_id: str, name: str, byte_size: int) -> Landed:
    """A file over the limit is not read, but an archive of documents is told why it was not taken apart."""
    unpacked = members.unpack(source) if members.is_archive(source) else None
    if unpacked and unpacked.reason:
        return land.rejected(document_id, name, byte_size, "application/zip", unpacked.reason)
    return land.too_large(document_id, name, byte_size)
