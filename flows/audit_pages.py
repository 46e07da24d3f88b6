"""The pages of an audit: Great Expectations' Data Docs made complete in themselves, and a front page.

Data Docs name style sheets, icons and scripts on the network, and their own front page is drawn by one of
those scripts: without a network it stays blank. So the pages get the little style they need, and the front
page is written here, Chinese first.
"""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Sequence
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

_FROM_NETWORK = re.compile(
    r"<link\b[^>]*href=[\"'](?:https?:)?//[^>]*>|<script\b[^>]*src=[\"'](?:https?:)?//[^>]*>\s*</script>"
    r"|<img\b[^>]*src=[\"'](?:https?:)?//[^>]*>|url\(['\"]?(?:https?:)?//[^)]*\)",
    re.IGNORECASE,
)
_ICON = re.compile(r"<i class=\"[^\"]*fa-(check-circle|times)[^\"]*\"[^>]*>")
_SIGN = {"check-circle": "✔", "times": "✘"}
_FOOTER = re.compile(r"<footer>.*?</footer>", re.DOTALL)
# no script of theirs works without the network, and none that a document smuggled in may
_STYLE = """<meta http-equiv="Content-Security-Policy" content="script-src 'none'">
<style>
body { font-family: sans-serif; margin: 1.5em; color: #222; }
table { border-collapse: collapse; margin: .5em 0; }
td, th { border: 1px solid #bbb; padding: .25em .6em; text-align: left; vertical-align: top; }
ul { list-style: none; padding-left: 1em; } .modal, .toast { display: none; }
.failed { background: #fde8e8; }
</style>
"""
_SUITES = {
    "landing": "落地表 landing",
    "checks": "勾稽核对 checks",
    "marts": "主题表 marts",
    "quality": "质量表 quality",
}
_IDENTITIES = {
    "ties": "表间勾稽 ties",
    "years": "跨年勾稽 years",
    "annexes": "绩效附表 annexes",
    "claims": "文字说明 claims",
}


def _suite_name(suite: str) -> str:
    group = suite.removeprefix("identities_")
    if group == suite:
        return _SUITES.get(suite, escape(suite))
    return _IDENTITIES.get(group, f"表内勾稽 {escape(group)}")


class Judged(Protocol):
    """One expectation as it came out (flows.audit.Check)."""

    suite: str
    table: str
    description: str
    stops: bool
    passed: bool
    unexpected_count: int | None
    unexpected_rows: list[Any]
    error: str


@cache
def show_failing_rows(most: int) -> None:
    """Make Data Docs show the failing rows of a query, which they leave out: a table below the expectation's
    sentence, `most` rows of it. Holds for the whole process."""
    from great_expectations.expectations.core import UnexpectedRowsExpectation
    from great_expectations.expectations.registry import register_renderer
    from great_expectations.render import LegacyDiagnosticRendererType, RenderedTableContent
    from great_expectations.render.renderer.renderer import renderer

    @renderer(renderer_type=LegacyDiagnosticRendererType.UNEXPECTED_TABLE)
    def failing_rows(cls: Any = None, configuration: Any = None, result: Any = None, **_: Any) -> list[Any]:
        rows = result.result.get("details", {}).get("unexpected_rows", []) if result else []
        if not rows or result.success:
            return []
        names = list(rows[0])
        # they write cells as they come, and these come from documents
        shown = [
            ["" if row[name] is None else escape(str(row[name])) for name in names] for row in rows[:most]
        ]
        if len(rows) > most:
            shown.append([f"… {len(rows) - most} more"] + [""] * (len(names) - 1))
        return [
            RenderedTableContent(
                content_block_type="table",
                table=shown,
                header_row=names,
                styling={"body": {"classes": ["table-bordered", "table-sm", "mt-3"]}},
            )
        ]

    registry = logging.getLogger("great_expectations.expectations.registry")
    level = registry.level
    registry.setLevel(logging.ERROR)  # it warns that the renderer that shows nothing gives way
    register_renderer("unexpected_rows_expectation", UnexpectedRowsExpectation, failing_rows)
    registry.setLevel(level)


def mend(folder: Path) -> None:
    """Make the Data Docs in `folder` readable without a network; 5 MB of fonts and animations go."""
    for name in ("fonts", "images"):
        shutil.rmtree(folder / "static" / name, ignore_errors=True)
    for page in folder.rglob("*.html"):
        text = _FROM_NETWORK.sub("", page.read_text(encoding="utf-8"))
        text = _ICON.sub(lambda icon: _SIGN[icon[1]] + icon[0], _FOOTER.sub("", text))
        page.write_text(text.replace("</head>", _STYLE + "</head>", 1), encoding="utf-8")


def write_front_page(folder: Path, checks: Sequence[Judged], passed: bool) -> Path:
    """Write `index.html` over Data Docs' own: every expectation with how it came out, the failing rows of
    those that failed, and a link to the table's page. Returns its path."""
    verdict = "通过，可以发布 passed, fit to be published" if passed else "未通过，不予发布 held back"
    good = sum(check.passed for check in checks)
    body = [
        "<h1>核验报告 Audit</h1>",
        f"<p><strong>{verdict}</strong>：{len(checks)} 项中 {good} 项成立 · {good} of {len(checks)} hold</p>",
    ]
    for suite, of_suite in groupby(checks, key=lambda check: check.suite):
        body.append(f"<h2>{_suite_name(suite)}</h2>")
        body.append("<table><tr><th>表 table</th><th></th><th>要求 expectation</th><th>不符 rows</th></tr>")
        for check in of_suite:
            body.append(_line(check, _page_of(folder, check)))
        body.append("</table>")
    page = folder / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(
        '<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>核验报告 Audit</title>'
        f"{_STYLE}</head><body>{''.join(body)}</body></html>\n",
        encoding="utf-8",
    )
    return page


def _page_of(folder: Path, check: Judged) -> str:
    pages = sorted((folder / "validations").rglob(f"*-{check.suite}.{check.table}.html"))
    return pages[-1].relative_to(folder).as_posix() if pages else ""


def _line(check: Judged, link: str) -> str:
    table = f'<a href="{escape(link)}">{escape(check.table)}</a>' if link else escape(check.table)
    sign = "✔" if check.passed else "✘ 停止发布 stops" if check.stops else "✘"
    details = f"<br>无法核验 could not be checked: {escape(check.error)}" if check.error else ""
    details += "".join(f"<br>{escape(row_text(row))}" for row in check.unexpected_rows)
    count = "" if check.passed or check.unexpected_count is None else check.unexpected_count
    style = "" if check.passed else ' class="failed"'
    return (
        f"<tr{style}><td>{table}</td><td>{sign}</td>"
        f"<td>{escape(check.description)}{details}</td><td>{count}</td></tr>"
    )


def row_text(row: object) -> str:
    """A failing row as `column=value` pairs."""
    return ", ".join(f"{name}={value}" for name, value in row.items()) if isinstance(row, dict) else str(row)
