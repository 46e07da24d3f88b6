"""The claims of a narrative, number by number.

A number is understood from the words between the number before it and itself. The end of those
words says the measure (支出决算为, 比上年增加), the rest says the subject; what they do not say is
carried from the claim before. A number that stays without a subject or measure is a problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flows.extract.claims import topics
from flows.extract.claims.clauses import PHASES, Clause, Text, clause_of, last_name
from flows.extract.claims.numbers import Figure, figures_of, plain_of
from flows.extract.claims.passages import Passage, passages_of
from flows.extract.claims.topics import Topic
from flows.extract.claims.vocabulary import Pattern, Vocabulary, vocabulary
from flows.extract.model import ClaimDraft, Line, ProblemDraft

_BUDGETS = ("initial_budget", "adjusted_budget")
_DEFAULT_MEASURE = {"amount": "final", "count": "count", "score": "score"}
_DEFAULT_SUBJECT = {"score": "performance.overall_score"}
_LIST_MARKS = ("、", "及", "和", ";")
_PART_MARKS = (*_LIST_MARKS, "，")
_SHORT_HEADING = 40  # characters; a longer passage without a number names no subject for the next
_SUBJECT_TEXT = 60


def claims_of(
    lines: Sequence[Line], table_ranges: Iterable[tuple[int, int, int, int]], fiscal_year: str
) -> tuple[list[ClaimDraft], list[ProblemDraft]]:
    """Claims and problems of the lines outside `table_ranges`, in the order in which they stand.

    `table_ranges`: (first page, first line, last page, last line) of each table, both ends
    included. `fiscal_year`: four digits, or empty where unknown. A date, an ordinal or a label
    is neither claim nor problem; any other number is one of the two.
    """
    return claims_in(narrative_of(lines, table_ranges), fiscal_year)


def narrative_of(
    lines: Sequence[Line], table_ranges: Iterable[tuple[int, int, int, int]]
) -> list[Passage]:
    """The headings and paragraphs outside `table_ranges`, each in its section of the outline."""
    return passages_of(lines, table_ranges, vocabulary().outline)


def claims_in(
    passages: Iterable[Passage], fiscal_year: str
) -> tuple[list[ClaimDraft], list[ProblemDraft]]:
    """Claims and problems of a narrative, see `claims_of`."""
    reader = _Reader(vocabulary(), fiscal_year)
    for passage in passages:
        reader.read(passage)
    return reader.claims, reader.problems


class _Reader:
    """Goes through the passages and keeps what one claim leaves to the next."""

    def __init__(self, words: Vocabulary, fiscal_year: str) -> None:
        self.words = words
        self.fiscal_year = fiscal_year
        self.claims: list[ClaimDraft] = []
        self.problems: list[ProblemDraft] = []
        self._section = ""
        self._topic: Topic | None = None  # what the last claim was about
        self._main: Topic | None = None  # the same, without what only explains a change
        self._phase = ""  # measure of the last amount, for the parts that follow it
        self._in_list = False  # under a header row that begins with 序号
        self._end_sentence()

    def read(self, passage: Passage) -> None:
        """Takes the claims of one passage."""
        if passage.section != self._section or passage.is_heading:
            self._section = passage.section
            self._main = None
        self._phase = ""
        self._end_sentence()
        text = Text(passage, plain_of(passage, self.words, self.fiscal_year))
        figures = figures_of(text.plain, passage, self.words)
        cursor = 0
        if self._is_listed(passage) and figures and figures[0].start == 0:
            cursor = figures.pop(0).end
        compared = self._comparisons(text.plain.text)
        for figure in sorted([*figures, *compared], key=lambda f: f.start):
            head = text.plain.text[cursor : figure.start]
            noticed = self._notice(text, cursor, head)
            start = cursor + max(head.rfind("。") + 1, noticed)
            if figure in compared:
                self._comparison(text, start, figure, compared[figure], cursor)
            else:
                self._number(clause_of(text, start, figure, self.words), cursor)
            cursor = figure.unit_end
        self._rest(text, cursor, is_whole=not figures)

    def _comparisons(self, plain: str) -> dict[Figure, tuple[Pattern, int]]:
        """Where the text says which of two amounts is larger and no number follows (决算数大于预算数的
        原因): a place without digits, with what it says and where its phrase begins."""
        return {
            Figure(match.end(), match.end(), match.end(), "", "", "amount"): (pattern, match.start())
            for pattern in self.words.comparisons
            for match in pattern.regex.finditer(plain)
        }

    def _end_sentence(self) -> None:
        self._topic = self._main
        self._in_reason = False  # after 原因
        self._is_shared = False  # after 分别
        self._is_phase_said = False  # an amount of this sentence has a measure
        self._after_activity = False  # the last number counted work done
        self._listed: Pattern | None = None  # verb that governs an enumeration of names
        self._list_marks = _LIST_MARKS  # what goes on with that enumeration
        self._budgeted: list[Topic] = []  # topics of the sentence that have a budget

    def _is_listed(self, passage: Passage) -> bool:
        """Whether the passage is a row under 序号, whose first number is its ordinal."""
        if passage.text.startswith("序号"):
            self._in_list = True
            return False
        self._in_list = self._in_list and passage.text[:1].isdigit()
        return self._in_list

    def _notice(self, text: Text, start: int, head: str) -> int:
        """What the words before a number change, whatever the number is about. Returns where the
        words end that opened a context (某经费绩效自评综述), 0 where none did."""
        noticed = 0
        if "。" in head:
            self._end_sentence()
        for pattern in self.words.contexts:
            match = pattern.regex.search(head)
            if match:
                begin, end = match.span("name" if match.groupdict() else 0)
                name = text.printed(start + begin, start + end)
                self._topic = self._main = Topic(self.words.subject(pattern.subject), name)
                self._in_reason = False
                noticed = match.end()
                break
        path = topics.path_in(head)
        if path:
            names = [text.printed(start + b, start + e) for b, e in topics.path_names(path)]
            self._topic = self._main = Topic(self.words.subject("function"), names[-1], "/".join(names))
            self._in_reason = False
        return noticed

    def _rest(self, text: Text, cursor: int, is_whole: bool) -> None:
        """What the words after the last number leave to the next passage: a heading its subject."""
        head = text.plain.text[cursor:]
        noticed = self._notice(text, cursor, head)
        is_title = is_whole and not noticed and len(head) <= _SHORT_HEADING
        if text.passage.is_heading or not is_title or topics.path_in(head):
            return
        mention = topics.mention_in(head, "amount", "", text.passage.section, None, self.words)
        if mention is not None:
            self._main = Topic(mention.subject, text.printed(cursor + mention.start, cursor + mention.end))

    # -- one comparison, or one number ----------------------------------------------------------

    def _comparison(
        self, text: Text, start: int, place: Figure, said: tuple[Pattern, int], cursor: int
    ) -> None:
        """A comparison about what its sentence is about; one about nothing known is left out: it is no
        number that could be lost."""
        pattern, at = said
        if at < start or self._in_reason:
            return
        clause = Clause(text, start, text.plain.text[start : place.start], place, pattern, at - start)
        topic, _ = self._about(clause)
        if topic is not None:
            self._claim(clause, topic, pattern.measure, pattern.direction, cursor)

    def _number(self, clause: Clause, cursor: int) -> None:
        # 分别减少5万元、6万元: which number is whose is told by nothing beside it
        goes_on = self._is_shared and clause.words in _LIST_MARKS
        self._is_shared = goes_on or self.words.shared.search(clause.words) is not None
        if self._is_shared:
            self.problems.append(_problem(clause))
            return
        if self.words.reason.search(clause.words):
            self._in_reason = True
        topic, lead = self._about(clause)
        measure, direction = self._measure(clause, lead)
        if topic is None or not measure:
            self.problems.append(_problem(clause))
            return
        self._claim(clause, topic, measure, direction, cursor)
        self._after_activity = topic.subject.key.startswith("activity_")
        if not self._after_activity:
            self._topic = topic
            if not self._in_reason and lead is None and self._listed is None:
                self._main = topic
        # 收入合计9万元，上年决算数8万元。其中：…: the parts of this year, not of the year before
        if measure in PHASES and not (measure == "prior_year" and self._is_phase_said):
            self._phase, self._is_phase_said = measure, True
        if measure in _BUDGETS:
            self._budgeted.append(topic)
        if lead is not None:
            self._listed = lead
            self._list_marks = _PART_MARKS if lead in self.words.parts else _LIST_MARKS

    def _claim(self, clause: Clause, topic: Topic, measure: str, direction: str, cursor: int) -> None:
        self.claims.append(
            ClaimDraft(
                page=clause.line.page,
                line_no=clause.line.line_no,
                section=clause.section,
                subject_text=topic.text[:_SUBJECT_TEXT],
                subject=topic.subject.key,
                functional_path=topic.functional_path,
                measure=measure,
                value_text=clause.figure.value_text,
                unit_text=clause.figure.unit_text,
                direction=direction,
                evidence=clause.evidence(cursor),
            )
        )

    def _measure(self, clause: Clause, lead: Pattern | None) -> tuple[str, str]:
        """Measure and direction: as the phrase says, else the verb before the name, else the verb of
        the enumeration, else those of the amount whose part this is, else what its kind has."""
        if clause.measure and clause.pattern:
            return clause.measure, clause.pattern.direction
        if clause.kind == "amount":
            governing = lead or (self._listed if clause.words.startswith(self._list_marks) else None)
            if governing is not None:
                return governing.measure, governing.direction
            if self._phase and not self._in_reason:
                return self._phase, ""
        return _DEFAULT_MEASURE.get(clause.kind, ""), ""

    # -- what it is about -----------------------------------------------------------------------

    def _about(self, clause: Clause) -> tuple[Topic | None, Pattern | None]:
        """The topic of the number, and the verb before its name where one governs the measure."""
        if not clause.kind:
            return None, None
        if clause.pattern is not None and clause.pattern.is_fixed:
            return Topic(self.words.subject(clause.pattern.subject), clause.noun()), None
        if clause.kind == "count":
            return self._counted(clause), None
        name_at, lead = self._name(clause)
        topic = (
            self._named_exactly(clause, name_at)
            or self._mentioned(clause, name_at)
            or self._named_freely(clause, name_at)
            or self._carried(clause)
        )
        return topic, lead

    def _counted(self, clause: Clause) -> Topic:
        """What a count counts: named before it, implied by the count before it, named after it, or
        some work done."""
        words, unit = self.words, clause.unit
        mention = topics.mention_in(clause.words, "count", unit, clause.section, self._topic, words)
        if mention is not None:
            return Topic(mention.subject, clause.printed(mention.start, mention.end))
        follower = topics.follower("count", unit, self._topic, words)
        if follower is not None and self._topic is not None:
            return Topic(follower, self._topic.text)
        noun = topics.noun_after(clause.words_after, "count", unit, words)
        if noun is not None:
            end = clause.figure.unit_end
            return Topic(noun.subject, clause.text.printed(end + noun.start, end + noun.end))
        return Topic(words.subject("activity_count"), clause.noun())

    def _name(self, clause: Clause) -> tuple[int, Pattern | None]:
        """Where the last name before the phrase begins when the verbs and connectors before it are
        left out, and the verb among them that has a measure of its own."""
        words = clause.words[: clause.phrase_at]
        first = start = last_name(words)
        governing, has_verb, moved = None, False, True
        while moved:
            moved = False
            for lead in self.words.leads:
                match = lead.regex.match(words[start:])
                if match and match[0]:
                    start += match.end()
                    governing = governing or (lead if lead.measure else None)
                    has_verb = has_verb or lead.kind == "amount"
                    moved = True
        if start == len(words) and has_verb and clause.pattern is None:
            return first, governing  # a verb alone: 投资40余万
        whole = (part for part in self.words.parts if part.regex.search(words[:start]))
        return start, governing or next(whole, None)

    def _named_exactly(self, clause: Clause, name_at: int) -> Topic | None:
        """The subject whose spelling is the whole name."""
        for end in _name_ends(clause):
            name = clause.words[name_at:end]
            function = self.words.subject("function")
            if name in self.words.classes and clause.section in function.sections:
                printed = clause.printed(name_at, end)
                return Topic(function, printed, printed)  # 教育支出, without (类)
            topic = self._topic
            subject = topics.exact_subject(name, clause.kind, clause.section, topic, self.words)
            if subject is None:
                continue
            if topic is not None and topic.subject.key == "project" and name in topic.text:
                return topic  # 因公出国经费, where it is the project reported on
            return Topic(subject, clause.printed(name_at, end))
        return None

    def _mentioned(self, clause: Clause, name_at: int) -> Topic | None:
        """The subject that the clause mentions last. What explains a change mentions subjects
        without being about them."""
        if self._in_reason:
            return None
        kind, section, before = clause.kind, clause.section, clause.words[: clause.phrase_at]
        mention = topics.mention_in(before, kind, "", section, self._topic, self.words)
        if clause.measure in ("", "score", *PHASES):
            wider = topics.mention_in(clause.words, kind, "", section, self._topic, self.words)
            if wider is not None and (wider.start < clause.phrase_at or mention is None):
                mention = wider  # 部门支出 in 部门支出预算数
        if mention is None or _is_in_path(clause, mention.start):
            return None
        name = clause.words[name_at : clause.phrase_at]
        if mention.end <= last_name(before) and topics.is_project_name(name):
            return None  # 项目支出主要用于某经费 is about the latter
        return Topic(mention.subject, clause.printed(mention.start, mention.end))

    def _named_freely(self, clause: Clause, name_at: int) -> Topic | None:
        """A project or another thing that only its name tells; a score only a project."""
        name = clause.words[name_at : clause.phrase_at]
        is_project = topics.is_project_name(name)
        if clause.kind != "amount" and not (clause.kind == "score" and is_project):
            return None
        if self.words.generic.fullmatch(name) or _is_in_path(clause, name_at):
            return None
        if clause.measure and not is_project:
            return None  # 决算支出为: what stands before it is no name; 某支出 is one
        return topics.named(name, clause.printed(name_at, clause.phrase_at), clause.section, self.words)

    def _carried(self, clause: Clause) -> Topic | None:
        """The topic of the claims before, or what the phrase is about where there is none."""
        topic = self._topic
        is_spending = clause.kind == "amount" and clause.pattern is not None and not clause.measure
        if is_spending and topic is not None and topic.subject.key.startswith("revenue."):
            return Topic(self.words.subject("other_amount"), clause.noun())  # 某收入5万元，支出4万元
        if clause.measure == "completion_rate" and self._budgeted and topic not in self._budgeted:
            return self._budgeted[-1]  # 其中 parts without a budget stand before the rate
        is_of_activity = self._after_activity and clause.measure == "change_rate"
        if topic is not None and clause.kind in topic.subject.kinds and not is_of_activity:
            return topic
        key = clause.pattern.subject if clause.pattern else ""
        key = key or _DEFAULT_SUBJECT.get(clause.kind, "")
        return Topic(self.words.subject(key), "") if key else None


def _name_ends(clause: Clause) -> list[int]:
    """Where a name may end: after the phrase (涉及预算金额), with 支出 that the phrase begins with
    (基本支出预算数), or before the phrase."""
    longer = clause.phrase_at + 2
    with_spending = [longer] if clause.words[clause.phrase_at : longer] == "支出" else []
    return [len(clause.words), *with_spending, clause.phrase_at]


def _is_in_path(clause: Clause, start: int) -> bool:
    path = topics.path_in(clause.words)
    return path is not None and start < path.end()


def _problem(clause: Clause) -> ProblemDraft:
    printed = clause.text.printed(clause.figure.start, clause.figure.unit_end)
    detail = f"{printed} after {clause.words[-20:]!r} in section {clause.section}"
    return ProblemDraft(clause.line.page, clause.line.line_no, "claims", "unclaimed_number", detail)
