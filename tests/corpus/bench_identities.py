"""What evaluating all identities costs, as a ratio to one full scan of the same cells in the same run.

`python -m tests.corpus.bench_identities 100000` takes as many department-years (some minutes); `make bench`
takes a few thousand. The statements are those of the models, rendered with the same macros; one document in
fifty has a wrong figure.
"""

from __future__ import annotations

import csv
import resource
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import duckdb
import jinja2

from tests.corpus.generate import random_account

_ROOT = Path(__file__).parents[2]
_MACROS = ("doubt_of", "identity_sums", "micros", "percentage", "level_zh")
_EVALUATION = ("key_terms", "sums", "terms", "checks")
_TEMPLATES = 40
_SEEDS = {
    "identities": "identities",
    "identity_terms": "identities",
    "table_codes": "reference",
    "table_measures": "reference",
    "line_items": "reference",
    "form_columns": "reference",
    "annex_columns": "reference",
}


def print_identities(documents: int = 2_000, repeats: int = 3) -> None:
    """Print the ratios for `documents` department-years of about 600 cells each."""
    with tempfile.TemporaryDirectory() as folder:
        connection = duckdb.connect(str(Path(folder) / "bench.duckdb"))
        connection.execute("set threads = 2; set memory_limit = '9GB'; set preserve_insertion_order = false")
        cells = _make_cells(connection, documents, Path(folder))
        columns = [row[0] for row in connection.execute("describe int_figures").fetchall()]
        scan = min(_seconds(connection, _scan(columns)) for _ in range(repeats))
        prepare = sum(_build(connection, name) for name in ("int_identity_keys", "int_identity_facts"))
        evaluate = sum(_build(connection, f"int_identity_{name}") for name in _EVALUATION)
        checks, violated = connection.execute(
            "select count(*), count(*) filter (verdict = 'violated') from int_identity_checks"
        ).fetchone() or (0, 0)
        sums = _build(connection, "int_identity_sums")
        print(f"identities: {cells:,} cells, {checks:,} checks, {violated:,} violated; one scan {scan:.2f} s")
        print(f"placing every figure / scan       {prepare / scan:8.1f}   (once, when figures are typed)")
        print(f"summing all identities / scan     {sums / scan:8.1f}")
        print(f"judging them, wholly / scan       {evaluate / scan:8.1f}   ({evaluate:.1f} s)")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"peak memory                       {peak:8.0f}   MB")


def _make_cells(connection: duckdb.DuckDBPyConnection, documents: int, folder: Path) -> int:
    with (folder / "cells.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for n in range(_TEMPLATES):
            for cell in random_account(Random(n), zeros=True).cells:
                amount = cell.value_text.replace(",", "")
                writer.writerow([n, cell.table_code, cell.line_item, cell.measure, amount])
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
    connection.execute(
        f"""
        create table templates as
        select *, row_number() over (partition by template_no) as n
        from read_csv('{folder}/cells.csv', header = false, columns = {{'template_no': 'integer',
            'table_code': 'varchar', 'line_item': 'varchar', 'measure': 'varchar',
            'amount': 'decimal(18, 6)'}});
        create table int_documents as select
            i as document_no, format('{{:016x}}', i) as document_id,
            'dept_' || i || '_2023' as department_year_id, cast(null as integer) as prior_document_no
        from range({documents}) as t (i);
        create table int_identity_documents as from int_documents;
        create table int_identity_unprinted (document_id varchar, department_year_id varchar,
            identity_id varchar, missing varchar, missing_zh varchar);
        create table int_figures as
        with coded as (
            select *,
                case when line_item = 'function.total' then 'total' else nullif(regexp_extract(line_item,
                    '^(?:function|economic|expenditure\\.class)\\.([0-9]+)$', 1), '') end as code
            from templates
        )
        select
            documents.document_id || '-r' || format('{{:03d}}', n) as figure_id, documents.document_id,
            documents.department_year_id, 'table' as source,
            cast(right(table_code, 1) as integer) as table_no,
            table_code, line_item, code,
            case when code = 'total' then 'total' when length(code) = 3 then 'class'
                when length(code) = 5 then 'section' when length(code) = 7 then 'item' end as code_level,
            case when code = 'total' then null when length(code) = 3 then 'total'
                else left(code, length(code) - 2) end as parent_code,
            measure, cast(null as varchar) as functional_path, 1 as page, cast(n as integer) as line_no,
            line_item as row_label, 'x' as value_text, '万元' as unit_text, 2 as decimals,
            cast((amount + case when n = 7 and document_no % 50 = 0 then 9 else 0 end) * 10000
                as decimal(28, 6)) as amount_yuan,
            cast(amount as decimal(28, 6)) as number_value, cast(50 as decimal(28, 6)) as half_width_yuan,
            'certain' as confidence, false as is_percent
        from int_documents as documents
        inner join coded on documents.document_no % {_TEMPLATES} = coded.template_no
        order by document_no, n
        """
    )
    _build(connection, "int_column_names")
    return connection.execute("select count(*) from int_figures").fetchone()[0]


def _scan(columns: list[str]) -> str:
    return "select " + ", ".join(f"max({name})" for name in columns) + ", sum(amount_yuan) from int_figures"


def _build(connection: duckdb.DuckDBPyConnection, model: str) -> float:
    return _seconds(connection, f"create or replace table {model} as {_rendered(model)}")


def _rendered(model: str) -> str:
    """The model's SQL as dbt would render it, with its parents as plain tables."""
    macros = [path.read_text(encoding="utf-8") for path in sorted((_ROOT / "macros").glob("*.sql"))]
    wanted = [text for text in macros if any(f"macro {name}" in text for name in _MACROS)]
    text = (_ROOT / "models" / "intermediate" / f"{model}.sql").read_text(encoding="utf-8")
    template = jinja2.Environment().from_string("\n".join(wanted) + text)
    variables = {"list_exact_terms": False}
    return template.render(ref=lambda name: name, var=lambda name, default: variables.get(name, default))


def _seconds(connection: duckdb.DuckDBPyConnection, statement: str) -> float:
    started = time.perf_counter()
    connection.execute(statement).fetchall()
    return time.perf_counter() - started


if __name__ == "__main__":
    print_identities(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
