"""From the model's probabilities to a text, its certainty, and the other texts it may be.

The model gives, for each step from left to right, a probability for every character and for the
blank between characters (CTC): a run of one character is that character once. A prefix beam search
adds up all the ways in which the steps spell each text, so that texts with a digit or a decimal
point more or less are weighed too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from flows.extract.model import Recognition
from flows.extract.normalise import is_amount, squeeze

MOST_OTHERS = 8
_BEAMS = 16
_LEAST = 0.01  # of a character at a step
_LEAST_NUMERIC = 0.002  # a decimal point is few pixels and often a runner-up
_UNUSUAL = 0.02  # of a character that simplified Chinese has not, in names now and then
_LEAST_SHARE = 0.001  # of a text, relative to the likeliest one

_NUMERIC = "0123456789.,-"
_LOST_POINT = re.compile(r"^(-?)0(\d{2,})$")
# A comma that parts no thousands: a point with a speck below it.
_COMMA_FOR_POINT = re.compile(r"^(-?(?:\d{1,3}(?:,\d{3})*|\d+)),(\d{1,2})$")
_GUESSED = 0.9  # how sure such a point is at most
# How else the model spells the characters of a printed number.
_SPELLINGS = {
    "0": "0OoＯ０〇",
    "1": "1Il|１",
    **{digit: digit + chr(ord("０") + int(digit)) for digit in "23456789"},
    ".": ".。．·",
    ",": ",，、",
    "-": "-—–−一－",
}
# What the rest of a rule, a speck or the edge of a neighbour is taken for, at the ends of a number.
_JUNK = "|｜丨'`‘’\"“”_[]{}「」『』!！/\\·;；:：。.,，、~^*<>=iIlrjJtTLfF"
_LOOKS_NUMERIC = re.compile(
    rf"[{re.escape(_JUNK)}]{{0,2}}[-—–−一－]?[\dOoＯ０〇Il|.。．·,，、]+[{re.escape(_JUNK)}—\-]{{0,2}}"
)


class Alphabet:
    """The model's characters by the number of their score; number 0 is the blank between characters."""

    def __init__(self, listed: Sequence[str]) -> None:
        self.characters = ("", *listed, " ")

    @cached_property
    def priors(self) -> np.ndarray:
        """How likely each character is to be printed at all: the documents are in simplified Chinese, and
        the model takes 决 for 決 where the picture is coarse."""
        return np.array([1.0 if _is_simplified(c) else _UNUSUAL for c in self.characters], np.float32)

    @cached_property
    def numeric(self) -> list[list[int]]:
        """For the blank and each character of a number, the scores that add up to it."""
        number_of = {character: n for n, character in enumerate(self.characters)}
        return [[0]] + [[number_of[s] for s in _SPELLINGS[c] if s in number_of] for c in _NUMERIC]


def _is_simplified(character: str) -> bool:
    """Whether the national standard of simplified Chinese, GB 2312, has a character."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def looks_numeric(text: str) -> bool:
    """Whether a text in a cell can be a printed number with some of its characters misread."""
    text = "".join(text.split())
    return _LOOKS_NUMERIC.fullmatch(text) is not None and 2 * sum(map(str.isdigit, text)) >= len(text)


def read_text(scores: np.ndarray, alphabet: Alphabet) -> tuple[str, Recognition]:
    """The text of a line and how sure it is; `scores` are probabilities by step and character."""
    characters = alphabet.characters
    scores = scores * alphabet.priors
    scores /= np.maximum(scores.sum(axis=1, keepdims=True), 1e-9)
    steps = [[] for _ in range(len(scores))]
    for step, n in zip(*map(np.ndarray.tolist, np.nonzero(scores >= _LEAST)), strict=True):
        steps[step].append((characters[n], float(scores[step, n])))
    texts = [text for text, _ in _texts(steps)]
    others: dict[str, str] = {}  # blanks and the width of a colon make no other reading
    for text in texts:
        others.setdefault(squeeze(text), text.strip())
    others.pop(squeeze(texts[0]), None)
    return texts[0].strip(), Recognition(_least_certain(scores), tuple(others.values())[:MOST_OTHERS])


def read_number(scores: np.ndarray, alphabet: Alphabet) -> tuple[str, Recognition] | None:
    """The same for a line that is known to print a number; None where no reading is an amount."""
    sums = np.stack([scores[:, numbers].sum(axis=1) for numbers in alphabet.numeric], axis=1)
    steps = [
        [(_NUMERIC[n - 1] if n else "", p) for n, p in enumerate(step) if p >= _LEAST_NUMERIC]
        for step in sums.tolist()
    ]
    weights: dict[str, float] = {}
    as_printed: set[str] = set()
    for text, weight in _texts(steps):
        amount = pointed(text.strip(".,").rstrip("-"))  # what is left of a rule
        as_printed.add(amount)
        amount = _COMMA_FOR_POINT.sub(r"\1.\2", amount)
        if is_amount(amount):
            weights[amount] = weights.get(amount, 0.0) + weight
    if not weights:
        return None
    ranked = sorted(weights, key=lambda text: (-weights[text], text))
    share = weights[ranked[0]] / sum(weights.values())
    most = 1.0 if ranked[0] in as_printed else _GUESSED
    certainty = round(min(_least_certain(sums), share, most), 4)
    return ranked[0], Recognition(certainty, tuple(ranked[1 : MOST_OTHERS + 1]))


def pointed(text: str) -> str:
    """A number with the point that poor pictures lose: none begins with a 0 that more than one digit
    follows without one."""
    return _LOST_POINT.sub(r"\g<1>0.\g<2>", text)


def _least_certain(scores: np.ndarray) -> float:
    """The probability of the least certain character; 0 where there is no character."""
    best = scores.argmax(axis=1)
    peaks: list[float] = []
    before = 0
    for n, probability in zip(best.tolist(), scores.max(axis=1).tolist(), strict=True):
        if n and n == before:
            peaks[-1] = max(peaks[-1], probability)
        elif n:
            peaks.append(probability)
        before = n
    return round(min(peaks, default=0.0), 4)


def _texts(steps: Sequence[Sequence[tuple[str, float]]]) -> list[tuple[str, float]]:
    """The texts that the steps spell with their weights, heaviest first.

    A beam is a text with the weight of the ways that end in a blank and that end in its last character.
    """
    beams: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}
    for choices in steps:
        grown: dict[str, tuple[float, float]] = {}
        for text, (blank, written) in beams.items():
            for character, probability in choices:
                if not character:
                    b, w = grown.get(text, (0.0, 0.0))
                    grown[text] = (b + (blank + written) * probability, w)
                    continue
                starts = blank + written
                if text and text[-1] == character:
                    b, w = grown.get(text, (0.0, 0.0))
                    grown[text] = (b, w + written * probability)
                    starts = blank
                b, w = grown.get(text + character, (0.0, 0.0))
                grown[text + character] = (b, w + starts * probability)
        if not grown:
            continue  # no character reaches the threshold: the step says nothing
        ranked = _heaviest_first(grown)[:_BEAMS]
        heaviest = ranked[0][1]
        beams = {
            text: (grown[text][0] / heaviest, grown[text][1] / heaviest)
            for text, weight in ranked
            if weight >= _LEAST_SHARE * heaviest
        }
    return _heaviest_first(beams)


def _heaviest_first(beams: dict[str, tuple[float, float]]) -> list[tuple[str, float]]:
    weights = [(text, blank + written) for text, (blank, written) in beams.items()]
    return sorted(weights, key=lambda item: (-item[1], item[0]))
