"""The report: complete in itself, nothing printed can do harm in it, and each finding beside its place."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
import yaml
from PIL import Image
from python_calamine import CalamineWorkbook

from flows import cli
from flows.extract.model import Box
from flows.land import LANDING, land_document
from flows.manifest import Manifest
from flows.report import evidence, pictures
from flows.report.originals import Originals
from flows.report.printed import LONGEST, marked, position_of, printed_lines
from flows.settings import PROJECT, Settings
from tests.corpus.accounts import read_account
from tests.corpus.book import book_of
from tests.corpus.render_pdf import Look, render_book

pytest_plugins = ("flow_fixtures",)

PDF_NAME = "=1+1 <b>&.pdf"
TEXT_NAME = "说明 2023.txt"
EVIL = "<script>alert('x')</script> =HYPERLINK(1) & \"引号\""
LINE = "2023年度收入总计12.50万元，支出总计112.50万元，比上年增加12.50万元，增长11.1%。"


# -- a small warehouse with the columns of the models ---------------------------------------------------


def _columns(model: str) -> dict[str, str]:
    path = PROJECT / "models" / "marts" / "quality" / f"{model}.yml"
    (described,) = yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
    return {column["name"]: column["data_type"] for column in described["columns"]}


def _fill(connection: duckdb.DuckDBPyConnection, model: str, rows: list[dict[str, object]]) -> None:
    columns = _columns(model)
    connection.execute(f"create table quality.{model} ({', '.join(f'{n} {t}' for n, t in columns.items())})")
    for row in rows:
        names = ", ".join(row)
        connection.execute(
            f"insert into quality.{model} ({names}) values ({', '.join('?' * len(row))})", list(row.values())
        )


@cache
def _pdf(turn: int = 0) -> bytes:
    return render_book(book_of(read_account("zengdu_party_office"), "numbered"), Look(turn=turn))


@cache
def _landed_pdf(turn: int = 0) -> dict[str, list[dict[str, str]]]:
    return land_document(PDF_NAME, _pdf(turn))


def _scorecard(document_id: str, name: str, grade: str, **counts: int) -> dict[str, object]:
    types = _columns("disclosure_scorecard")
    row: dict[str, object] = {column: 0 for column, type_ in types.items() if type_ == "integer"}
    return row | {
        "document_id": document_id, "file_name": name, "department_name": "某办公室", "fiscal_year": 2023,
        "document_kind": "department_accounts", "status": "landed", "grade": grade, "grade_rule_zh": "规则",
        "grade_rule_en": "rule", **counts,
    }  # fmt: skip


class Report:
    """A warehouse of a PDF and a text with one finding of each severity, and the command line on it."""

    def __init__(self, folder: Path, run: Callable[..., tuple[int, str, str]]) -> None:
        self.folder, self.run = folder, run
        self.settings = Settings((folder,), folder / "published" / "w.duckdb")
        self.settings.warehouse.parent.mkdir()
        self.documents = {PDF_NAME: _pdf(), TEXT_NAME: f"标题\n{LINE}\n".encode()}
        text = land_document(TEXT_NAME, self.documents[TEXT_NAME])
        landed = {PDF_NAME: _landed_pdf(), TEXT_NAME: text}
        self.ids = {name: rows["landed_documents"][0]["document_id"] for name, rows in landed.items()}
        for name, data in self.documents.items():
            (folder / name).write_bytes(data)
        pdf_id, text_id = self.ids[PDF_NAME], self.ids[TEXT_NAME]
        (self.cell, self.near) = [
            row for row in landed[PDF_NAME]["landed_cells"] if row["box"] and row["value_text"] == "1002.33"
        ][:2]
        # what the text prints is landed here by hand: the figures of its one line
        landed[TEXT_NAME]["landed_claims"] = [
            dict.fromkeys(LANDING["landed_claims"], "")
            | {
                "document_id": text_id, "claim_no": "1", "page": "1", "line_no": "2", "section": "1",
                "value_text": "12.50", "unit_text": "万元", "evidence": "比上年 增加12.50万元",
            }
        ]  # fmt: skip
        figure = "{document_id}-t{table_no:0>2}-r{row_no:0>3}-c{column_no:0>2}"
        self.findings = [
            {
                "finding_id": "identity-1", "document_id": pdf_id, "category": "violated_identity",
                "severity": "critical", "page": int(self.cell["page"]), "line_no": int(self.cell["line_no"]),
                "figure_id": figure.format(**self.cell), "row_label": EVIL, "printed_text": "1002.33",
                "confidence": "certain", "printed_yuan": "10023300", "expected_yuan": "10073300.00",
                "difference_yuan": "50000", "message_zh": EVIL, "message_en": "first",
                "figure_ids": f"{figure.format(**self.cell)} {figure.format(**self.near)}",
            },
            {
                "finding_id": "wording-1", "document_id": pdf_id, "category": "wording", "severity": "major",
                "page": 1, "line_no": 0, "message_zh": "第二条", "message_en": "second",
            },
            {
                "finding_id": "claim-1", "document_id": text_id, "category": "contradicted_claim",
                "severity": "minor", "page": 1, "line_no": 2, "figure_id": f"{text_id}-n0001",
                "printed_text": "12.50万元", "printed_yuan": "125000", "expected_yuan": "126000",
                "message_zh": "第三条", "message_en": "third",
            },
        ]  # fmt: skip
        with duckdb.connect(str(self.settings.warehouse)) as connection:
            for schema in ("landing", "reference", "quality"):
                connection.execute(f"create schema {schema}")
            for table, columns in LANDING.items():
                path = folder / f"{table}.csv"
                with path.open("w", encoding="utf-8", newline="") as file:
                    writer = csv.DictWriter(file, columns)
                    writer.writeheader()
                    writer.writerows(row for one in landed.values() for row in one[table])
                read = f"read_csv('{path}', all_varchar = true, header = true, nullstr = '')"
                connection.execute(f"create table landing.{table} as from {read}")
                path.unlink()
            for seed in ("units", "document_grades"):
                path = PROJECT / "seeds" / "reference" / f"{seed}.csv"
                connection.execute(f"create table reference.{seed} as from read_csv('{path}', header = true)")
            _fill(connection, "fct_findings", self.findings)
            _fill(connection, "disclosure_coverage", [])
            _fill(
                connection,
                "disclosure_scorecard",
                [
                    _scorecard(pdf_id, PDF_NAME, "D", critical_count=1, major_count=1, check_count=3,
                               exact_count=2, violated_count=1),
                    _scorecard(text_id, TEXT_NAME, "B", minor_count=1),
                ],
            )  # fmt: skip
        self.remember(folder)

    def remember(self, folder: Path) -> None:
        """What a refresh notes: where the documents lie."""
        places = {self.ids[name]: (str(folder / name), ()) for name in self.documents}
        Manifest(sources=places).save(self.settings)

    def html(self, *arguments: str) -> str:
        path = self.folder / "findings.html"
        code, out, errors = self.run("findings", "--html", str(path), *arguments)
        assert (code, errors) == (0, "")
        assert str(path) in out
        return path.read_text(encoding="utf-8")


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Report:
    monkeypatch.setenv("JUESUAN_PUBLISHED", str(tmp_path / "published" / "w.duckdb"))
    monkeypatch.delenv("JUESUAN_DEBUG", raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["juesuan", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return Report(tmp_path, run)


class Parsed(HTMLParser):
    """The page's elements, its text, and whether each element that is opened is closed."""

    _VOID = ("meta", "input", "img", "br", "link", "rect")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self._VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


# -- the page -------------------------------------------------------------------------------------------


def test_the_page_is_whole_and_needs_nothing_else(report: Report) -> None:
    text = report.html()
    page = Parsed(text)
    assert page.open == []
    assert not {"script", "link", "iframe", "object", "base", "form"} & {tag for tag, _ in page.elements}
    assert not [a for _, a in page.elements if any(name.startswith("on") for name in a)]
    targets = [a.get(name) or "" for _, a in page.elements for name in ("src", "href") if name in a]
    assert targets
    assert [target for target in targets if not target.startswith(("#", "data:image/"))] == []
    assert not re.search(r"url\(|@import", text)
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert [target for target in targets if target.startswith("#") and target[1:] not in ids] == []
    assert all(image.get("alt") for image in page.all("img"))
    assert all(drawing.get("aria-label") for drawing in page.all("svg"))


def test_every_finding_stands_in_the_page_escaped(report: Report) -> None:
    text = report.html()
    page = Parsed(text)
    words = "".join(page.words)
    for finding in report.findings:
        assert f"f-{finding['finding_id']}" in [article["id"] for article in page.all("article")]
        assert str(finding["message_zh"]) in words
        assert str(finding["message_en"]) in words
    assert PDF_NAME in words
    assert "<script>" not in text
    order = [article["class"] for article in page.all("article")]
    assert order == ["critical", "major", "minor"]
    # in the unit of the print: 1002.33 is printed in 万元
    assert "1,007.33万元" in words
    assert "5.00万元" in words
    assert "12.60万元" in words


def _is_red(pixel: tuple[int, ...]) -> bool:
    return pixel[0] > 150 and pixel[1] < 90 and pixel[2] < 110


def test_a_figure_of_a_pdf_is_outlined_on_its_page(report: Report) -> None:
    (image,) = Parsed(report.html()).all("img")
    kind, _, packed = (image["src"] or "").partition(";base64,")
    data = base64.b64decode(packed)
    assert kind in ("data:image/png", "data:image/jpeg")
    assert len(data) <= pictures.BYTES_AT_MOST
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    assert (str(picture.width), str(picture.height)) == (image["width"], image["height"])
    red = [
        (x, y)
        for x in range(picture.width)
        for y in range(picture.height)
        if _is_red(picture.getpixel((x, y)))
    ]
    x0, x1 = min(x for x, _ in red), max(x for x, _ in red)
    y0, y1 = min(y for _, y in red), max(y for _, y in red)
    assert 0 < x0 < x1 < picture.width - 1
    assert 0 < y0 < y1 < picture.height - 1
    # the outline is as large as the landed box and a little more, and has ink in it
    left, top, right, bottom = map(float, report.cell["box"].split())
    scale = picture.width / 595.3
    assert abs((x1 - x0) - (right - left + 4) * scale) < 4
    assert abs((y1 - y0) - (bottom - top + 4) * scale) < 4
    inside = picture.crop((x0 + 4, y0 + 4, x1 - 3, y1 - 3)).convert("L")
    assert inside.getextrema()[0] < 100


@pytest.mark.parametrize("turn", [0, 90])
def test_a_box_is_where_the_figure_is_on_a_turned_page_too(turn: int) -> None:
    cells = _landed_pdf(turn)["landed_cells"]
    # of a table that is wide enough to be turned
    cell = next(row for row in cells if row["line_item"] == "function.total" and len(row["value_text"]) > 5)
    pages = pictures.Pages(_pdf(turn))
    try:
        picture = pages.picture(int(cell["page"]), Box(*map(float, cell["box"].split())), [])
    finally:
        pages.close()
    drawn = Image.open(io.BytesIO(picture.data)).convert("L")
    x0, y0, x1, y1 = picture.box
    ink = drawn.crop((x0 + 4, y0 + 4, x1 - 3, y1 - 3)).point(lambda grey: 255 if grey < 128 else 0)
    box = ink.getbbox()
    assert box is not None
    # the digits fill the box from side to side: it is not some other place with a rule in it
    assert (box[2] - box[0]) / ink.width > 0.7
    assert (box[3] - box[1]) / ink.height > 0.5


def test_the_figures_of_one_check_are_outlined_together(report: Report) -> None:
    pages = pictures.Pages(report.documents[PDF_NAME])
    box, near = (Box(*map(float, cell["box"].split())) for cell in (report.cell, report.near))
    try:
        assert pages.picture(int(report.cell["page"]), box, [near]).n_others == (
            report.cell["page"] == report.near["page"] and abs(box.y0 - near.y0) < 30
        )
        with pytest.raises(ValueError, match="not on the page"):
            pages.picture(1, Box(5000, 5000, 5010, 5010), [])
    finally:
        pages.close()


def test_a_picture_that_is_full_of_noise_is_made_smaller() -> None:
    noise = Image.effect_noise((1500, 400), 120).convert("RGB")
    packed = pictures._packed(noise, (10, 10, 100, 40), [])
    assert len(packed.data) <= pictures.BYTES_AT_MOST
    assert packed.box[2] < 100


def test_a_text_shows_its_line_with_the_figure_marked(report: Report) -> None:
    text = report.html("--severity", "minor")
    assert "比上年增加<mark>12.50</mark>万元，增长" in text
    assert [article["class"] for article in Parsed(text).all("article")] == ["minor"]


def test_a_file_that_is_gone_is_said_and_can_be_named(report: Report) -> None:
    moved = report.folder / "elsewhere"
    moved.mkdir()
    for name in report.documents:
        (report.folder / name).rename(moved / f"moved {name}")
    text = report.html()
    assert "原文件已不在原处" in text
    assert "<img" not in text
    assert "比上年 增加12.50万元" in text  # the words that were landed with the claim
    assert "<img" in report.html("--originals", str(moved))
    (moved / f"moved {PDF_NAME}").write_bytes(b"%PDF-1.4 another file")
    assert "<img" not in report.html("--originals", str(moved))


def test_only_so_many_pictures_and_the_page_says_so(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "MOST_PICTURES", 0)
    text = report.html()
    assert "<img" not in text
    assert "另有 2 条从略" in text


def test_the_page_opens_in_the_language_asked_for(report: Report) -> None:
    for language in ("zh", "en"):
        inputs = {a["id"]: a for a in Parsed(report.html("--language", language)).all("input")}
        assert "checked" in inputs[f"lang-{language}"]
        assert sum("checked" in a for id, a in inputs.items() if (id or "").startswith("lang-")) == 1


def test_no_findings_is_said(report: Report) -> None:
    assert "没有发现问题" in report.html("--category", "rejected_document")


# -- the workbook and the lists -------------------------------------------------------------------------


def test_the_workbook_opens_and_no_text_of_it_is_run(report: Report) -> None:
    path = report.folder / "findings.xlsx"
    assert report.run("findings", "--xlsx", str(path))[0] == 0
    book = CalamineWorkbook.from_path(str(path))
    assert book.sheet_names == ["问题", "记分卡"]
    header, *rows = book.get_sheet_by_name("问题").to_python()
    assert header[:6] == ["级别", "类别", "部门", "年度", "文件", "页"]
    assert [row[0] for row in rows] == ["严重", "重要", "一般"]
    first = dict(zip(header, rows[0], strict=True))
    assert first["文件"] == PDF_NAME
    assert first["说明"] == EVIL
    assert (first["印为"], first["应为"], first["单位"]) == ("1002.33", "1,007.33", "万元")
    assert first["应为（元）"] == 10073300
    with zipfile.ZipFile(path) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name]
        styles = parts.read("xl/styles.xml").decode()
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
    assert 'quotePrefix="1"' in styles
    assert all('state="frozen"' in sheet for sheet in sheets)
    assert report.run("findings", "--xlsx", str(path), "--language", "en")[0] == 0
    assert CalamineWorkbook.from_path(str(path)).sheet_names == ["Findings", "Scorecards"]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ((), ["identity-1", "wording-1", "claim-1"]),
        (("--severity", "critical"), ["identity-1"]),
        (("--document", "2023"), ["claim-1"]),
        (("--category", "wording"), ["wording-1"]),
        (("--category", "wording", "--severity", "minor"), []),
    ],
)
def test_filters(report: Report, arguments: tuple[str, ...], found: list[str]) -> None:
    code, out, _ = report.run("findings", "--format", "json", *arguments)
    assert code == 0
    assert [row["finding_id"] for row in json.loads(out)] == found
    articles = Parsed(report.html(*arguments)).all("article")
    assert [article["id"] for article in articles] == [f"f-{finding}" for finding in found]


def test_lists_in_one_language_have_its_columns_only(report: Report) -> None:
    for language, kept, left in (("zh", "message_zh", "message_en"), ("en", "message_en", "message_zh")):
        _, out, _ = report.run("findings", "--format", "csv", "--language", language)
        names = next(csv.reader(io.StringIO(out)))
        assert kept in names
        assert left not in names


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--severity", "grave"), "no such severity: grave"),
        (("--category", "odd"), "no such category: odd (choose one of"),
        (("--language", "fr"), "no such language: fr"),
        (("--html", "{}/no/such/folder/a.html"), "No such file"),
        (("--html", "{}/a.html", "--originals", "{}/nowhere"), "no such folder or file"),
    ],
)
def test_wrong_usage_is_told_in_words(report: Report, arguments: tuple[str, ...], said: str) -> None:
    code, _, errors = report.run("findings", *(word.format(report.folder) for word in arguments))
    assert code in (1, 2)
    assert said in errors
    assert "Traceback" not in errors


def test_every_category_of_the_models_has_its_words() -> None:
    path = PROJECT / "models" / "marts" / "quality" / "fct_findings.yml"
    (model,) = yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
    (column,) = [column for column in model["columns"] if column["name"] == "category"]
    (test,) = [test for test in column["data_tests"] if isinstance(test, dict)]
    accepted = test["accepted_values"]["arguments"]["values"]
    words = yaml.safe_load((PROJECT / "flows/templates/words.yml").read_text(encoding="utf-8"))
    assert set(accepted) <= set(words["categories"])
    assert all(set(word) == {"zh", "en"} for kind in words.values() for word in kind.values())


# -- parts ----------------------------------------------------------------------------------------------


def test_where_a_number_stands_in_a_line() -> None:
    assert position_of(LINE, "12.50") == LINE.index("12.50")
    assert position_of(LINE, "12.50", "比上年 增加12.50万元") == LINE.rindex("12.50")
    assert position_of("112.50", "12.50") == -1  # not inside another number
    assert position_of("1.005", "1.00") == -1
    assert position_of("1.00.", "1.00") == 0
    assert position_of("", "") == -1


def test_a_long_line_is_cut_around_its_figure() -> None:
    line = marked(7, "前" * 500 + "88.80" + "后" * 500, "88.80")
    assert (line.line_no, line.mark) == (7, "88.80")
    assert len(line.before + line.mark + line.after) <= LONGEST
    assert line.before.startswith("…")
    assert line.after.endswith("…")
    assert len(marked(1, "字" * 500, "1").before) == LONGEST


def test_a_line_of_one_cell_comes_with_its_neighbours() -> None:
    lines = {(1, 1): "合计", (1, 2): "12.50", (1, 3): "", (1, 4): "基本支出"}
    assert [(line.line_no, line.mark) for line in printed_lines(lines, 1, 2, "12.50")] == [
        (1, ""), (2, "12.50"), (4, ""),
    ]  # fmt: skip
    assert printed_lines(lines, 2, 9) == ()


def test_a_refresh_remembers_where_the_documents_are(world, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import job

    path = world.write("a.txt", b"1.00")
    document = job.run(world.settings).collected.documents[0]
    assert Originals(world.settings).bytes_of(document.document_id) == b"1.00"
    path.write_bytes(b"2.00")
    assert Originals(world.settings).bytes_of(document.document_id) is None
