"""The command line teaches, tells errors in words, and ends with the exit code it promises."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from flows import cli, job
from flows.settings import PROJECT
from flows.show import show

if TYPE_CHECKING:
    from flow_fixtures import World

pytest_plugins = ("flow_fixtures",)

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def juesuan(world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the command line in this process on the small world; returns (exit code, output, errors)."""
    monkeypatch.setenv("JUESUAN_PUBLISHED", str(world.settings.warehouse))
    monkeypatch.setenv("JUESUAN_DOCUMENTS", str(world.folder))
    monkeypatch.delenv("JUESUAN_DEBUG", raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["juesuan", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return run


def test_help_teaches_with_examples(juesuan: Command) -> None:
    code, out, _ = juesuan("--help")
    assert code == 0
    for command in ("refresh", "land", "build", "audit", "publish", "findings", "trace", "sql"):
        assert command in out
        _, of_command, _ = juesuan(command, "--help")
        assert f"juesuan {command}" in of_command
    assert "Exit codes" in out


def test_refresh_says_what_it_did_and_then_that_nothing_is_new(juesuan: Command, world: World) -> None:
    world.write("2023 决算.txt", b"1.00 2.00")
    world.write("坏.pdf", b"\0")
    world.write("副本 2023 决算.txt", b"1.00 2.00")
    code, out, _ = juesuan("refresh")
    assert code == 0
    assert "documents: 2  (已入库 landed 1, 部分入库 partial 0, 未入库 rejected 1)" in out
    assert "坏.pdf: nothing that can be read" in out
    assert "副本 2023 决算.txt: same bytes as 2023 决算.txt" in out
    assert "figures: 2 " in out
    assert "相符 exact 1" in out
    assert "一般 minor 1" in out
    code, again, _ = juesuan("refresh")
    assert code == 0
    assert "nothing new" in again
    assert again.endswith(out)


def test_a_candidate_held_back_is_told_in_words(juesuan: Command, world: World) -> None:
    world.write("a.txt", b"1.00")
    world.audit.passed, world.audit.failures = False, ["fct_amounts: 1 key twice"]
    code, _, errors = juesuan("refresh")
    assert code == 3
    assert "fct_amounts: 1 key twice" in errors
    assert "Traceback" not in errors


def test_the_steps_one_by_one(juesuan: Command, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from flow_fixtures import build_candidate

    monkeypatch.setattr("flows.build.build", build_candidate)
    world.write("a.txt", b"1.00")
    assert juesuan("land")[:2] == (0, f"1 documents landed in {world.settings.landing}\n")
    assert juesuan("build")[0] == 0
    code, _, errors = juesuan("publish")
    assert (code, "run `juesuan audit` first" in errors) == (3, True)
    assert juesuan("audit")[0] == 0
    assert juesuan("publish")[0] == 0
    assert juesuan("sql", "select count(*) as n from marts.fct_amounts", "-f", "csv")[1] == "n\n1\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("refresh", "nowhere"), "no such folder or file of documents: nowhere"),
        (("refresh", "--policy", "lenient"), "no such policy: lenient"),
        (("sql", "select 1"), "make it with `juesuan refresh`"),
        (("sql", "select 1", "--format", "xml"), "no such format: xml"),
        (("trace", "x"), "make it with `juesuan refresh`"),
    ],
)
def test_wrong_usage_says_what_to_do(juesuan: Command, arguments: tuple[str, ...], said: str) -> None:
    code, _, errors = juesuan(*arguments)
    assert code == 2
    assert said in errors
    assert "Traceback" not in errors


def test_a_fault_of_the_program_is_no_stack_trace(juesuan: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(job, "run", fail)
    code, _, errors = juesuan("refresh")
    assert code == 1
    assert "ZeroDivisionError: by zero" in errors
    assert "Traceback" not in errors


def test_trace_goes_to_the_place_and_to_every_row(juesuan: Command, world: World) -> None:
    world.write("a.txt", b"1.00 2.50")
    juesuan("refresh")
    _, ids, _ = juesuan("sql", "select figure_id from marts.fct_amounts order by 1 desc limit 1", "-f", "csv")
    figure_id = ids.splitlines()[1]
    code, out, _ = juesuan("trace", figure_id)
    assert code == 0
    for words in (
        "file     a.txt",
        "page 1, line 2",
        "printed  2.50",
        "gk01 收支 (万元)",
        "amount_yuan = 25000",
    ):
        assert words in out
    assert "used in  2 rows" in out  # its fact, and the check that names it among others
    assert "quality.fct_identity_checks" in out


def test_trace_of_an_unknown_figure(juesuan: Command, world: World) -> None:
    world.write("a.txt", b"1.00")
    juesuan("refresh")
    assert "a figure id looks like" in juesuan("trace", "abc")[2]
    assert "no document 0000000000000000" in juesuan("trace", "0" * 16 + "-n0001")[2]
    _, ids, _ = juesuan("sql", "select document_id from landing.landed_documents", "-f", "csv")
    assert "a.txt has no figure" in juesuan("trace", ids.splitlines()[1] + "-t01-r999-c01")[2]


def test_sql_in_three_formats_keeps_every_digit(juesuan: Command, world: World) -> None:
    world.write("a.txt", b"12345678901.23")
    juesuan("refresh")
    query = "select amount_yuan, null as nothing, '[x]' as text from marts.fct_amounts"
    assert juesuan("sql", query, "-f", "csv")[1] == (
        "amount_yuan,nothing,text\n123456789012300.000000,,[x]\n"
    )
    assert json.loads(juesuan("sql", query, "-f", "json")[1]) == [
        {"amount_yuan": "123456789012300.000000", "nothing": None, "text": "[x]"}
    ]
    table = juesuan("sql", query)[1]
    assert "123456789012300.000000" in table
    assert "[x]" in table
    assert "1 rows" in table


@pytest.mark.parametrize(
    "query",
    [
        "create table marts.t as select 1",
        "delete from marts.fct_amounts",
        "copy marts.fct_amounts to 'out.csv'",
        "select * from read_csv('/etc/passwd')",
        "set enable_external_access = true",
        "no sql",
    ],
)
def test_sql_cannot_change_or_reach_anything(juesuan: Command, world: World, query: str) -> None:
    world.write("a.txt", b"1.00")
    juesuan("refresh")
    before = world.settings.warehouse.read_bytes()
    code, _, errors = juesuan("sql", query)
    assert code == 2
    assert "Error" in errors
    assert world.settings.warehouse.read_bytes() == before


def test_findings_as_csv_have_every_column(juesuan: Command, world: World) -> None:
    world.write("a.txt", b"1.00")
    juesuan("refresh")
    (finding,) = csv.DictReader(io.StringIO(juesuan("findings", "--format", "csv")[1]))
    assert (finding["file_name"], finding["severity"], finding["message_en"]) == ("a.txt", "minor", "none")
    assert juesuan("findings", "--severity", "critical", "-f", "csv")[1].count("\n") == 1
    assert juesuan("findings", "--document", "b.txt", "-f", "csv")[1].count("\n") == 1
    shown = juesuan("findings")[1]
    assert "a.txt" in shown and "ocr" in shown


def test_nothing_reports_to_its_maker() -> None:
    script = "import flows, os; print(os.environ['DO_NOT_TRACK'], os.environ['GX_ANALYTICS_ENABLED'])"
    environment = {
        name: value for name, value in os.environ.items() if "TRACK" not in name and "GX" not in name
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["1", "false"]


def test_a_refresh_with_nothing_new_imports_neither_prefect_nor_dbt() -> None:
    script = (
        "import sys, flows.cli, flows.job; "
        "print([name for name in ('prefect', 'dbt', 'great_expectations', 'ortools') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_text_that_a_spreadsheet_would_run_is_made_harmless() -> None:
    dangerous = ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "＝1"]
    harmless = ["-3.20", "合计", "-", "1-2", ""]
    out = io.StringIO()
    show(["text"], [[text] for text in dangerous + harmless] + [[Decimal("-1.50")]], "csv", out)
    shown = [row[0] if row else "" for row in list(csv.reader(io.StringIO(out.getvalue())))[1:]]
    assert shown == ["'" + text for text in dangerous] + [*harmless, "-1.50"]
