"""Reads the documents that have not been read, and lands them with the ones that have."""

from __future__ import annotations

from collections.abc import Iterable

from flows import land, manifest
from flows.collect import Collected, FoundDocument, collect
from flows.errors import JuesuanError
from flows.manifest import Landed, Manifest
from flows.progress import progress
from flows.settings import Settings


def collect_documents(settings: Settings) -> Collected:
    """The documents of this refresh; files known by their stamp are not opened."""
    return collect(settings.documents, Manifest.load(settings).stamps)


def read_document(document: FoundDocument) -> Landed:
    """The landing rows of one document. Whatever is wrong with it, it is landed with its reason, and the
    documents beside it are not disturbed; only a file that can no longer be opened raises (OSError)."""
    byte_size = document.path.stat().st_size
    if byte_size > land.BYTES_AT_MOST:
        return land.too_large(document.document_id, document.name, byte_size)
    data = document.path.read_bytes()
    if land.document_id_of(data) != document.document_id:
        raise JuesuanError(f"{document.name} was changed while it was being read; refresh again")
    return land.land_document(document.name, data)


def read_and_remember(settings: Settings, documents: Iterable[FoundDocument]) -> None:
    """Read documents and keep their rows in the warehouse's state."""
    for document in documents:
        manifest.remember(settings, document, read_document(document))
        progress().advance(document.name)


def unread(settings: Settings, documents: Iterable[FoundDocument]) -> list[FoundDocument]:
    """The documents that today's code has not read yet."""
    return [document for document in documents if manifest.remembered(settings, document) is None]


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
            "code": "duplicate_document",
            "detail": f"{name} = {document.name}",
        }
        for name in document.duplicates
    ]
    return rows
