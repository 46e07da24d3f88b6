"""The suites that expect the accounting to hold, made from the seeds of identities and claims.

One suite per table, one for the ties between tables, one for those between years, one for the annexes and one
for the narrative. They are kept as files, so that a reader sees what is expected without running anything;
`python -m flows.suites` writes them anew after a seed has changed, and a test fails until that is done.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_SEEDS = _ROOT / "seeds" / "identities"
_SEVERITIES = {"critical": "严重", "major": "重要", "minor": "一般"}
_IDENTITY_AMOUNTS = ("total_value", "parts_value", "difference_value", "tolerance_value")
_CLAIM_AMOUNTS = ("printed_value", "expected_value", "difference", "tolerance")
_HEAD = "# Made by `python -m flows.suites` from seeds/identities; change the seeds, not this file.\n"


def identity_suites() -> dict[str, str]:
    """File name → text of every suite that the seeds ask for."""
    terms: dict[str, set[str]] = defaultdict(set)
    for row in _rows("identity_terms.csv"):
        terms[row["identity_id"]].add(row["table_code"])
    groups: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in _rows("identities.csv"):
        group = _group(row["source"], terms[row["identity_id"]])
        groups[group][row["severity"]].append(row["identity_id"])
    suites = {f"identities_{name}.yml": _identity_suite(name, groups[name]) for name in sorted(groups)}
    suites["identities_claims.yml"] = _claim_suite()
    return suites


def _group(source: str, tables: set[str]) -> str:
    if source == "cross_year":
        return "years"
    if any(table.startswith("pf") for table in tables):
        return "annexes"
    return "ties" if len(tables) > 1 else min(tables)


def _identity_suite(name: str, by_severity: dict[str, list[str]]) -> str:
    lines = [
        _HEAD + f"suite: identities_{name}\ntables:\n",
        "  - table: quality.fct_identity_checks\n    key: [check_id]\n    place: [page, line_no]\n",
        "    expectations:\n",
    ]
    for severity, zh in _SEVERITIES.items():
        if not by_severity.get(severity):
            continue
        stops = "strict" if severity == "critical" else ""
        listed = ",\n".join(f"                '{identity_id}'" for identity_id in by_severity[severity])
        lines.append(
            "      - type: unexpected_rows_expectation\n"
            f"        description: {zh} {severity} identities hold, {name} ({len(by_severity[severity])}).\n"
            f"        meta: {{kind: accounting, stops_under: [{stops}]}}\n"
            "        kwargs:\n"
            "          unexpected_rows_query: >\n"
            f"            select {_shown(*_IDENTITY_AMOUNTS)}\n"
            "            from {batch}\n"
            "            where verdict = 'violated' and not is_waived and identity_id in (\n"
            f"{listed})\n"
        )
    return "".join(lines)


def _claim_suite() -> str:
    lines = [
        _HEAD + "suite: identities_claims\ntables:\n",
        "  - table: quality.fct_claim_checks\n    key: [check_id]\n    place: [page, line_no]\n",
        "    expectations:\n",
    ]
    for severity, zh in _SEVERITIES.items():
        lines.append(
            "      - type: unexpected_rows_expectation\n"
            f"        description: {zh} {severity} claims agree with tables and arithmetic.\n"
            "        meta: {kind: accounting, stops_under: []}\n"
            "        kwargs:\n"
            "          unexpected_rows_query: >\n"
            f"            select {_shown(*_CLAIM_AMOUNTS)}\n"
            "            from {batch}\n"
            f"            where verdict = 'violated' and not is_waived and severity = '{severity}'\n"
        )
    return "".join(lines)


def _shown(*amounts: str) -> str:
    """The columns of a failing row: which check, its amounts digit by digit (what keeps the results would
    make floats of them), and where it stands."""
    digits = ",\n".join(f"                cast({name} as varchar) as {name}" for name in amounts)
    return f"check_id, name_zh,\n{digits},\n                page, line_no"


def _rows(name: str) -> list[dict[str, str]]:
    with (_SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    """Write the suites into expectations/; those that the seeds no longer ask for go."""
    suites = identity_suites()
    folder = _ROOT / "expectations"
    for path in folder.glob("identities_*.yml"):
        if path.name not in suites:
            path.unlink()
    for name, text in suites.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
