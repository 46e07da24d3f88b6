"""The column inference on small forms whose right answer is plain to see."""

from decimal import Decimal

from flows.extract.tables.identities import identities
from flows.extract.tables.infer import RowToPlace, place

GK02 = (
    "total",
    "fiscal_appropriation",
    "superior_subsidy",
    "institutional",
    "operating",
    "affiliated_remittance",
    "other",
)
GK03 = ("total", "basic", "project", "remitted_to_superior", "operating", "subsidy_to_affiliated")
GK05 = ("total", "basic", "project")


def row(table_code, line_item, measures, *texts, half="50"):
    return RowToPlace(
        table_code,
        line_item,
        measures,
        tuple(Decimal(t) * 10_000 for t in texts),
        tuple(Decimal(half) for _ in texts),
    )


def placed(*rows):
    return [(p.columns, p.confidence) for p in place(rows, identities())]


def test_full_rows_are_certain_without_a_solver():
    assert placed(row("gk05", "function.total", GK05, "3.00", "2.00", "1.00")) == [((0, 1, 2), "certain")]


def test_sums_over_classes_tell_basic_from_project():
    assert placed(
        row("gk05", "function.total", GK05, "9.00", "7.00", "2.00"),
        row("gk05", "function.205", GK05, "7.00", "7.00"),
        row("gk05", "function.208", GK05, "2.00", "2.00"),
    ) == [((0, 1, 2), "certain"), ((0, 1), "inferred"), ((0, 2), "inferred")]


def test_two_rows_that_could_change_places_are_ambiguous():
    total, *classes = placed(
        row("gk05", "function.total", GK05, "4.00", "2.00", "2.00"),
        row("gk05", "function.205", GK05, "2.00", "2.00"),
        row("gk05", "function.208", GK05, "2.00", "2.00"),
    )
    assert total == ((0, 1, 2), "certain")
    assert {columns for columns, _ in classes} == {(0, 1), (0, 2)}
    assert {confidence for _, confidence in classes} == {"ambiguous"}


def test_without_anything_to_tie_it_to_a_row_is_ambiguous():
    ((_, confidence),) = placed(row("gk03", "function.total", GK03, "9.00", "9.00"))
    assert confidence == "ambiguous"


def test_ties_to_another_table_settle_the_total_row():
    fixed = [
        row("gk01", "revenue.general_public_budget", ("final",), "8.00"),
        row("gk01", "revenue.superior_subsidy", ("final",)),
        row("gk01", "revenue.institutional", ("final",)),
        row("gk01", "revenue.operating", ("final",)),
        row("gk01", "revenue.affiliated_remittance", ("final",)),
        row("gk01", "revenue.other", ("final",), "1.00"),
    ]
    total = row("gk02", "function.total", GK02, "9.00", "8.00", "1.00")
    assert placed(*fixed, total)[-1] == ((0, 1, 6), "inferred")


def test_rounding_is_no_contradiction():
    # 3.33 + 3.33 + 3.33 = 9.99, printed total 10.00, allowed (3 + 1) halves of a hundredth
    assert placed(
        row("gk05", "function.total", GK05, "15.00", "10.00", "5.00"),
        *(row("gk05", f"function.{c}", GK05, "3.33", "3.33") for c in (201, 205, 208)),
        row("gk05", "function.210", GK05, "5.00", "5.00"),
    )[1:] == [((0, 1), "inferred")] * 3 + [((0, 2), "inferred")]


def test_a_printed_contradiction_is_named_and_leaves_its_rows_ambiguous():
    first, second, third = place(
        [
            row("gk05", "function.total", GK05, "9.00", "7.00", "2.00"),
            row("gk05", "function.205", GK05, "7.00", "6.50"),  # 7.00 is neither 6.50 nor anything
            row("gk05", "function.208", GK05, "2.00", "2.00"),
        ],
        identities(),
    )
    assert first.confidence == "certain"
    assert second.confidence == "ambiguous"
    assert any("gk05" in name for name in second.broken)
    assert third.columns == (0, 2)


def test_the_same_input_gives_the_same_answer():
    rows = [
        row("gk03", "function.total", GK03, "9.00", "5.00", "4.00"),
        row("gk03", "function.205", GK03, "5.00", "5.00"),
        row("gk03", "function.208", GK03, "4.00", "4.00"),
    ]
    assert place(rows, identities()) == place(rows, identities())


def test_numbers_of_an_ambiguous_row_that_have_one_column_only_are_told():
    """1 + 2 = 3 in the budget; of the final account 4 is the total, and of the same 4 it is not told
    whether it was for travel or for reception."""
    measures = (
        "adjusted_budget.total", "adjusted_budget.overseas_travel", "adjusted_budget.reception",
        "final.total", "final.overseas_travel", "final.reception",
    )  # fmt: skip
    amounts = tuple(Decimal(n) for n in (3, 1, 2, 4, 4))
    row = RowToPlace("gk09", "three_public", measures, amounts, (Decimal(0),) * 5)
    (placement,) = place([row], identities())
    assert placement.confidence == "ambiguous"
    assert placement.told == {0, 1, 2, 3}
    assert placement.columns[:4] == (0, 1, 2, 3)


def test_a_table_of_totals_only_is_told_by_the_sums_of_its_totals():
    """Each row prints its total and neither of its parts, which are not zero then."""
    assert placed(
        row("gk05", "function.total", GK05, "9.00", "7.00", "2.00"),
        row("gk05", "function.205", GK05, "7.00"),
        row("gk05", "function.20502", GK05, "7.00"),
        row("gk05", "function.208", GK05, "2.00"),
    ) == [((0, 1, 2), "certain"), ((0,), "inferred"), ((0,), "inferred"), ((0,), "inferred")]


def test_a_lone_number_that_no_sum_confirms_is_ambiguous():
    assert placed(row("gk05", "function.20502", GK05, "7.00"))[0][1] == "ambiguous"
    total, lone = place(
        [
            row("gk05", "function.total", GK05, "9.00", "7.00", "2.00"),
            row("gk05", "function.205", GK05, "7.00"),  # 2.00 are missing for the 9.00 of the total
        ],
        identities(),
    )
    assert (total.confidence, lone.confidence) == ("certain", "ambiguous")
    assert lone.broken


def test_a_row_with_a_wrong_number_leaves_nothing_out():
    """The total is wrong, not the part left out: nothing tells which part 6.50 is."""
    _, wrong, _ = place(
        [
            row("gk05", "function.total", GK05, "9.00", "6.50", "2.50"),
            row("gk05", "function.205", GK05, "7.00", "6.50"),
            row("gk05", "function.208", GK05, "2.00", "2.00"),
        ],
        identities(),
    )
    assert wrong.confidence == "ambiguous" and wrong.broken


def test_classes_left_out_of_one_table_do_not_make_those_of_another_doubtful():
    gk01, gk04 = ("final",), ("total", "general_public_budget", "government_fund", "state_capital")
    blank = [row("gk01", f"expenditure.class.{code}", gk01) for code in (201, 208)]
    *_, total, public, social = placed(
        row("gk01", "expenditure.total_current", gk01, "9.00"),
        *blank,
        row("gk04", "expenditure.total_current", gk04, "9.00", "6.00", "3.00", "0.00"),
        row("gk04", "expenditure.class.201", gk04, "6.00", "6.00"),
        row("gk04", "expenditure.class.208", gk04, "3.00", "3.00"),
    )
    assert total == ((0, 1, 2, 3), "certain")
    assert (public, social) == (((0, 1), "inferred"), ((0, 2), "inferred"))
