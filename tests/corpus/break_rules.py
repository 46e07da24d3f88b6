"""Breaks one rule in what a document prints: a term of an identity, a figure or word of a sentence.

An identity is broken generically, from the rows of seeds/identities: the total of one of its instances is
changed beyond rounding. Claim rules and wordings are told in `_SENTENCES`: which words of the narrative hold
the figure that the rule compares. What is changed follows from what is printed, so that the same document is
broken in the same place.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

from tests.corpus.book import Book
from tests.corpus.forms import Printed, Sheet
from tests.corpus.plant import Planted

_SEEDS = Path(__file__).parents[2] / "seeds"
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_BEYOND = Decimal("111.11")  # 万元: no sum of rounded figures differs by so much
_LEVELS = {3: "class", 5: "section", 7: "item"}
# Rules that compare nothing by themselves, and why no error can make them fire.
SILENT = {
    "share_other_base": "only says of which base a wrong share was taken",
    "completion_other_base": "only says of which base a wrong completion rate was taken",
    "change_of_plan": "a change of plan is measured against nothing; its sum is claim_projects_plan",
}

Result = tuple[Book, tuple[Planted, ...]] | None


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (_SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def identities() -> list[str]:
    """All identities of the seeds."""
    return [row["identity_id"] for row in _rows("identities/identities")]


def claim_rules() -> list[str]:
    """All rules that claims are held against, those that compare nothing left out."""
    names = [row["relation_id"] for row in _rows("identities/claim_relations")]
    names += [row["rule_id"] for row in _rows("identities/claim_bases")]
    return [name for name in dict.fromkeys(names) if name not in SILENT]


def needs_prior(rule: str) -> bool:
    """Whether a rule compares with the department's document of the year before."""
    return any(int(term["years_back"]) for term in _terms().get(rule, ()))


def break_rule(rule: str, book: Book, prior: Book | None) -> Result:
    """The book with one rule broken, and what was planted; None where the book has no place for it."""
    if rule in _SENTENCES:
        return None if needs_prior(rule) and prior is None else _SENTENCES[rule](rule, book)
    return _break_identity(rule, book, prior)


# -- identities -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """A printed figure: `sheet` is its table's place among all tables of the book."""

    sheet: int
    row: int
    column: int
    cell: Printed
    value: Decimal


@cache
def _terms() -> dict[str, list[dict[str, str]]]:
    found = defaultdict(list)
    for row in _rows("identities/identity_terms"):
        found[row["identity_id"]].append(row)
    return dict(found)


@cache
def _like(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split("%"))))


def _figures(book: Book) -> Iterator[tuple[Sheet, _Place]]:
    for n, sheet in enumerate((*book.sheets, *book.annexes)):
        for r, row in enumerate(sheet.body):
            for c, cell in enumerate(row):
                if cell and cell.figure:
                    yield sheet, _Place(n, r, c, cell, _value(cell.text))


def _value(text: str) -> Decimal:
    sign = "-" if text.strip().startswith("-") else ""
    return Decimal(sign + _NUMBER.findall(text)[-1].replace(",", ""))


def _code(line_item: str) -> str:
    last = line_item.rsplit(".", 1)[-1]
    return last if last.isdigit() or line_item == "function.total" else ""


def _instances(rule: str, book: Book, years_back: int) -> dict[tuple, dict[str, list[tuple[dict, _Place]]]]:
    """Figures of the book that are terms of a rule, by instance and side."""
    found: dict[tuple, dict[str, list[tuple[dict, _Place]]]] = defaultdict(lambda: defaultdict(list))
    terms = [term for term in _terms()[rule] if int(term["years_back"]) == years_back]
    for sheet, place in _figures(book):
        line_item, measure = place.cell.figure
        code = _code(line_item)
        level = "total" if code == "total" else _LEVELS.get(len(code), "")
        for term in terms:
            if (
                term["table_code"] == sheet.table_code
                and _like(term["line_item"]).fullmatch(line_item)
                and _like(term["measure"]).fullmatch(measure)
                and term["code_level"] in ("", level)
            ):
                parent = code[:-2] if len(code) > 3 else ""
                keys = {"code": code, "parent_code": parent, "line_item": line_item, "": ""}
                key = (
                    keys[term["instance_code"]],
                    measure if term["instance_measure"] else "",
                    place.sheet if term["instance_table"] else -1,
                )
                found[key][term["side"]].append((term, place))
    return found


def _break_identity(rule: str, book: Book, prior: Book | None) -> Result:
    """The total of the instance with the largest parts changed; where there is a constant for a total, a
    part."""
    row = next(row for row in _rows("identities/identities") if row["identity_id"] == rule)
    instances = _instances(rule, book, 0)
    if needs_prior(rule):
        before = _instances(rule, prior, 1) if prior else {}
        for key, sides in instances.items():
            sides["part"] += before.get(key, {}).get("part", [])
        instances = {key: sides for key, sides in instances.items() if key in before}
    best: tuple[Decimal, _Place, Decimal] | None = None
    for sides in instances.values():
        parts = sum(int(term["weight"]) * place.value for term, place in sides["part"])
        required = {
            t["term_no"] for t in _terms()[rule] if t["is_required"] == "true" and t["side"] != "total"
        }
        if not required <= {term["term_no"] for side in ("part", "base") for term, _ in sides[side]}:
            continue
        if row["comparison"] == "ratio" and not any(place.value for _, place in sides["base"]):
            continue
        changed = sides["part"] if row["constant_total"] else sides["total"]
        if not changed or not parts or (best and abs(parts) <= best[0]):
            continue
        place = changed[0][1]
        best = abs(parts), place, _wrong(place, row["comparison"], parts)
    if best is None:
        return None
    _, place, wrong = best
    return _with_value(rule, book, place, wrong)


def _wrong(place: _Place, comparison: str, parts: Decimal) -> Decimal:
    """A value of the total that breaks the identity."""
    if comparison == "at_least":
        half = parts / 2
        return half.quantize(Decimal(1).scaleb(place.value.as_tuple().exponent), ROUND_HALF_UP)
    return place.value + (_BEYOND if "." in place.cell.text else 3)


def _with_value(rule: str, book: Book, place: _Place, wrong: Decimal) -> Result:
    number = _NUMBER.findall(place.cell.text)[-1]
    printed = f"{abs(wrong):,}" if "," in number else f"{abs(wrong):f}"
    start = place.cell.text.rindex(number)
    text = place.cell.text[:start].replace("-", "") + printed + place.cell.text[start + len(number) :]
    return _with_text(rule, book, place, text)


def _with_text(rule: str, book: Book, place: _Place, text: str) -> Result:
    sheets = [*book.sheets, *book.annexes]
    sheets[place.sheet] = _with_cell(sheets[place.sheet], place, text)
    made = replace(book, sheets=tuple(sheets[: len(book.sheets)]), annexes=tuple(sheets[len(book.sheets) :]))
    return made, (Planted(f"rule: {rule}", text, (place.cell.text,), (_place_of(book, place),)),)


def _with_cell(sheet: Sheet, place: _Place, text: str) -> Sheet:
    body = [list(row) for row in sheet.body]
    body[place.row][place.column] = replace(place.cell, text=text)
    return replace(sheet, body=tuple(map(tuple, body)))


def _place_of(book: Book, place: _Place) -> tuple[str, str, str]:
    return (*book.sheets, *book.annexes)[place.sheet].table_code, *place.cell.figure


# -- sentences --------------------------------------------------------------------------------------------


Break = Callable[[str, Book], Result]


def _without_tables(book: Book) -> Book:
    """The narrative alone: what contradicts a table is reported as that, and not as a wrong sum."""
    return replace(book, sheets=(), annexes=(), contents=())


def _paragraphs(book: Book, section: str) -> Iterator[tuple[int, str]]:
    """The paragraphs of a section by the start of its heading (五、), or all."""
    is_inside = not section
    for n, text in enumerate(book.narrative):
        if re.match("[一二三四五六七八九十]+、", text):
            is_inside = not section or text.startswith(f"{section}、")
        elif is_inside:
            yield n, text


def _figure(
    pattern: str,
    wrong: Callable[[Decimal], Decimal],
    section: str = "",
    tables: bool = True,
    everywhere: bool = True,
) -> Break:
    """The number behind `pattern` in the first sentence that has one changed; with its unit wherever else
    the narrative repeats it, so that it contradicts nothing but the rule."""

    def breaks(rule: str, book: Book) -> Result:
        book = book if tables else _without_tables(book)
        for n, text in _paragraphs(book, section):
            match = re.search(rf"{pattern}(?P<value>\d+(?:\.\d+)?)(?P<unit>万元|%|辆|个)", text)
            if not match or not (match["unit"] == "%" or Decimal(match["value"])):
                continue  # what is zero is taken from another document
            old = match["value"] + match["unit"]
            new = _printed(wrong(Decimal(match["value"])), match["value"]) + match["unit"]
            lines = list(book.narrative)
            if everywhere and match["unit"] == "万元":
                lines = [re.sub(rf"(?<![\d.]){re.escape(old)}", new, line) for line in lines]
            else:
                lines[n] = text[: match.start("value")] + new + text[match.end("unit") :]
            return _with_lines(rule, book, lines, new, old)
        return None

    return breaks


def _printed(value: Decimal, like: str) -> str:
    decimals = len(like.partition(".")[2])
    return str(value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def _words(
    pattern: str, instead: Callable[[re.Match[str]], str], section: str = "", tables: bool = True
) -> Break:
    """The first words that fit `pattern` replaced."""

    def breaks(rule: str, book: Book) -> Result:
        book = book if tables else _without_tables(book)
        for n, text in _paragraphs(book, section):
            match = re.search(pattern, text)
            if match:
                new = instead(match)
                lines = list(book.narrative)
                lines[n] = text[: match.start()] + new + text[match.end() :]
                return _with_lines(rule, book, lines, new, match[0])
        return None

    return breaks


def _with_lines(rule: str, book: Book, lines: list[str], new: str, old: str) -> Result:
    planted = tuple(
        Planted(f"rule: {rule}", new, (old,), text=line)
        for line, before in zip(lines, book.narrative, strict=True)
        if line != before
    )
    return replace(book, narrative=tuple(lines)), planted


def _halved(value: Decimal) -> Decimal:
    return value / 2


def _other_rate(value: Decimal) -> Decimal:
    """A rate that is another one however it was rounded."""
    return value + 13


def _sum(pattern: str, section: str) -> Break:
    """A total halved that no table prints: lists may be longer than what is named of them, never shorter."""
    return _figure(pattern, _halved, section, tables=False)


def _added(text: str, rule_section: str) -> Break:
    """A sentence put behind the first of a section."""

    def breaks(rule: str, book: Book) -> Result:
        n = next((n for n, _ in _paragraphs(book, rule_section)), None)
        if n is None:
            return None
        line = text.format(year=book.fiscal_year)
        lines = (*book.narrative[: n + 1], line, *book.narrative[n + 1 :])
        return replace(book, narrative=lines), (Planted(f"rule: {rule}", line, (), text=line),)

    return breaks


def _other_department(rule: str, book: Book) -> Result:
    if not book.sheets:
        return None
    sheet = book.sheets[2]
    line = "部门：东海市南山区财政局"
    sheets = (*book.sheets[:2], replace(sheet, department_line=line), *book.sheets[3:])
    return replace(book, sheets=sheets), (Planted(f"rule: {rule}", line, (), text=line),)


def _template(rule: str, book: Book) -> Result:
    lines = [re.sub(r"\d+\.\d\d(?=万元)", "XX", line) for line in book.narrative]
    return _with_lines(rule, _without_tables(book), lines, "XX", "")


def _announced(rule: str, book: Book) -> Result:
    """An attachment that is not there."""
    line = "附件：项目支出绩效自评表（附后）"
    made = replace(book, annexes=(), narrative=(*book.narrative, line, "以上为本部门的说明。"))
    return made, (Planted(f"rule: {rule}", line, (), text=line),)


def _in_annex(changed: Callable[[Sheet, Printed], str]) -> Break:
    """The first figure of an annex of which `changed` makes another text."""

    def breaks(rule: str, book: Book) -> Result:
        for sheet, place in _figures(book):
            text = changed(sheet, place.cell)
            if text and place.sheet >= len(book.sheets):
                return _with_text(rule, book, place, text)
        return None

    return breaks


def _in_times(_: Sheet, cell: Printed) -> str:
    """The result of an indicator whose target is a rate."""
    is_rate = cell.figure[1] == "actual" and cell.text.endswith("%")
    return f"{cell.text.removesuffix('%')}次" if is_rate else ""


def _transposed(_: Sheet, cell: Printed) -> str:
    """The budget of a project as its target, two digits exchanged."""
    if cell.figure[1] != "target" or not cell.text.endswith("万元"):
        return ""
    for n, (one, other) in enumerate(pairwise(cell.text)):
        if one.isdigit() and other.isdigit() and one != other and (n or other != "0"):
            return cell.text[:n] + other + one + cell.text[n + 2 :]
    return ""


def _rate_of_nothing(rule: str, book: Book) -> Result:
    """The department bought nothing; its rate of procurement stays."""
    sheets = [*book.sheets, *book.annexes]
    rates = []
    for _, place in _figures(book):
        line_item, measure = place.cell.figure
        is_amount = line_item.startswith("procurement.") or line_item == "government_procurement"
        if is_amount and measure == "final":
            sheets[place.sheet] = _with_cell(sheets[place.sheet], place, "0.00")
        label = sheets[place.sheet].body[place.row][place.column - 2]
        if measure == "actual" and label and label.text == "政府采购执行率" and place.value:
            rates.append(place)
    first = next((n for n, _ in _paragraphs(book, "十一")), None)
    if not rates or first is None:
        return None
    inside = {n for n, _ in _paragraphs(book, "十一")}
    lines = [line for n, line in enumerate(book.narrative) if n not in inside]
    lines.insert(first, f"{book.fiscal_year}年度，政府采购支出总额0.00万元。")
    made = replace(
        book,
        sheets=tuple(sheets[: len(book.sheets)]),
        annexes=tuple(sheets[len(book.sheets) :]),
        narrative=tuple(lines),
    )
    return made, (Planted(f"rule: {rule}", rates[0].cell.text, (), (_place_of(book, rates[0]),)),)


def _all_funds(rule: str, book: Book) -> Result:
    """What all funds spent under the heading of one."""
    totals = {sheet.table_code: place.cell for sheet, place in _figures(book)
              if place.cell.figure == ("function.total", "total")}  # fmt: skip
    of_all, of_budget = (totals[table].text.replace(",", "") for table in ("gk03", "gk05"))
    n = next((n for n, line in enumerate(book.narrative) if line == "二、一般公共预算支出情况"), None)
    if n is None or of_all == of_budget or of_budget not in book.narrative[n + 1]:
        return None
    lines = list(book.narrative)
    lines[n + 1] = lines[n + 1].replace(of_budget, of_all)
    return _with_lines(rule, book, lines, of_all, of_budget)


_OPPOSITES = {"增长": "下降", "下降": "增长", "大于": "小于", "小于": "大于"}
_SENTENCES: dict[str, Break] = {
    # shares
    "share_of_revenue": _figure("占本年收入", _other_rate),
    "share_of_expenditure": _figure("占本年支出", _other_rate),
    "share_of_appropriation": _figure("占财政拨款支出", _other_rate),
    "share_of_projects": _figure("占项目支出总额的", _other_rate),
    "share_of_basic": _figure("占基本支出", _other_rate),
    "share_of_three_public": _figure("占“三公”经费支出", _other_rate),
    "share_of_procurement": _figure("占政府采购支出总额的", _other_rate),
    "share_of_sme": _figure("占授予中小企业合同金额的", _other_rate),
    "share_of_goods": _figure("占货物支出金额的", _halved),
    "share_of_works": _figure("占工程支出金额的", _halved),
    "share_of_services": _figure("占服务支出金额的", _halved),
    **{
        f"share_in_section_{n}": _figure("占", _other_rate, section)
        for n, section in ((2, "二"), (3, "三"), (5, "五"), (6, "六"), (7, "七"), (9, "九"))
    },
    # budgets and the year before
    "completion_of_initial": _figure("完成年初预算的", _other_rate),
    "completion_of_adjusted": _figure("完成全年预算的", _other_rate),
    "completion_of_funds": _figure("资金执行率", _other_rate),
    "completion_of_budget": _figure("完成预算的", _other_rate),
    "rate_of_change": _figure("(?:增长|下降)", _other_rate),
    "change_on_initial": _figure("比年初预算数(?:增加|减少)", lambda v: v + 77),
    "change_on_adjusted": _figure("比全年预算数(?:增加|减少)", lambda v: v + 77),
    "change_on_prior": _figure(r"比\d{4}年度(?:增加|减少)", lambda v: v + 77),
    "within_budget": _figure("全年预算数为", _halved, "十三", tables=False),
    "comparison_initial": _words("(?:大于|小于)(?=年初预算)", lambda m: _OPPOSITES[m[0]]),
    "comparison_adjusted": _words("(?:大于|小于)(?=全年预算)", lambda m: _OPPOSITES[m[0]]),
    "comparison_prior": _words("(?:大于|小于)(?=上年决算)", lambda m: _OPPOSITES[m[0]]),
    "claim_rate_direction": _words(r"(?:增长|下降)(?=\d)", lambda m: _OPPOSITES[m[0]]),
    "claim_zero_base": _words(r"(?<=年初预算)[\d.]+(?=万元，支出决算)", lambda _: "0.00", "五", tables=False),
    # sums
    "claim_revenue_parts": _sum("收入合计", "二"),
    "claim_expenditure_parts": _sum("支出合计", "三"),
    "claim_overall_parts": _sum("整体支出", "二"),
    "claim_appropriation_parts": _sum("财政拨款支出", "四"),
    "claim_fund_parts": _sum("一般公共预算财政拨款支出", "五"),
    "claim_fund_classes": _sum("一般公共预算财政拨款支出", "五"),
    "claim_fund_items": _sum("一般公共预算财政拨款支出", "五"),
    "claim_class_items": _figure("（类）支出", _halved, "五", tables=False, everywhere=False),
    "claim_basic_parts": _sum("财政拨款基本支出", "六"),
    "claim_personnel_list": _sum("^人员经费", "六"),
    "claim_public_list": _sum("^公用经费", "六"),
    "claim_pension_item": _figure("机关事业单位基本养老保险缴费", lambda v: v / 50, "六", tables=False),
    "claim_annuity_item": _figure("、职业年金缴费", lambda v: v / 50, "六", tables=False),
    "claim_three_public_parts": _sum("支出决算", "九"),
    "claim_vehicle_parts": _sum("运行维护费全年预算[^，]*，支出决算", "九"),
    "claim_reception_parts": _sum("公务接待费全年预算[^，]*，支出决算", "九"),
    "claim_government_fund_closing": _figure("年末结转和结余", lambda v: v + 77, "七", tables=False),
    "claim_government_fund_parts": _figure("本年支出", _halved, "七", tables=False, everywhere=False),
    "claim_procurement_parts": _sum("政府采购支出总额", "十一"),
    "claim_procurement_sme": _figure(
        "授予中小企业合同金额", lambda v: v * 3, "十一", tables=False, everywhere=False
    ),
    "claim_procurement_small_micro": _figure("授予小微企业合同金额", lambda v: v * 30, "十一", tables=False),
    "claim_procurement_awarded": _figure("成交的，采购金额", lambda v: v * 30, "十一", tables=False),
    "claim_vehicles_parts": _figure("共有车辆", _halved, "十二", tables=False),
    "claim_vehicles_in_use_parts": _figure("实际使用", _halved, "十二", tables=False),
    "claim_grand_total_opening": _sum("收、支总计", "一"),
    "claim_revenue_appropriation": _sum("收入合计", "二"),
    "claim_expenditure_fund": _figure("支出合计", lambda v: v / 50, "三", tables=False),
    "claim_appropriation_revenue": _sum("财政拨款收、支总计", "四"),
    "claim_projects_amount": _sum("资金", "十三"),
    "claim_projects_count": _figure("共涉及项目", _halved, "十三", tables=False),
    "claim_projects_plan": _figure("年中(?:追加|核减)", lambda v: v + 77, tables=False),
    # repetition and units
    "claim_repeats_table": _figure("收、支总计", lambda v: v + 77, "一", everywhere=False),
    "claim_repeats_claim": _figure("其中：基本支出", lambda v: v + 77, "四", everywhere=False),
    "claim_prior_revenue": _figure("上年决算数", lambda v: v + 77, "二"),
    "claim_prior_expenditure": _figure("上年决算数", lambda v: v + 77, "三"),
    "claim_prior_three_public": _figure("上年决算数", lambda v: v + 77, "九"),
    "claim_unit": _words(r"(?<=收入合计)([\d.]+)万元", lambda m: f"{m[1]}元", "二"),
    # wording
    "account_wrong": _added(
        "住房保障支出（类）住房改革支出（款）住房公积金（项）。主要用于职工医疗保险支出。", "五"
    ),
    "path_absent": _added("{year}年度，教育支出（类）普通教育（款）小学教育（项）支出决算5.27万元。", "五"),
    "residue_doubled": _words("其中", lambda _: "其中其中"),
    "residue_ellipsis": _added("……", "五"),
    "residue_level": _added("本部门没有市级财政政府性基金预算安排的支出。", "七"),
    "residue_template": _template,
    "department_wrong": _other_department,
    "table_missing": _announced,
    "term_wrong": _words("国有资本(?=经营预算财政拨款支出)", lambda _: "国有资产", "八"),
    "fund_wrong": _all_funds,
    "indicator_units_differ": _in_annex(_in_times),
    "indicator_transposed": _in_annex(_transposed),
    "indicator_rate_of_nothing": _rate_of_nothing,
    "unit_wrong": _words(r"(?<=机关运行经费支出)([\d.]+)万元", lambda m: f"{m[1]}元", "十", tables=False),
    "unit_missing": _words(r"(?:增加|减少)[\d.]+万元", lambda m: m[0].removesuffix("万元"), "一"),
}


def rules() -> list[str]:
    """All that is broken once: identities, claim rules, and wordings that no class of errors plants."""
    return list(dict.fromkeys([*identities(), *claim_rules(), *_SENTENCES]))
