"""What evaluating all identities costs, as a ratio to one full scan of the same cells in the same run.

A scan is one query that reads every value of every column of the typed figures (int_figures) that the
evaluation reads, twenty of them: it adds up the numbers and takes the greatest of the texts. Judging is
everything from the figures under their keys to the verdicts, run as the models' own statements on two
threads, each into its table: which term a key is, the facts of the year before, all sums with their
tolerance, and of what they do not settle D, the verdict, the terms and what is missing in words. Placing the
figures under their keys, once for all that is made of them, and writing the checks out as
quality.fct_identity_checks, 35 columns a check, are lines of their own.

Of fifty department-years one has a wrong figure, one lacks table 02 and one was read from pictures; figures
are rounded each by itself, as offices do. Every second one has a year before, but prints nothing that an
identity compares with it: the sixteen between years have no instance here.

`make bench DEPARTMENTS=100000` takes as many: 60 million cells, some minutes, 12 GB of disk.
"""

from __future__ import annotations

import contextlib
import csv
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import duckdb
import jinja2

from tests.corpus.generate import random_account

DEPARTMENTS = 20_000
MOST_SCANS = 10  # what judging them may cost
_WRITTEN = 2_000
_ROOT = Path(__file__).parents[2]
PLACING = ("keys", "values")
JUDGING = ("key_terms", "instances", "prior_values", "sums", "terms", "verdicts", "unprinted")
_READ = (
    "figure_id", "figure_no", "document_id", "source", "table_no", "table_code", "line_item", "code",
    "code_level", "parent_code", "measure", "functional_path", "page", "line_no", "decimals", "amount_yuan",
    "number_value", "half_width_yuan", "confidence", "is_percent",
)  # fmt: skip
_TEMPLATES = 40
_SEEDS = {
    "identities": "identities",
    "identity_terms": "identities",
    "waivers": "identities",
    "table_codes": "reference",
    "table_measures": "reference",
    "line_items": "reference",
    "form_columns": "reference",
    "annex_columns": "reference",
}


class Cost(NamedTuple):
    """Seconds by the clock and of all cores."""

    wall: float
    cpu: float

    def __add__(self, other: Cost) -> Cost:  # type: ignore[override]
        return Cost(self.wall + other.wall, self.cpu + other.cpu)


def print_identities(documents: int = DEPARTMENTS, repeats: int = 3) -> None:
    """Print the ratios for `documents` department-years of about 600 cells each."""
    with _warehouse(documents) as connection:
        scan = _scan(connection, repeats)
        placing, judging = _build_all(connection, PLACING), _build_all(connection, JUDGING)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        counts = ", ".join(f"{verdict} {count:,}" for verdict, count in _verdicts(connection))
        cells = connection.execute("select count(*) from int_figures").fetchone()[0]
    print(f"identities: {documents:,} department-years, {cells:,} cells; {counts}")
    note = f"{len(_READ)} columns, every value read"
    print(f"one scan of the cells             {scan.wall:8.2f}   s ({scan.cpu:.1f} CPU s; {note})")
    _print_ratio("judging all identities / scan", judging, scan, f", at most {MOST_SCANS} wanted")
    _print_ratio("placing every figure / scan", placing, scan, ", once, when it is typed")
    _print_ratio("both / scan", placing + judging, scan, "")
    print(f"peak memory                       {peak:8.0f}   MB")
    fewer = min(documents, _WRITTEN)
    with _warehouse(fewer) as connection:
        scan = _scan(connection, repeats)
        _build_all(connection, PLACING + JUDGING)
        _verdicts(connection)
        writing = _build(connection, "marts/quality/fct_identity_checks")
    _print_ratio("writing all checks out / scan", writing, scan, f", {fewer:,} department-years")


def _verdicts(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    connection.execute(f"create view int_identity_checks as {rendered('intermediate/int_identity_checks')}")
    return connection.execute(
        "select verdict, count(*) from int_identity_checks group by all order by count(*) desc"
    ).fetchall()


@contextlib.contextmanager
def _warehouse(documents: int) -> Iterator[duckdb.DuckDBPyConnection]:
    with (
        tempfile.TemporaryDirectory() as folder,
        duckdb.connect(str(Path(folder) / "bench.duckdb")) as connection,
    ):
        connection.execute("set threads = 2; set memory_limit = '9GB'; set preserve_insertion_order = false")
        connection.execute("set enable_progress_bar = false")
        make_cells(connection, documents, Path(folder))
        yield connection


def _print_ratio(label: str, cost: Cost, scan: Cost, note: str) -> None:
    by_cpu = cost.cpu / scan.cpu
    print(f"{label:<34}{cost.wall / scan.wall:8.1f}   ({cost.wall:.1f} s{note}; by CPU seconds {by_cpu:.1f})")


def make_cells(connection: duckdb.DuckDBPyConnection, documents: int, folder: Path) -> None:
    """Fill int_figures and what else the evaluation reads with made-up department-years."""
    with (folder / "cells.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for n in range(_TEMPLATES):
            for cell in random_account(Random(n), zeros=True, items=(9, 18)).cells:
                writer.writerow([n, cell.table_code, cell.line_item, cell.measure, cell.value_text])
    for name, place in _SEEDS.items():
        connection.execute(
            f"create table {name} as from read_csv('{_ROOT}/seeds/{place}/{name}.csv', header = true, "
            "all_varchar = true)"
        )
    connection.execute(
        "alter table identities alter constant_total type decimal(28, 6);"
        "alter table identities alter is_same_fact type boolean;"
        "alter table identity_terms alter term_no type integer;"
        "alter table identity_terms alter weight type integer;"
        "alter table identity_terms alter years_back type integer;"
        "alter table identity_terms alter is_required type boolean;"
        "alter table table_measures alter is_money type boolean"
    )
    # the cells of a document stand together and in its order, as they are landed
    connection.execute(
        f"""
        create table int_documents as select
            cast(i + 1 as integer) as document_no, format('{{:016x}}', i * 7919) as document_id,
            format('dept_{{:010x}}', i // 2) as department_id, cast(2022 + i % 2 as integer) as fiscal_year,
            'dept_' || (i // 2) || '_' || (2022 + i % 2) as department_year_id,
            'accounts' as document_role, 'landed' as status, true as is_current
        from range({documents}) as t (i);

        create table stg_tables as select
            document_id, cast(n as integer) as table_no, 'gk0' || n as table_code,
            n in (7, 8) as is_declared_empty
        from int_documents cross join range(1, 10) as t (n);

        create table int_figures as
        with numbered as (
            select *, cast(row_number() over (partition by template_no) as integer) as n,
                cast(right(table_code, 1) as integer) as table_no,
                cast(replace(value_text, ',', '') as decimal(18, 6)) as amount,
                case when line_item = 'function.total' then 'total' else nullif(regexp_extract(line_item,
                    '^(?:function|economic|expenditure\\.class)\\.([0-9]+)$', 1), '') end as code
            from read_csv('{folder}/cells.csv', header = false, columns = {{'template_no': 'integer',
                'table_code': 'varchar', 'line_item': 'varchar', 'measure': 'varchar',
                'value_text': 'varchar'}})
        ),
        printed as (
            select *,
                '-t' || format('{{:02d}}', table_no) || '-r' || format('{{:03d}}', n) || '-c02' as place,
                (cast(table_no as bigint) << 40) + (cast(n as bigint) << 16) + 2 as figure_no,
                cast(amount as decimal(28, 6)) as number_value,
                cast(amount * 10000 as decimal(28, 6)) as yuan,
                cast((amount + case when n = 7 then 9 else 0 end) * 10000 as decimal(28, 6)) as wrong_yuan,
                case when code = 'total' then 'total' when length(code) = 3 then 'class'
                    when length(code) = 5 then 'section' when length(code) = 7 then 'item' end as code_level,
                case when code = 'total' then null when length(code) = 3 then 'total'
                    else left(code, length(code) - 2) end as parent_code
            from numbered
        ),
        templates as (
            select template_no, list(printed order by n) as cells from printed group by template_no
        ),
        cells as (
            select documents.*, unnest(templates.cells) as cell
            from int_documents as documents
            inner join templates on documents.document_no // 2 % {_TEMPLATES} = templates.template_no
        )
        select
            document_id || cell.place as figure_id, document_id, cell.figure_no, department_year_id,
            'table' as source, cell.table_no, cell.table_code, cell.line_item, cell.code, cell.code_level,
            cell.parent_code, cell.measure, cast(null as varchar) as functional_path, cell.table_no as page,
            cell.n as line_no, cell.line_item as row_label, cell.value_text, '万元' as unit_text,
            2 as decimals,
            case when document_no % 50 = 0 then cell.wrong_yuan else cell.yuan end as amount_yuan,
            cell.number_value, cast(50 as decimal(28, 6)) as half_width_yuan,
            case when document_no % 50 = 2 then 'ocr' else 'certain' end as confidence, false as is_percent
        from cells
        where cell.table_code != 'gk02' or document_no % 50 != 1
        """
    )
    _build(connection, "intermediate/int_identity_documents")
    _build(connection, "intermediate/int_column_names")


def _scan(connection: duckdb.DuckDBPyConnection, repeats: int) -> Cost:
    types = {name: kind for name, kind, *_ in connection.execute("describe int_figures").fetchall()}
    # the greatest number would be told from statistics, without reading the numbers
    read = [f"max({name})" if types[name] == "VARCHAR" else f"sum({name})" for name in _READ]
    query = f"select {', '.join(read)} from int_figures"
    return min(_cost(lambda: connection.execute(query).fetchall()) for _ in range(repeats))


def _build_all(connection: duckdb.DuckDBPyConnection, models: tuple[str, ...]) -> Cost:
    cost = Cost(0, 0)
    for name in models:
        cost += _build(connection, f"intermediate/int_identity_{name}")
    return cost


def _build(connection: duckdb.DuckDBPyConnection, model: str) -> Cost:
    return _cost(lambda: build_table(connection, model))


def build_table(connection: duckdb.DuckDBPyConnection, model: str, **variables: Any) -> None:
    """Make the model's table of its parents, in slices where the model says so (macros/sliced.sql)."""
    config: dict[str, Any] = {}
    statement, name = rendered(model, config, **variables), Path(model).name
    size, column, most = config.get("slice_size", 0), config.get("slice_by"), 0
    if size:
        found = connection.execute(f"select coalesce(max({column}), 0) from {config['slice_of']}").fetchone()
        most = found[0] if found else 0
    if most <= size:
        connection.execute(f"create table {name} as {statement}").fetchall()
        return
    for first in range(1, most + 1, size):
        into = f"create table {name} as" if first == 1 else f"insert into {name}"
        where = f"{column} >= {first}" + (f" and {column} < {first + size}" if first + size <= most else "")
        connection.execute(f"{into} select * from ({statement}) where {where}").fetchall()


def rendered(model: str, config: dict[str, Any] | None = None, **variables: Any) -> str:
    """The model's SQL as dbt would render it, its parents plain tables; its settings go into `config`."""
    macros = [path.read_text(encoding="utf-8") for path in sorted((_ROOT / "macros").glob("*.sql"))]
    plain = [text for text in macros if "{% call" not in text and "adapter." not in text]
    text = (_ROOT / "models" / f"{model}.sql").read_text(encoding="utf-8")
    variables = {"list_settled_terms": False} | variables
    template = jinja2.Environment(extensions=["jinja2.ext.do"]).from_string("\n".join(plain) + text)

    def keep(**settings: Any) -> str:
        (config if config is not None else {}).update(settings)
        return ""

    return template.render(
        ref=lambda name: name, var=lambda name, default: variables.get(name, default), config=keep
    )


def _cost(work: Callable[[], object]) -> Cost:
    started, busy = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - started, time.process_time() - busy)
