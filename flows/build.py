"""Builds the candidate warehouse from a landing: `dbt build` in this process."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path

from flows.errors import HeldBack, JuesuanError
from flows.settings import PROJECT, Settings

_ROWS_SHOWN = 5


def build(settings: Settings, only: str = "") -> Path:
    """Seed, run and test all models into `settings.candidate`; returns that path. `only` selects models as
    dbt does (`+fct_findings`): they are built without their tests, for a look and never to be published.

    The candidate is always built from nothing, so that it depends on the landing and the project alone.
    Raises HeldBack with the failing rows when a data test fails, JuesuanError when a model does.
    """
    if not (settings.landing / "landed_documents.csv").is_file():
        raise JuesuanError(f"nothing has been landed in {settings.landing}; run `juesuan land` first")
    settings.state.mkdir(parents=True, exist_ok=True)
    for path in (settings.candidate, settings.candidate.with_name(settings.candidate.name + ".wal")):
        path.unlink(missing_ok=True)
    selection = ["--select", only, "--exclude-resource-type", "test"] if only else []
    with _environment(settings):
        # Imported here: it costs three seconds, which a refresh with nothing new should not pay.
        from dbt.cli.main import dbtRunner

        outcome = dbtRunner().invoke(
            # unit tests judge the models, not the documents: they are `make test`'s
            ["build", "--exclude-resource-type", "unit_test", *selection],
            project_dir=str(PROJECT),
            profiles_dir=str(PROJECT),
            target_path=str(settings.state / "dbt"),
            log_path=str(settings.state / "logs"),
            log_level="none",
            vars={"policy": settings.policy},
            send_anonymous_usage_stats=False,
            version_check=False,
        )
        _release()
    if outcome.exception is not None:
        raise JuesuanError(f"the models could not be built: {outcome.exception}")
    if not outcome.success:
        _raise_failures(settings, outcome.result.results)
    return settings.candidate


@contextlib.contextmanager
def _environment(settings: Settings) -> Iterator[None]:
    # dbt_project.yml and profiles.yml read these: which landing to seed, which file to build.
    values = {"JUESUAN_LANDING": str(settings.landing), "JUESUAN_WAREHOUSE": str(settings.candidate)}
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _release() -> None:
    # dbt keeps the candidate and its log file open for as long as the process lives: the audit could not
    # open the one with other settings, and a second build would write twice to the other.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()
    for name in ("stdout_log", "file_log"):
        logging.getLogger(name).handlers.clear()


def _raise_failures(settings: Settings, results: list) -> None:
    tests, errors = [], []
    for result in results:
        if result.status == "fail":
            tests.append(result)
        elif result.status in ("error", "runtime error"):
            errors.append(result)
    if errors:
        lines = [f"  {result.node.name}: {result.message}" for result in errors]
        raise JuesuanError("the models could not be built:\n" + "\n".join(lines))
    lines = []
    for result in tests:
        lines.append(
            f"  {result.node.name}: {result.failures} failing rows ({result.node.original_file_path})"
        )
        lines += [f"    {row}" for row in _failing_rows(settings.candidate, result.node.compiled_code)]
    raise HeldBack("the candidate failed these tests:\n" + "\n".join(lines))


def _failing_rows(candidate: Path, test_sql: str) -> list[str]:
    """The first failing rows as `column=value` lines: they say where in the document to look."""
    import duckdb

    try:
        with duckdb.connect(str(candidate), read_only=True) as connection:
            rows = connection.execute(f"select * from ({test_sql}) limit {_ROWS_SHOWN}")
            names = [column[0] for column in rows.description]
            return [", ".join(f"{n}={v}" for n, v in zip(names, row, strict=True)) for row in rows.fetchall()]
    except duckdb.Error as error:
        return [f"the failing rows cannot be shown: {error}"]
