"""How much of the truth the readers find: python -m tests.corpus.score, or make score.

The truth files under tests/corpus/truth were made by reading the documents. The documents
themselves lie beside the repository (../shared/documents) and are not part of it; without them
the score says so and covers the documents that the corpus renders.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flows import land
from tests.corpus.cell_score import print_cells

_TRUTH = Path(__file__).parent / "truth"
_DOCUMENTS = Path(__file__).parents[3] / "shared" / "documents"

# A claim is right when all of these agree. A truth file without pages is of a text, which is one page.
CLAIM_FIELDS = (
    "page",
    "line_no",
    "section",
    "subject",
    "functional_path",
    "measure",
    "value_text",
    "unit_text",
    "direction",
)
CLAIM_TRUTH = {  # document id: truth file
    "cfe2fb895c24e0a2": "zengdu_party_office_2023_claims.csv",
    "2c831aca0307c91a": "beita_2023_claims.csv",
    "1f08667298559a5f": "hetang_2023_claims.csv",
    "44874c062a89c26e": "putuo_2024_claims.csv",
}

Claim = tuple[str, ...]


@dataclass(frozen=True)
class ClaimScore:
    """Claims stated by the document, landed, and both; and those that differ."""

    stated: int
    landed: int
    right: int
    missed: tuple[Claim, ...]
    wrong: tuple[Claim, ...]

    @property
    def recall(self) -> float:
        return self.right / self.stated if self.stated else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.landed if self.landed else 1.0


def claim_truth(name: str) -> list[Claim]:
    """The claims of one truth file, as tuples of CLAIM_FIELDS."""
    with (_TRUTH / name).open(encoding="utf-8", newline="") as file:
        return [_claim(row) for row in csv.DictReader(file)]


def claim_score(truth: Iterable[Claim], landed_claims: Iterable[Mapping[str, str]]) -> ClaimScore:
    """Compares the truth with rows of landed_claims; a claim landed twice is wrong once."""
    stated = Counter(truth)
    landed = Counter(_claim(row) for row in landed_claims)
    return ClaimScore(
        stated=stated.total(),
        landed=landed.total(),
        right=(stated & landed).total(),
        missed=tuple(sorted((stated - landed).elements(), key=_place)),
        wrong=tuple(sorted((landed - stated).elements(), key=_place)),
    )


def _claim(row: Mapping[str, str]) -> Claim:
    return tuple(row.get(field, "1") for field in CLAIM_FIELDS)


def _place(claim: Claim) -> tuple[int, int, Claim]:
    page, line_no = claim[:2]
    return int(page), int(line_no), claim


def print_claims(documents: Mapping[str, Path]) -> None:
    """Recall and precision of the claims of each document that has a truth file."""
    print("claims: right means that", ", ".join(CLAIM_FIELDS), "all agree")
    for document_id, name in CLAIM_TRUTH.items():
        if document_id not in documents:
            print(f"  {name}: skipped, the document is not here")
            continue
        path = documents[document_id]
        score = claim_score(
            claim_truth(name), land.land_document(path.name, path.read_bytes())["landed_claims"]
        )
        print(
            f"  {name}: recall {score.recall:.1%} ({score.right} of {score.stated}),"
            f" precision {score.precision:.1%} ({score.right} of {score.landed})"
        )
        for label, claims in (("missed", score.missed), ("wrong", score.wrong)):
            for claim in claims:
                print(f"    {label}: " + " | ".join(claim))


# Each part prints one kind of score from {document id: path}.
PARTS: list[Callable[[Mapping[str, Path]], None]] = [print_cells, print_claims]


def main() -> None:
    """Prints all scores."""
    paths = sorted(_DOCUMENTS.iterdir()) if _DOCUMENTS.is_dir() else []
    if not paths:
        print("the real documents (../shared/documents) are not here; scoring rendered ones")
    documents = {land.document_id_of(path.read_bytes()): path for path in paths}
    for part in PARTS:
        part(documents)


if __name__ == "__main__":
    main()
