"""Patterns that are tried only on texts that hold the words without which they cannot match.

The seeds hold hundreds of patterns, most of which fit hardly anywhere. To look for a word in a text costs
a fraction of what it costs to try a pattern at each of its places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from re import _constants as kind  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_MOST = 24  # words; to look for more takes as long as to try the pattern


class Guarded:
    """A compiled pattern with the words of which every text that it matches holds at least one, as far
    as that can be told."""

    def __init__(self, pattern: str) -> None:
        self.regex = re.compile(pattern)
        words = () if self.regex.flags & re.IGNORECASE else _words(parser.parse(pattern))
        self.words = words if len(words) <= _MOST else ()

    def search(self, text: str) -> re.Match[str] | None:
        """As re.Pattern.search."""
        return self.regex.search(text) if self.may_match(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As re.Pattern.finditer."""
        return self.regex.finditer(text) if self.may_match(text) else iter(())

    def first(self, texts: Iterable[str]) -> re.Match[str] | None:
        """The match in the first text that the pattern matches anywhere."""
        for word in self.words if len(self.words) == 1 else ():
            texts = [text for text in texts if word in text]
        return next(filter(None, map(self.search, texts)), None)

    def match(self, text: str) -> re.Match[str] | None:
        """As re.Pattern.match, which looks at one place only and needs no guard."""
        return self.regex.match(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """As re.Pattern.fullmatch."""
        return self.regex.fullmatch(text) if self.may_match(text) else None

    def may_match(self, text: str) -> bool:
        """False where the pattern matches nothing in `text`; true says nothing."""
        for word in self.words:
            if word in text:
                return True
        return not self.words


def _words(parsed: Iterable[tuple[Any, Any]]) -> tuple[str, ...]:
    """Words of which one stands in whatever a sequence of a parsed pattern matches; none where that
    cannot be told. Of several such sets the one that few texts hold: with the longest words, then with
    the fewest."""
    sets: list[tuple[str, ...]] = []
    run = ""
    for what, of in parsed:
        if what is kind.LITERAL:
            run += chr(of)
            continue
        sets.append((run,))
        run = ""
        if what is kind.SUBPATTERN or (what in (kind.MAX_REPEAT, kind.MIN_REPEAT) and of[0]):
            sets.append(_words(of[-1]))
        elif what is kind.ASSERT:
            sets.append(_words(of[1]))
        elif what is kind.BRANCH:
            branches = [_words(branch) for branch in of[1]]
            sets.append(tuple(word for words in branches for word in words) if all(branches) else ())
        elif what is kind.IN and all(inner is kind.LITERAL for inner, _ in of):
            sets.append(tuple(chr(code) for _, code in of))
    sets.append((run,))
    told = [words for words in sets if words and all(words)]
    # a Chinese word is rarer than digits or a letter
    return max(told, key=lambda words: (min(map(len, words)), min(words) > "\x7f", -len(words)), default=())
