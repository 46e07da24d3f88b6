"""What of planted errors the findings say: python -m tests.corpus.score_findings, or make score-findings.

Clean documents of every layout and format, documents with one to three errors planted in what they print
(plant.py), and documents in each of which one rule of the seeds is broken (break_rules.py) are read and built
into one warehouse. A planted error is detected when a finding of its
document names a figure or a line that holds it; the place is right when the finding points at that very
figure or line, and the expected value when it says what was there before. A finding of severity critical,
major or minor that no planted error of its document explains is a false alarm. A rule that is violated in
no document is dead. `findings_floor.yml` says what may not get worse: then the exit code is 1.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from fractions import Fraction
from pathlib import Path

import duckdb
import yaml

from tests.corpus.break_rules import SILENT
from tests.corpus.plant import Planted, kinds
from tests.corpus.plant_cases import Case, clean_cases, make, planted_cases
from tests.corpus.planted_match import Document, Finding, explains, has_expected, is_in_place, says_expected
from tests.corpus.rule_cases import RuleCase, make_rule, rule_cases

_ROOT = Path(__file__).parents[2]
_SEEDS = _ROOT / "seeds"
_FLOORS = Path(__file__).with_name("findings_floor.yml")
_DOCUMENT_ID = re.compile("[0-9a-f]{16}")
_COUNTED = ("critical", "major", "minor")
_WORDING = ("residue_", "unit_", "year_", "department_", "account_", "path_", "table_missing", "note_",
            "term_", "fund_", "indicator_")  # fmt: skip


@dataclass
class Line:
    """One class of errors. `expecting` are those that have an expected value."""

    kind: str
    planted: int = 0
    detected: int = 0
    in_place: int = 0
    expecting: int = 0
    expected: int = 0
    echoes: int = 0  # findings about one planted error beyond the first
    false_alarms: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass
class Score:
    """The lines by class, findings and verdicts of clean documents, and rules that fired on nothing."""

    lines: dict[str, Line]
    findings: int
    clean: dict[str, int]  # of clean documents: findings by severity
    verdicts: dict[str, int]  # of clean documents: checks by verdict
    alarms: list[str]
    dead: dict[str, list[str]]  # what kind of rule → rules that were compared and found nothing
    never: dict[str, list[str]]  # what kind of rule → rules that were compared nowhere
    unmoved: list[str]  # rules that are not violated in the document made for them

    @property
    def false_alarms(self) -> int:
        return len(self.alarms)


def landed(case: Case | RuleCase) -> tuple[Case | RuleCase, dict, Document]:
    """The landing rows of one case, and where in it its errors in words are printed."""
    # Imported here, after the environment of a child process is set: it says how many threads there are.
    from flows.extract.readers import dispatch
    from flows.land import document_id_of, land_document

    made = make_rule(case) if isinstance(case, RuleCase) else make(case)
    rows = land_document(made.file_name, made.data)
    lines = dispatch.read(made.data, None).lines if any(p.text for p in made.planted) else ()
    printed = [(line.page, line.line_no, line.text) for line in lines]
    rule = case.rule if isinstance(case, RuleCase) else ""
    document = Document(document_id_of(made.data), made.file_name, made.planted, rule)
    document.place(printed)
    return case, rows, document


def built(
    cases: Sequence[Case | RuleCase], folder: Path, jobs: int
) -> tuple[Path, list[Document], list[str]]:
    """Reads the cases and builds one warehouse of them; documents in the order of the cases, and what
    no warehouse could be built with: a document must not hold the others back, so it is left out."""
    from flows.build import build
    from flows.errors import HeldBack
    from flows.land import write_landing
    from flows.settings import Settings

    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # a process is one core's work
    with ProcessPoolExecutor(jobs) as pool:
        results = list(pool.map(landed, cases, chunksize=4))
    settings = Settings(warehouse=folder / "planted.duckdb")
    documents = {document.document_id: document for _, _, document in results}
    held_back: dict[str, str] = {}
    while True:
        kept = [rows for _, rows, document in results if document.document_id not in held_back]
        write_landing(settings.landing, kept)
        try:
            return build(settings), list(documents.values()), list(held_back.values())
        except HeldBack as reason:
            guilty = {x for x in _DOCUMENT_ID.findall(str(reason)) if x in documents} - held_back.keys()
            if not guilty:
                raise
            held_back |= {x: f"{documents[x].file_name}: {reason}" for x in guilty}


def scored(warehouse: Path, documents: Sequence[Document]) -> Score:
    """The score of a built warehouse."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        findings = _findings(connection, documents)
        verdicts = _verdicts(connection, [d.document_id for d in documents if not d.planted])
        dead, never = _silent_rules(connection)
        unmoved = _unmoved(connection, documents)
    lines = {kind: Line(kind) for kind in kinds()}
    alarms, clean = [], Counter()
    for document in documents:
        said = findings[document.document_id]
        if not document.planted:
            clean.update(finding.severity for finding in said)
        for error in document.planted if not document.rule else ():
            _count(lines[error.kind], document, error, said)
        for finding in said:
            if finding.severity in _COUNTED and not any(
                explains(document, error, finding) for error in document.planted
            ):
                alarms.append(f"{document.file_name}: {finding.rule}: {finding.message}")
                if document.planted and not document.rule:
                    lines[document.planted[0].kind].false_alarms += 1
    total = sum(f.severity in _COUNTED for said in findings.values() for f in said)
    return Score(lines, total, dict(clean), verdicts, alarms, dead, never, unmoved)


def _count(line: Line, document: Document, error: Planted, said: Sequence[Finding]) -> None:
    about = [finding for finding in said if explains(document, error, finding)]
    in_place = [finding for finding in about if is_in_place(document, error, finding)]
    right = [finding for finding in in_place if says_expected(document, error, finding)]
    line.planted += 1
    line.detected += bool(about)
    line.in_place += bool(in_place)
    line.expecting += has_expected(error)
    line.expected += has_expected(error) and bool(right)
    line.echoes += max(0, len(about) - 1)
    if not in_place or (has_expected(error) and not right):
        what = "missed" if not about else "wrong place" if not in_place else "wrong expected"
        where = error.text or " ".join("/".join(place) for place in error.places)
        line.examples.append(
            f"{what}: {document.file_name}: {where}: {error.printed} for {' '.join(error.expected)}"
            + "".join(f"; said {f.rule} {f.printed} → {f.expected}" for f in about[:2])
        )


def _findings(
    connection: duckdb.DuckDBPyConnection, documents: Sequence[Document]
) -> dict[str, list[Finding]]:
    by_id = {document.document_id: document for document in documents}
    figures = connection.execute(
        """
        select document_id, figure_id, source, table_code, line_item, measure, page, line_no,
            half_width_yuan * 2 * pow(10, decimals)
        from intermediate.int_figures
        """
    ).fetchall()
    for document_id, *figure in figures:
        by_id[document_id].add_figure(*figure)
    rows = connection.execute(
        """
        select document_id, rule, severity, page, line_no, figure_id, figure_ids, printed_text, expected_text,
            expected_yuan, difference_yuan, message_zh
        from quality.fct_findings
        order by document_id, finding_id
        """
    ).fetchall()
    found: dict[str, list[Finding]] = defaultdict(list)
    for document_id, *row in rows:
        found[document_id].append(Finding(*row))
    return found


def _verdicts(connection: duckdb.DuckDBPyConnection, document_ids: list[str]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for table in ("fct_identity_checks", "fct_claim_checks"):
        query = f"select verdict, count(*) from quality.{table} where document_id in ? group by verdict"
        counts.update(dict(connection.execute(query, [document_ids]).fetchall()))
    return dict(sorted(counts.items()))


def _silent_rules(
    connection: duckdb.DuckDBPyConnection,
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Rules that found nothing though they were compared, and rules that were compared nowhere."""
    named = {
        "identities": (
            _column("identities/identities.csv", "identity_id"),
            "fct_identity_checks",
            "identity_id",
        ),
        "claims": (
            _column("identities/claim_relations.csv", "relation_id")
            | _column("identities/claim_bases.csv", "rule_id"),
            "fct_claim_checks",
            "rule_id",
        ),
    }
    dead, never = {}, {}
    fired = {row[0] for row in connection.execute("select rule from quality.fct_findings").fetchall()}
    for name, (rules, table, column) in named.items():
        query = f"select {column}, bool_or(verdict = 'violated') from quality.{table} where verdict not in ?"
        rows = connection.execute(f"{query} group by 1", [["not_checkable", "not_applicable"]]).fetchall()
        compared = dict(rows)
        rules = rules - fired - SILENT.keys()
        dead[name] = sorted(rule for rule in rules if compared.get(rule) is False)
        never[name] = sorted(rule for rule in rules if rule not in compared)
    codes = _column("reference/problem_codes.csv", "problem_code", is_finding="true")
    dead["wording"] = sorted(code for code in codes if code.startswith(_WORDING) and code not in fired)
    return dead, never


def _unmoved(connection: duckdb.DuckDBPyConnection, documents: Sequence[Document]) -> list[str]:
    """Rules whose own document violates others at most, each with what was planted in it."""
    query = """
        select document_id, identity_id from quality.fct_identity_checks where verdict = 'violated'
        union
        select document_id, rule_id from quality.fct_claim_checks where verdict = 'violated'
        union
        select document_id, rule from quality.fct_findings
    """
    violated = set(connection.execute(query).fetchall())
    unmoved = []
    for document in documents:
        if document.rule and (document.document_id, document.rule) not in violated:
            error = document.planted[0]
            where = error.text or " ".join("/".join(place) for place in error.places)
            unmoved.append(f"{document.rule}: {where}: {error.printed} for {' '.join(error.expected)}")
    return unmoved


def _column(name: str, column: str, **only: str) -> set[str]:
    with (_SEEDS / name).open(encoding="utf-8", newline="") as file:
        return {row[column] for row in csv.DictReader(file) if only.items() <= row.items()}


# -- what is printed --------------------------------------------------------------------------------------


def print_score(score: Score, examples: int) -> None:
    """The table of the score, below each line what is not right in it."""
    print(f"{'':34}{'planted':>8}{'detected':>9}{'place':>7}{'expected':>10}{'echoes':>7}{'false':>6}")
    for line in [*score.lines.values(), _total(score.lines.values())]:
        expected = f"{line.expected}/{line.expecting}" if line.expecting else "-"
        print(
            f"{line.kind:34}{line.planted:8}{line.detected:9}{line.in_place:7}{expected:>10}"
            f"{line.echoes:7}{line.false_alarms:6}"
        )
        for example in line.examples[:examples]:
            print(f"    {example}")
    print(f"\nfindings {score.findings}, false alarms {score.false_alarms}")
    for alarm in score.alarms[: 10 * examples]:
        print(f"    {alarm}")
    print(f"clean documents: findings {score.clean or 'none'}; checks {score.verdicts}")
    for title, rules in (("fired on no mutation", score.dead), ("compared nowhere", score.never)):
        for name, some in rules.items():
            print(f"{name}, {title} ({len(some)}): {' '.join(some)}")
    for rule in score.unmoved:
        print(f"not violated in its own document: {rule}")


def _total(lines: Iterable[Line]) -> Line:
    total = Line("all")
    for line in lines:
        for name in ("planted", "detected", "in_place", "expecting", "expected", "echoes", "false_alarms"):
            setattr(total, name, getattr(total, name) + getattr(line, name))
    return total


def broken_floors(score: Score, held_back: int) -> list[str]:
    """What findings_floor.yml does not allow, one message a floor."""
    floors = yaml.safe_load(_FLOORS.read_text(encoding="utf-8"))
    messages = []
    for line in score.lines.values():
        floor = next(f for pattern, f in floors["classes"].items() if fnmatchcase(line.kind, pattern))
        wholes = {"detected": line.planted, "in_place": line.planted, "expected": line.expecting}
        for name, whole in wholes.items():
            part = getattr(line, name)
            if whole and Fraction(part, whole) < Fraction(str(floor.get(name, 0))):
                messages.append(f"{line.kind}: {name} {part} of {whole}, at least {floor[name]}")
    if score.false_alarms > Fraction(str(floors["false_alarms"])) * score.findings:
        messages.append(f"false alarms {score.false_alarms} of {score.findings} findings")
    if held_back > floors["held_back"]:
        messages.append(f"{held_back} documents hold the warehouse back, at most {floors['held_back']}")
    on_clean = sum(score.clean.get(severity, 0) for severity in _COUNTED)
    if on_clean > floors["clean_findings"]:
        messages.append(f"clean documents: {on_clean} findings, at most {floors['clean_findings']}")
    for name, some in score.dead.items():
        known = (floors["dead"] or {}).get(name) or {}
        new = sorted({*some, *score.never.get(name, ())} - set(known))
        if new:
            messages.append(f"{name} that fired on no mutation: {' '.join(new)}")
    known = {rule for rules in (floors["dead"] or {}).values() for rule in rules}
    messages += [
        f"not violated in its own document: {rule}"
        for rule in score.unmoved
        if rule.split(":")[0] not in known
    ]
    return messages


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the score; 0 where it keeps to its floors."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus.score_findings", description=__doc__)
    parser.add_argument("--each", type=int, default=3, help="documents of every class of errors")
    parser.add_argument("--clean", type=int, default=3, help="clean documents of every layout")
    parser.add_argument("--only", action="append", default=[], metavar="WORD", help="of the classes' names")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (as many as cores)")
    parser.add_argument("--examples", type=int, default=3, help="of what is not right, below each line")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the lines with all examples")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where the warehouse stays")
    options = parser.parse_args(arguments)
    planted = [
        case
        for case in planted_cases(options.seed, options.each)
        if not options.only or any(word in case.planted[0] for word in options.only)
    ]
    broken = rule_cases(tuple(options.only))
    cases = [*clean_cases(options.clean), *planted, *broken]
    with tempfile.TemporaryDirectory() as folder:
        warehouse, documents, held_back = built(cases, options.keep or Path(folder), options.jobs)
        score = scored(warehouse, documents)
    clean = sum(not document.planted for document in documents)
    counts = f"{clean} clean documents, {len(planted)} with planted errors"
    print(f"{counts}, {sum(bool(document.rule) for document in documents)} with a broken rule")
    print_score(score, options.examples)
    for reason in held_back:
        print(f"held back the warehouse: {reason}")
    if options.json:
        options.json.write_text(
            json.dumps(
                {"lines": [vars(line) for line in score.lines.values()], "alarms": score.alarms},
                ensure_ascii=False, indent=1,
            )
            + "\n",
            encoding="utf-8",
        )  # fmt: skip
    broken = [] if options.only else broken_floors(score, len(held_back))
    for message in broken:
        print(f"below its floor: {message}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
