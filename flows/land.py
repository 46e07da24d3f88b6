"""Lands documents: bytes in, rows of the five landing tables out.

A document never fails the refresh. What cannot be read becomes a rejected document with its
reason, what was read and not understood becomes a problem row, and the rest goes on.
"""

from __future__ import annotations

import contextlib
import csv
import gc
import hashlib
import io
import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from flows.extract.document import draft_document
from flows.extract.model import DocumentDraft, Reading
from flows.extract.normalise import printable
from flows.extract.readers import UnreadableDocument, dispatch, ocr

LANDING = {
    "landed_documents": (
        "document_id", "file_name", "media_type", "byte_size", "page_count", "reader", "title",
        "department_name", "region_name", "fiscal_year", "document_kind", "amount_unit", "status",
        "status_reason",
    ),
    "landed_tables": (
        "document_id", "table_no", "table_code", "printed_title", "printed_unit", "first_page",
        "last_page", "row_count", "column_count", "is_declared_empty", "method",
    ),
    "landed_cells": (
        "document_id", "table_no", "row_no", "column_no", "page", "line_no", "row_code", "row_label",
        "line_item", "column_path", "measure", "value_text", "unit_text", "method", "confidence", "box",
    ),
    "landed_claims": (
        "document_id", "claim_no", "page", "line_no", "section", "subject_text", "subject",
        "functional_path", "measure", "value_text", "unit_text", "direction", "evidence", "confidence",
    ),
    "landed_problems": ("document_id", "page", "line_no", "stage", "code", "detail"),
}  # fmt: skip

LandedRows = dict[str, list[dict[str, str]]]

# No published final accounts come near this; what does is not read into memory to find that out.
BYTES_AT_MOST = 64 * 2**20
# Partial: the document prints something that the landing has not got.
_PARTIAL = {
    "table_without_text": ("张表的正文不在文本中", "table(s) whose body is not in the text"),
    "page_without_text": ("页没有文字", "page(s) without text"),
    "table_too_large": ("张表过大未读", "table(s) too large to read"),
    "picture_not_read": ("幅图片未读", "picture(s) not read"),
    "embedded_document": ("个嵌入文件未读", "embedded document(s) not read"),
    "ambiguous_columns": ("行数字的栏次不定", "row(s) whose columns are ambiguous"),
    "ocr_uncertain": ("个图像中的数字识别存疑", "figure(s) read from a picture in doubt"),
}
_WITHOUT_OCR = ("，识别需先运行 make ocr", ", which `make ocr` makes readable")

log = logging.getLogger(__name__)


def document_id_of(data: bytes) -> str:
    """The key of a document: the first 16 hexadecimal digits of the SHA-256 of its bytes."""
    return hashlib.sha256(data).hexdigest()[:16]


def land_document(file_name: str, data: bytes, on_page: dispatch.OnPage | None = None) -> LandedRows:
    """The landing rows of one document, whatever its bytes are. Never raises for bad input, but
    for MemoryError where it needs more memory than this process may have.

    `on_page` is told (page, of how many) while pages are read, by the readers of formats that have many.
    """
    try:
        with _collecting_seldom():
            return _landed(file_name, data, on_page)
    except UnreadableDocument as refusal:
        reason = refusal.reason
    except MemoryError:
        raise  # whoever limits the memory knows the limit
    except RecursionError:
        reason = "文件嵌套过深，请重新另存 / the document is nested too deep; save it again"
    except Exception as error:  # one document's surprise must not stop the others
        log.exception("landing %s failed", file_name)
        reason = f"读取失败 / reading failed ({type(error).__name__}: {error}); please report it"
    return rejected(document_id_of(data), file_name, len(data), dispatch.media_type_of(data), reason)


def _landed(file_name: str, data: bytes, on_page: dispatch.OnPage | None) -> LandedRows:
    # apart, so that all that was read is gone when objects are collected again
    reading = dispatch.read(data, on_page)
    draft = draft_document(reading)
    return _rows(file_name, data, reading, draft, *_status(draft))


@contextlib.contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Looking for cycles every 700 objects, as Python does, costs a tenth of the time: a document is
    very many small objects in hardly any cycle, all kept until it is landed."""
    thresholds = gc.get_threshold()
    gc.set_threshold(200_000, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


def _status(draft: DocumentDraft) -> tuple[str, str]:
    """landed: all that the document prints is here. partial: something is printed and is not.
    rejected: it is no final account."""
    if not draft.document_kind or not (draft.tables or draft.claims):
        return (
            "rejected",
            "不是部门决算：没有决算的标题、表格或说明 / "
            "it is no final account: no title, table or section of one was found in it",
        )
    counts = Counter(problem.code for problem in draft.problems)
    missing = [(counts[code], *_words(code)) for code in _PARTIAL if counts[code]]
    if missing:
        chinese = "；".join(f"{count} {words}" for count, words, _ in missing)
        english = "; ".join(f"{count} {words}" for count, _, words in missing)
        return "partial", f"{chinese} / {english}"
    if not any(table.cells for table in draft.tables) and not draft.claims:
        return "landed", "空白表样，没有数字 / a blank form: the tables are there and hold no figure"
    return "landed", ""


def _words(code: str) -> tuple[str, str]:
    """What a problem that makes a document partial is called, and what helps."""
    chinese, english = _PARTIAL[code]
    if code in ("page_without_text", "picture_not_read") and not ocr.available():
        return chinese + _WITHOUT_OCR[0], english + _WITHOUT_OCR[1]
    return chinese, english


def too_large(document_id: str, file_name: str, byte_size: int) -> LandedRows:
    """The landing rows of a file that is over BYTES_AT_MOST and therefore not read."""
    limit = BYTES_AT_MOST // 2**20
    reason = f"文件超过 {limit} MiB，请拆分 / the file has more than {limit} MiB; split it"
    return rejected(document_id, file_name, byte_size, "", reason)


def rejected(document_id: str, file_name: str, byte_size: int, media_type: str, reason: str) -> LandedRows:
    """The landing rows of a document that is not read, with the reason in Chinese / English."""
    row = dict.fromkeys(LANDING["landed_documents"], "") | {
        "document_id": document_id,
        "file_name": printable(file_name),
        "media_type": media_type,
        "byte_size": str(byte_size),
        "status": "rejected",
        "status_reason": printable(reason),
    }
    return {name: [] for name in LANDING} | {"landed_documents": [row]}


def _rows(
    file_name: str, data: bytes, reading: Reading, draft: DocumentDraft, status: str, reason: str
) -> LandedRows:
    document_id = document_id_of(data)
    rows: LandedRows = {name: [] for name in LANDING}

    def add(table: str, values: dict[str, object]) -> None:
        values = {"document_id": document_id, **values}
        rows[table].append({column: printable(str(values[column])) for column in LANDING[table]})

    add(
        "landed_documents",
        vars(draft)
        | {
            "file_name": file_name,
            "media_type": reading.media_type,
            "byte_size": len(data),
            "page_count": len(reading.pages) if reading.has_pages else "",
            "reader": reading.reader,
            "status": status,
            "status_reason": reason,
        },
    )
    if status == "rejected":
        return rows
    for table_no, table in enumerate(draft.tables, start=1):
        flag = "true" if table.is_declared_empty else "false"
        add("landed_tables", vars(table) | {"table_no": table_no, "is_declared_empty": flag})
        for cell in sorted(table.cells, key=lambda c: (c.row_no, c.column_no)):
            add("landed_cells", vars(cell) | {"table_no": table_no})
    for claim_no, claim in enumerate(draft.claims, start=1):
        add("landed_claims", vars(claim) | {"claim_no": claim_no})
    for problem in sorted(set(draft.problems), key=lambda p: (p.page, p.line_no, p.stage, p.code, p.detail)):
        add("landed_problems", vars(problem))
    return rows


def write_landing(folder: Path, documents: Iterable[LandedRows]) -> None:
    """Writes the five landing CSVs, sorted by key; the same documents give the same bytes.

    A file that is already as it should be is left untouched.
    """
    folder.mkdir(parents=True, exist_ok=True)
    documents = sorted(documents, key=lambda rows: rows["landed_documents"][0]["document_id"])
    for name, columns in LANDING.items():
        out = io.StringIO()
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        for document in documents:
            writer.writerows(document[name])
        path, data = folder / f"{name}.csv", out.getvalue().encode()
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)
