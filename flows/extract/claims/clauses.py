"""The words that a number is understood from: from the number or sentence before it to its unit."""

from __future__ import annotations

from dataclasses import dataclass

from flows.extract.claims.numbers import Figure, Plain
from flows.extract.claims.passages import Passage
from flows.extract.claims.vocabulary import Pattern, Vocabulary
from flows.extract.model import Line

PHASES = ("initial_budget", "adjusted_budget", "final", "prior_year")  # of an amount
_EVIDENCE = 60
_NOUN = 20
_MARKS = "，。;:、"
_BRACKETS = {")": 1, "》": 1, "(": -1, "《": -1}


@dataclass(frozen=True)
class Text:
    """A passage and its plain form, and what was printed at a place of the plain form."""

    passage: Passage
    plain: Plain

    def printed(self, start: int, end: int) -> str:
        """The printed characters of plain.text[start:end], dates between them too, blanks not."""
        if end <= start:
            return ""
        first, last = self.plain.at[start], self.plain.at[end - 1]
        return "".join(self.passage.printed[first : last + 1]).replace(" ", "")


@dataclass(frozen=True)
class Clause:
    """`words` end where the figure begins and start at `at` of the plain text. `phrase_at` is where
    the phrase of `pattern` begins in `words`; without a pattern it is their end."""

    text: Text
    at: int
    words: str
    figure: Figure
    pattern: Pattern | None
    phrase_at: int

    @property
    def section(self) -> str:
        return self.text.passage.section

    @property
    def measure(self) -> str:
        """The measure that the phrase says; empty where it says none."""
        return self.pattern.measure if self.pattern else ""

    @property
    def kind(self) -> str:
        """amount, rate, score or count. A number without unit is an amount where the phrase says
        so (年初预算为26.53), else nothing."""
        if self.figure.kind or self.pattern is None or self.measure not in PHASES:
            return self.figure.kind
        return self.pattern.kind

    @property
    def unit(self) -> str:
        """The comparable form of the unit."""
        return self.figure.unit_text.replace("（", "(").replace("）", ")")

    @property
    def line(self) -> Line:
        """The line on which the first digit is printed, of a comparison without a number its phrase."""
        first = self.figure.start if self.figure.value_text else self.at + self.phrase_at
        return self.text.passage.lines[self.text.plain.at[first]]

    @property
    def words_after(self) -> str:
        return self.text.plain.text[self.figure.unit_end : self.figure.unit_end + _EVIDENCE]

    def printed(self, start: int, end: int) -> str:
        """The printed characters of words[start:end]."""
        return self.text.printed(self.at + start, self.at + end)

    def noun(self) -> str:
        """What names a counted thing: the last name before the number, else the words after it."""
        start = max(last_name(self.words), len(self.words) - _NOUN)
        if start < len(self.words):
            return self.printed(start, len(self.words))
        marks = [self.words_after.find(mark) for mark in _MARKS + "()"]
        end = min([i for i in marks if i >= 0] + [_NOUN, len(self.words_after)])
        return self.text.printed(self.figure.unit_end, self.figure.unit_end + end)

    def evidence(self, cursor: int) -> str:
        """The printed words from the clause mark before the phrase, or from `cursor` of the plain
        text, to the unit; 60 characters at most."""
        start = min(self.at + self.phrase_at, self.figure.start)
        while start > cursor and self.text.plain.text[start - 1] not in _MARKS:
            start -= 1
        return self.text.printed(start, self.figure.unit_end)[-_EVIDENCE:]


def clause_of(text: Text, start: int, figure: Figure, vocabulary: Vocabulary) -> Clause:
    """The clause of `figure`, begun at `start` of the plain text, with the first phrase of the
    seeds that ends it."""
    words = text.plain.text[start : figure.start]
    for pattern in vocabulary.ends:
        if pattern.kind != (figure.kind or "amount"):
            continue
        if not text.plain.text.startswith(pattern.followed_by, figure.unit_end):
            continue
        match = pattern.regex.search(words)
        if match and (match[0] or pattern.followed_by):
            return Clause(text, start, words, figure, pattern, match.start())
    return Clause(text, start, words, figure, None, len(words))


def last_name(words: str) -> int:
    """Where the last name in `words` begins: after the last clause mark outside brackets."""
    depth = 0
    for i in range(len(words) - 1, -1, -1):
        depth += _BRACKETS.get(words[i], 0)
        if depth < 0:  # the bracket is still open: the name begins inside it or before
            depth = 0
        elif depth == 0 and words[i] in _MARKS:
            return i + 1
    return 0
