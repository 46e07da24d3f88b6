"""The command line `juesuan`. Every command is a thin wrap of a function that can be called without it."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from flows.errors import JuesuanError, UsageError
from flows.settings import DEFAULT_WAREHOUSE, POLICIES, Settings, split_documents

if TYPE_CHECKING:
    from flows.report.contents import Filters

app = typer.Typer(
    name="juesuan",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="""Turns published final accounts of government departments (部门决算公开) into a warehouse:
every figure traceable to the page it is printed on, every accounting identity checked.

[bold]Start here[/bold]

  juesuan refresh ~/documents    read them, check them, publish the warehouse

  juesuan findings               what is wrong in them, and where; --html FILE makes a report of it

  juesuan sql "from marts.fct_department_year"    ask the warehouse

  juesuan export FOLDER          workbooks of the official tables, CSV, a data package

  juesuan metric --list          sums and ratios that are defined once; juesuan metric NAME --by DIMENSION

  juesuan trace FIGURE_ID        where a figure is printed, what it became

[bold]Exit codes[/bold]

  0  done; documents that could not be read are named in the summary

  1  failed

  2  wrong usage

  3  held back by a test or the audit; the last good warehouse stays

  4  another refresh of the same warehouse is running
""",
)
_errors = Console(stderr=True, highlight=False)

Documents = Annotated[
    list[str] | None,
    typer.Argument(
        help="Folders, files, or @list.txt with one path a line. Default: documents/samples.",
        show_default=False,
    ),
]
Warehouse = Annotated[
    str,
    typer.Option(
        "--warehouse",
        "-w",
        envvar="JUESUAN_PUBLISHED",
        show_default=False,
        help="The published DuckDB file; all else is written beside it. Default: warehouse/juesuan.duckdb.",
    ),
]
Policy = Annotated[
    str,
    typer.Option(
        envvar="JUESUAN_POLICY",
        help="What becomes of a document whose critical identities are violated: "
        "[bold]quarantine[/bold] keeps it out of the stars, [bold]flag[/bold] keeps it with its grade, "
        "[bold]strict[/bold] stops the publish.",
    ),
]
Workers = Annotated[
    int,
    typer.Option(
        envvar="JUESUAN_WORKERS",
        min=0,
        show_default=False,
        help="How many documents are read at the same time. Default: as many as the machine has cores.",
    ),
]
Format = Annotated[str, typer.Option("--format", "-f", help="table, csv or json.")]
_DEFAULT = str(DEFAULT_WAREHOUSE)


@app.command()
def refresh(
    documents: Documents = None,
    warehouse: Warehouse = _DEFAULT,
    policy: Policy = "quarantine",
    workers: Workers = 0,
) -> None:
    """Read the documents, check them, and publish the warehouse: the main job.

    The warehouse holds the documents given, and no others.

    Documents that were read before are not read again.

    The last good warehouse stays up until the new one is whole.

      juesuan refresh ~/documents

      juesuan refresh "2023 年度部门决算.pdf" --warehouse ~/one.duckdb

      juesuan refresh @paths.txt --policy strict
    """
    from flows import job
    from flows.progress import shown_on
    from flows.summary import summarise

    settings = _settings(warehouse, documents, policy, workers=workers)
    with shown_on(_errors):
        done = job.run(settings)
    if not done.is_new:
        typer.echo("没有新文件 nothing new: the warehouse is up to date")
    typer.echo(summarise(settings, done.collected))


@app.command()
def land(
    documents: Documents = None,
    warehouse: Warehouse = _DEFAULT,
    into: Annotated[
        Path | None,
        typer.Option(help="The landing folder. Default: beside the warehouse.", show_default=False),
    ] = None,
    workers: Workers = 0,
) -> None:
    """Read documents into the landing tables (CSV), as printed; nothing is built.

    juesuan land ~/documents --into ~/landing
    """
    from flows import reading
    from flows.lock import locked
    from flows.progress import progress, shown_on

    settings = _settings(warehouse, documents, into=into, workers=workers)
    with shown_on(_errors), locked(settings):
        collected = reading.collect_documents(settings)
        unread = reading.unread(settings, collected.documents)
        with progress().count("reading 读取", len(unread)):
            reading.read_and_remember(settings, unread)
        reading.write_landing(settings, collected.documents)
    typer.echo(f"{len(collected.documents)} documents landed in {settings.landing}")


@app.command()
def build(warehouse: Warehouse = _DEFAULT, policy: Policy = "quarantine") -> None:
    """Build the candidate warehouse from its landing and run all data tests; nothing is published."""
    from flows.build import build as build_candidate
    from flows.lock import locked

    settings = _settings(warehouse, policy=policy)
    with locked(settings):
        typer.echo(f"candidate: {build_candidate(settings)}")


@app.command()
def audit(warehouse: Warehouse = _DEFAULT, policy: Policy = "quarantine") -> None:
    """Audit the candidate warehouse; exit code 3 when it must not be published."""
    from flows.gate import audit_candidate
    from flows.lock import locked

    settings = _settings(warehouse, policy=policy)
    with locked(settings):
        audit_candidate(settings)
    typer.echo(f"the candidate passed; results: {settings.audit}")


@app.command()
def publish(warehouse: Warehouse = _DEFAULT, policy: Policy = "quarantine") -> None:
    """Publish the candidate that passed the audit, replacing the warehouse in one step."""
    from flows.gate import require_passed
    from flows.lock import locked
    from flows.publish import publish as publish_candidate

    settings = _settings(warehouse, policy=policy)
    with locked(settings):
        require_passed(settings)
        typer.echo(f"published: {publish_candidate(settings)}")


@app.command()
def findings(
    warehouse: Warehouse = _DEFAULT,
    severity: Annotated[str, typer.Option(help="Only critical, major or minor.", show_default=False)] = "",
    document: Annotated[
        str, typer.Option(help="Only documents whose file name holds this.", show_default=False)
    ] = "",
    category: Annotated[
        str, typer.Option(help="Only this kind, for instance violated_identity.", show_default=False)
    ] = "",
    form: Format = "table",
    language: Annotated[
        str, typer.Option(help="zh or en. Default: both in lists, Chinese in files.", show_default=False)
    ] = "",
    html: Annotated[
        Path | None,
        typer.Option(help="Write a page with the scorecards and each printed place.", show_default=False),
    ] = None,
    xlsx: Annotated[Path | None, typer.Option(help="Write a workbook.", show_default=False)] = None,
    originals: Annotated[
        list[Path] | None,
        typer.Option(help="Where the documents are now, if they were moved; for --html.", show_default=False),
    ] = None,
) -> None:
    """List what is wrong in the documents, the gravest first, each with where it stands.

    [bold]On the screen, or for another program[/bold]

      juesuan findings --severity critical

      juesuan findings --document 2023 --format csv > findings.csv

      juesuan findings --category violated_identity --format json

    [bold]To read and hand on[/bold]

      juesuan findings --html findings.html    one file, no network: scorecards, and beside each finding
      the printed line or a picture of the page

      juesuan findings --xlsx findings.xlsx    a workbook: findings, scorecards

    [bold]critical[/bold] breaks a sum printed on the form, [bold]major[/bold] two tables or a sum of codes,
    [bold]minor[/bold] the narrative. What rounding explains is no finding.
    """
    from flows.report.contents import Filters
    from flows.report.words import LANGUAGES

    _check_format(form)
    if language not in ("", *LANGUAGES):
        raise UsageError(f"no such language: {language} (choose zh or en)")
    filters, settings = Filters(severity, document, category), _settings(warehouse)
    if html or xlsx:
        _write_report(settings, filters, language or "zh", html, xlsx, originals or [])
    else:
        _list_findings(settings, filters, language, form)


def _list_findings(settings: Settings, filters: Filters, language: str, form: str) -> None:
    from flows.report.contents import check_category, condition
    from flows.show import show
    from flows.warehouse import opened

    # A terminal has room for what a person reads first; the files have every column.
    columns = (
        # a text dump has lines and no pages
        "severity, file_name, case when landed.page_count is not null then page end as page, line_no, "
        "printed_text, confidence, message_zh, message_en, figure_id"
        if form == "table"
        else "landed.file_name, found.*"
    )
    test, values = condition(filters)
    query = f"""
        select {columns}
        from quality.fct_findings as found
        inner join landing.landed_documents as landed using (document_id)
        where {test}
        order by
            list_position(['critical', 'major', 'minor'], found.severity), landed.file_name, found.finding_id
    """
    with opened(settings.warehouse) as connection:
        check_category(connection, filters.category)
        result = _execute(connection, query, values)
        names = [column[0] for column in result.description]
        others = {"zh": "_en", "en": "_zh"}.get(language, "\0")
        kept = [number for number, name in enumerate(names) if not name.endswith(others)]
        rows = [[row[number] for number in kept] for row in result.fetchall()]
        show([names[number] for number in kept], rows, form)


def _write_report(
    settings: Settings,
    filters: Filters,
    language: str,
    html: Path | None,
    xlsx: Path | None,
    originals: list[Path],
) -> None:
    from flows.report import contents as of
    from flows.warehouse import opened

    with opened(settings.warehouse) as connection:
        contents = of.contents(connection, filters)
    if xlsx:
        from flows.report.workbook import write

        write(contents, xlsx, language)
        typer.echo(f"{len(contents.findings)} findings: {xlsx}")
    if html:
        from flows.report.evidence import evidence_of
        from flows.report.originals import Originals
        from flows.report.page import render

        evidence = evidence_of(contents, Originals(settings, originals))
        html.write_text(render(contents, evidence, language), encoding="utf-8", newline="\n")
        typer.echo(f"{len(contents.findings)} findings: {html}")


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Where to; made if it is not there.")],
    warehouse: Warehouse = _DEFAULT,
    form: Annotated[
        list[str] | None,
        typer.Option(
            "--form", "-f", help="xlsx, csv or package; may be given again. Default: all.", show_default=False
        ),
    ] = None,
    department: Annotated[
        str,
        typer.Option(
            help="Only workbooks of departments or files whose name holds this.", show_default=False
        ),
    ] = "",
) -> None:
    """Hand the warehouse on: workbooks, CSV, a Fiscal Data Package.

    [bold]xlsx[/bold] is a workbook per department and year: the nine official tables, the verdicts as
    colours, the findings as notes.

    [bold]csv[/bold] is every mart, [bold]package[/bold] the stars with a datapackage.json that says what each
    column is.

      juesuan export ~/handed-on

      juesuan export ~/handed-on --form xlsx --department 荷塘区
    """
    from flows.export.folder import FORMS
    from flows.export.folder import export as write
    from flows.warehouse import opened

    with opened(_settings(warehouse).warehouse) as connection:
        for path in write(connection, folder, tuple(form or FORMS), department):
            typer.echo(path)


@app.command()
def trace(
    figure_id: Annotated[str, typer.Argument(help="As in any figure_id column of the warehouse.")],
    warehouse: Warehouse = _DEFAULT,
) -> None:
    """Show where a figure is printed (file, page, line, characters) and every row made from it.

    juesuan sql "select figure_id from marts.fct_function_amounts limit 3"

    juesuan trace 39c952c7f1c00a81-n0001
    """
    from flows.trace import trace as find

    found = find(_settings(warehouse).warehouse, figure_id)
    document, table, printed = found.document, found.table, found.printed
    place = f"line {printed['line_no']}"
    if document["page_count"]:  # a text dump without form feeds has no pages
        place = f"page {printed['page']}, {place}"
    if printed.get("box"):
        place += f", box {printed['box']} (points)"
    typer.echo(f"figure   {found.figure_id}")
    typer.echo(f"file     {document['file_name']}")
    typer.echo(f"place    {place}")
    how = " (read from a picture)" if "ocr" in (printed["confidence"], printed.get("method")) else ""
    typer.echo(f"printed  {printed['value_text']}{printed['unit_text']}{how}")
    if table:
        unit = f" ({table['printed_unit']})" if table["printed_unit"] else ""
        typer.echo(f"table    {table['table_code']} {table['printed_title']}{unit}")
        row = f"{printed['row_code']} {printed['row_label']}".strip()
        typer.echo(f"row      {printed['row_no']}: {row} → {printed['line_item'] or 'not recognised'}")
        column = f"{printed['column_no']}: {printed['column_path']}"
        typer.echo(f"column   {column} → {printed['measure'] or 'not recognised'}")
        typer.echo(f"trust    {printed['confidence']} ({printed['method']})")
    else:
        typer.echo(f"trust    {printed['confidence']}")
        typer.echo(f"words    {printed['evidence']}")
        typer.echo(f"says     {printed['subject']} · {printed['measure']} {printed['direction']}".rstrip())
    typer.echo(f"used in  {len(found.uses)} rows")
    for name, row in found.uses:
        typer.echo(f"  {name}")
        for column, value in row.items():
            if value and not column.endswith("_ids"):
                typer.echo(f"    {column} = {value}")


@app.command()
def metric(
    names: Annotated[
        list[str] | None, typer.Argument(help="Names of metrics; --list shows them.", show_default=False)
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(help="A dimension to group by; may be given again.", show_default=False),
    ] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="A condition in MetricFlow's words.", show_default=False)
    ] = None,
    is_list: Annotated[bool, typer.Option("--list", help="List the metrics and their dimensions.")] = False,
    is_sql: Annotated[bool, typer.Option("--sql", help="Show the SQL instead of running it.")] = False,
    warehouse: Warehouse = _DEFAULT,
    form: Format = "table",
) -> None:
    """Ask for metrics: sums and ratios that are defined once, for every tool (models/semantic).

    juesuan metric --list

    juesuan metric expenditure_total three_public_per_head --by department__department_name

    juesuan metric expenditure_by_function --by function__class_code --by metric_time__year
    """
    from flows import metrics
    from flows.show import show
    from flows.warehouse import opened

    _check_format(form)
    settings = _settings(warehouse)
    if is_list:
        rows = [
            (found.name, found.label, " ".join(found.dimensions))
            for found in metrics.listed(settings.metrics)
        ]
        show(["metric", "label", "dimensions"], rows, form)
        return
    if not names:
        raise UsageError("which metric? `juesuan metric --list` names them")
    text = metrics.sql_of(settings.metrics, names, by or (), where or ())
    if is_sql:
        typer.echo(text)
        return
    with opened(settings.warehouse) as connection:
        result = _execute(connection, text)
        show([column[0] for column in result.description], result.fetchall(), form)


@app.command()
def sql(
    query: Annotated[
        str, typer.Argument(help="One query in DuckDB's SQL; '-' reads it from standard input.")
    ],
    warehouse: Warehouse = _DEFAULT,
    form: Format = "table",
) -> None:
    """Ask the warehouse. It is opened for reading only: no query can change it or reach another file.

    juesuan sql "show all tables"

    juesuan sql "from marts.fct_three_public" --format csv > three_public.csv
    """
    from flows.show import show
    from flows.warehouse import opened

    _check_format(form)
    text = sys.stdin.read() if query == "-" else query
    with opened(_settings(warehouse).warehouse) as connection:
        result = _execute(connection, text)
        show([column[0] for column in result.description or ()], result.fetchall(), form)


def _settings(
    warehouse: str,
    documents: list[str] | None = None,
    policy: str = "quarantine",
    into: Path | None = None,
    workers: int = 0,
) -> Settings:
    if documents:
        # Words the shell has split already are paths as they stand, blanks and all; @lists are still lists.
        paths = tuple(
            path
            for word in documents
            for path in (split_documents(word) if word.startswith("@") else (Path(word).expanduser(),))
        )
    else:
        # The Makefile hands over DOCUMENTS as it was typed.
        paths = split_documents(os.environ.get("JUESUAN_DOCUMENTS", ""))
    landing = into.absolute() if into else Path()
    return Settings(paths, Path(warehouse or _DEFAULT), policy or POLICIES[0], landing, workers)


def _check_format(form: str) -> None:
    from flows.show import FORMATS

    if form not in FORMATS:
        raise UsageError(f"no such format: {form} (choose one of {', '.join(FORMATS)})")


def _execute(connection, query: str, values: dict[str, str] | None = None):
    import duckdb

    try:
        return connection.execute(query, values or {})
    except duckdb.Error as error:
        raise UsageError(str(error)) from None


def main() -> None:
    """Entry point. Errors a user can mend are told in words; a stack trace only with JUESUAN_DEBUG=1."""
    # The libraries underneath log what the summary says in words; some set their own level, so the handler
    # has to be the one that keeps quiet.
    quiet = logging.StreamHandler()
    quiet.setLevel(logging.CRITICAL)
    logging.basicConfig(handlers=[quiet])
    try:
        app(prog_name="juesuan")
    except JuesuanError as error:
        _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        _fail("stopped; the published warehouse is as it was", 130)
    except OSError as error:
        _fail(f"{error.filename or 'a file'}: {error.strerror or error}", 1)
    except Exception as error:
        _fail(f"{type(error).__name__}: {error}\nthis is a fault of juesuan; JUESUAN_DEBUG=1 shows where", 1)


def _fail(message: str, exit_code: int) -> None:
    if os.environ.get("JUESUAN_DEBUG"):
        traceback.print_exc()
    typer.echo(f"juesuan: {message}", err=True)
    sys.exit(exit_code)
