"""The landing that the benchmark of the models multiplies is one that the models can take."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from flows.land import LANDING
from flows.settings import SAMPLES_LANDING
from tests.corpus.bench_build import multiply


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_copies_are_whole_and_apart(tmp_path: Path) -> None:
    once = {name: _rows(SAMPLES_LANDING, name) for name in LANDING}
    documents = len(once["landed_documents"])
    multiply(SAMPLES_LANDING, tmp_path, 3 * documents)
    for name in LANDING:
        rows = _rows(tmp_path, name)
        assert list(rows[0]) == list(once[name][0])
        assert len(rows) == 3 * len(once[name])
        of_documents = Counter(row["document_id"] for row in rows)
        assert sorted(of_documents.values()) == sorted(
            3 * list(Counter(row["document_id"] for row in once[name]).values())
        )
    copies = _rows(tmp_path, "landed_documents")
    assert len({row["document_id"] for row in copies}) == len(copies)
    assert len({row["department_name"] for row in copies}) == len(copies)
