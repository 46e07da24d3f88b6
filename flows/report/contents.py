"""What the report says: the scorecards and the findings of a warehouse, filtered, the gravest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from flows.errors import UsageError
from flows.extract.normalise import decimal_of, is_amount
from flows.report.words import words
from flows.warehouse import has_table

SEVERITIES = ("critical", "major", "minor")
_MOST_FIGURES = 12  # of one finding, beside the one to look at first


@dataclass(frozen=True)
class Filters:
    """Which findings are asked for; empty means all. `document` is part of a file name."""

    severity: str = ""
    document: str = ""
    category: str = ""


@dataclass(frozen=True)
class Figure:
    """One printed number. `box` is x0 y0 x1 y1 in points from the top left of its page, where known;
    `evidence` the words of the narrative that it stands in."""

    figure_id: str
    page: int
    line_no: int
    label: str
    column: str
    text: str
    unit: str
    box: tuple[float, float, float, float] | None = None
    evidence: str = ""


@dataclass(frozen=True)
class Finding:
    """One row of quality.fct_findings as people read it. `row` is the whole row; amounts are texts in the
    unit in which the figure is printed."""

    row: dict[str, Any]
    figure: Figure | None
    others: tuple[Figure, ...]
    n_others_left_out: int
    printed: str
    expected: str
    difference: str
    unit: str


@dataclass(frozen=True)
class Document:
    """One document: its row of quality.disclosure_scorecard, and the findings that were asked for."""

    row: dict[str, Any]
    media_type: str
    reader: str
    has_pages: bool
    findings: tuple[Finding, ...]

    def count(self, severity: str) -> int:
        """How many of the findings asked for have this severity."""
        return sum(finding.row["severity"] == severity for finding in self.findings)


@dataclass(frozen=True)
class Contents:
    """`documents` are those with findings first, the gravest first, then the others by name; `grades` the
    rows of reference.document_grades; `coverage` those of quality.disclosure_coverage."""

    documents: tuple[Document, ...]
    grades: tuple[dict[str, Any], ...]
    coverage: tuple[dict[str, Any], ...]
    filters: Filters

    @property
    def findings(self) -> list[tuple[Document, Finding]]:
        return [(document, finding) for document in self.documents for finding in document.findings]


def condition(filters: Filters) -> tuple[str, dict[str, str]]:
    """The SQL condition on `found` (fct_findings) and `landed` (landed_documents), and its values.

    Raises UsageError where there is no such severity."""
    if filters.severity and filters.severity not in SEVERITIES:
        raise UsageError(f"no such severity: {filters.severity} (choose one of {', '.join(SEVERITIES)})")
    tests = {
        "severity": "found.severity = $severity",
        "document": "contains(landed.file_name, $document)",
        "category": "found.category = $category",
    }
    values = {name: value for name, value in vars(filters).items() if value}
    return " and ".join(tests[name] for name in values) or "true", values


def check_category(connection: duckdb.DuckDBPyConnection, category: str) -> None:
    """Raises UsageError where no finding can be of this category."""
    if not category:
        return
    found = connection.execute("select distinct category from quality.fct_findings").fetchall()
    known = sorted({name for (name,) in found} | set(words()["categories"]))
    if category not in known:
        raise UsageError(f"no such category: {category} (choose one of {', '.join(known)})")


def contents(connection: duckdb.DuckDBPyConnection, filters: Filters) -> Contents:
    """All that the report says of a published warehouse.

    Raises UsageError where the filters name what there is not, or the warehouse is older than the report.
    """
    if not has_table(connection, "quality", "disclosure_scorecard"):
        raise UsageError("this warehouse has no scorecards; `juesuan refresh` makes it anew with them")
    check_category(connection, filters.category)
    test, values = condition(filters)
    found = _rows(
        connection,
        f"""
        select found.* from quality.fct_findings as found
        inner join landing.landed_documents as landed using (document_id)
        where {test}
        order by
            list_position({list(SEVERITIES)}, found.severity), found.page, found.line_no, found.finding_id
        """,
        values,
    )
    figures = _figures(connection, sorted({id for row in found for id in _ids(row)}))
    units = _units(connection)
    by_document: dict[str, list[Finding]] = {}
    for row in found:
        by_document.setdefault(row["document_id"], []).append(_finding(row, figures, units))
    scorecards = _rows(
        connection,
        """
        select card.*, landed.media_type, landed.reader, landed.page_count
        from quality.disclosure_scorecard as card
        inner join landing.landed_documents as landed using (document_id)
        where contains(card.file_name, $document)
        order by card.file_name, card.document_id
        """,
        {"document": filters.document},
    )
    documents = []
    for row in scorecards:
        media_type, reader, page_count = (row.pop(name) for name in ("media_type", "reader", "page_count"))
        of_it = tuple(by_document.get(row["document_id"], ()))
        documents.append(Document(row, media_type or "", reader or "", bool(page_count), of_it))
    documents.sort(key=lambda document: [-document.count(severity) for severity in SEVERITIES])
    return Contents(
        tuple(documents),
        tuple(_rows(connection, "from reference.document_grades order by grade")),
        tuple(_rows(connection, "from quality.disclosure_coverage order by expected_no")),
        filters,
    )


def _rows(connection: duckdb.DuckDBPyConnection, query: str, values: object = None) -> list[dict[str, Any]]:
    result = connection.execute(query, values)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


# -- figures --------------------------------------------------------------------------------------------


def _ids(row: dict[str, Any]) -> list[str]:
    ids = [row.get("figure_id") or "", *(row.get("figure_ids") or "").split()]
    return list(dict.fromkeys(filter(None, ids)))


def _figures(connection: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> dict[str, Figure]:
    """The printed numbers of these ids, from the landing."""
    rows = _rows(
        connection,
        """
        select
            format('{}-t{:02d}-r{:03d}-c{:02d}', cell.document_id, cast(cell.table_no as integer),
                cast(cell.row_no as integer), cast(cell.column_no as integer)) as figure_id,
            cell.page, cell.line_no, cell.row_code, cell.row_label, cell.column_path, cell.value_text,
            coalesce(nullif(cell.unit_text, ''), own.printed_unit) as unit_text, cell.box, '' as evidence
        from landing.landed_cells as cell
        inner join landing.landed_tables as own
            on cell.document_id = own.document_id and cell.table_no = own.table_no
        where cell.document_id in (select unnest($documents))
        union all
        select
            format('{}-n{:04d}', document_id, cast(claim_no as integer)),
            page, line_no, '', subject_text, section, value_text, unit_text, '', evidence
        from landing.landed_claims
        where document_id in (select unnest($documents))
        """,
        {"documents": sorted({id[:16] for id in ids})},
    )
    wanted = set(ids)
    return {row["figure_id"]: _figure(row) for row in rows if row["figure_id"] in wanted}


def _figure(row: dict[str, Any]) -> Figure:
    box = tuple(float(number) for number in (row["box"] or "").split())
    is_claim = bool(row["evidence"])
    label = " ".join(filter(None, (row["row_code"], row["row_label"])))
    return Figure(
        row["figure_id"],
        int(row["page"] or 0),
        int(row["line_no"] or 0),
        label,
        "" if is_claim else row["column_path"] or "",
        row["value_text"] or "",
        row["unit_text"] or "",
        box if len(box) == 4 else None,  # type: ignore[arg-type]
        row["evidence"] or "",
    )


def _units(connection: duckdb.DuckDBPyConnection) -> dict[Decimal, str]:
    """Factor to 元 → the unit's name, of the units of money that are written out."""
    rows = connection.execute(
        "select factor, unit from reference.units where kind = 'money' and unit like '%元' order by unit"
    ).fetchall()
    return {Decimal(str(factor)): unit for factor, unit in rows}


def _finding(row: dict[str, Any], figures: dict[str, Figure], units: dict[Decimal, str]) -> Finding:
    figure = figures.get(row.get("figure_id") or "")
    others = [figures[id] for id in _ids(row) if id in figures and id != row.get("figure_id")]
    factor, unit, decimals = _scale(row, figure, units)
    amounts = [
        _amount(row.get(name), factor, decimals) for name in ("expected_yuan", "difference_yuan")
    ]
    # a rule that is not about money says what it expects in words
    expected = row.get("expected_text") or amounts[0]
    return Finding(
        row,
        figure,
        tuple(others[:_MOST_FIGURES]),
        max(0, len(others) - _MOST_FIGURES),
        row.get("printed_text") or "",
        expected,
        amounts[1],
        unit if any(amounts) else "",
    )


def _scale(
    row: dict[str, Any], figure: Figure | None, units: dict[Decimal, str]
) -> tuple[Decimal, str, int]:
    """In which unit the figure is printed, as what it is in 元 tells: (元 a unit, its name, decimals)."""
    text, yuan = figure.text if figure else row.get("printed_text") or "", row.get("printed_yuan")
    if yuan and is_amount(text) and (value := decimal_of(text)):
        factor = abs(Decimal(yuan) / value)
        if factor in units:
            return factor, units[factor], max(0, -int(value.as_tuple().exponent))
    return Decimal(1), "元", 2


def _amount(yuan: Decimal | None, factor: Decimal, decimals: int) -> str:
    """An amount in a unit, with the decimals of the print or as many more as it has, thousands set off."""
    if yuan is None:
        return ""
    amount = Decimal(yuan) / factor
    own = max(0, -int(amount.normalize().as_tuple().exponent))
    return f"{amount:,.{max(decimals, own)}f}"
