"""An account's tables on the forms of a layout: columns told by their header paths, rows by rows.yml.

`forms.py` lays out the two forms that the samples are rendered on; here a form is what its layout
says (`layouts.Layout`), and the header cells with their spans follow from the columns' paths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.corpus.accounts import Account
from tests.corpus.forms import Sheet
from tests.corpus.layout_forms.added import added
from tests.corpus.layout_forms.economic import economic
from tests.corpus.layout_forms.form import Form, column_numbers, header_rows
from tests.corpus.layout_forms.functions import by_function, software_header
from tests.corpus.layout_forms.three_public import three_public
from tests.corpus.layout_forms.totals import totals

if TYPE_CHECKING:
    from tests.corpus.layouts import Layout

_BY_FUNCTION = ("gk02", "gk03", "gk05", "gk07", "gk08")
_MAKERS = {
    "gk01": totals,
    "gk04": totals,
    "gk06": economic,
    "gk09": three_public,
    **dict.fromkeys(_BY_FUNCTION, by_function),
}


def layout_sheets(account: Account, layout: Layout) -> list[Sheet]:
    """The tables of a layout in its order; those that an account has no figures for stay empty."""
    return [_sheet(Form(account, layout, name, n)) for n, name in enumerate(layout.tables, start=1)]


def _sheet(form: Form) -> Sheet:
    columns, body = _MAKERS.get(form.name, added)(form)
    header = header_rows(columns)
    if form.layout.ordinals and form.name != "gk06":  # no form numbers the columns of table 06
        header.append(column_numbers(columns))
        if form.layout.code == "software" and form.name in _BY_FUNCTION:
            header, body = software_header(header, body)
    return form.sheet(columns, header, body)
