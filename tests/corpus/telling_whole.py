"""A narrative that holds every sentence some rule compares: thirteen sections of the official outline and
the self-evaluation, in words of the project's own. All it says agrees with the account's tables and annexes.

`telling.told` keeps to the narrative in which single errors are counted by class; this one is for the pass
in which every rule is broken once. Two wordings of what offices say in two ways take turns (`wording`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from tests.corpus.accounts import MEASURES, Account, Cell
from tests.corpus.annexes import annex_truth, projects_of
from tests.corpus.forms import HEADERS, rows_of
from tests.corpus.narrative import HEADINGS

_NONE = Decimal(0)
_FEN = Decimal("0.01")
_FUND_TABLES = ("gk05", "gk07", "gk08")
_EXPENSES = {
    "overseas_travel": "因公出国（境）费",
    "vehicles": "公务用车购置及运行维护费",
    "reception": "公务接待费",
}
_CARS = {
    "provincial_leaders": "副部（省）级及以上领导用车",
    "main_leaders": "主要负责人用车",
    "confidential": "机要通信用车",
    "emergency": "应急保障用车",
    "law_enforcement": "执法执勤用车",
    "special": "特种专业技术用车",
    "retired": "离退休干部服务用车",
    "other": "其他用车",
}


# 项 and the account of the economic classification that it is paid from
_PENSIONS = (("2080505", "30108"), ("2080506", "30109"))


def all_bought_of_small(account: Account) -> Account:
    """The account with all its procurement awarded to small and medium enterprises: only then the shares of
    goods, works and services awarded to them can be told from its tables."""
    bought = account.value("gk12", "procurement.total", "final")
    cells = tuple(
        Cell(c.table_code, c.line_item, c.measure, bought) if c.line_item == "procurement.sme" else c
        for c in account.cells
    )
    return replace(account, cells=cells)


def with_pensions(account: Account) -> Account:
    """The account with two of its 项 as pension and annuity contributions, which are within the contributions
    of the economic classification; as it is where it has no 项 that small."""
    items = [code for code in account.codes("gk05") if len(code) == 7 and code[:3] == "208"]
    paid = sorted(
        (code for code in _economic_names() if code[:3] == "301" and _spent_on(account, code)),
        key=lambda code: _spent_on(account, code),
    )
    pairs = list(zip(items[:2], paid[-2:], strict=False))
    spent = {item: account.amount("gk05", f"function.{item}", "total") or _NONE for item in items}
    if any(spent[item] > _spent_on(account, code) for item, code in pairs):
        return account
    renamed = {}
    for (item, code), (new_item, new_code) in zip(pairs, _PENSIONS, strict=False):
        renamed |= {item: new_item, item[:5]: new_item[:5], code: new_code, new_code: code}
    return _renamed(account, renamed)


def _spent_on(account: Account, code: str) -> Decimal:
    return account.amount("gk06", f"economic.{code}", "final") or _NONE


def _renamed(account: Account, codes: dict[str, str]) -> Account:
    """The account with other codes; what falls together is added up."""
    amounts: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for cell in account.cells:
        head, _, code = cell.line_item.rpartition(".")
        line_item = f"{head}.{codes[code]}" if code in codes else cell.line_item
        amounts[cell.table_code, line_item, cell.measure] += Decimal(cell.value_text)
    cells = tuple(Cell(*place, str(amount)) for place, amount in sorted(amounts.items()))
    prior = _renamed(account.prior, codes) if account.prior else None
    return replace(account, cells=cells, prior=prior)


def told_whole(account: Account, kinds: tuple[str, ...] = (), wording: int = 0) -> tuple[str, ...]:
    """Headings and sentences, one paragraph each. `kinds` are the annexes of the document, `wording` is
    0 or 1."""
    return tuple(_Teller(account, kinds, wording).paragraphs())


class _Teller:
    def __init__(self, account: Account, kinds: tuple[str, ...], wording: int) -> None:
        self.account, self.kinds, self.wording = account, kinds, wording
        self.year, self.before = account.fiscal_year, str(int(account.fiscal_year) - 1)

    def paragraphs(self) -> Iterator[str]:
        sections = {
            "1": self._totals, "2": self._revenue, "3": self._expenditure, "4": self._appropriations,
            "5": self._public_budget, "6": self._basic, "7": self._government_fund, "8": self._state_capital,
            "9": self._three_public, "10": self._operating, "11": self._procurement, "12": self._vehicles,
            "13": self._evaluation, "appendix": self._whole,
        }  # fmt: skip
        for section, tell in sections.items():
            yield HEADINGS[section]
            yield from tell()

    # -- figures and phrases ---------------------------------------------------------------------------

    def _amount(self, table_code: str, line_item: str, measure: str = "final") -> Decimal:
        """In 万元 as the sentences print it."""
        return _wan(self.account.amount(table_code, line_item, measure))

    def _prior(self, table_code: str, line_item: str, measure: str = "final") -> Decimal | None:
        prior = self.account.prior
        return _wan(prior.amount(table_code, line_item, measure)) if prior else None

    def _changed(self, now: Decimal, before: Decimal | None) -> str:
        """上年决算数, the change and its rate, and which is greater; nothing without a year before."""
        if before is None:
            return ""
        change = now - before
        if not change:
            return f"，上年决算数{before}万元，与{self.before}年度持平"
        more = change > 0
        text = f"，上年决算数{before}万元，比{self.before}年度{'增加' if more else '减少'}{abs(change)}万元"
        if before:
            text += f"，{'增长' if more else '下降'}{_rate(abs(change), before)}"
        return f"{text}，决算数{'大于' if more else '小于'}上年决算数的主要原因是业务量有变化"

    def _budgeted(self, budget: Decimal, final: Decimal, name: str = "年初") -> str:
        """Budget, account, completion rate, and which is greater by how much."""
        text = f"{name}预算{budget}万元，支出决算{final}万元"
        if budget:
            text += f"，完成{name}预算的{_rate(final, budget)}"
        if final == budget:
            return text
        more = final > budget
        if self.wording:
            return f"{text}，比{name}预算数{'增加' if more else '减少'}{abs(final - budget)}万元"
        return f"{text}，决算数{'大于' if more else '小于'}{name}预算数的主要原因是业务量有变化"

    def _share(self, part: Decimal, whole: Decimal, of: str) -> str:
        """The share of what is named, or in the other wording of what the section is about."""
        return f"占{'' if self.wording else of}{_rate(part, whole)}" if whole else ""

    # -- sections 1 to 4 ----------------------------------------------------------------------------------

    def _totals(self) -> Iterator[str]:
        total = self._amount("gk01", "revenue.grand_total")
        changed = self._changed(total, self._prior("gk01", "revenue.grand_total"))
        yield f"{self.year}年度，收、支总计{total}万元{changed}。"
        current = self._amount("gk01", "revenue.total_current")
        opening = self._amount("gk01", "balance.opening_carryover")
        yield f"本年收入合计{current}万元，年初结转和结余{opening}万元。"

    def _revenue(self) -> Iterator[str]:
        total = self._amount("gk01", "revenue.total_current")
        changed = self._changed(total, self._prior("gk01", "revenue.total_current"))
        yield f"{self.year}年度，收入合计{total}万元{changed}。"
        parts = []
        for measure, name in zip(MEASURES["gk02"][1:], HEADERS["gk02"][1:], strict=True):
            amount = self._amount("gk02", "function.total", measure)
            if amount or measure == "fiscal_appropriation":
                parts.append(f"{name}{amount}万元，{self._share(amount, total, '本年收入')}")
        yield f"其中：{'；'.join(parts)}。"

    def _expenditure(self) -> Iterator[str]:
        total = self._amount("gk03", "function.total", "total")
        changed = self._changed(total, self._prior("gk03", "function.total", "total"))
        yield f"{self.year}年度，支出合计{total}万元{changed}。"
        parts = []
        for part, name in (("basic", "基本支出"), ("project", "项目支出")):
            amount = self._amount("gk03", "function.total", part)
            parts.append(f"{name}{amount}万元，{self._share(amount, total, '本年支出')}")
        yield f"其中：{'；'.join(parts)}。"

    def _appropriations(self) -> Iterator[str]:
        total = self._amount("gk04", "revenue.grand_total")
        changed = self._changed(total, self._prior("gk04", "revenue.grand_total"))
        yield f"{self.year}年度，财政拨款收、支总计{total}万元{changed}。"
        funds = {"general_public_budget": "一般公共预算", "government_fund": "政府性基金预算",
                 "state_capital": "国有资本经营预算"}  # fmt: skip
        parts = [
            f"{name}财政拨款收入{self._amount('gk04', f'revenue.{fund}')}万元" for fund, name in funds.items()
        ]
        yield f"其中：{'，'.join(parts)}。"
        yield self._fiscal()

    def _fiscal(self) -> str:
        """Expenditure from all appropriations and its two parts, which no table prints in one place."""
        total = self._amount("gk04", "expenditure.total_current", "total")
        basic, project = (
            _wan(sum(self.account.amount(table, "function.total", part) or _NONE for table in _FUND_TABLES))
            for part in ("basic", "project")
        )
        return f"财政拨款支出{total}万元，其中：基本支出{basic}万元，项目支出{project}万元。"

    # -- sections 5 to 8 ----------------------------------------------------------------------------------

    def _public_budget(self) -> Iterator[str]:
        name = "一般公共预算财政拨款"
        final = self._amount("gk05", "function.total", "total")
        budget = self._amount("gk04", "expenditure.total_current", "initial_budget.general_public_budget")
        yield f"{self.year}年度，{name}支出{self._budgeted(budget, final)}。"
        whole = self._amount("gk03", "function.total", "total")
        yield f"{name}支出{final}万元，占本年支出{_rate(final, whole)}。"
        if not self.wording:
            parts = [f"{name}{kind}支出{self._amount('gk05', 'function.total', part)}万元"
                     for part, kind in (("basic", "基本"), ("project", "项目"))]  # fmt: skip
            yield f"其中：{'，'.join(parts)}。"
        codes = [code for code in self.account.codes("gk05") if len(code) == 3]
        names = self.account.functional_names
        for code in codes:
            amount = self._amount("gk05", f"function.{code}", "total")
            share = self._share(amount, final, "财政拨款支出")
            yield f"{names[code]}（类）支出{amount}万元，{share}。"
        for code in (code for code in self.account.codes("gk05") if len(code) == 7):
            path = "".join(f"{names[code[:k]]}（{level}）" for k, level in ((3, "类"), (5, "款"), (7, "项")))
            yield f"{path}：支出决算{self._amount('gk05', f'function.{code}', 'total')}万元。"

    def _basic(self) -> Iterator[str]:
        basic = self._amount("gk05", "function.total", "basic")
        personnel, public = (self._amount("gk06", f"economic.{p}_total") for p in ("personnel", "public"))
        yield (
            f"{self.year}年度，一般公共预算财政拨款基本支出{basic}万元，其中：人员经费{personnel}万元，"
            f"{self._share(personnel, basic, '基本支出')}；公用经费{public}万元，"
            f"{self._share(public, basic, '基本支出')}。"
        )
        for name, total, classes in (
            ("人员经费", personnel, ("301", "303")),
            ("公用经费", public, ("302", "310")),
        ):
            accounts = [
                f"{_economic_names()[code]}{self._amount('gk06', f'economic.{code}')}万元"
                for code in _economic_names()
                if code[:3] in classes and self._amount("gk06", f"economic.{code}")
            ]
            yield f"{name}{total}万元，主要包括：{'、'.join(accounts)}。"

    def _government_fund(self) -> Iterator[str]:
        opening, revenue, total, basic, project, closing = (
            self._amount("gk07", "function.total", measure) for measure in MEASURES["gk07"]
        )
        yield (
            f"{self.year}年度，政府性基金预算财政拨款年初结转和结余{opening}万元，本年收入{revenue}万元，"
            f"本年支出{total}万元，其中：基本支出{basic}万元，项目支出{project}万元，"
            f"占{_rate(project, total)}；年末结转和结余{closing}万元。"
        )

    def _state_capital(self) -> Iterator[str]:
        spent = self._amount("gk08", "function.total", "total")
        yield f"{self.year}年度，国有资本经营预算财政拨款支出{spent}万元。"

    # -- sections 9 to 12 -----------------------------------------------------------------------------------

    def _three_public(self) -> Iterator[str]:
        budget, final = self._expense("total")
        before = self._prior("gk09", "three_public", "final.total")
        text = self._budgeted(budget, final, "全年")
        yield f"{self.year}年度，“三公”经费财政拨款支出{text}{self._changed(final, before)}。"
        for n, (part, name) in enumerate(_EXPENSES.items(), start=1):
            planned, spent = self._expense(part)
            share = self._share(spent, final, "“三公”经费支出")
            yield f"{n}.{name}全年预算{planned}万元，支出决算{spent}万元，{share}。"
            if part == "vehicles":
                bought, run = (self._expense(p)[1] for p in ("vehicle_purchase", "vehicle_operation"))
                yield f"其中：公务用车购置费支出{bought}万元，公务用车运行维护费支出{run}万元。"
            if part == "reception":
                foreign = _wan(self.account.amount("gk10", "three_public.reception_foreign", "final"))
                yield f"其中：外宾接待支出{foreign}万元，国内公务接待支出{spent - foreign}万元。"

    def _expense(self, part: str) -> tuple[Decimal, Decimal]:
        budget, final = (
            self._amount("gk09", "three_public", f"{phase}.{part}") for phase in ("adjusted_budget", "final")
        )
        return budget, final

    def _operating(self) -> Iterator[str]:
        final = self._amount("gk10", "agency_operating_expenses")
        yield f"{self.year}年度，机关运行经费支出{final}万元。"

    def _procurement(self) -> Iterator[str]:
        total, goods, works, services, sme, small = (
            self._amount("gk12", f"procurement.{part}")
            for part in ("total", "goods", "works", "services", "sme", "small_micro")
        )
        yield (
            f"{self.year}年度，政府采购支出总额{total}万元，其中：政府采购货物支出{goods}万元、"
            f"政府采购工程支出{works}万元、政府采购服务支出{services}万元。"
        )
        yield (
            f"授予中小企业合同金额{sme}万元，占政府采购支出总额的{_rate(sme, total)}，其中："
            f"授予小微企业合同金额{small}万元，占授予中小企业合同金额的{_rate(small, sme)}。"
        )
        if sme == total:
            kinds = {"货物": goods, "工程": works, "服务": services}
            parts = [
                f"{kind}采购授予中小企业合同金额占{kind}支出金额的100.0%" for kind, a in kinds.items() if a
            ]
            yield f"{'，'.join(parts)}。"
        reserved = (sme / 4).quantize(_FEN)
        yield (
            f"面向中小企业预留的政府采购项目中，由中小企业供应商中标或成交的，采购金额{reserved}万元；"
            f"在其他政府采购项目中，由中小企业供应商中标或成交的，采购金额{reserved}万元。"
        )

    def _vehicles(self) -> Iterator[str]:
        counts = {part: self.account.amount("gk11", f"vehicles.{part}", "count") or 0 for part in _CARS}
        total = sum(counts.values())
        listed = "、".join(f"{name}{int(counts[part])}辆" for part, name in _CARS.items())
        used = f"，实际使用{int(total)}辆" if self.wording else ""
        yield f"截至{self.year}年12月31日，本部门共有车辆{int(total)}辆{used}，其中，{listed}。"

    # -- section 13 and the self-evaluation ---------------------------------------------------------------

    def _evaluation(self) -> Iterator[str]:
        projects = projects_of(self.account)
        spent = self._amount("gk03", "function.total", "project")
        evaluated = sum((_wan(project.final) for project in projects), _NONE)
        yield (
            f"对{self.year}年度项目支出全面开展绩效自评，共涉及项目{len(projects)}个，资金{evaluated}万元，"
            f"占项目支出总额的{_rate(evaluated, spent)}。"
        )
        for project in projects:
            budget, final = _wan(project.adjusted), _wan(project.final)
            yield (
                f"{project.name}绩效自评综述：项目全年预算数为{budget}万元，执行数为{final}万元，"
                f"完成预算的{_rate(final, budget)}。"
            )

    def _whole(self) -> Iterator[str]:
        total, basic, project = (
            self._amount("gk03", "function.total", part) for part in ("total", "basic", "project")
        )
        yield f"部门整体支出{total}万元，其中：基本支出{basic}万元，项目支出{project}万元。"
        yield self._fiscal()
        funds = (total * 21 / 20).quantize(_FEN)
        yield f"实际到位资金{funds}万元。部门整体支出{total}万元，资金执行率{_rate(total, funds)}。"
        printed = {
            (c.table_code, c.line_item, c.measure): c.value_text
            for c in annex_truth(self.account, self.kinds)
        }
        initial = printed.get(("pf02", "funds.total", "initial_budget"))
        if initial:
            yield f"部门整体支出年初预算{initial}万元。"
        projects = projects_of(self.account)
        planned = [(project.name, _wan(project.initial)) for project in projects]
        left = (project / 10).quantize(_FEN)
        added = project + left - sum(amount for _, amount in planned)
        more = "追加" if added > 0 else "核减"
        named = "、".join(f"{name}{amount}万元" for name, amount in planned)
        yield (
            f"年初预算项目{named}，项目支出年中{more}{abs(added)}万元，"
            f"实际项目支出{project}万元，年末结转和结余{left}万元。"
        )
        yield "第五部分 附件"
        yield "二、一般公共预算支出情况"
        yield f"{self.year}年支出{self._amount('gk05', 'function.total', 'total')}万元。"


def _wan(amount: Decimal | None) -> Decimal:
    return ((amount or _NONE) / 10_000).quantize(_FEN, ROUND_HALF_UP)


def _rate(part: Decimal, whole: Decimal) -> str:
    return f"{(part * 100 / whole).quantize(Decimal('0.1'), ROUND_HALF_UP)}%" if whole else "0%"


@cache
def _economic_names() -> dict[str, str]:
    return {
        row["economic_code"]: row["name"]
        for row in rows_of("economic_items.csv")
        if len(row["economic_code"]) == 5
    }
