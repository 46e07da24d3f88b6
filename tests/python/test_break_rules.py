"""Every rule of the seeds has an error that breaks it, and the document prints that error."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from tests.corpus.break_rules import SILENT, break_rule, claim_rules, identities, needs_prior, rules
from tests.corpus.layouts import account_for, layout
from tests.corpus.plant import kinds, number
from tests.corpus.rule_cases import RuleCase, books, make_rule, place_of, rule_cases
from tests.corpus.score_findings import Score, broken_floors
from tests.corpus.telling_whole import all_bought_of_small, with_pensions

SEEDS = Path(__file__).parents[2] / "seeds"


def rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def column(name: str, key: str) -> set[str]:
    return {row[key] for row in rows(name)}


def test_every_rule_of_the_seeds_is_broken_by_some_error() -> None:
    known = column("identities/identities", "identity_id")
    known |= column("identities/claim_relations", "relation_id")
    known |= column("identities/claim_bases", "rule_id")
    assert known - set(rules()) == SILENT.keys()
    assert {rule for rule in rules() if place_of(rule) is None} == set()


def test_every_wording_is_planted_by_a_class_of_errors_or_by_a_rule() -> None:
    findings = {row["problem_code"] for row in rows("reference/problem_codes") if row["is_finding"] == "true"}
    wordings = {code for code in findings if code.startswith("residue_")}
    by_class = {"residue_choice", "residue_placeholder", "residue_blank", "residue_instruction"}
    assert {"words: residue: choice", "words: residue: blank", "words: residue: instruction"} <= set(kinds())
    assert wordings - set(rules()) == by_class
    others = {c for c in findings if c.startswith(("term_", "fund_", "indicator_", "unit_"))}
    assert others <= set(rules())


def changed(rule: str) -> tuple[dict, dict]:
    """The figures of the first document of a rule before and after it is broken, where they differ."""
    book, prior = books(*place_of(rule))
    made, _ = break_rule(rule, book, prior)

    def cells(of) -> dict:
        return {
            (n, r, c): cell
            for n, sheet in enumerate((*of.sheets, *of.annexes))
            for r, row in enumerate(sheet.body)
            for c, cell in enumerate(row)
        }

    before, after = cells(book), cells(made)
    differ = [place for place in before if before[place] != after[place]]
    return {p: before[p] for p in differ}, {p: after[p] for p in differ}


@pytest.mark.parametrize("rule", ["gk01_revenue_current", "gk06_row", "pf02_scores", "gk11_vehicles"])
def test_the_total_of_an_identity_is_changed_beyond_rounding(rule: str) -> None:
    before, after = changed(rule)
    assert len(before) == 1
    (old,), (new,) = before.values(), after.values()
    assert old.figure == new.figure
    assert abs(number(new.text) - number(old.text)) in (Decimal("111.11"), 3)


def test_what_covers_its_parts_becomes_less_than_they_are() -> None:
    before, after = changed("gk12_covers_sme")  # all is bought of small and medium enterprises
    (old,), (new,) = before.values(), after.values()
    assert abs(number(new.text) * 2 - number(old.text)) <= Decimal("0.01")


def test_pensions_are_paid_from_their_accounts() -> None:
    account = all_bought_of_small(account_for(layout("hunan_2023"), 0, 5))
    made = with_pensions(account)
    for item, code in (("2080505", "30108"), ("2080506", "30109")):
        spent = made.amount("gk05", f"function.{item}", "total")
        assert 0 < spent <= made.amount("gk06", f"economic.{code}", "final")
    for table, line_item in (("gk03", "function.208"), ("gk05", "function.total"), ("gk06", "economic.301")):
        measure = "final" if table == "gk06" else "total"
        assert made.amount(table, line_item, measure) == account.amount(table, line_item, measure)
    section = sum(made.amount("gk05", f"function.{c}", "total") for c in ("2080505", "2080506"))
    assert made.amount("gk05", "function.20805", "total") == section


def test_a_target_with_two_digits_exchanged_has_the_digits_of_its_budget() -> None:
    before, after = changed("indicator_transposed")
    (old,), (new,) = before.values(), after.values()
    assert sorted(old.text) == sorted(new.text) and old.text != new.text and new.text[0] != "0"
    assert old.figure[1] == "target"


def test_of_a_department_that_bought_nothing_only_the_rate_stays() -> None:
    _, after = changed("indicator_rate_of_nothing")
    assert {cell.text for cell in after.values()} == {"0.00"}
    book, prior = books(*place_of("indicator_rate_of_nothing"))
    made, (error,) = break_rule("indicator_rate_of_nothing", book, prior)
    assert error.printed == "100%" and error.places == (("pf02", "indicator.quality.2", "actual"),)
    bought = [line for line in made.narrative if "政府采购" in line]
    assert bought == ["十一、政府采购支出说明", f"{book.fiscal_year}年度，政府采购支出总额0.00万元。"]


def test_under_the_heading_of_one_fund_stands_what_all_spent() -> None:
    book, prior = books(*place_of("fund_wrong"))
    made, (error,) = break_rule("fund_wrong", book, prior)
    after = [line for line in made.narrative if line not in book.narrative]
    assert after == [error.text] and error.printed in error.text and error.printed != error.expected[0]


def test_of_a_constant_total_a_part_is_changed() -> None:
    before, _ = changed("pf03_full_scores")
    assert [cell.figure[1] for cell in before.values()] == ["full_score"]


def test_a_sum_of_sentences_is_broken_where_no_table_contradicts_it() -> None:
    book, prior = books(*place_of("claim_procurement_parts"))
    made, planted = break_rule("claim_procurement_parts", book, prior)
    assert made.sheets == made.annexes == ()
    assert [error.text in made.narrative for error in planted] == [True] * len(planted)


def test_rules_that_look_back_have_the_document_of_the_year_before() -> None:
    cases = rule_cases(("gk01_opening_of_prior",))
    broken = [case for case in cases if not case.name.startswith("clean")]
    assert [(case.rule, case.is_prior) for case in broken] == [("gk01_opening_of_prior", False), ("", True)]
    assert len({case.department for case in broken}) == 1
    assert needs_prior("gk01_opening_of_prior") and not needs_prior("gk01_revenue_current")


def test_the_same_case_makes_the_same_document() -> None:
    (case,) = [case for case in rule_cases(("share_of_sme",)) if case.rule]
    assert make_rule(case) == make_rule(case)


def test_a_rule_without_a_place_is_an_error() -> None:
    case = RuleCase("x", "hubei_2023", 0, 0, "东海市档案局", "tabbed", "gk01_prior_column")
    with pytest.raises(ValueError, match="no place"):
        make_rule(case)


def test_names_of_rules_are_those_of_the_seeds() -> None:
    assert len(identities()) == len(set(identities()))
    assert not set(claim_rules()) & SILENT.keys()


def test_a_rule_that_fires_nowhere_breaks_the_floors() -> None:
    def messages(dead: list[str], unmoved: list[str]) -> list[str]:
        return broken_floors(Score({}, 0, {}, {}, [], {"identities": dead}, {"identities": []}, unmoved), 0)

    assert messages([], []) == []
    assert messages(["gk01_revenue_current"], ["gk02_row: gk02/x: 1 for 2"]) == [
        "identities that fired on no mutation: gk01_revenue_current",
        "not violated in its own document: gk02_row: gk02/x: 1 for 2",
    ]


def test_what_the_floors_call_dead_are_rules_with_a_reason() -> None:
    floors = SEEDS.parent / "tests" / "corpus" / "findings_floor.yml"
    dead = yaml.safe_load(floors.read_text(encoding="utf-8"))["dead"]
    for named in (dead or {}).values():
        assert named.keys() <= set(rules())
        assert all(named.values())
