"""How the claims of a landed document compare with what its narrative states."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.corpus import narrative
from tests.corpus.accounts import Account

_TRUTH = Path(__file__).parent / "truth"

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
# Of rendered documents it is not known on which line a sentence comes to stand.
STATED_FIELDS = CLAIM_FIELDS[2:]
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


def claim_truth(name: str, fields: tuple[str, ...] = CLAIM_FIELDS) -> list[Claim]:
    """The claims of one truth file, as tuples of `fields`."""
    with (_TRUTH / name).open(encoding="utf-8", newline="") as file:
        return [_claim(row, fields) for row in csv.DictReader(file)]


def stated_claims(account: Account) -> list[Claim]:
    """The claims of an account's narrative, as tuples of STATED_FIELDS."""
    return [_claim(vars(claim), STATED_FIELDS) for claim in narrative.claims(account)]


def claim_score(
    truth: Iterable[Claim],
    landed_claims: Iterable[Mapping[str, str]],
    fields: tuple[str, ...] = CLAIM_FIELDS,
) -> ClaimScore:
    """Compares the truth with rows of landed_claims; a claim landed twice is wrong once."""
    stated = Counter(truth)
    landed = Counter(_claim(row, fields) for row in landed_claims)
    return ClaimScore(
        stated=stated.total(),
        landed=landed.total(),
        right=(stated & landed).total(),
        missed=tuple(sorted((stated - landed).elements(), key=_in_order)),
        wrong=tuple(sorted((landed - stated).elements(), key=_in_order)),
    )


def _claim(row: Mapping[str, str], fields: tuple[str, ...]) -> Claim:
    return tuple(row.get(field, "1") for field in fields)


def _in_order(claim: Claim) -> tuple[tuple[bool, int, str], ...]:
    return tuple((not field.isdigit(), int(field) if field.isdigit() else 0, field) for field in claim)
