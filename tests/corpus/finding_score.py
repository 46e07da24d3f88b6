"""How the findings of the real documents compare with what a reader found in them.

python -m tests.corpus.finding_score [WAREHOUSE]: precision and recall by kind, then what was missed and
what nobody found. Without a warehouse the real documents (../shared/documents, no part of the repository)
are read and built into a folder of their own. A finding meets a row of the truth when both are of one group
of kinds and stand in one document, on one page, at most two lines apart; what a template left behind is often
several lines, and of that the lines that the truth calls related count as well. `real_findings_floor.yml`
says below what recall and precision may not fall: then the exit code is 1.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import duckdb
import yaml

_ROOT = Path(__file__).parents[2]
_TRUTH = Path(__file__).parent / "truth"
_REAL = _ROOT.parent / "shared" / "documents"
_FLOORS = Path(__file__).with_name("real_findings_floor.yml")
_LINES = 2  # a sentence may break over lines, and the truth names the one where it begins

FINDING_TRUTH = {  # document id: truth file
    "cfe2fb895c24e0a2": "zengdu_party_office_2023_findings.csv",
    "8defb0599e812809": "caidian_2023_findings.csv",
    "1a8f06552e17bb18": "zengdu_government_office_2023_findings.csv",
    "1f08667298559a5f": "hetang_2023_findings.csv",
    "2c831aca0307c91a": "beita_2023_findings.csv",
    "44874c062a89c26e": "putuo_2024_findings.csv",
    "deb3a453319935a1": "template_2024_findings.csv",
}

# Kinds that name one contradiction from two sides: an amount may be said to break a sum or to differ
# from the table, a rate on zero to be a wrong rate.
GROUPS = {
    "sum": "amount",
    "duplicate": "amount",
    "arithmetic_change": "amount",
    "share": "rate",
    "completion_rate": "rate",
    "change_rate": "rate",
    "zero_base_rate": "rate",
    "missing_unit": "unit",
}
_SPREAD = ("residue", "missing_table", "department_name")  # what stands in several lines and is told once
_KINDS_OF_RULES = {  # rules whose kind no seed tells, or another than a reader says
    "unit_wrong": "unit",
    "unit_missing": "missing_unit",
    "table_unit": "unit",
    "year_wrong": "year",
    "department_wrong": "department_name",
    "account_wrong": "account_name",
    "account_renamed": "account_name",
    "path_mismatched": "path",
    "path_absent": "path",
    "table_missing": "missing_table",
    "table_without_text": "missing_table",
    "residue_doubled": "other",
    "term_wrong": "other",
    "fund_wrong": "duplicate",
    # an item that is larger than what its account was paid has other items' spending in it
    "claim_pension_item": "path",
    "claim_annuity_item": "path",
    "indicator_units_differ": "unit",
    "indicator_transposed": "duplicate",
    "indicator_rate_of_nothing": "zero_base_rate",
}


_SCORES = ("score", "full_score")


@dataclass(frozen=True)
class Finding:
    """One finding, of the truth or of a warehouse: where it stands and of what kind it is. `related` are the
    other lines (page, line) of what is spread over several."""

    document_id: str
    page: int
    line_no: int
    kind: str
    text: str
    related: tuple[tuple[int, int], ...] = ()

    @property
    def group(self) -> str:
        """Kinds of one group may stand for each other."""
        return GROUPS.get(self.kind, self.kind)

    def meets(self, other: Finding) -> bool:
        """Whether both point at one contradiction."""
        return (
            self.document_id == other.document_id
            and self.group == other.group
            and (
                _is_near((self.page, self.line_no), (other.page, other.line_no))
                or (other.page, other.line_no) in self.related
                or (self.page, self.line_no) in other.related
            )
        )


@dataclass(frozen=True)
class FindingScore:
    """Of one kind: rows of the truth and those that were found, findings and those that are true."""

    kind: str
    stated: int
    found: int
    reported: int
    right: int

    @property
    def recall(self) -> float:
        return self.found / self.stated if self.stated else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.reported if self.reported else 1.0


def _is_near(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] == other[0] and abs(one[1] - other[1]) <= _LINES


def finding_truth() -> list[Finding]:
    """What the readers found in the real documents."""
    found = []
    for document_id, name in FINDING_TRUTH.items():
        with (_TRUTH / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                text = " → ".join(x for x in (row["printed"], row["expected"]) if x)
                place = int(row["page"]), int(row["line_no"])
                text = f"{text} {row['evidence']}".strip()
                found.append(Finding(document_id, *place, row["kind"], text, _related(row)))
    return found


def _related(row: dict[str, str]) -> tuple[tuple[int, int], ...]:
    """`36;41` are lines of the row's own page, `15:8` is line 8 of page 15. Of other kinds it is evidence."""
    if row["kind"] not in _SPREAD:
        return ()
    places = [place.rpartition(":") for place in row["related_lines"].split(";") if place]
    return tuple((int(page or row["page"]), int(line)) for page, _, line in places)


def reported_findings(warehouse: Path) -> list[Finding]:
    """The findings of a built warehouse for the documents of the truth, kinds as the truth names them."""
    kinds = _kinds_of_rules()
    query = """
        select document_id, coalesce(page, 1), coalesce(line_no, 0), category, rule, message_zh
        from quality.fct_findings
        order by document_id, page, line_no, finding_id
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute(query).fetchall()
    return [
        Finding(document_id, page, line_no, _kind(category, rule, kinds), message)
        for document_id, page, line_no, category, rule, message in rows
        if document_id in FINDING_TRUTH
    ]


def finding_scores(truth: Sequence[Finding], reported: Sequence[Finding]) -> list[FindingScore]:
    """The score of every kind, and of all. A row of the truth may be met by several findings."""
    kinds = sorted({x.kind for x in (*truth, *reported)})
    rows = [
        (kind, [x for x in truth if x.kind == kind], [x for x in reported if x.kind == kind])
        for kind in kinds
    ]
    return [
        FindingScore(
            kind,
            len(stated),
            len(met(stated, reported)),
            len(said),
            len(met(said, truth)),
        )
        for kind, stated, said in [*rows, ("all", list(truth), list(reported))]
    ]


def met(some: Iterable[Finding], others: Sequence[Finding]) -> list[Finding]:
    """Those of `some` that one of `others` meets."""
    return [one for one in some if any(one.meets(other) for other in others)]


def _kind(category: str, rule: str, kinds: dict[str, str]) -> str:
    if category == "conflicting_prints":
        return "duplicate"
    return kinds.get(rule) or ("residue" if rule.startswith("residue_") else rule)


def _kinds_of_rules() -> dict[str, str]:
    kinds: dict[str, str] = {}
    for name, key in (("claim_relations", "relation_id"), ("claim_bases", "rule_id")):
        with (_ROOT / "seeds" / "identities" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            kinds |= {row[key]: row["kind"] for row in csv.DictReader(file)}
    seeds = _ROOT / "seeds" / "identities"
    with (seeds / "identities.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kinds[row["identity_id"]] = "duplicate" if row["is_same_fact"] == "true" else "sum"
    with (seeds / "identity_terms.csv").open(encoding="utf-8", newline="") as file:
        kinds |= {r["identity_id"]: "score" for r in csv.DictReader(file) if r["measure"] in _SCORES}
    return kinds | _KINDS_OF_RULES


def built(folder: Path) -> Path:
    """Reads the real documents and builds their findings in `folder`; the path of the warehouse."""
    # Imported here: a score of a warehouse that is there needs neither readers nor models.
    from flows.build import build
    from flows.land import land_document, write_landing
    from flows.settings import Settings

    settings = Settings(warehouse=folder / "real.duckdb")
    files = sorted(path for path in _REAL.iterdir() if path.is_file())
    write_landing(settings.landing, [land_document(path.name, path.read_bytes()) for path in files])
    return build(settings, only="+fct_findings")


def broken_floors(all_kinds: FindingScore) -> list[str]:
    """What is below its floor, one message each."""
    floors = yaml.safe_load(_FLOORS.read_text(encoding="utf-8"))
    messages = []
    for name, part, whole in (
        ("found", all_kinds.found, all_kinds.stated),
        ("right", all_kinds.right, all_kinds.reported),
    ):
        if Fraction(part, max(1, whole)) < Fraction(str(floors[name])):
            messages.append(f"real findings: {name} {part} of {whole}, at least {floors[name]}")
    return messages


def _print(scores: Iterable[FindingScore]) -> None:
    print(
        f"{'kind':20} {'truth':>6} {'found':>6} {'recall':>8} {'reported':>9} {'right':>6} {'precision':>10}"
    )
    for one in scores:
        print(
            f"{one.kind:20} {one.stated:6} {one.found:6} {one.recall:8.1%}"
            f" {one.reported:9} {one.right:6} {one.precision:10.1%}"
        )


def main(arguments: Sequence[str]) -> int:
    """Prints the score; 0 where it keeps to its floors."""
    with tempfile.TemporaryDirectory() as folder:
        if not arguments and not _REAL.is_dir():
            print("no real documents beside the repository, nothing to score")
            return 0
        warehouse = Path(arguments[0]) if arguments else built(Path(folder))
        truth, reported = finding_truth(), reported_findings(warehouse)
    scores = finding_scores(truth, reported)
    _print(scores)
    found, right = met(truth, reported), met(reported, truth)
    for title, rows in (
        ("missed", [x for x in truth if x not in found]),
        ("not in the truth", [x for x in reported if x not in right]),
    ):
        print(f"\n{title}:")
        for one in rows:
            print(f"  {one.document_id} {one.page}:{one.line_no} {one.kind}: {one.text}")
    broken = broken_floors(scores[-1])
    for message in broken:
        print(f"below its floor: {message}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
