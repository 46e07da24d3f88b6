"""The query cookbook: questions, their SQL (docs/cookbook) and what they give on a warehouse."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from flows.handbook.markdown import table
from flows.settings import PROJECT

QUERIES = PROJECT / "docs" / "cookbook"
PAGE = PROJECT / "docs" / "cookbook.md"
_ROWS = 12
_HEAD = """# Query cookbook 查询手册

<!-- Made by `make docs`; the queries are docs/cookbook/*.sql. -->

Each query runs on a published warehouse as it stands (`juesuan sql - < docs/cookbook/01_….sql`, or any DuckDB
client). The results are those of the samples in `documents/samples`, with their errors as published.
"""


@dataclass(frozen=True)
class Question:
    """One entry: the question in Chinese and English, and its SQL."""

    name: str
    zh: str
    en: str
    sql: str


def questions() -> list[Question]:
    """All entries in the order of their numbers. The first two lines of a file are its questions."""
    found = []
    for path in sorted(QUERIES.glob("*.sql")):
        zh, en, sql = path.read_text(encoding="utf-8").split("\n", 2)
        found.append(Question(path.stem, zh.removeprefix("-- "), en.removeprefix("-- "), sql.strip()))
    return found


def page(connection: duckdb.DuckDBPyConnection) -> str:
    """The whole page, with what each query gives on this warehouse."""
    return "\n".join([_HEAD, *(_entry(connection, n, question) for n, question in enumerate(questions(), 1))])


def _entry(connection: duckdb.DuckDBPyConnection, number: int, question: Question) -> str:
    result = connection.execute(question.sql)
    names = [column[0] for column in result.description]
    rows = result.fetchall()
    more = f"\n… {len(rows) - _ROWS} more rows\n" if len(rows) > _ROWS else ""
    return (
        f"## {number}. {question.zh}\n{question.en}\n\n```sql\n{question.sql}\n```\n\n"
        f"{table(names, rows[:_ROWS])}{more}"
    )
