"""The performance annexes of an account, on the forms that districts of Hunan and Hubei publish them on.

What an annex repeats of the standard tables (三公, project and basic expenditure, procurement) it takes from
the account; the rest is drawn so that it adds up. Amounts are printed in 万元 with two decimals. The figures
of an account's annexes are those of their sheets: several tables are of one code, a project each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from tests.corpus.accounts import Account, Cell
from tests.corpus.forms import Printed, Row, Sheet

KINDS = ("base", "overall", "overall_rates", "projects", "detail", "scores")
_FEN = Decimal("0.01")
_PROJECTS = ("机要保密专项经费", "文化惠民活动经费", "信息化运行维护经费", "宣传印刷专项经费")
_LEVELS = {
    "产出指标": ("output", ("数量指标", "quantity"), ("质量指标", "quality"), ("时效指标", "timeliness")),
    "效益指标": ("benefit", ("社会效益指标", "social_benefit"), ("可持续影响指标", "sustainability")),
    "满意度指标": ("satisfaction", ("服务对象满意度指标", "satisfaction")),
    "成本指标": ("cost", ("经济成本指标", "economic_cost")),
}
_NAMES = {
    "quantity": ("举办活动场次", "100场", "100场"),
    "quality": ("活动合格率", "100%", "98%"),
    "timeliness": ("按时完成率", "100%", "100%"),
    "social_benefit": ("服务群众能力", "有所提高", "有所提高"),
    "sustainability": ("管理制度", "形成制度", "形成制度"),
    "satisfaction": ("群众满意度", "≥95%", "97%"),
    "economic_cost": ("成本控制率", "≤100%", "100%"),
}
_EXPENSES = {
    "total": ("三公经费", "three_public"),
    "vehicles": ("1、公务用车购置和维护经费", "three_public.vehicles"),
    "vehicle_purchase": ("其中：公车购置", "three_public.vehicle_purchase"),
    "vehicle_operation": ("公车运行维护", "three_public.vehicle_operation"),
    "overseas_travel": ("2、出国经费", "three_public.overseas_travel"),
    "reception": ("3、公务接待", "three_public.reception"),
}
_FULL = {"产出指标": 40, "效益指标": 20, "满意度指标": 10, "成本指标": 20}
_MONEY_HEADERS = ("年初预算数", "全年预算数", "全年执行数")


@dataclass(frozen=True)
class Project:
    """One project of the year, in 元: what was budgeted first, after adjustments, and what was spent."""

    name: str
    initial: Decimal
    adjusted: Decimal
    final: Decimal


def projects_of(account: Account) -> tuple[Project, ...]:
    """The account's projects: together they spend its project expenditure."""
    spent = account.amount("gk03", "function.total", "project") or Decimal(0)
    random = Random(f"projects {account.fiscal_year} {spent}")
    finals = _shared(spent, 3, random)
    return tuple(
        Project(name, _near(final, random), (final * random.randint(101, 130) / 100).quantize(_FEN), final)
        for name, final in zip(_PROJECTS, finals, strict=False)
    )


def annex_sheets(account: Account, kinds: Iterable[str]) -> tuple[Sheet, ...]:
    """The annexes of the account, each of `kinds` (KINDS) in its order; `projects` is a table a project."""
    random = Random(f"annexes {account.fiscal_year} {account.value('gk03', 'function.total', 'total')}")
    makers = {
        "base": _base,
        "overall": _overall,
        "overall_rates": _overall_rates,
        "detail": _detail,
        "scores": _scores,
    }
    sheets: list[Sheet] = []
    for kind in kinds:
        if kind == "projects":
            sheets += [_project(account, project, random) for project in projects_of(account)]
        else:
            sheets.append(makers[kind](account, random))
    return tuple(sheets)


def annex_truth(account: Account, kinds: Iterable[str]) -> list[Cell]:
    """The figures that these annexes print."""
    return [
        Cell(sheet.table_code, *cell.figure, _value(cell.text))
        for sheet in annex_sheets(account, kinds)
        for row in (*sheet.header, *sheet.body)
        for cell in row
        if cell and cell.figure
    ]


def _value(text: str) -> str:
    """The number of a cell, without the sign before it, its unit, and the words around a full score."""
    if "（" in text:
        text = text.partition("（")[2]
    return "".join(character for character in text if character in "0123456789.,")


# -- cells ------------------------------------------------------------------------------------------------


def _wan(amount: Decimal) -> str:
    return str((amount / 10_000).quantize(_FEN, ROUND_HALF_UP))


def _percent(part: Decimal, whole: Decimal) -> str:
    return f"{(part * 100 / whole).quantize(_FEN, ROUND_HALF_UP)}%" if whole else ""


def _label(text: str, rows: int = 1, columns: int = 1) -> Printed:
    return Printed(text, row_span=rows, column_span=columns)


def _number(text: str, item: str, measure: str) -> Printed:
    return Printed(text, "number", (item, measure) if text else None)


def _money(amount: Decimal, item: str, measure: str) -> Printed:
    return _number(_wan(amount), item, measure)


def _row(*cells: Printed | str | None, width: int) -> Row:
    """A row as wide as its table: texts are labels, what is left over is blank."""
    made = [_label(cell) if isinstance(cell, str) else cell for cell in cells]
    return tuple([*made, *[_label("")] * (width - len(made))])


def _shared(amount: Decimal, parts: int, random: Random) -> list[Decimal]:
    """An amount in as many parts, the last takes the rest."""
    shares = [(amount * random.randint(10, 100 // parts) / 100).quantize(_FEN) for _ in range(parts - 1)]
    return [*shares, amount - sum(shares)]


def _near(amount: Decimal, random: Random) -> Decimal:
    return (amount * random.randint(70, 99) / 100).quantize(_FEN)


def _sheet(
    code: str, title: str, widths: Sequence[int], rows: Sequence[Row], notes: Sequence[str] = ()
) -> Sheet:
    return Sheet(code, title, "", "", tuple(widths), (), tuple(rows), tuple(notes))


# -- 整体支出绩效评价基础数据表 ------------------------------------------------------------------------------


def _base(account: Account, random: Random) -> Sheet:
    year = int(account.fiscal_year)
    posts = random.randint(20, 60)
    staff = posts - random.randint(0, 9)
    rows = [
        _row(_label("财政供养人员情况(人)", rows=2), "编制数", f"{year}年实际在职人数", "控制率", width=7),
        _row(
            None,
            _number(str(posts), "staff", "authorised_staff"),
            _number(str(staff), "staff", "actual_staff"),
            _number(_percent(Decimal(staff), Decimal(posts)), "staff", "staff_control_rate"),
            width=7,
        ),
        _row("经费控制情况(万元)", f"{year - 1}年决算数", f"{year}年预算数", f"{year}年决算数", width=7),
    ]
    for label, item, amounts in _base_amounts(account, random):
        measures = ("prior_year", "initial_budget", "final")
        cells = [_money(amount, item, m) for amount, m in zip(amounts, measures, strict=True)]
        rows.append(_row(label, *cells, width=7))
    rows += _building(year, random)
    title = f"{year}年度部门整体支出绩效评价基础数据表"
    notes = ("说明：“项目支出”填报基本支出以外的所有项目支出情况。",)
    return _sheet("pf01", title, (14, 8, 8, 8, 8, 8, 8), rows, notes)


def _base_amounts(account: Account, random: Random) -> Iterator[tuple[str, str, tuple[Decimal, ...]]]:
    """Label, line item and the amounts of the year before, of the budget and of the account."""
    columns = [_expenses_of(account.prior, "final") or _drawn_expenses(random)]
    columns += [_expenses_of(account, phase) for phase in ("adjusted_budget", "final")]
    for part, (label, item) in _EXPENSES.items():
        yield label, item, tuple(column[part] for column in columns)
    spent = _amount(account, "gk03", "function.total", "project")
    before = (
        _amount(account.prior, "gk03", "function.total", "project") if account.prior else _near(spent, random)
    )
    totals = (before, _near(spent, random), spent)
    kinds = [_shared(total, 3, random) for total in totals]
    special = [_shared(kind[2], 2, random) for kind in kinds]
    item = "project_expenditure"
    yield "项目支出：", item, totals
    yield "1、业务工作经费", f"{item}.operations", tuple(kind[0] for kind in kinds)
    yield "2、运行维护经费", f"{item}.maintenance", tuple(kind[1] for kind in kinds)
    yield "3、本级专项资金（一个专项一行）", f"{item}.special_funds", tuple(kind[2] for kind in kinds)
    for n, label in enumerate(("城乡文化服务", "历史建筑修缮")):
        yield label, f"project.{n + 1}", tuple(parts[n] for parts in special)
    public = _amount(account, "gk06", "economic.public_total", "final")
    totals = (_near(public, random), _near(public, random), public)
    parts = [_shared((total * 9 / 10).quantize(_FEN), 3, random) for total in totals]
    yield "公用经费：", "public_expenditure", totals
    yield "其中：办公经费", "public_expenditure.office", tuple(part[0] for part in parts)
    yield "水费、电费、差旅费", "public_expenditure.utilities_and_travel", tuple(part[1] for part in parts)
    yield "会议费、培训费", "public_expenditure.meetings_and_training", tuple(part[2] for part in parts)
    bought = _amount(account, "gk12", "procurement.total", "final")
    yield "政府采购金额", "government_procurement", (_near(bought, random), _near(bought, random), bought)
    basic = _amount(account, "gk03", "function.total", "basic")
    adjusted = (_near(basic, random), _near(basic, random), basic)
    yield "部门基本支出预算调整", "basic_expenditure_adjustment", adjusted


def _amount(account: Account, table_code: str, line_item: str, measure: str) -> Decimal:
    return account.amount(table_code, line_item, measure) or Decimal(0)


def _expenses_of(account: Account | None, phase: str) -> dict[str, Decimal]:
    if account is None:
        return {}
    return {part: _amount(account, "gk09", "three_public", f"{phase}.{part}") for part in _EXPENSES}


def _drawn_expenses(random: Random) -> dict[str, Decimal]:
    amounts = {
        part: random.randint(0, 9_000_000) * _FEN
        for part in ("vehicle_purchase", "vehicle_operation", "overseas_travel", "reception")
    }
    amounts["vehicles"] = amounts["vehicle_purchase"] + amounts["vehicle_operation"]
    amounts["total"] = amounts["vehicles"] + amounts["overseas_travel"] + amounts["reception"]
    return amounts


def _building(year: int, random: Random) -> Iterator[Row]:
    approved, budget = random.randint(800, 2_000), Decimal(random.randint(300, 900) * 10_000)
    built, made = approved - random.randint(0, 90), _near(budget, random)
    label = _label(f"楼堂馆所控制情况（{year}年完工项目）", rows=2)
    headers = ("批复规模（㎡）", "实际规模（㎡）", "规模控制率")
    yield (label, *map(_label, (*headers, "预算投资（万元）", "实际投资（万元）", "投资概算控制率")))
    yield (
        None,
        _number(str(approved), "building", "approved_area"),
        _number(str(built), "building", "actual_area"),
        _number(_percent(Decimal(built), Decimal(approved)), "building", "area_control_rate"),
        _money(budget, "building", "budget_investment"),
        _money(made, "building", "actual_investment"),
        _number(_percent(made, budget), "building", "investment_control_rate"),
    )


# -- 绩效自评表 ---------------------------------------------------------------------------------------------


def _overall(account: Account, random: Random) -> Sheet:
    """整体支出绩效自评表: funds by source and by nature, then the indicators."""
    spent = _amount(account, "gk03", "function.total", "total")
    basic, project = (_amount(account, "gk03", "function.total", part) for part in ("basic", "project"))
    funds = {
        fund: _amount(account, table, "function.total", "total")
        for fund, table in (
            ("general_public_budget", "gk05"),
            ("government_fund", "gk07"),
            ("state_capital", "gk08"),
        )
    }
    rest = spent - sum(funds.values())
    initial = _amount(account, "gk01", "expenditure.grand_total", "initial_budget")
    adjusted = (spent * random.randint(101, 120) / 100).quantize(_FEN)
    score = _Scores(random)
    header = ("", *_MONEY_HEADERS, "分值", "执行率", "得分")
    rows = [
        _row("预算单位名称", _label(account.department_name, columns=8), *[None] * 7, width=9),
        _row(_label("年度预算申请（万元）", rows=6), *header, width=9),
        _row(None, "年度资金总额", *_funds(initial, adjusted, spent, score), width=9),
    ]

    def inline(label: str, item: str, amount: Decimal) -> Printed:
        """A label with its amount in one cell."""
        return Printed(f"{label}：{_wan(amount)}万元", figure=(f"funds.{item}", "amount"), column_span=4)

    lines = (
        (_label("按收入性质分：", columns=4), _label("按支出性质分：", columns=4)),
        (
            inline("其中：一般公共预算", "general_public_budget", funds["general_public_budget"]),
            inline("其中：基本支出", "basic", basic),
        ),
        (
            inline("政府性基金拨款", "government_fund", funds["government_fund"]),
            inline("项目支出", "project", project),
        ),
        (
            inline("国有资本经营预算拨款", "state_capital", funds["state_capital"]),
            inline("其他资金", "other", rest),
        ),
    )
    rows += [(None, left, None, None, None, right, None, None, None) for left, right in lines]
    bought = "100%" if _amount(account, "gk12", "procurement.total", "final") else "0%"
    rows += [*_goal(), *_indicators(score, {"quality": ("政府采购执行率", "100%", bought)})]
    title = f"{account.fiscal_year}年度部门（单位）整体支出绩效自评表"
    return _sheet("pf02", title, (8, 10, 9, 12, 8, 8, 6, 8, 8), rows)


def _project(account: Account, project: Project, random: Random) -> Sheet:
    """项目支出绩效自评表 of one project: all of it is appropriated but what is left of last year."""
    left = [(amount * random.choice((0, 5, 10)) / 100).quantize(_FEN) for amount in _phases(project)]
    other = [(amount * random.choice((0, 0, 5)) / 100).quantize(_FEN) for amount in _phases(project)]
    fiscal = [total - a - b for total, a, b in zip(_phases(project), left, other, strict=True)]
    score = _Scores(random)
    header = ("资金来源", *_MONEY_HEADERS, "分值", "执行率", "得分")
    rows = [
        _row("项目支出名称", _label(project.name, columns=8), *[None] * 7, width=9),
        _row("主管部门", _label(account.department_name, columns=8), *[None] * 7, width=9),
        _row(_label("项目资金(万元)", rows=5), *header, width=9),
    ]
    sources = (("其中：当年财政拨款", "fiscal_current", fiscal), ("上年结转资金", "carried_over", left),
               ("其他资金", "other", other))  # fmt: skip
    for label, item, amounts in sources:
        measures = ("initial_budget", "adjusted_budget", "final")
        cells = [_money(amount, f"funds.{item}", m) for amount, m in zip(amounts, measures, strict=True)]
        rows.append(_row(None, label, *cells, width=9))
    rows.append(_row(None, "年度资金总额", *_funds(*_phases(project), score), width=9))
    cost = "项目总成本", f"{_wan(project.adjusted)}万元", f"{_wan(project.final)}万元"
    rows += [*_goal(), *_indicators(score, {"economic_cost": cost})]
    title = f"{account.fiscal_year}年度项目支出绩效自评表"
    return _sheet("pf03", title, (8, 10, 9, 12, 8, 8, 6, 8, 8), rows, ("备注：一个一级项目支出一张表。",))


def _phases(project: Project) -> tuple[Decimal, Decimal, Decimal]:
    return project.initial, project.adjusted, project.final


class _Scores:
    """The scores of one self-evaluation, added up as they are printed."""

    def __init__(self, random: Random) -> None:
        self.random, self.full, self.given = random, 0, 0

    def pair(self, item: str, full: int) -> tuple[Printed, Printed]:
        """分值 and 得分 of one row."""
        given = full - self.random.choice((0, 0, 1))
        self.full += full
        self.given += given
        return _number(str(full), item, "full_score"), _number(str(given), item, "score")


def _funds(initial: Decimal, adjusted: Decimal, final: Decimal, score: _Scores) -> tuple[Printed, ...]:
    item = "funds.total"
    full, given = score.pair(item, 10)
    return (
        _money(initial, item, "initial_budget"),
        _money(adjusted, item, "adjusted_budget"),
        _money(final, item, "final"),
        full,
        _number(_percent(final, adjusted), item, "completion_rate"),
        given,
    )


def _goal() -> Iterator[Row]:
    yield _row(_label("年度总体目标", rows=2), _label("预期目标", columns=4), None, None, None,
               _label("实际完成情况", columns=4), None, None, None, width=9)  # fmt: skip
    yield _row(None, _label("做好全年文化服务工作。", columns=4), None, None, None,
               _label("按计划完成了全年工作。", columns=4), None, None, None, width=9)  # fmt: skip


def _indicators(score: _Scores, own: dict[str, tuple[str, str, str]]) -> Iterator[Row]:
    """The indicators of one self-evaluation, those of `own` in the place of the usual ones: name, target,
    result."""
    count = 2 + sum(len(kinds) - 1 for kinds in _LEVELS.values())
    headers = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析")
    yield _row(_label("绩效指标", rows=count - 1), *headers, width=9)
    number = 0
    for label, (group, *kinds) in _LEVELS.items():
        full = _FULL[label]
        mark = Printed(
            f"{label}（{full}分）", figure=(f"indicator_group.{group}", "full_score"), row_span=len(kinds)
        )
        for n, (kind, category) in enumerate(kinds):
            number += 1
            item = f"indicator.{category}.{number}"
            share = full // len(kinds) + (full % len(kinds) if n == 0 else 0)
            name, target, actual = own.get(category) or _NAMES[category]
            yield _row(None, None if n else mark, kind, name, _result(target, item, "target"),
                       _result(actual, item, "actual"), *score.pair(item, share), width=9)  # fmt: skip
    yield _row(_label("总分", columns=6), *[None] * 5, _number(str(score.full), "total_score", "full_score"),
               _number(str(score.given), "total_score", "score"), width=9)  # fmt: skip


def _result(text: str, item: str, measure: str) -> Printed:
    has_number = any(character.isdigit() for character in text)
    return Printed(text, figure=(item, measure) if has_number else None)


def _overall_rates(account: Account, random: Random) -> Sheet:
    """The form of Hubei: basic and project expenditure, and the rate of execution of both."""
    spent = _amount(account, "gk03", "function.total", "total")
    basic, project = (_amount(account, "gk03", "function.total", part) for part in ("basic", "project"))
    budget = (spent * random.randint(101, 120) / 100).quantize(_FEN)
    rows = [
        _row("单位名称", _label(account.department_name, columns=4), None, None, None, width=5),
        _row("基本支出总额", _money(basic, "funds.basic", "final"), "项目支出总额",
             _money(project, "funds.project", "final"), width=5),
        _row(_label("预算执行情况（万元）", rows=2), "",
             "预算数（A）", "执行数（B）", "执行率（B/A）", width=5),
        _row(None, "部门整体支出总额", _money(budget, "funds.total", "budget"),
             _money(spent, "funds.total", "final"),
             _number(_percent(spent, budget), "funds.total", "completion_rate"), width=5),
    ]  # fmt: skip
    title = f"{account.fiscal_year}年度{account.department_name}整体支出绩效自评表"
    return _sheet("pf02", title, (12, 12, 12, 12, 10), rows)


# -- 明细表 and 综合评分表 ---------------------------------------------------------------------------------


def _detail(account: Account, random: Random) -> Sheet:
    """部门整体支出明细表. Of the basic expenditure of table 03 other sources pay for persons."""
    basic, project = (_amount(account, "gk03", "function.total", part) for part in ("basic", "project"))
    public = _amount(account, "gk06", "economic.public_total", "final")
    projects = projects_of(account)
    spent = {
        "personnel_expenditure": basic - public,
        "public_expenditure": public,
        **{f"project.{n}": one.final for n, one in enumerate(projects, start=1)},
    }
    budget = {
        item: (amount * random.randint(101, 130) / 100).quantize(_FEN) for item, amount in spent.items()
    }
    for column, amounts in ((spent, (basic, project)), (budget, None)):
        if amounts is None:
            persons = column["personnel_expenditure"] + column["public_expenditure"]
            amounts = (persons, sum(column[f"project.{n + 1}"] for n in range(len(projects))))
        column["basic_expenditure"], column["project_expenditure"] = amounts
        column["expenditure.total"] = sum(amounts)
    labels = {
        "basic_expenditure": "一、基本支出",
        "personnel_expenditure": "人员经费",
        "public_expenditure": "公用经费",
        "project_expenditure": "二、项目支出",
        **{f"project.{n}": one.name for n, one in enumerate(projects, start=1)},
        "expenditure.total": "合计",
    }
    rows = [_row("项目", "预算数（万元）", "决算数（万元）", "执行率", width=4)]
    for item, label in labels.items():
        rate = _percent(spent[item], budget[item])
        cells = (_money(budget[item], item, "budget"), _money(spent[item], item, "final"))
        rows.append(_row(label, *cells, _number(rate, item, "completion_rate"), width=4))
    return _sheet("pf04", "部门整体支出明细表", (16, 10, 10, 8), rows)


def _scores(account: Account, random: Random) -> Sheet:
    """综合评分表: the form has no title, its header row announces it."""
    parts = {
        "预算执行": ("evaluation.budget_execution", 20),
        "产出指标": ("evaluation.output", 45),
        "效益指标": ("evaluation.benefit", 25),
        "满意度指标": ("evaluation.satisfaction", 10),
    }
    rows = [_row("评价内容", "权重", "标准分值", "评价得分", width=4)]
    total = 0
    for label, (item, full) in parts.items():
        given = full - random.choice((0, 1, 2))
        total += given
        rows.append(_score_row(label, item, full, given))
    rows.append(_score_row("综合绩效", "total_score", 100, total))
    return _sheet("pf05", "", (12, 8, 8, 8), rows)


def _score_row(label: str, item: str, full: int, given: int) -> Row:
    return (
        _label(label),
        _number(f"{full}%", item, "weight"),
        _number(str(full), item, "full_score"),
        _number(str(given), item, "score"),
    )
