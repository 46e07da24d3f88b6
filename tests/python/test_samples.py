"""documents/samples/ and seeds/landing/ are what the corpus renders and what landing it gives."""

import zlib

import pytest

from flows.land import LANDING as COLUMNS
from flows.land import land_document, write_landing
from tests.corpus import narrative
from tests.corpus.accounts import departments, read_account
from tests.corpus.cells import claim_counter, compare, landed_cells
from tests.corpus.samples import LANDING, SAMPLES, render_samples

NAMES = sorted(path.name for path in SAMPLES.iterdir())


def landed(name):
    return land_document(name, (SAMPLES / name).read_bytes())


def test_every_department_has_one_sample():
    assert [name.rsplit("_", 1)[0] for name in NAMES] == [account.key for account in departments()]


def test_landing_the_samples_again_gives_the_committed_bytes(tmp_path):
    write_landing(tmp_path, [landed(name) for name in NAMES])
    for table in COLUMNS:
        again, committed = (folder / f"{table}.csv" for folder in (tmp_path, LANDING))
        assert again.read_bytes() == committed.read_bytes(), f"{table}: run make samples, see git diff"


def test_rendering_the_samples_again_gives_the_committed_bytes():
    if "ng" in zlib.ZLIB_RUNTIME_VERSION:
        pytest.skip("the samples' PDFs were packed with zlib, and this Python has zlib-ng")
    rendered = render_samples()
    assert sorted(rendered) == NAMES
    for name in NAMES:
        assert rendered[name] == (SAMPLES / name).read_bytes(), name


@pytest.mark.parametrize("name", NAMES)
def test_samples_are_landed_whole(name):
    account = read_account(name.rsplit("_", 1)[0])
    rows = landed(name)
    (document,) = rows["landed_documents"]
    assert (document["status"], document["department_name"], document["fiscal_year"]) == (
        "landed",
        account.department_name,
        account.fiscal_year,
    )
    score = compare(account.cells, landed_cells(rows))
    assert score.is_perfect, score
    stated = [
        (c.section, c.subject, c.measure, c.value_text, c.unit_text, c.direction)
        for c in narrative.claims(account)
    ]
    assert sorted(claim_counter(rows).elements()) == sorted(stated)
