"""The cells part of the score: figures of the standard tables, over real and rendered documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from random import Random

from flows.land import LandedRows, land_document
from tests.corpus import render_docx, render_html, render_pdf, render_txt, render_xlsx
from tests.corpus.accounts import Account, Cell, departments, read_cells
from tests.corpus.cells import compare, landed_cells
from tests.corpus.generate import random_account

_TRUTH = Path(__file__).parent / "truth"
_REAL = {  # document id: truth file, or empty where the document prints no figure in a standard table
    "1f08667298559a5f": "hetang_2023_cells.csv",
    "8defb0599e812809": "caidian_2023_cells.csv",
    "44874c062a89c26e": "putuo_2024_cells.csv",
    "cfe2fb895c24e0a2": "",
    "1a8f06552e17bb18": "",
    "2c831aca0307c91a": "",
    "deb3a453319935a1": "",
}
_LAYOUTS: dict[str, Callable[[Account], bytes]] = {
    "text, tabs": lambda account: render_txt.render(account, "tabbed").encode(),
    "text, tabs with slips": lambda account: render_txt.render(account, "tabbed", render_txt.SLIPS).encode(),
    "text without columns": lambda account: render_txt.render(account, "columnless").encode(),
    "PDF, numbered form": lambda account: render_pdf.render(account, "fill", "numbered"),
    "PDF, plain form": lambda account: render_pdf.render(account, "stroke", "plain"),
    "DOCX, numbered form": lambda account: render_docx.render(account, "numbered"),
    "DOCX, plain form, edited": lambda account: render_docx.render(account, "plain", edited=True),
    "HTML, numbered form": lambda account: render_html.render(account, "numbered"),
    "HTML, plain form, in layout tables": lambda account: render_html.render(account, "plain", "portal"),
    "XLSX, a sheet a table": render_xlsx.render,
    "XLSX, one sheet, plain form": lambda account: render_xlsx.render(account, "plain", one_sheet=True),
    "XLS": lambda account: render_xlsx.render(account, legacy=True),
}
_MADE_UP = 6


def print_cells(documents: Mapping[str, Path]) -> None:
    """Right, wrong, missing and invented figures of each real document and each rendered layout.

    `documents` are the real ones, document id → path; those that are not there are left out.
    Figures landed as ambiguous say themselves that they are no facts: they count apart.
    """
    print("cells: right means the printed figure in its table, row and column")
    print(f"  {'':<58}{'printed':>8}{'right':>7}{'wrong':>7}{'missing':>9}{'invented':>10}{'ambiguous':>11}")
    for document_id, name in _REAL.items():
        printed = read_cells(_TRUTH / name) if name else ()
        if document_id in documents:
            path = documents[document_id]
            _print_line(path.name[:40], [(printed, land_document(path.name, path.read_bytes()))])
        else:
            print(f"  {name or document_id}: skipped, the document is not here")
    accounts = [account for account in departments() if account.cells]
    made_up = [random_account(Random(seed), zeros=seed % 2 == 1) for seed in range(_MADE_UP)]
    for layout, render in _LAYOUTS.items():
        _print_line(f"{len(accounts)} departments as {layout}", _landed(accounts, render))
        _print_line(f"{len(made_up)} made-up accounts as {layout}", _landed(made_up, render))


def _landed(
    accounts: Iterable[Account], render: Callable[[Account], bytes]
) -> Iterator[tuple[Iterable[Cell], LandedRows]]:
    return ((account.cells, land_document(account.key, render(account))) for account in accounts)


def _print_line(label: str, documents: Iterable[tuple[Iterable[Cell], LandedRows]]) -> None:
    counts = [0] * 6
    details = []
    for printed, rows in documents:
        score = compare(printed, landed_cells(rows, ("certain", "inferred")))
        ambiguous = landed_cells(rows, ("ambiguous",))
        # A figure landed as ambiguous is not missing: it is there, and only its column is not known.
        missing = max(0, len(score.missing) - len(ambiguous))
        found = (len(score.right), len(score.wrong), missing, len(score.invented), len(ambiguous))
        for n, count in enumerate((score.printed, *found)):
            counts[n] += count
        details += [f"wrong: {place} printed {value}, landed {other}" for place, value, other in score.wrong]
        details += [f"invented: {place} {value}" for place, value in score.invented]
    printed, right, wrong, missing, invented, ambiguous = counts
    width = 58 - sum(not character.isascii() for character in label)
    print(f"  {label:<{width}}{printed:>8}{right:>7}{wrong:>7}{missing:>9}{invented:>10}{ambiguous:>11}")
    for detail in details[:20]:
        print(f"    {detail}")
