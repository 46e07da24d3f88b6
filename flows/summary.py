"""The summary a refresh ends with, for a finance officer: Chinese first, English beside it."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from flows.collect import Collected
from flows.settings import Settings
from flows.warehouse import has_table, opened

_STATUS = {"landed": "已入库 landed", "partial": "部分入库 partial", "rejected": "未入库 rejected"}
_VERDICT = {
    "exact": "相符 exact",
    "within_rounding": "尾差之内 within rounding",
    "violated": "不符 violated",
    "not_checkable": "无法核对 not checkable",
}
_SEVERITY = {"critical": "严重 critical", "major": "重要 major", "minor": "一般 minor"}


def summarise(settings: Settings, collected: Collected) -> str:
    """The summary of the published warehouse of `settings`, as lines of text."""
    with opened(settings.warehouse) as connection:
        lines = [
            *_documents(connection),
            *_left_aside(collected),
            *_figures(connection),
            *_counts(connection, "fct_identity_checks", "verdict", "勾稽关系 identities", _VERDICT),
            *_counts(connection, "fct_findings", "severity", "问题 findings", _SEVERITY),
        ]
    return "\n".join([*lines, *_where(settings)])


def _documents(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "select status, file_name, department_name, fiscal_year, status_reason "
        "from landing.landed_documents order by file_name, document_id"
    ).fetchall()
    numbers = [f"{title} {sum(row[0] == status for row in rows)}" for status, title in _STATUS.items()]
    lines = [f"文件 documents: {len(rows)}  ({', '.join(numbers)})"]
    for status, name, department, year, reason in rows:
        who = " ".join(part for part in (department, year) if part)
        line = f"  {_STATUS.get(status, status):<14} {name}" + (f" — {who}" if who else "")
        lines.append(line + (f": {reason}" if reason else ""))
    return lines


def _left_aside(collected: Collected) -> list[str]:
    lines = []
    for document in collected.documents:
        for name in document.duplicates:
            lines.append(f"  重复 duplicate {name}: same bytes as {document.name}, landed once")
    for name, reason in collected.unreadable:
        lines.append(f"  打不开 unreadable {name}: {reason}; allow reading it, then refresh again")
    return lines


def _figures(connection: duckdb.DuckDBPyConnection) -> list[str]:
    (cells,) = connection.execute("select count(*) from landing.landed_cells").fetchone() or (0,)
    (claims,) = connection.execute("select count(*) from landing.landed_claims").fetchone() or (0,)
    (recognised,) = connection.execute(
        "select count(*) from (select confidence, method from landing.landed_cells union all "
        "select confidence, confidence from landing.landed_claims) where 'ocr' in (confidence, method)"
    ).fetchone() or (0,)
    read_by_ocr = f"; 其中图像识别 of them read by OCR {recognised:,}" if recognised else ""
    (problems,) = connection.execute("select count(*) from landing.landed_problems").fetchone() or (0,)
    return [
        f"数字 figures: {cells + claims:,}  (表格 tables {cells:,}, 文字 narrative {claims:,}{read_by_ocr})",
        f"未能识别 read but not understood: {problems:,}",
    ]


def _counts(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, title: str, names: dict[str, str]
) -> list[str]:
    if not has_table(connection, "quality", table):
        return []
    query = f"select {column}, count(*) from quality.{table} group by all order by all"
    counts = {str(value): number for value, number in connection.execute(query).fetchall()}
    known = [value for value in names if value in counts]
    shown = known + [value for value in counts if value not in names]
    parts = [f"{names.get(value, value)} {counts[value]:,}" for value in shown]
    return [f"{title}: {sum(counts.values()):,}" + (f"  ({', '.join(parts)})" if parts else "")]


def _where(settings: Settings) -> list[str]:
    return [
        "结果 results:",
        f"  {_near(settings.warehouse)}  数据仓库 the warehouse (DuckDB)",
        f"  {_near(settings.parquet)}/  各数据集市 the marts (Parquet)",
        f"  {_near(settings.landing)}/  落地表 the figures as printed (CSV)",
        f"  {_near(settings.audit / 'data_docs' / 'index.html')}  核验报告 the audit's results",
        "  juesuan findings  逐条问题 every finding; --html findings.html 核对报告 the report",
        "  juesuan trace FIGURE_ID  追溯来源 where a figure is printed",
    ]


def _near(path: Path) -> str:
    """A path as the user would type it: relative when it lies below the current folder."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
