"""How much of the truth the readers find: python -m tests.corpus.score, or make score.

Every line is a format and a layout; its documents are read in as many processes as there are cores.
The real documents lie beside the repository (../shared/documents) and are no part of it; without
them the score says so and covers the documents that the corpus renders. `score_floor.yml` says below
what no line may fall: then the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from tests.corpus.cell_score import CellCounts, count_cells
from tests.corpus.claim_score import claim_score
from tests.corpus.score_cases import DOCUMENTS, Case, cases, make, real_documents
from tests.corpus.score_floor import broken_floors

_CELLS = ("printed", "right", "wrong", "missing", "invented", "ambiguous", "flagged", "silent", "corrected")
_CLAIMS = ("stated", "claims_right", "claims_missed", "claims_wrong")
_NAME_WIDTH = 42


@dataclass
class Line:
    """One line of the score, its documents added up. `seconds` are CPU seconds of reading."""

    name: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*_CELLS, *_CLAIMS), 0))
    documents: int = 0
    pages: int = 0
    seconds: float = 0.0
    examples: list[str] = field(default_factory=list)

    def add(self, other: Line) -> None:
        for name, count in other.counts.items():
            self.counts[name] += count
        self.documents += other.documents
        self.pages += other.pages
        self.seconds += other.seconds
        self.examples += other.examples

    def as_row(self) -> dict[str, object]:
        """The line for --json: everything but the time, which differs from run to run."""
        return {"line": self.name, "documents": self.documents, "pages": self.pages, **self.counts}


def score(case: Case) -> Line:
    """The line of one case alone."""
    # Imported here, after the environment of a child process is set: it says how many threads there are.
    from flows.land import land_document

    document = make(case)
    started = time.process_time()
    rows = land_document(document.name, document.data)
    seconds = time.process_time() - started
    cells = count_cells(document.cells, rows, document.unknown)
    line = Line(case.line, documents=1, seconds=seconds)
    line.counts |= {name: getattr(cells, name) for name in _CELLS}
    line.pages = int(rows["landed_documents"][0]["page_count"] or 1)
    line.examples = _named(case, document.name, cells)
    if document.claims is not None:
        claims = claim_score(document.claims, rows["landed_claims"], document.claim_fields)
        found = (claims.stated, claims.right, len(claims.missed), len(claims.wrong))
        line.counts |= dict(zip(_CLAIMS, found, strict=True))
        line.examples += [f"claim missed: {' | '.join(claim)}" for claim in claims.missed]
        line.examples += [f"claim wrong: {' | '.join(claim)}" for claim in claims.wrong]
    return line


def _named(case: Case, name: str, cells: CellCounts) -> list[str]:
    label = f"{name}, {case.damage.name}" if case.is_slow else name
    return [f"{label}: {example}" for example in cells.examples]


def score_all(chosen: Sequence[Case], jobs: int) -> list[Line]:
    """The lines of the cases, in the order of the cases; progress goes to the standard error."""
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # a process is one core's work
    results: dict[Case, Line] = {}
    with ProcessPoolExecutor(jobs) as pool:
        in_order = sorted(chosen, key=lambda case: not case.is_slow)  # the long ones first
        futures = {pool.submit(score, case): case for case in in_order}
        for future in as_completed(futures):
            results[futures[future]] = future.result()
            _report(len(results), len(chosen), futures[future].line)
    lines: dict[str, Line] = {}
    for case in chosen:
        lines.setdefault(case.line, Line(case.line)).add(results[case])
    return list(lines.values())


def _report(done: int, count: int, name: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{done}/{count} {name}", end="\n" if done == count else "", file=sys.stderr)
    elif done % 50 == 0 or done == count:
        print(f"{done}/{count}", file=sys.stderr)


def print_lines(lines: Iterable[Line], examples: int) -> None:
    """The table of the score, below each line what is not right in it."""
    heads = ("printed", "right", "wrong", "missing", "invented", "ambig.", "flagged", "silent", "mended")
    print("cells: right is the printed figure in its table, row and column; of what is wrong or invented,")
    print("flagged says so itself and silent does not. claims: right where section, subject, function,")
    print("measure, value, unit and direction agree (in real documents page and line too). CPU s a page.")
    print(f"{'':<{_NAME_WIDTH}}" + "".join(f"{head:>9}" for head in heads), end="")
    print(f"{'% right':>9} |{'claims':>7}{'right':>7}{'missed':>7}{'wrong':>7} |{'s/page':>7}")
    for line in lines:
        counts = line.counts
        share = f"{_floored_percent(counts['right'], counts['printed'])}" if counts["printed"] else ""
        width = _NAME_WIDTH - sum(ord(character) > 0x2E80 for character in line.name)
        print(f"{line.name:<{width}}" + "".join(f"{counts[name]:>9}" for name in _CELLS), end="")
        print(f"{share:>9} |" + "".join(f"{counts[name]:>7}" for name in _CLAIMS), end="")
        print(f" |{line.seconds / max(1, line.pages):>7.2f}")
        for example in line.examples[:examples]:
            print(f"    {example}")
        if len(line.examples) > examples > 0:
            print(f"    … {len(line.examples) - examples} more")


def _floored_percent(part: int, whole: int) -> str:
    """With two decimals, never rounded up: 100.00 is all of them."""
    hundredths = part * 10_000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02}"


def chosen_cases(patterns: Sequence[str]) -> list[Case]:
    """The cases whose line contains one of the words, or fits one of the patterns with *."""
    return [
        case
        for case in cases()
        if not patterns or any(p in case.line or fnmatchcase(case.line, p) for p in patterns)
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the score; 0 where it keeps to its floors."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus.score", description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="WORD", help="of the lines' names")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (as many as cores)")
    parser.add_argument("--examples", type=int, default=6, help="of what is not right, below each line")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the lines without their times")
    parser.add_argument("--list", action="store_true", help="the names of the lines, and nothing else")
    options = parser.parse_args(arguments)
    chosen = chosen_cases(options.only)
    if options.list:
        print("\n".join(dict.fromkeys(case.line for case in chosen)))
        return 0
    if not real_documents():
        print(f"the real documents ({DOCUMENTS.parent.name}/documents) are not here; scoring rendered ones")
    lines = score_all(chosen, options.jobs)
    print_lines(lines, options.examples)
    if options.json:
        rows = [line.as_row() for line in lines]
        options.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    broken = broken_floors([line.as_row() for line in lines])
    for message in broken:
        print(f"below its floor: {message}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
