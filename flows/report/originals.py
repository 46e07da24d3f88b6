"""The original files behind a warehouse: where they were found, if they are still there and unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flows.collect import collect
from flows.extract.readers import UnreadableDocument, members
from flows.land import BYTES_AT_MOST, document_id_of
from flows.manifest import Manifest
from flows.settings import Settings


class Originals:
    """The bytes of documents by their id. What is not exactly the bytes that were read is not given out."""

    def __init__(self, settings: Settings, folders: Sequence[Path] = ()) -> None:
        """`folders` are looked through too, for files that were moved.

        Raises UsageError when one of them does not exist.
        """
        self._places: dict[str, list[tuple[Path, members.Place]]] = {}
        for document_id, (path, place) in Manifest.load(settings).sources.items():
            self._places.setdefault(document_id, []).append((Path(path), place))
        if folders:
            for document in collect(folders, workers=1).documents:
                self._places.setdefault(document.document_id, []).append((document.path, document.place))

    def bytes_of(self, document_id: str) -> bytes | None:
        """The document's bytes, None where they are nowhere to be found."""
        for path, place in self._places.get(document_id, ()):
            try:
                if not place and path.stat().st_size > BYTES_AT_MOST:
                    continue
                data = members.read_member(path, place) if place else path.read_bytes()
            except (OSError, UnreadableDocument, IndexError):
                continue
            if document_id_of(data) == document_id:
                return data
        return None
