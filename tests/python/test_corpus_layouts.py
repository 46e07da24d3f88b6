"""Layout families of the corpus: they render in every format, and the readers find what they print."""

from collections import Counter
from decimal import Decimal
from random import Random

import pytest

from flows.land import land_document
from tests.corpus import narrative
from tests.corpus.accounts import Account, Cell, read_account
from tests.corpus.cells import claim_counter, compare, landed_cells
from tests.corpus.forms import Printed
from tests.corpus.layout_forms.form import Column, header_rows
from tests.corpus.layouts import FORMATS, account_for, layout, layouts, render, truth, unknown_truth
from tests.corpus.ledger import random_ledger

NAMES = [family.name for family in layouts()]
WITH_COLUMNS = [format for format in FORMATS if format != "columnless"]
ROWS = 2  # 项 a small account has


def landed(account, family, format):
    return land_document(f"{family.name}.{format}", render(account, family, format))


def unknown_values(rows):
    codes = {table["table_no"]: table["table_code"] for table in rows["landed_tables"]}
    return Counter(
        cell["value_text"] for cell in rows["landed_cells"] if codes[cell["table_no"]] == "unknown"
    )


@pytest.mark.parametrize("format", WITH_COLUMNS)
@pytest.mark.parametrize("name", NAMES)
def test_the_readers_find_every_figure_of_every_layout(name, format):
    family = layout(name)
    account = account_for(family, seed=1, rows=ROWS)
    rows = landed(account, family, format)
    score = compare(truth(account, family), landed_cells(rows, annexes=True))
    assert score.is_perfect, (score.wrong[:5], score.missing[:5], score.invented[:5])
    assert unknown_values(rows) == Counter(c.value_text for c in unknown_truth(account, family))
    stated = [
        (c.section, c.subject, c.measure, c.value_text, c.unit_text, c.direction)
        for c in narrative.claims(account)
    ]
    assert sorted(claim_counter(rows).elements()) == sorted(stated)
    (document,) = rows["landed_documents"]
    assert (document["department_name"], document["fiscal_year"]) == (account.department_name, family.year)
    assert document["amount_unit"] == family.unit


@pytest.mark.parametrize("name", NAMES)
def test_text_without_columns_never_calls_a_wrong_figure_certain(name):
    family = layout(name)
    account = account_for(family, seed=1, rows=ROWS)
    rows = landed(account, family, "columnless")
    score = compare(truth(account, family), landed_cells(rows, ("certain",), annexes=True))
    assert score.wrong == ()
    assert score.invented == ()


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_account_renders_to_the_same_bytes(format):
    family = layout("northwest_2018")
    first, second = (render(account_for(family, seed=5, rows=1), family, format) for _ in range(2))
    assert first == second


def test_the_figures_of_a_published_account_fit_any_layout():
    account, family = read_account("hetang_party_office"), layout("jiangsu_2023")
    printed = {(c.table_code, c.line_item, c.measure): c.value_text for c in truth(account, family)}
    assert printed["gk01", "revenue.grand_total", "final"] == "563.56"  # as the department published it
    assert compare(truth(account, family), landed_cells(landed(account, family, "docx"))).is_perfect


@pytest.mark.parametrize(
    ("name", "value_text"),
    [
        ("official_2021", "1,234.57"),  # 万元, two decimals
        ("yunnan_2018", "12,345,678.90"),  # 元
        ("guangxi_2018", "12345.68"),  # 千元, no separators
        ("summary_2023", "0.1235"),  # 亿元, four decimals
        ("neimenggu_2022", "1234.567890"),  # 万元, six decimals
    ],
)
def test_the_truth_is_what_the_unit_prints(name, value_text):
    cells = tuple(
        Cell(*place, "12345678.90")
        for place in (("gk01", "revenue.total_current", "final"), ("gk01", "revenue.grand_total", "final"))
    )
    account = Account("one", "东海市档案局", "2023", cells, (), amount_unit="元")
    printed = [c for c in truth(account, layout(name)) if c.line_item == "revenue.grand_total"]
    assert [c.value_text for c in printed if c.measure == "final"][:1] == [value_text]


@pytest.mark.parametrize(("zero", "printed"), [("official_2021", "0.00"), ("summary_2023", "0.0000")])
def test_printed_zeros_are_figures(zero, printed):
    account = account_for(layout(zero), seed=2, rows=ROWS)
    assert printed in {cell.value_text for cell in truth(account, layout(zero))}


@pytest.mark.parametrize("name", ["guangxi_2018", "sichuan_2023", "hubei_2021"])  # - and — and nothing
def test_dashes_and_blanks_are_no_figures(name):
    account = account_for(layout(name), seed=2, rows=ROWS)
    assert all(Decimal(cell.value_text.replace(",", "")) for cell in truth(account, layout(name)))


@pytest.mark.parametrize("seed", range(4))
def test_ledgers_hold_together(seed):
    account = random_ledger(Random(seed), rows=12)

    def amount(table_code, line_item, measure):
        return account.amount(table_code, line_item, measure) or Decimal(0)

    for table_code in ("gk02", "gk03", "gk05", "gk07", "gk08"):
        codes = account.codes(table_code)
        for measure in ("total", "basic", "project", "revenue", "opening_carryover", "closing_carryover"):
            for level, below in ((0, 3), (3, 5), (5, 7)):
                for parent in {code[:level] for code in codes if len(code) == below}:
                    parts = [c for c in codes if len(c) == below and c.startswith(parent)]
                    whole = amount(table_code, f"function.{parent or 'total'}", measure)
                    assert whole == sum(amount(table_code, f"function.{c}", measure) for c in parts)
    for table_code, opening, closing in (
        ("gk01", "balance.opening_carryover", "balance.closing_carryover"),
        ("gk04", "balance.opening_fiscal_carryover", "balance.closing_fiscal_carryover"),
    ):
        spent = "final" if table_code == "gk01" else "total"
        grand = amount(table_code, "revenue.grand_total", "final")
        assert grand == amount(table_code, "expenditure.grand_total", spent)
        assert grand == amount(table_code, "revenue.total_current", "final") + amount(
            table_code, opening, "final"
        )
        assert grand == amount(table_code, "expenditure.total_current", spent) + amount(
            table_code, closing, spent
        )
        classes = [c.line_item for c in account.cells if c.line_item.startswith("expenditure.class.")]
        total = amount(table_code, "expenditure.total_current", spent)
        assert total == sum(amount(table_code, item, spent) for item in set(classes))
        assert total == amount(table_code, "expenditure.nature.basic", spent) + amount(
            table_code, "expenditure.nature.project", spent
        )
    basic = amount("gk05", "function.total", "basic")
    assert basic == amount("gk06", "economic.personnel_total", "final") + amount(
        "gk06", "economic.public_total", "final"
    )


def test_headers_over_neighbours_are_one_cell():
    columns = [
        Column(("项目", "编码"), 5, "label"),
        Column(("项目", "名称"), 9, "label"),
        Column(("本年收入",), 6),
        Column(("三公", "合计", "合计", "预算数"), 6),
        Column(("三公", "合计", "合计", "决算数"), 6),
    ]
    first, second, third, last = header_rows(columns)
    assert first == (
        Printed("项目", column_span=2), None, Printed("本年收入", row_span=4),
        Printed("三公", column_span=2), None,
    )  # fmt: skip
    assert second == (
        Printed("编码", row_span=3), Printed("名称", row_span=3), None,
        Printed("合计", row_span=2, column_span=2), None,
    )  # fmt: skip
    assert third == (None,) * 5
    assert last == (None, None, None, Printed("预算数"), Printed("决算数"))
