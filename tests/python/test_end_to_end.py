"""Whole documents through the whole reading: each printed figure in its table, row and column,
and nothing that is not printed; and what is no document disturbs none that is."""

import csv
from pathlib import Path
from random import Random

import pytest

from flows.land import document_id_of, land_document
from flows.reading import collect_documents, read_and_remember, write_landing
from flows.settings import Settings
from tests.corpus import render_pdf, render_txt
from tests.corpus.accounts import read_account, read_cells
from tests.corpus.cells import compare, landed_cells
from tests.corpus.generate import random_account

TRUTH = Path(__file__).parents[1] / "corpus" / "truth"
COMPLETE = ("caidian_party_office", "hetang_party_office")
PARTLY_KNOWN = ("zengdu_government_office", "zengdu_party_office")

LAYOUTS = {
    "tabbed": lambda account: render_txt.render(account, "tabbed").encode(),
    "tabbed, with slips": lambda account: render_txt.render(account, "tabbed", render_txt.SLIPS).encode(),
    "PDF, bars": lambda account: render_pdf.render(account, "fill", "numbered"),
    "PDF, bars, headers repeated": lambda account: render_pdf.render(account, "fill", "numbered", True),
    "PDF, strokes, plain form": lambda account: render_pdf.render(account, "stroke", "plain"),
    "PDF, one path a table, plain form": lambda account: render_pdf.render(account, "path", "plain", True),
}


def columnless(account):
    return render_txt.render(account, "columnless").encode()


def check(account, data):
    rows = land_document("document", data)
    score = compare(account.cells, landed_cells(rows))
    assert score.is_perfect, (score.wrong, score.missing, score.invented)
    return rows


# -- rendered documents ---------------------------------------------------------------------------


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("key", COMPLETE + PARTLY_KNOWN)
def test_every_figure_is_landed_where_it_is_printed(key, layout):
    account = read_account(key)
    rows = check(account, LAYOUTS[layout](account))
    declared_empty = {t["table_code"] for t in rows["landed_tables"] if t["is_declared_empty"] == "true"}
    assert declared_empty == {code for code in account.printed_tables if not account.has_figures(code)}


@pytest.mark.parametrize("key", COMPLETE)
def test_columns_that_the_text_lost_are_found_again(key):
    account = read_account(key)
    check(account, columnless(account))


@pytest.mark.parametrize("key", PARTLY_KNOWN)
def test_columns_that_cannot_be_known_are_marked_so(key):
    account = read_account(key)
    rows = land_document("document", columnless(account))
    sure = compare(account.cells, landed_cells(rows, ("certain", "inferred")))
    assert not sure.wrong and not sure.invented
    ambiguous = landed_cells(rows, ("ambiguous",))
    assert len(sure.right) + len(ambiguous) == len(account.cells)
    assert {p["code"] for p in rows["landed_problems"]} >= {"ambiguous_columns"}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("zeros", [False, True], ids=["blanks", "zeros"])
@pytest.mark.parametrize("layout", ["tabbed", "PDF, one path a table, plain form"])
def test_made_up_accounts_are_landed_whole(layout, zeros, seed):
    account = random_account(Random(seed), zeros)
    check(account, LAYOUTS[layout](account))


@pytest.mark.parametrize("seed", range(8))
def test_made_up_accounts_without_columns_have_no_wrong_figure(seed):
    account = random_account(Random(seed))
    rows = land_document("document", columnless(account))
    sure = compare(account.cells, landed_cells(rows, ("certain", "inferred")))
    assert not sure.wrong and not sure.invented, (sure.wrong, sure.invented)
    # Which of two possible parts of a 三公 row is blank can be past knowing; the rest never is.
    assert {place[0] for place, _ in sure.missing} <= {"gk09"}


def test_made_up_accounts_without_columns_and_without_blanks_are_certain():
    account = random_account(Random(3), zeros=True)
    rows = check(account, columnless(account))
    assert {cell["confidence"] for cell in rows["landed_cells"]} == {"certain"}


def test_a_gb18030_text_lands_as_its_utf8_twin():
    account = read_account("hetang_party_office")
    text = render_txt.render(account, "tabbed", render_txt.SLIPS)
    twins = [land_document("document.txt", text.encode(encoding)) for encoding in ("utf-8", "gb18030")]
    for rows in twins:
        for table in rows.values():
            for row in table:
                row.pop("document_id")
        rows["landed_documents"][0].pop("byte_size")
    assert twins[0] == twins[1]


def test_tables_that_were_pictures_leave_the_narrative():
    account = read_account("zengdu_party_office")
    rows = land_document("document", render_txt.render(account, "narrative_only").encode())
    assert not landed_cells(rows)
    assert rows["landed_documents"][0]["status"] == "partial"
    assert len(rows["landed_claims"]) >= 70


# -- beside what is no document -------------------------------------------------------------------


@pytest.fixture(scope="module")
def good_documents():
    account = read_account("hetang_party_office")
    return {
        "a.txt": columnless(read_account("caidian_party_office")),
        "b.txt": LAYOUTS["tabbed, with slips"](account),
        "c.pdf": LAYOUTS["PDF, bars"](read_account("zengdu_party_office")),
    }


def land_folder(folder, documents):
    """Lands documents as a refresh does: the landing's rows by table."""
    (folder / "in").mkdir(parents=True)
    for name, data in documents.items():
        (folder / "in" / name).write_bytes(data)
    settings = Settings(documents=(folder / "in",), warehouse=folder / "out" / "w.duckdb")
    collected = collect_documents(settings)
    read_and_remember(settings, collected.documents)
    write_landing(settings, collected.documents)
    landing = {}
    for path in settings.landing.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            landing[path.stem] = list(csv.DictReader(file))
    return landing


HOSTILE = {
    "empty.txt": b"",
    "blank.txt": b" \n\n\t\n",
    "cut off.pdf": None,  # the first half of a good PDF
    "torn.pdf": b"%PDF-1.7\n" + bytes(range(256)) * 8,
    "noise.txt": bytes(Random(1).randrange(256) for _ in range(4096)),
    "unrelated.txt": "今天的天气很好，公园里有 12 棵树和 3.50 米高的亭子。\n".encode() * 40,
    "archive.zip": b"PK\x03\x04" + b"\0" * 64,
    "page.html": "<html><body><table><tr><td>收入决算表</td></tr></table></body></html>".encode(),
    "numbers.csv": "\n".join(f"{n}.00,{n * 3}.10" for n in range(300)).encode(),
}


def test_a_bad_file_is_refused_with_its_reason_and_disturbs_nothing(tmp_path, good_documents):
    alone = land_folder(tmp_path / "alone", good_documents)
    hostile = HOSTILE | {"cut off.pdf": good_documents["c.pdf"][: len(good_documents["c.pdf"]) // 2]}
    beside = land_folder(tmp_path / "beside", good_documents | hostile)
    refused = {row["file_name"]: row for row in beside["landed_documents"] if row["file_name"] in hostile}
    assert set(refused) == set(hostile)
    for name, row in refused.items():
        assert row["status"] == "rejected", name
        assert len(row["status_reason"]) > 15, name
        assert row["document_id"] == document_id_of(hostile[name])
    good = {document_id_of(data) for data in good_documents.values()}
    for table, rows in alone.items():
        assert [row for row in beside[table] if row["document_id"] in good] == rows, table


def test_a_copy_of_a_document_is_landed_once_and_named(tmp_path, good_documents):
    alone = land_folder(tmp_path / "alone", good_documents)
    beside = land_folder(tmp_path / "beside", good_documents | {"copy of a.txt": good_documents["a.txt"]})
    copied = document_id_of(good_documents["a.txt"])
    problems = [row for row in beside["landed_problems"] if row not in alone["landed_problems"]]
    assert [(row["document_id"], row["code"]) for row in problems] == [(copied, "duplicate_document")]
    assert "copy of a.txt" in problems[0]["detail"]
    for table in ("landed_documents", "landed_tables", "landed_cells", "landed_claims"):
        assert beside[table] == alone[table]


def test_landing_does_not_depend_on_the_order_of_the_files(tmp_path, good_documents):
    names = dict(zip(("z.txt", "y.txt", "x.pdf"), good_documents.values(), strict=True))
    one, other = land_folder(tmp_path / "one", good_documents), land_folder(tmp_path / "other", names)
    for landing in (one, other):
        for row in landing["landed_documents"]:
            row.pop("file_name")
    assert one == other


# -- the real documents -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part_of_name", "truth", "figures"),
    [
        ("003_", "hetang_2023_cells.csv", 710),
        ("001_", "caidian_2023_cells.csv", 213),
        ("社会工作部", "putuo_2024_cells.csv", 205),
    ],
    ids=["tab-separated", "broken PDF text", "PDF"],
)
def test_every_figure_of_the_real_tables_is_landed(real_documents, part_of_name, truth, figures):
    printed = read_cells(TRUTH / truth)
    assert len(printed) == figures
    rows = land_document(part_of_name, real_documents.bytes_of(part_of_name))
    score = compare(printed, landed_cells(rows, ("certain", "inferred")))
    assert score.is_perfect, (score.wrong, score.missing, score.invented)
    assert len(landed_cells(rows)) == figures


@pytest.mark.parametrize("part_of_name", ["000_", "002_", "004_", "附件2"])
def test_no_figure_is_invented_where_the_tables_print_none(real_documents, part_of_name):
    rows = land_document(part_of_name, real_documents.bytes_of(part_of_name))
    assert landed_cells(rows) == []
    assert rows["landed_documents"][0]["status"] in ("landed", "partial")
