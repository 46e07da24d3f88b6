"""Patterns that are not tried on text that lacks the words without which they cannot match."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from flows.extract.claims.vocabulary import vocabulary
from flows.extract.guarded import Guarded

SEEDS = Path(__file__).parents[2] / "seeds" / "reference"


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("某经费", ("某经费",)),
        ("(?:市|自治州)级", ("级",)),
        ("(?:市委|自治州)级", ("市委", "自治州")),
        (r"\d+万?元", ("元",)),
        ("收入?支出", ("支出",)),
        (r"(?<=，)\d+(?=项)", ("，",)),
        ("(?:为)*", ()),
        (r"(?:增加|\d+)元?", ()),
        (r"[^，]\d", ()),
        ("(?i)abc", ()),
    ],
)
def test_words_without_which_a_pattern_matches_nothing(pattern: str, words: tuple[str, ...]) -> None:
    assert Guarded(pattern).words == words


def test_is_as_the_pattern_itself() -> None:
    guarded = Guarded(r"(?:增加|减少)(\d+)元")
    assert guarded.search("比上年减少5元，增加3元")[1] == "5"
    assert [match[1] for match in guarded.finditer("减少5元，增加3元")] == ["5", "3"]
    assert guarded.search("比上年减 少5元") is None
    assert guarded.first(["减少", "其中增加7元", "减少8元"])[1] == "7"
    assert guarded.first([]) is None
    assert Guarded("元$").first(["元为", "5元"])[0] == "元"


@pytest.mark.parametrize("name", ["wording_patterns.csv"])
def test_the_examples_of_the_seeds_hold_the_words_of_their_patterns(name: str) -> None:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            guarded = Guarded(row["pattern"])
            if guarded.regex.search(row["example"]):
                assert guarded.may_match(row["example"]), row


def test_what_is_no_claim_holds_a_digit() -> None:
    """A passage without a digit is taken as it is."""
    for pattern, _ in vocabulary().not_claims:
        assert r"\d" in pattern.regex.pattern or any(c.isdigit() for c in pattern.regex.pattern)
        assert pattern.regex.search("本部门的收入、支出：第（一）项；电话(传真)~—。公开表…") is None
