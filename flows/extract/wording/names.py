"""Names that do not fit: of the department, of the account whose use a sentence describes, and of terms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from flows.extract.claims.passages import Passage
from flows.extract.model import DocumentDraft, Line, ProblemDraft
from flows.extract.normalise import squeeze
from flows.extract.wording.slip import printed_of, seed, slip

_BODY = r"(?:局|厅|委|委员会|办公室|院|部|中心|政府|协会|联合会|馆|所|站|队|学校|社|会)"
_HEAD = re.compile(
    r"^(?:部门|编制部门|编制单位|公开部门|填报部门|部门名称):(?P<name>[\u4e00-\u9fff()]{4,40}?)"
    r"(?=金额|单位:|公开|$)"
)
_TITLE = re.compile(
    r"^(?:[(]?[一二三四五六七八九十]{1,3}[)、])?20\d\d年度?(?P<name>[\u4e00-\u9fff()]{4,40}?)(?:部门|单位)?"
    r"(?P<what>整体(?:支出)?绩效|部门决算|单位决算)"
)
_BRACKETS = re.compile(r"\([^()]*\)|本级|机关$")
_ORGAN = re.compile(r"^(?:办公室|办公厅|委员会|工作部|局|部)$")
_PATH = re.compile(r"(?P<class>[\u4e00-\u9fff]{2,20}?)\(类\)(?:支出)?[^，。;:]{0,40}")
_USE = re.compile(r"(?:主要(?:是)?用于|用于)[:]?(?P<use>[^，。;、]{4,40})(?=[，。;])")
_NEAR = 12  # characters between the path and the words that tell its use


def name_slips(
    passages: Sequence[Passage], lines: Sequence[Line], draft: DocumentDraft
) -> list[ProblemDraft]:
    """Other departments' names, self-references that do not fit the name, uses of another account."""
    found = [p for passage in passages for p in _account_uses(passage)]
    if draft.department_name:
        own = _plain(draft.department_name)
        found += [p for passage in passages for p in _self_references(passage, own)]
        found += [p for passage in passages for p in _in_title(passage, own, draft.department_name)]
        found += [p for line in lines for p in _in_head(line, own, draft.department_name)]
    return found


def term_slips(lines: Sequence[Line]) -> list[ProblemDraft]:
    """Terms that are not called as the law calls them (misnamed_terms), in tables and sentences alike."""
    found = []
    for line in lines:
        text = squeeze(line.text)
        for row in seed("misnamed_terms.csv"):
            if row["printed"] in text:
                found.append(slip("term_wrong", line, row["printed"], row["official"]))
    return found


def _plain(name: str) -> str:
    return _BRACKETS.sub("", squeeze(name))


def _self_references(passage: Passage, own: str) -> list[ProblemDraft]:
    """我局 in the text of a department whose name ends in no 局; 我委 in that of a 委员会办公室 is right."""
    fitting = next((words for ending, words in _references() if own.endswith(ending)), "")
    if not fitting:
        return []
    found = []
    for words, pattern, endings in _patterns():
        if words == fitting or any(ending in own for ending in endings):
            continue
        for match in pattern.finditer(passage.text):
            end = min(match.end() + 8, len(passage.text))
            printed = printed_of(passage, match.start(), end)
            found.append(slip("department_wrong", passage.lines[match.start()], printed, fitting))
    return found


def _in_title(passage: Passage, own: str, printed_own: str) -> list[ProblemDraft]:
    """A title with the name of the body above (某某区人民政府 for its 办公室), or, in the title of the
    accounts, of any other; reports of the units below a department carry their own names."""
    match = _TITLE.match(passage.text)
    if not match:
        return []
    name = _plain(match["name"])
    rest = own[len(name) :] if own.startswith(name) else ""
    is_another = _ORGAN.match(rest) or (match["what"].endswith("决算") and _is_another(name, own))
    line = passage.lines[match.start("name")]
    return [slip("department_wrong", line, match["name"][:28], printed_own[-28:])] if is_another else []


def _in_head(line: Line, own: str, printed_own: str) -> list[ProblemDraft]:
    match = _HEAD.match(squeeze(line.text))
    if not match or not _is_another(_plain(match["name"]), own):
        return []
    return [slip("department_wrong", line, match["name"][:28], printed_own[-28:])]


def _is_another(name: str, own: str) -> bool:
    """Whether a whole name is neither short for the department's nor longer than it."""
    if not re.search(_BODY + "$", name):
        return False
    return not _is_short_for(name, own) and not _is_short_for(own, name)


def _is_short_for(short: str, long: str) -> bool:
    """Whether the characters of `short` stand in `long` in this order: 区委办 in 某某区委员会办公室."""
    rest = iter(long)
    return all(character in rest for character in short)


def _account_uses(passage: Passage) -> list[ProblemDraft]:
    """住房公积金（项）。主要用于医疗保险支出: the use names only what belongs to another class."""
    found = []
    for use in _USE.finditer(passage.text):
        path = max(_PATH.finditer(passage.text, 0, use.start()), key=lambda m: m.end(), default=None)
        if path is None or use.start() - path.end() > _NEAR:
            continue
        name = re.sub(r"^.*(?:[、.]|其中)", "", path["class"])
        for class_name, own_words, other_words in _account_words():
            if name.removesuffix("支出") != class_name.removesuffix("支出"):
                continue
            if other_words.search(use["use"]) and not own_words.search(use["use"]):
                line = passage.lines[use.start("use")]
                account = re.sub(r"\([类款项]\)", "/", path[0][path.start("class") - path.start() :])
                expected = account.strip("/()项").split("/")[-1][:20]
                found.append(slip("account_wrong", line, printed_of(passage, *use.span("use")), expected))
    return found


@cache
def _references() -> tuple[tuple[str, str], ...]:
    """Endings of a department's name and what such a department calls itself, longest first."""
    rows = [(e, row["self_reference"]) for row in seed("self_references.csv") for e in row["fits"].split("|")]
    return tuple(sorted(rows, key=lambda pair: -len(pair[0])))


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...]:
    rows = seed("self_references.csv")
    return tuple((r["self_reference"], re.compile(r["pattern"]), tuple(r["fits"].split("|"))) for r in rows)


@cache
def _account_words() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    names = {row["functional_code"]: row["name_zh"] for row in seed("functional_codes.csv")}
    return tuple(
        (names[row["functional_code"]], re.compile(row["own_words"]), re.compile(row["other_words"]))
        for row in seed("account_words.csv")
    )
