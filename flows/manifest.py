"""What is known of earlier refreshes: which bytes were read by which code, and what was published.

Everything lies in the warehouse's state folder and can be deleted at any time: the next refresh then
reads all documents again and comes to the same warehouse.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flows.collect import Contents, FoundDocument, contents_of
from flows.extract.readers import members
from flows.extract.readers.libreoffice import converter
from flows.settings import PROJECT, Settings

Landed = dict[str, list[dict[str, str]]]

# What decides how a document is read. The waivers and corrections of seeds/identities do not, nor do the
# lists that say how documents are graded and which are expected.
_READING = (
    "flows/land.py",
    "flows/extract/**/*.py",
    "seeds/reference/*.csv",
    "seeds/reference/*.yml",
    "seeds/identities/identities.csv",
    "seeds/identities/identity_terms.csv",
)
_NOT_READING = {"expected_disclosures.csv", "document_grades.csv", "_disclosure.yml"}
_READING_PACKAGES = (
    "pypdfium2", "ortools", "lxml", "python-calamine", "rapidocr", "onnxruntime", "opencv-python-headless",
)  # fmt: skip
# What decides what is built from the landing and how it is judged and published.
_BUILDING = (
    "dbt_project.yml",
    "profiles.yml",
    "models/**/*",
    "macros/**/*",
    "snapshots/**/*",
    "analyses/**/*",
    "tests/**/*.sql",
    "tests/**/*.yml",
    "seeds/reference/*",
    "seeds/identities/*",
    "expectations/**/*",
    "flows/build.py",
    "flows/audit*.py",
    "flows/publish.py",
)
_BUILDING_PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "great-expectations")


@dataclass
class Manifest:
    """`stamps`: path -> (stamp, document_id). `published`: the key of the inputs of the published file,
    and its size and mtime as published. `archives`: document_id -> what today's code found in it, or None
    where that code has not looked yet. `sources`: document_id -> the file it was in, and its place there."""

    stamps: dict[str, tuple[str, str]] = field(default_factory=dict)
    published: dict[str, str] = field(default_factory=dict)
    archives: dict[str, Contents] | None = None
    sources: dict[str, tuple[str, members.Place]] = field(default_factory=dict)

    @classmethod
    def load(cls, settings: Settings) -> Manifest:
        """The manifest of a warehouse; an empty one when there is none or it cannot be read."""
        try:
            data = json.loads(_manifest_path(settings).read_text(encoding="utf-8"))
            stamps = {path: (stamp, document_id) for path, (stamp, document_id) in data["stamps"].items()}
            published = {str(key): str(value) for key, value in data["published"].items()}
            archives = {key: contents_of(value) for key, value in data["archives"].items()}
            sources = {key: (path, tuple(place)) for key, (path, place) in data.get("sources", {}).items()}
            is_todays = data["unpacked_by"] == reading_code()
            return cls(stamps, published, archives if is_todays else None, sources)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def save(self, settings: Settings) -> None:
        data = {
            "stamps": self.stamps,
            "published": self.published,
            "archives": {key: _listed(contents) for key, contents in (self.archives or {}).items()},
            "unpacked_by": reading_code(),
            "sources": self.sources,
        }
        write_text(_manifest_path(settings), json.dumps(data, ensure_ascii=False, indent=1))


def _listed(contents: Contents) -> list[object]:
    members, is_partial = contents
    return [[[m.name, m.place, m.document_id, m.printed_name] for m in members], is_partial]


def remembered(settings: Settings, document: FoundDocument) -> Landed | None:
    """The rows that today's code landed from these bytes under this name, or None if it has not."""
    try:
        data = json.loads(_rows_path(settings, document).read_text(encoding="utf-8"))
        return data["rows"] if data["key"] == _row_key(document) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_read(settings: Settings, document: FoundDocument) -> bool:
    """Whether today's code has read these bytes under this name, and would come to the same again."""
    try:
        data = json.loads(_rows_path(settings, document).read_text(encoding="utf-8"))
        return data["key"] == _row_key(document) and data["is_final"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


def remember(settings: Settings, document: FoundDocument, rows: Landed, is_final: bool = True) -> None:
    """Keep the rows of one document for later refreshes; those that are not final for this one only."""
    data = {"key": _row_key(document), "is_final": is_final, "rows": rows}
    write_text(_rows_path(settings, document), json.dumps(data, ensure_ascii=False))


def forget_others(settings: Settings, documents: Iterable[FoundDocument]) -> None:
    """Delete kept rows of documents that are not in this refresh, so that the folder does not grow."""
    kept = {_rows_path(settings, document) for document in documents}
    for path in (settings.state / "landed").glob("*.json"):
        if path not in kept:
            path.unlink(missing_ok=True)


def inputs_key(settings: Settings, documents: Iterable[FoundDocument]) -> str:
    """One hash over all that a warehouse is made from: equal keys mean an equal warehouse."""
    digest = hashlib.sha256(f"{reading_code()} {_building_code()} {settings.policy}\n".encode())
    for document in sorted(documents, key=lambda document: document.document_id):
        digest.update(json.dumps([document.document_id, *_names(document)]).encode())
    return digest.hexdigest()


def _names(document: FoundDocument) -> list[object]:
    return [document.name, document.duplicates, document.printed_name]


def is_published(settings: Settings, manifest: Manifest, key: str) -> bool:
    """Whether the published file is there, untouched, and made from exactly these inputs."""
    return manifest.published == {"inputs": key, "file": file_mark(settings.warehouse)}


def file_mark(path: Path) -> str:
    """Size and time of a file, enough to see that someone else replaced it; empty when missing."""
    try:
        stat = path.stat()
    except OSError:
        return ""
    return f"{stat.st_size}-{stat.st_mtime_ns}"


@cache
def reading_code() -> str:
    """Hash of the code and the seeds that read documents: when it changes, all are read again."""
    # What was refused for want of a converter is read again once there is one, or a newer one.
    hashed = _hash_files(_READING, _READING_PACKAGES, _NOT_READING)
    return hashed + file_mark(Path(converter() or "/nowhere").resolve())


@cache
def _building_code() -> str:
    return _hash_files(_BUILDING, _BUILDING_PACKAGES)


def _hash_files(patterns: Iterable[str], packages: Iterable[str], but: Collection[str] = ()) -> str:
    digest = hashlib.sha256()
    for package in packages:
        digest.update(f"{package} {_installed(package)}\n".encode())
    files = {path for pattern in patterns for path in PROJECT.glob(pattern) if path.is_file()}
    for path in sorted(files):
        if "__pycache__" not in path.parts and path.name not in but:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(PROJECT).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def _manifest_path(settings: Settings) -> Path:
    return settings.state / "manifest.json"


def _rows_path(settings: Settings, document: FoundDocument) -> Path:
    return settings.state / "landed" / f"{document.document_id}.json"


def _row_key(document: FoundDocument) -> str:
    return hashlib.sha256(f"{reading_code()} {document.name}".encode()).hexdigest()


def write_text(path: Path, text: str) -> None:
    """Write a whole file or nothing: readers see the old content or the new, never a part. Only one
    process writes at a time, the one that holds the warehouse's lock."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8", newline="\n")
    os.replace(fresh, path)
