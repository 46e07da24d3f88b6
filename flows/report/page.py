"""The report as one HTML page that needs nothing else: no network, no other file, no script."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import partial
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from flows.report.contents import SEVERITIES, Contents, Document
from flows.report.evidence import MOST_PICTURES, Evidence
from flows.report.pictures import Picture
from flows.report.words import TEMPLATES, word, words

VERDICTS = ("exact", "within_rounding", "not_checkable", "violated")
_MOST_BARS = 40  # documents in the chart; more are told in the table


@dataclass(frozen=True)
class Bar:
    """A stretch of a stacked bar, in parts of a thousand of its length."""

    name: str
    count: int
    start: float
    length: float


def render(contents: Contents, evidence: dict[str, Evidence], language: str = "zh") -> str:
    """The page. `evidence` is by finding_id; `language` (zh or en) the one it opens in."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["both"] = _both
    environment.globals |= {
        "named": _named,
        "verdict_bars": partial(_verdict_bars, of=""),
        "claim_verdict_bars": partial(_verdict_bars, of="claim_"),
        "image_of": _image_of,
        "group": _group,
    }
    counts = {severity: sum(d.count(severity) for d in contents.documents) for severity in SEVERITIES}
    nothing = Evidence()
    return environment.get_template("findings.html.j2").render(
        contents=contents,
        evidence=lambda finding: evidence.get(finding.row["finding_id"], nothing),
        language=language,
        counts=counts,
        severities=SEVERITIES,
        chart=_chart(contents.documents),
        n_left_out=sum(one.why_not == "cut" for one in evidence.values()),
        most_pictures=MOST_PICTURES,
        words=words(),
    )


def _both(zh: Any, en: Any = None) -> Markup:
    """A text in Chinese and English; the page shows one of them."""
    if en is None or str(zh) == str(en):
        return Markup("{}").format("" if zh is None else zh)
    return Markup('<span class="zh">{}</span><span class="en" lang="en">{}</span>').format(zh or "", en)


def _named(kind: str, name: str | None) -> Markup:
    return _both(word(kind, name, "zh"), word(kind, name, "en"))


def _group(number: int) -> str:
    return f"{number:,}"


def _bars(counts: dict[str, int], whole: int) -> list[Bar]:
    bars, start = [], 0.0
    for name, count in counts.items():
        length = 1000 * count / whole if whole else 0.0
        if count:
            bars.append(Bar(name, count, round(start, 1), round(length, 1)))
        start += length
    return bars


def _verdict_bars(document: Document, of: str) -> list[Bar]:
    counts = {verdict: document.row[f"{of}{verdict}_count"] for verdict in VERDICTS}
    return _bars(counts, document.row[f"{of}check_count"])


def _chart(documents: tuple[Document, ...]) -> list[tuple[Document, list[Bar]]]:
    """The documents with findings and their severities, on one scale."""
    with_findings = [document for document in documents if document.findings][:_MOST_BARS]
    most = max((len(document.findings) for document in with_findings), default=0)
    return [
        (document, _bars({severity: document.count(severity) for severity in SEVERITIES}, most))
        for document in with_findings
    ]


def _image_of(picture: Picture) -> str:
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode('ascii')}"
