"""The narrative in the project's own words: the sections of the official outline, and the claims
that their sentences make."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corpus.accounts import Account, Claim

HEADINGS = {
    "1": "一、收入支出决算总体情况说明",
    "2": "二、收入决算情况说明",
    "3": "三、支出决算情况说明",
    "4": "四、财政拨款收入支出决算总体情况说明",
    "5": "五、一般公共预算财政拨款支出决算情况说明",
    "6": "六、一般公共预算财政拨款基本支出决算情况说明",
    "7": "七、政府性基金预算财政拨款收入支出决算情况说明",
    "8": "八、国有资本经营预算财政拨款支出决算情况说明",
    "9": "九、财政拨款“三公”经费支出决算情况说明",
    "10": "十、机关运行经费支出说明",
    "11": "十一、政府采购支出说明",
    "12": "十二、国有资产占用情况说明",
    "13": "十三、预算绩效情况说明",
    "appendix": "二、部门整体支出管理及使用情况",
}
# fact → (how a sentence says it, measure, direction)
_PHRASES = {
    "initial_budget": ("年初预算{v}", "initial_budget", ""),
    "adjusted_budget": ("全年预算{v}", "adjusted_budget", ""),
    "final": ("支出决算{v}", "final", ""),
    "increase": ("比{prior}年度增加{v}", "change", "increase"),
    "decrease": ("比{prior}年度减少{v}", "change", "decrease"),
    "increase_rate": ("增长{v}", "change_rate", "increase"),
    "decrease_rate": ("下降{v}", "change_rate", "decrease"),
    "share": ("占{of}{v}", "share", ""),
    "completion_rate": ("完成年初预算的{v}", "completion_rate", ""),
    "budget_rate": ("完成全年预算的{v}", "completion_rate", ""),
    "count": ("{v}", "count", ""),
    "score": ("自评得分{v}", "score", ""),
}
_RATES = {"increase_rate", "decrease_rate", "share", "completion_rate", "budget_rate"}


def paragraphs(account: Account) -> Iterator[str]:
    """Headings and sentences, one paragraph each."""
    prior = str(int(account.fiscal_year) - 1)
    for section, statements in account.narrative.items():
        yield HEADINGS[section]
        for statement in statements:
            yield _sentence(statement, account.fiscal_year, prior)


def claims(account: Account) -> list[Claim]:
    """What the sentences of `paragraphs` claim, in their order."""
    found = []
    for section, statements in account.narrative.items():
        for statement in statements:
            for fact, (_, measure, direction) in _facts(statement):
                value, unit = _value_and_unit(fact, statement[fact])
                found.append(
                    Claim(
                        section=section,
                        subject="function" if "path" in statement else statement["subject"],
                        functional_path=statement.get("path", ""),
                        measure=measure,
                        value_text=value,
                        unit_text=unit,
                        direction=direction,
                    )
                )
    return found


def _facts(statement: dict[str, str]) -> Iterator[tuple[str, tuple[str, str, str]]]:
    return ((key, _PHRASES[key]) for key in statement if key in _PHRASES)


def _value_and_unit(fact: str, text: str) -> tuple[str, str]:
    value, _, unit = text.partition(" ")
    return value, unit or ("%" if fact in _RATES else "分" if fact == "score" else "万元")


def _sentence(statement: dict[str, str], year: str, prior: str) -> str:
    if "says" in statement:
        return f"{statement['says']}。"
    if "path" in statement:
        levels = zip(statement["path"].split("/"), ("类", "款", "项"), strict=True)
        name = "".join(f"{level}（{kind}）" for level, kind in levels)
    else:
        name = statement["text"]
    parts = []
    for n, (fact, (phrase, _, _)) in enumerate(_facts(statement)):
        value = "".join(_value_and_unit(fact, statement[fact]))
        if n == 0 and fact == "final":
            phrase = "{v}"
        parts.append(phrase.format(v=value, prior=prior, of=statement.get("of", "")))
    joint = "" if parts[0][0].isdigit() else "，" if "path" in statement else ""
    return f"{year}年度，{name}{joint}{'，'.join(parts)}。"
