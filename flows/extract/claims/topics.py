"""What a claim is about: found in the words before its number, or carried from earlier ones."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flows.extract.claims.vocabulary import Subject, Vocabulary

_PATH = re.compile(
    r"(?P<c>[\u4e00-\u9fff]{2,25})\(类\)(?:支出)?"
    r"(?:(?P<s>[^，。;:]{2,40}?)\(款\))?(?:(?P<i>[^，。;:]{2,40}?)\(项\))?"
)
_PATH_LEAD = re.compile(r"^(?:其中|主要用于|用于|以下方面)")
_PROJECT = re.compile(r"(?:项目|经费|专项|专项费用|(?:项目|专项)资金|用车费用|工程)$")
_ACCOUNT = re.compile(r"(?:费|金|补贴|补助|支出|购置)$")
# what explains a name and is none: a long bracket, or 主要用于… up to the last clause
_REMARK = re.compile(r"\([^()]{10,}\)|主要(?:用于|包括)[^。;]*，(?=[^，。;]*$)")
_CHANCE = 14  # characters after a unit within which its noun must begin and end


@dataclass(frozen=True)
class Topic:
    """A subject with the words that named it."""

    subject: Subject
    text: str
    functional_path: str = ""


@dataclass(frozen=True)
class Mention:
    """A subject found at [start, end) of the searched words."""

    start: int
    end: int
    subject: Subject


def path_in(words: str) -> re.Match[str] | None:
    """The last 类/款/项 path in `words`."""
    return max(_PATH.finditer(words), key=lambda match: match.end(), default=None)


def path_names(match: re.Match[str]) -> list[tuple[int, int]]:
    """Where the names of the path stand in the searched words."""
    spans = [match.span(name) for name in ("c", "s", "i") if match[name]]
    lead = _PATH_LEAD.match(match["c"])
    if lead:
        spans[0] = (spans[0][0] + lead.end(), spans[0][1])
    return spans


def mention_in(
    words: str, kind: str, unit: str, section: str, topic: Topic | None, vocabulary: Vocabulary
) -> Mention | None:
    """The subject named last in `words`; of two that end together, the longer spelling, then the
    one at home in `section`. Subjects that are named only by exactly their name are left out."""
    words = _REMARK.sub(lambda match: "\x00" * len(match[0]), words)
    best: tuple[tuple[int, int, int, int], Mention] | None = None
    spellings = vocabulary.mentionable.get(kind, {})
    for beginning in spellings.keys() & {*words, *map(str.__add__, words, words[1:])}:
        for spelling, order, subject in spellings[beginning]:
            start = words.rfind(spelling)
            if start < 0:
                continue
            if (subject.units or subject.follows) and not _fits(subject, kind, unit, topic):
                continue
            if subject.match == "home" and section not in subject.sections:
                continue
            rank = (start + len(spelling), len(spelling), _home(subject, section, topic), -order)
            if best is None or rank > best[0]:
                best = (rank, Mention(start, start + len(spelling), subject))
    return best[1] if best else None


def exact_subject(
    name: str, kind: str, section: str, topic: Topic | None, vocabulary: Vocabulary
) -> Subject | None:
    """The subject whose spelling is exactly `name`; first one that follows `topic`."""
    found = [
        (_home(subject, section, topic), -order, subject)
        for order, subject in vocabulary.by_spelling.get(name, ())
        if _fits(subject, kind, "", topic)
        and (subject.match != "home" or section in subject.sections)
    ]
    return max(found, key=lambda f: f[:2])[2] if found else None


def noun_after(words: str, kind: str, unit: str, vocabulary: Vocabulary) -> Mention | None:
    """The subject that directly follows its number and unit: 12个内设机构."""
    words = words[:_CHANCE]
    for subject in vocabulary.subjects:
        if not _fits(subject, kind, unit, None):
            continue
        for spelling in subject.spellings:
            if words.startswith(spelling):
                return Mention(0, len(spelling), subject)
    return None


def follower(kind: str, unit: str, topic: Topic | None, vocabulary: Vocabulary) -> Subject | None:
    """The subject that a bare number with this unit has after `topic`: persons after groups."""
    for subject in vocabulary.subjects:
        if subject.follows and not subject.spellings and _fits(subject, kind, unit, topic):
            return subject
    return None


def named(name: str, printed: str, section: str, vocabulary: Vocabulary) -> Topic:
    """The topic of a name that is no subject of its own: a project, an account, another thing."""
    if is_project_name(name):
        key = "project"
    elif section == "6" and _ACCOUNT.search(name):
        key = "economic.unlisted"
    else:
        key = "other_amount"
    return Topic(vocabulary.subject(key), printed)


def is_project_name(name: str) -> bool:
    return _PROJECT.search(name) is not None


def _fits(subject: Subject, kind: str, unit: str, topic: Topic | None) -> bool:
    if kind not in subject.kinds or (subject.units and unit not in subject.units):
        return False
    return not subject.follows or (topic is not None and topic.subject.key == subject.follows)


def _home(subject: Subject, section: str, topic: Topic | None) -> int:
    if subject.follows:
        return 3
    if section in subject.sections:
        return 2
    return 0 if subject.sections else 1
