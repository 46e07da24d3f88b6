"""Another year than the document's where the document's is meant.

Years of comparison (上年, 与2022年相比), of plans and of what a title tells about are ordinary. A year is
wrong in the title of an account, table or report on the year, in 2022年度收入合计…与2022年度相比, at the head
of a sentence that states a figure of the account, and in the date of its balance (截至…12月31日).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from flows.extract.claims.outline import APPENDIX
from flows.extract.claims.passages import Passage
from flows.extract.model import DocumentDraft, Line, ProblemDraft
from flows.extract.wording.slip import printed_of, sentences_of, slip

_YEAR = r"(?P<year>20\d\d)年"
_TITLE = re.compile(
    r"^(?:附[件表]?\d*[:、.]?|[(（]?[一二三四五六七八九十\d]{1,3}[)）、.])?" + _YEAR + r"度?[^，。;]{0,60}?"
    r"(?:决算(?:公开|报告|说明|情况说明)?|决算[^，。;]{0,12}表|自评(?:报告|表|结果)|绩效评价(?:报告|表)|收支情况)$"
)
_STATED = re.compile(
    r"^(?:\d{1,2}[、.]|\([一二三四五六七八九十]+\))?" + _YEAR + r"度?，?(?P<subject>(?:本?(?:部门|单位))?"
    r"(?:收|支|总[收支计额]|本年|财政|一般公共预算|政府性基金|国有资本|基本支出|项目支出|三公|机关运行|政府采购"
    r"|上级补助|事业收入|经营收入|附属单位|其他收入|因公出国|公务用车|公务接待|[\u4e00-\u9fff]{2,20}\(类\))"
    r"[^，。;\d]{0,40}(?:，(?:年初|全年|调整)?(?:预算|支出|决算){1,2}数?[为是]?)?)\d[\d,.]*[万亿]?元"
)
_NOT_OF_THE_YEAR = re.compile(
    r"结转|结余|上年|上一年|去年|同期|比|增|减|补缴|清算|下达|部门预算|收支预算|预算安排"
)
_OF_THE_YEAR = r"年度?[^，。;\d]{0,30}(?:收入|支出|总计|合计|经费)"
_SELF = re.compile(_YEAR + r"度?[^。;]{0,40}?\d[^。;]{0,20}?，(?:与|和|同|比|较)(?P<other>20\d\d)年")
_BALANCE = re.compile(r"截[至止](?:到)?" + _YEAR + r"(?:12月31日|底|末|年底|年末)")


def year_slips(passages: Sequence[Passage], draft: DocumentDraft) -> list[ProblemDraft]:
    """Wrong years of a document; empty where its own is not known."""
    own = draft.fiscal_year
    if not own:
        return []
    found = [p for passage in passages for p in _in_passage(passage, own)]
    for table in draft.tables:
        match = re.match(_YEAR, "".join(table.printed_title.split()))
        if match and match["year"] != own and table.table_code.startswith("gk"):
            title = "".join(table.printed_title.split())
            line = Line(table.first_page, table.first_line, "")
            found.append(slip("year_wrong", line, title[:40], own + title[4:][:12]))
    return found


def _in_passage(passage: Passage, own: str) -> list[ProblemDraft]:
    found = []
    first_line = passage.text[: sum(line is passage.lines[0] for line in passage.lines)]
    title = _TITLE.match(passage.text) or _TITLE.match(first_line)
    if title and title["year"] != own and own not in title[0]:
        found.append(_slip(passage, title.start("year"), title.end(), own))
    if passage.section == APPENDIX:
        return found
    for sentence in sentences_of(passage):
        at = sentence.start
        stated = _STATED.match(sentence.text)
        is_another = stated and stated["year"] != own and not _NOT_OF_THE_YEAR.search(stated["subject"])
        if is_another and not re.search(own + _OF_THE_YEAR, passage.text):
            found.append(_slip(passage, at + stated.start("year"), at + stated.end(), own))
            continue
        same = _SELF.match(sentence.text)
        if same and same["year"] == own == same["other"]:
            start, end = same.span("other")
            found.append(_slip(passage, at + start, at + end + 4, str(int(own) - 1)))
        for balance in _BALANCE.finditer(sentence.text):
            if balance["year"] != own:
                found.append(_slip(passage, at + balance.start("year"), at + balance.end(), own))
    return found


def _slip(passage: Passage, start: int, end: int, own: str) -> ProblemDraft:
    printed = printed_of(passage, start, min(end, len(passage.text)))
    return slip("year_wrong", passage.lines[start], printed[:44], f"{own}年")
