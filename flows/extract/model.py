"""What reading a document yields, before anything is typed or judged.

Two layers. A *reading* is what a reader sees: pages of lines and ruled grids, each with
its position. A *draft* is what recognition makes of it: a table, a cell, a claim, a
problem, each one row of the landing contract (docs/decisions/0002-landing-contract.md).
All values stay text, exactly as printed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle on the page in points, origin at the top left of the page as it is seen."""

    x0: float
    y0: float
    x1: float
    y1: float

    def as_text(self) -> str:
        """The landed form: four numbers with one decimal, separated by blanks."""
        return " ".join(f"{v:.1f}" for v in self)


@dataclass(frozen=True)
class Recognition:
    """How sure the recognition of a picture is of a text.

    `certainty` is the probability of its least certain character, 0 to 1; `others` are other
    readings of the same picture, likeliest first.
    """

    certainty: float
    others: tuple[str, ...] = ()


# Of lines and cells a document has thousands, and to freeze them triples what making one costs.
@dataclass(unsafe_hash=True)
class Line:
    """One printed line. `line_no` counts from 1: within the page where the format has pages
    with positions (PDF), within the file where it has not (text dumps). `recognition` is there
    where the text was read from a picture."""

    page: int
    line_no: int
    text: str
    box: Box | None = None
    recognition: Recognition | None = None


@dataclass(unsafe_hash=True)
class GridCell:
    """One cell of a grid, merged cells once, at their upper left corner. `recognition` is there
    where the text was read from a picture."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    page: int = 1
    line_no: int = 0
    box: Box | None = None
    recognition: Recognition | None = None


@dataclass(frozen=True)
class Grid:
    """Cells in rows and columns, as ruling lines, tabs or merged cells make them."""

    page: int
    first_line: int  # line_no of the first line of the page that belongs to the grid
    last_line: int
    row_count: int
    column_count: int
    cells: tuple[GridCell, ...]
    box: Box | None = None
    column_edges: tuple[float, ...] = ()  # x positions of the vertical rules, for continuation


@dataclass(frozen=True)
class Page:
    """`lines` hold all text of the page in reading order, the text inside grids too. `name` is the
    name of a workbook's sheet, empty in other formats."""

    number: int
    lines: tuple[Line, ...]
    grids: tuple[Grid, ...] = ()
    width: float = 0.0
    height: float = 0.0
    name: str = ""


@dataclass(frozen=True)
class ProblemDraft:
    """Something read but not understood. `stage` is read, recognise, infer, claims or
    wording."""

    page: int
    line_no: int
    stage: str
    code: str
    detail: str


@dataclass(frozen=True)
class Reading:
    """What a reader returns for one document. `has_pages` is false for text dumps without
    form feeds: then every line is on page 1."""

    reader: str
    media_type: str
    pages: tuple[Page, ...]
    problems: tuple[ProblemDraft, ...] = ()
    title: str = ""
    has_pages: bool = True

    @property
    def lines(self) -> list[Line]:
        return [line for page in self.pages for line in page.lines]


@dataclass(frozen=True)
class CellDraft:
    """One printed number of a table, in its row and column."""

    row_no: int
    column_no: int
    page: int
    line_no: int
    row_code: str  # printed functional or economic code, or printed 行次
    row_label: str
    line_item: str  # key of seeds/reference/line_items.csv, or function.<code>, economic.<code>
    column_path: str  # printed header, levels joined by /
    measure: str
    value_text: str
    unit_text: str = ""
    method: str = "grid"  # grid | inferred | ocr
    confidence: str = "certain"  # certain | inferred | ocr | ambiguous
    box: str = ""
    recognition: Recognition | None = None  # not landed: what proofreading chooses from


@dataclass(frozen=True)
class TableDraft:
    """One recognised table with its cells, in the order in which it stands in the document."""

    table_code: str  # gk01 … gk09, pf…, unknown
    printed_title: str
    printed_unit: str
    first_page: int
    last_page: int
    first_line: int
    last_line: int
    row_count: int
    column_count: int
    is_declared_empty: bool
    method: str
    cells: tuple[CellDraft, ...] = ()
    problems: tuple[ProblemDraft, ...] = ()


@dataclass(frozen=True)
class ClaimDraft:
    """One amount, rate or count that the narrative states."""

    page: int
    line_no: int
    section: str  # 1 to 13 by the official outline, or appendix
    subject_text: str
    subject: str  # key of seeds/reference/claim_subjects.csv
    functional_path: str
    measure: str
    value_text: str
    unit_text: str
    direction: str
    evidence: str  # the matched words, 60 characters at most
    confidence: str = "certain"  # certain | ocr


@dataclass
class DocumentDraft:
    """All that one document lands."""

    title: str = ""
    department_name: str = ""
    region_name: str = ""
    fiscal_year: str = ""
    document_kind: str = ""
    amount_unit: str = ""
    tables: list[TableDraft] = field(default_factory=list)
    claims: list[ClaimDraft] = field(default_factory=list)
    problems: list[ProblemDraft] = field(default_factory=list)
