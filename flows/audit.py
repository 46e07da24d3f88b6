"""Audits a candidate warehouse with Great Expectations before anyone sees it.

The suites are data (expectations/*.yml). An expectation is `structural` (broken keys, lost figures, a
breach of the landing contract) and stops the publish, or `accounting`: violated identities are findings
and stop nothing, except where `stops_under` names the policy. docs/decisions/0006-great-expectations.md
says why it runs over SQLAlchemy.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from flows import audit_pages

SUITES = Path(__file__).resolve().parents[1] / "expectations"
POLICIES = ("quarantine", "flag", "strict")
_ROWS_KEPT = 20
_ROWS_SHOWN = 3
_WRITTEN = ("results.json", "validations", "data_docs")  # all that an audit writes into its folder


@dataclass(frozen=True)
class Check:
    """One expectation about one table, as its suite's file states it and as it came out."""

    suite: str
    table: str
    expectation: str
    description: str
    kind: str  # structural | accounting
    stops: bool  # whether its failure stops the publish under the policy of this audit
    passed: bool
    unexpected_count: int | None
    unexpected_rows: list[Any] = field(default_factory=list)
    error: str = ""

    def as_line(self) -> str:
        """What failed and where it stands, in one paragraph for the terminal."""
        text = f"{self.table}: {self.description}"
        if self.error:
            return f"{text} (could not be checked: {self.error})"
        text += f" ({self.unexpected_count} rows)" if self.unexpected_count is not None else ""
        shown = map(audit_pages.row_text, self.unexpected_rows[:_ROWS_SHOWN])
        return text + "".join(f"\n      {row}" for row in shown)


@dataclass(frozen=True)
class AuditResult:
    """`counts` has one entry per suite, `{passed, failed}`; `data_docs` is the page to open."""

    passed: bool
    structural_failures: tuple[str, ...]
    policy_failures: tuple[str, ...]
    counts: dict[str, dict[str, int]]
    checks: tuple[Check, ...]
    data_docs: Path

    @property
    def failures(self) -> tuple[str, ...]:
        """Everything that stops the publish, one paragraph each."""
        return self.structural_failures + self.policy_failures


def audit(warehouse_path: Path, results_dir: Path, policy: str = "quarantine") -> AuditResult:
    """Run all suites over the DuckDB file `warehouse_path`, which is opened for reading only.

    Writes `results.json` (every expectation with its failing rows), `validations/` (the results as Great
    Expectations gives them) and `data_docs/` (the same to look at) into `results_dir`, replacing those of
    an earlier audit. What cannot be checked (a table that is not there, a query that fails) counts as failed.
    Raises ValueError for an unknown policy or a suite that is not understood, FileNotFoundError when there
    is no such warehouse.
    """
    if policy not in POLICIES:
        raise ValueError(f"no such policy: {policy}")
    if not Path(warehouse_path).is_file():
        raise FileNotFoundError(warehouse_path)
    suites = load_suites()
    results_dir = Path(results_dir)
    _clear(results_dir)
    with _quiet_context(Path(warehouse_path), results_dir) as (context, source):
        checks = tuple(
            check
            for suite in suites
            for table in suite["tables"]
            for check in _check_table(context, source, suite["suite"], table, policy, results_dir)
        )
        context.build_data_docs()
    audit_pages.mend(results_dir / "data_docs")
    stopping = [check for check in checks if check.stops and not check.passed]
    result = AuditResult(
        passed=not stopping,
        structural_failures=tuple(check.as_line() for check in stopping if check.kind == "structural"),
        policy_failures=tuple(check.as_line() for check in stopping if check.kind != "structural"),
        counts=_counts(checks),
        checks=checks,
        data_docs=audit_pages.write_front_page(results_dir / "data_docs", checks, not stopping),
    )
    _write_summary(result, policy, results_dir / "results.json")
    return result


def load_suites(folder: Path | None = None) -> list[dict[str, Any]]:
    """The suites as their files state them, in the order of the file names.

    Raises ValueError for a key or kind that is not known: a slip there would otherwise drop a check silently.
    """
    suites = []
    for path in sorted((folder or SUITES).glob("*.yml")):
        suite = yaml.safe_load(path.read_text(encoding="utf-8"))
        for table in suite["tables"]:
            _only(table, {"table", "key", "place", "expectations"}, path)
            for expectation in table["expectations"]:
                _only(expectation, {"type", "description", "kwargs", "meta"}, path)
                meta = expectation.get("meta", {})
                _only(meta, {"kind", "stops_under"}, path)
                if meta.get("kind", "structural") not in ("structural", "accounting"):
                    raise ValueError(f"{path.name}: no such kind: {meta['kind']}")
                if not set(meta.get("stops_under", ())) <= set(POLICIES):
                    raise ValueError(f"{path.name}: no such policy: {meta['stops_under']}")
        suites.append(suite)
    if not suites:
        raise ValueError(f"there are no suites in {folder or SUITES}")
    return suites


def _only(entry: dict[str, Any], known: set[str], path: Path) -> None:
    unknown = set(entry) - known
    if unknown:
        raise ValueError(f"{path.name}: not understood: {', '.join(sorted(unknown))}")


@contextlib.contextmanager
def _quiet_context(warehouse: Path, results_dir: Path) -> Iterator[tuple[Any, Any]]:
    """A Great Expectations context that lives in memory, reports to nobody and shows no bars of its own,
    and in it the warehouse as a source of tables."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    # Imported here: it costs three seconds, which a refresh with nothing new should not pay.
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from sqlalchemy import event
    from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

    audit_pages.show_failing_rows(_ROWS_KEPT)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    for name in list(context.get_site_names()):
        context.delete_data_docs_site(name)
    context.add_data_docs_site(
        "audit",
        {
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": {
                "class_name": "TupleFilesystemStoreBackend",
                "base_directory": str(results_dir / "data_docs"),
            },
        },
    )
    source = context.data_sources.add_sql(
        "candidate",
        connection_string=f"duckdb:///{warehouse.resolve()}",
        create_temp_table=False,
        kwargs={"connect_args": {"read_only": True}},
    )
    engine = source.get_execution_engine().engine

    def buffered(connection, cursor, statement, parameters, execution, executemany):
        # Great Expectations reads results after it has given the connection back; DuckDB's are then void.
        if cursor.description:
            rows = cursor.fetchall()
            execution.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(cursor, initial_buffer=rows)

    event.listen(engine, "after_cursor_execute", buffered)
    try:
        yield context, source
    finally:
        engine.dispose()


def _check_table(
    context: Any, source: Any, suite: str, table: dict[str, Any], policy: str, results_dir: Path
) -> list[Check]:
    import great_expectations as gx
    from great_expectations.expectations.registry import get_expectation_impl

    name = f"{suite}.{table['table']}"
    schema, _, table_name = table["table"].partition(".")
    expectations = [
        get_expectation_impl(entry["type"])(
            **entry["kwargs"],
            description=entry.get("description") or _describe(entry),
            meta={"kind": "structural", **entry.get("meta", {})},
        )
        for entry in table["expectations"]
    ]
    try:
        with warnings.catch_warnings():
            # One connection for all schemas: the way it recommends instead needs one for each.
            warnings.simplefilter("ignore", DeprecationWarning)
            asset = source.add_table_asset(name, table_name=table_name, schema_name=schema)
        batch = asset.add_batch_definition_whole_table("whole")
    except Exception as error:  # Great Expectations wraps what the driver raises in types of its own
        reason = str(error).strip().splitlines()[0]
        return [_judge(suite, table["table"], each, policy, None, reason) for each in expectations]
    stored = context.suites.add(gx.ExpectationSuite(name=name, expectations=expectations))
    validation = context.validation_definitions.add(
        gx.ValidationDefinition(name=name, data=batch, suite=stored)
    )
    outcome = validation.run(
        result_format={
            "result_format": "COMPLETE",  # the only one that gives the failing rows of a query
            "partial_unexpected_count": _ROWS_KEPT,
            "unexpected_index_column_names": [*table["key"], *table["place"]],
        }
    )
    path = results_dir / "validations" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(outcome.to_json_dict(), ensure_ascii=False, indent=1, default=str)
    path.write_text(text + "\n", encoding="utf-8")
    # The results come back in an order of their own; each is matched to its expectation by what it says.
    by_description = {result.expectation_config.description: result for result in outcome.results}
    return [
        _judge(suite, table["table"], expectation, policy, by_description.get(expectation.description))
        for expectation in expectations
    ]


def _describe(entry: dict[str, Any]) -> str:
    """A sentence for the built-in expectations, which the files leave without one."""
    words = entry["type"].removeprefix("expect_").replace("_", " ")
    columns = entry["kwargs"].get("column") or ", ".join(entry["kwargs"].get("column_list", ()))
    return f"{words}: {columns}" if columns else words


def _judge(suite: str, table: str, expectation: Any, policy: str, result: Any, error: str = "") -> Check:
    meta = expectation.meta
    stops_under = meta.get("stops_under", POLICIES if meta["kind"] == "structural" else ())
    count, rows = None, []
    if result is None:
        error = error or "no result came back"
    else:
        error = _exception(result.exception_info)
        details = result.result
        if "details" in details and "unexpected_rows" in details["details"]:
            count, rows = details["observed_value"], details["details"]["unexpected_rows"]
        else:
            count = details.get("unexpected_count")
            rows = details.get("unexpected_index_list") or details.get("partial_unexpected_list") or []
            if "details" in details and not result.success:
                rows = [details["details"]]
    rows = [dict(row) if isinstance(row, dict) else row for row in rows[:_ROWS_KEPT]]
    passed = bool(result is not None and result.success and not error)
    return Check(
        suite=suite,
        table=table,
        expectation=expectation.expectation_type,
        description=expectation.description,
        kind=meta["kind"],
        stops=policy in stops_under,
        passed=passed,
        unexpected_count=count,
        unexpected_rows=[] if passed else rows,
        error=error,
    )


def _exception(info: dict[str, Any] | None) -> str:
    """The first line of what an expectation raised; it is nested by metric when there are several."""
    if not info:
        return ""
    if "raised_exception" not in info:
        return next((text for text in map(_exception, info.values()) if text), "")
    if not info["raised_exception"]:
        return ""
    return str(info.get("exception_message") or "an exception").strip().splitlines()[0]


def _counts(checks: tuple[Check, ...]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for check in checks:
        entry = counts.setdefault(check.suite, {"passed": 0, "failed": 0})
        entry["passed" if check.passed else "failed"] += 1
    return counts


def _write_summary(result: AuditResult, policy: str, path: Path) -> None:
    summary = {
        "passed": result.passed,
        "policy": policy,
        "counts": result.counts,
        "checks": [vars(check) for check in result.checks],
    }
    text = json.dumps(summary, ensure_ascii=False, indent=1, default=str)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")


def _clear(results_dir: Path) -> None:
    for name in _WRITTEN:
        path = results_dir / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
