"""The documents of the score, each with its truth, in the lines of the score that they count in.

A line is named `format/layout`: `docx/official_2021`, `scan 200 dpi/official_2021`, `real/…`. A document
is made where it is read, so that a case is small enough to be handed to another process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from flows.land import document_id_of
from tests.corpus import (
    layouts,
    render_docx,
    render_html,
    render_mixed,
    render_pasted,
    render_pdf,
    render_txt,
    render_xlsx,
)
from tests.corpus.accounts import Account, Cell, departments, read_cells
from tests.corpus.claim_score import (
    CLAIM_FIELDS,
    CLAIM_TRUTH,
    STATED_FIELDS,
    Claim,
    claim_truth,
    stated_claims,
)
from tests.corpus.generate import random_account
from tests.corpus.images import CLEAN, DAMAGES, Damage, image_only

_HERE = Path(__file__).parent
DOCUMENTS = _HERE.parents[2] / "shared" / "documents"
FONTS = tuple(str(_HERE / "fonts" / f"Juesuan{name}.ttf") for name in ("Song", "Hei"))
_REAL_CELLS = {  # document id: truth file, or empty where the document prints no figure in a standard table
    "1f08667298559a5f": "hetang_2023_cells.csv",
    "8defb0599e812809": "caidian_2023_cells.csv",
    "44874c062a89c26e": "putuo_2024_cells.csv",
    "cfe2fb895c24e0a2": "",
    "1a8f06552e17bb18": "",
    "2c831aca0307c91a": "",
    "deb3a453319935a1": "",
}
_SEEDS = 2  # accounts drawn for each layout
_SCANS = 2  # documents of each damage
_MIXED = (CLEAN, next(damage for damage in DAMAGES if damage.name == "150 dpi, JPEG 40"))
_PASTED = dict(zip(render_pasted.FORMATS, _MIXED, strict=True))  # tables as pictures in other formats
_MADE_UP = 6
_ROWS_OF_SCANS = 3  # 项 of an account that becomes pictures, which take seconds a page to read

_FORMS: dict[str, Callable[[Account], bytes]] = {
    "tabbed/numbered form": lambda account: render_txt.render(account, "tabbed").encode(),
    "tabbed/numbered form with slips": lambda account: render_txt.render(
        account, "tabbed", render_txt.SLIPS
    ).encode(),
    "columnless/numbered form": lambda account: render_txt.render(account, "columnless").encode(),
    "pdf/numbered form": lambda account: render_pdf.render(account, "fill", "numbered"),
    "pdf/plain form": lambda account: render_pdf.render(account, "stroke", "plain"),
    "docx/numbered form": lambda account: render_docx.render(account, "numbered"),
    "docx/plain form, edited": lambda account: render_docx.render(account, "plain", edited=True),
    "html/numbered form": lambda account: render_html.render(account, "numbered"),
    "html/plain form, in layout tables": lambda account: render_html.render(account, "plain", "portal"),
    "xlsx/numbered form": render_xlsx.render,
    "xlsx/plain form, one sheet": lambda account: render_xlsx.render(account, "plain", one_sheet=True),
    "xls/numbered form": lambda account: render_xlsx.render(account, legacy=True),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One document of the score. `source` says what it is made of: real, real scan, department,
    made up, layout, scan or mixed; `key` and `seed` which one."""

    line: str
    source: str
    key: str = ""
    format: str = ""
    seed: int = 0
    damage: Damage = CLEAN

    @property
    def is_slow(self) -> bool:
        return self.source in ("real scan", "scan", "mixed")


@dataclass(frozen=True)
class Document:
    """A made document with its truth. Claims are tuples of `claim_fields`; `claims` is None where
    nobody has read them out of the document."""

    name: str
    data: bytes
    cells: tuple[Cell, ...]
    unknown: tuple[Cell, ...] = ()
    claims: tuple[Claim, ...] | None = None
    claim_fields: tuple[str, ...] = STATED_FIELDS


def cases() -> list[Case]:
    """All cases, those of a line together."""
    return [*_real(), *_forms(), *_generated(), *_scans(), *_mixed()]


def make(case: Case) -> Document:
    """The document of a case."""
    if case.source in ("real", "real scan"):
        return _make_real(case)
    if case.source in ("department", "made up"):
        return _make_form(case)
    return _make_layout(case)


# -- real documents ------------------------------------------------------------------------------------


@cache
def real_documents() -> dict[str, Path]:
    """Document id → path of the real documents that are here."""
    paths = sorted(DOCUMENTS.iterdir()) if DOCUMENTS.is_dir() else []
    return {document_id_of(path.read_bytes()): path for path in paths}


def _real() -> Iterator[Case]:
    for document_id, path in real_documents().items():
        yield Case(f"real/{_name(document_id, path)}", "real", document_id)
    for document_id, path in real_documents().items():
        # The template prints no figure: a picture of it shows nothing that the file does not.
        if path.suffix == ".pdf" and _REAL_CELLS.get(document_id):
            yield Case(f"real scan 200 dpi/{_name(document_id, path)}", "real scan", document_id)


def _name(document_id: str, path: Path) -> str:
    truth = _REAL_CELLS.get(document_id) or CLAIM_TRUTH.get(document_id, path.name[:16])
    return truth.removesuffix(".csv").removesuffix("_cells").removesuffix("_claims")


def _make_real(case: Case) -> Document:
    path = real_documents()[case.key]
    data = path.read_bytes()
    name = _REAL_CELLS.get(case.key, "")
    is_scan = case.source == "real scan"
    fields = STATED_FIELDS if is_scan else CLAIM_FIELDS
    claims = CLAIM_TRUTH.get(case.key)
    return Document(
        path.name,
        image_only(data, case.damage) if is_scan else data,
        read_cells(_HERE / "truth" / name) if name else (),
        claims=tuple(claim_truth(claims, fields)) if claims else None,
        claim_fields=fields,
    )


# -- rendered documents ----------------------------------------------------------------------------------


def _forms() -> Iterator[Case]:
    """The departments' figures as published, with their slips, and made-up ones, on two forms."""
    keys = [account.key for account in departments() if account.cells]
    for line in _FORMS:
        yield from (Case(line, "department", key) for key in keys)
        yield from (Case(line, "made up", seed=seed) for seed in range(_MADE_UP))


def _make_form(case: Case) -> Document:
    if case.source == "made up":
        account = random_account(Random(case.seed), zeros=case.seed % 2 == 1)
    else:
        account = next(account for account in departments() if account.key == case.key)
    claims = tuple(stated_claims(account)) if case.source == "department" else None
    return Document(case.key, _FORMS[case.line](account), account.cells, claims=claims)


def _generated() -> Iterator[Case]:
    for form in layouts.FORMATS:
        for layout in layouts.layouts():
            line = f"{form}/{layout.name}"
            yield from (Case(line, "layout", layout.name, form, seed) for seed in range(_SEEDS))


def _scans() -> Iterator[Case]:
    """Every layout undamaged, and every damage over layouts in turn."""
    names = [layout.name for layout in layouts.layouts() if not layout.annexes]
    for n, name in enumerate(names):
        yield Case(f"scan {CLEAN.name}/{name}", "scan", name, seed=n)
    n = 0
    for damage in DAMAGES:
        for _ in range(_SCANS if damage != CLEAN else 0):
            yield Case(f"scan {damage.name}/all", "scan", names[n % len(names)], seed=n, damage=damage)
            n += 1


def _mixed() -> Iterator[Case]:
    upright = [layout.name for layout in layouts.layouts() if not (layout.pdf.turn or layout.annexes)]
    for n, damage in enumerate(_MIXED):
        for seed in range(_SCANS):
            name = upright[(n * _SCANS + seed) % len(upright)]
            yield Case(f"mixed {damage.name}/all", "mixed", name, seed=seed, damage=damage)
    without_verticals = next(name for name in upright if layouts.layout(name).rules == "three")
    for n, form in enumerate(("", *_PASTED)):
        damage = _MIXED[n % len(_MIXED)]
        line = f"mixed {form or 'pdf'} {damage.name}/{without_verticals}"
        yield Case(line, "mixed", without_verticals, form, n, damage)
    ruled = [name for name in upright if layouts.layout(name).rules == "all"]
    for n, (form, damage) in enumerate(_PASTED.items()):
        for seed in range(_SCANS):
            name = ruled[(n * _SCANS + seed) % len(ruled)]
            yield Case(f"mixed {form} {damage.name}/all", "mixed", name, form, seed, damage)


def _make_layout(case: Case) -> Document:
    layout = layouts.layout(case.key)
    is_picture = case.source != "layout"
    account = layouts.account_for(layout, case.seed, _ROWS_OF_SCANS if is_picture else None)
    return Document(
        f"{layout.name} {case.seed}",
        _rendered(case, layout, account),
        tuple(layouts.truth(account, layout)),
        tuple(layouts.unknown_truth(account, layout)),
        tuple(stated_claims(account)),
    )


def _rendered(case: Case, layout: layouts.Layout, account: Account) -> bytes:
    if case.source == "layout":
        return layouts.render(account, layout, case.format)
    font = FONTS[case.seed % len(FONTS)]
    book = layouts.book(account, layout)
    if case.source == "mixed" and case.format:
        return render_pasted.render(book, layout.pdf, font, case.format, case.damage, case.seed)
    if case.source == "mixed":
        return render_mixed.render(book, layout.pdf, font, case.damage, case.seed)
    # Digits in the Chinese font and in another: offices do both.
    digits = font if case.seed % 3 else ""
    return image_only(render_pdf.render_book(book, layout.pdf, font, digits), case.damage, case.seed)
