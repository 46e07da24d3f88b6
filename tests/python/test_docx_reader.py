"""DOCX files to lines and grids, and every figure of rendered ones to its place."""

from __future__ import annotations

import zipfile
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from spans import Places, places_of, tilings

from flows.extract.claims import claims_of
from flows.extract.model import Grid, Page, Reading
from flows.extract.readers import UnreadableDocument, archive, docx
from flows.extract.readers.archive import kind_of_zip
from flows.extract.tables.grid import tables_from_grids
from tests.corpus import narrative
from tests.corpus.accounts import Account, Cell, Claim, departments
from tests.corpus.cells import compare
from tests.corpus.generate import random_account
from tests.corpus.render_docx import WORD, package, render, zipped

ACCOUNTS = [account for account in departments() if account.cells]


def read_body(xml: str) -> Reading:
    body = etree.fromstring(
        f'<w:body xmlns:w="{WORD}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        f' xmlns:v="urn:schemas-microsoft-com:vml">{xml}</w:body>'
    )
    return docx.read(package(list(body)))


def page_of(xml: str) -> Page:
    (page,) = read_body(xml).pages
    return page


def p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(content: str, properties: str = "") -> str:
    content = content if content.startswith("<w:") else p(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    inside = "".join(cell if cell.startswith("<w:") else tc(cell) for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inside}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def texts(grid: Grid) -> dict[tuple[int, int], str]:
    return {(cell.row, cell.column): cell.text for cell in grid.cells if cell.text}


def check(account: Account, reading: Reading) -> None:
    """All figures and claims of an account in a reading, and no other."""
    tables = tables_from_grids(reading)
    landed = [Cell(t.table_code, c.line_item, c.measure, c.value_text) for t in tables for c in t.cells]
    score = compare(account.cells, landed)
    assert score.is_perfect, (score.wrong, score.missing, score.invented)
    assert not [problem for table in tables for problem in table.problems]
    empty = {table.table_code for table in tables if table.is_declared_empty}
    assert empty == {code for code in account.printed_tables if not account.has_figures(code)}
    ranges = [(t.first_page, t.first_line, t.last_page, t.last_line) for t in tables]
    found, problems = claims_of(reading.lines, ranges, account.fiscal_year)
    fields = Claim.__dataclass_fields__
    stated = Counter(narrative.claims(account))
    assert Counter(Claim(**{field: getattr(claim, field) for field in fields}) for claim in found) == stated
    assert not problems
    assert not reading.problems


# -- whole documents ------------------------------------------------------------------------------


@pytest.mark.parametrize("edited", [False, True], ids=["fresh", "edited"])
@pytest.mark.parametrize("family", ["numbered", "plain"])
@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.key)
def test_every_figure_and_claim_is_read(account: Account, family: str, edited: bool) -> None:
    check(account, docx.read(render(account, family, edited)))


@pytest.mark.parametrize("seed", range(4))
def test_made_up_accounts_are_read_whole(seed: int) -> None:
    account = random_account(Random(seed), zeros=seed % 2 == 1)
    check(account, docx.read(render(account, ("numbered", "plain")[seed // 2], edited=True)))


def test_the_same_account_renders_to_the_same_bytes() -> None:
    assert render(ACCOUNTS[0]) == render(ACCOUNTS[0])


def test_line_numbers_run_through_paragraphs_and_rows() -> None:
    page = page_of(p("收入决算表") + tbl(tr("甲", "1.00"), tr("", ""), tr("乙", "2.00")) + p("注：无。"))
    assert [(line.line_no, line.text) for line in page.lines] == [
        (1, "收入决算表"), (2, "甲\t1.00"), (3, "乙\t2.00"), (4, "注：无。"),
    ]  # fmt: skip
    (grid,) = page.grids
    assert (grid.first_line, grid.last_line, grid.row_count, grid.column_count) == (2, 3, 3, 2)
    assert [cell.line_no for cell in grid.cells if cell.text] == [2, 2, 3, 3]


# -- tracked changes, content controls, hidden text ------------------------------------------------


def test_insertions_are_kept_and_deletions_dropped() -> None:
    row = tr(
        "甲",
        tc('<w:p><w:del w:id="1"><w:r><w:delText>9.99</w:delText></w:r></w:del>'
           '<w:ins w:id="2"><w:r><w:t>1.</w:t></w:r><w:r><w:t>25</w:t></w:r></w:ins>'
           '<w:moveFrom w:id="3"><w:r><w:t>7</w:t></w:r></w:moveFrom></w:p>'),
    )  # fmt: skip
    gone = tr("丙", "3.00", properties='<w:del w:id="4"/>')
    (grid,) = page_of(tbl(row, gone, tr("乙", "2.00", properties='<w:ins w:id="5"/>'))).grids
    assert texts(grid) == {(0, 0): "甲", (0, 1): "1.25", (1, 0): "乙", (1, 1): "2.00"}


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    mark = '<w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>'
    page = page_of(f"<w:p>{mark}<w:r><w:t>收入</w:t></w:r></w:p>" + p("决算表") + p("正文"))
    assert [line.text for line in page.lines] == ["收入决算表", "正文"]


def test_content_controls_are_looked_through_at_every_level() -> None:
    def control(xml: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{xml}</w:sdtContent></w:sdt>"

    run = f"<w:p>{control('<w:r><w:t>1.00</w:t></w:r>')}</w:p>"
    table = f"<w:tbl>{control(tr('甲', tc(run)))}<w:tr>{control(tc('乙'))}{tc('2.00')}</w:tr></w:tbl>"
    (grid,) = page_of(control(control(table))).grids
    assert texts(grid) == {(0, 0): "甲", (0, 1): "1.00", (1, 0): "乙", (1, 1): "2.00"}


def test_hidden_text_is_not_printed_but_reported() -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>88.88</w:t></w:r>"
    shown = '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>1.00</w:t></w:r>'
    reading = read_body(f"<w:p>{hidden}{shown}</w:p>")
    assert [line.text for line in reading.lines] == ["1.00"]
    assert [problem.code for problem in reading.problems] == ["hidden_text"]


def test_a_footnote_mark_does_not_become_a_digit() -> None:
    mark = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r>'
    page = page_of(f"<w:p><w:r><w:t>1,093.15</w:t></w:r>{mark}</w:p>")
    assert page.lines[0].text == "1,093.15^1"


def test_characters_that_are_elements() -> None:
    page = page_of("<w:p><w:r><w:noBreakHyphen/><w:t>3.20</w:t><w:br/><w:t>部门</w:t><w:tab/><w:t>单位</w:t>"
                   "<w:instrText>PAGE 7</w:instrText></w:r></w:p>")  # fmt: skip
    assert [line.text for line in page.lines] == ["-3.20", "部门\t单位"]


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{p('收入决算表')}</w:txbxContent>"
    drawing = f"<mc:Choice><w:drawing><v:shape>{box}</v:shape></w:drawing></mc:Choice>"
    picture = f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
    run = f"<w:r><mc:AlternateContent>{drawing}{picture}</mc:AlternateContent></w:r>"
    page = page_of(f"<w:p><w:r><w:t>正文</w:t></w:r>{run}</w:p>")
    assert [line.text for line in page.lines] == ["正文", "收入决算表"]


def test_an_embedded_document_is_reported() -> None:
    assert [problem.code for problem in read_body("<w:altChunk/>").problems] == ["embedded_document"]


# -- numbered lists ---------------------------------------------------------------------------------

LISTS = f"""<w:numbering xmlns:w="{WORD}">
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:start w:val="9"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2."/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="1"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="20"/></w:lvlOverride></w:num>
</w:numbering>"""


def test_numbers_that_word_makes_itself_are_printed() -> None:
    def item(text: str, number: int, level: int = 0) -> str:
        in_list = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        return f"<w:p><w:pPr>{in_list}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"

    xml = item("甲", 1) + item("乙", 1) + item("丙", 1, 1) + item("3.20", 1, 1) + item("", 1) + item("丁", 1)
    xml += item("戊", 2) + item("己", 3) + item("庚", 3) + item("辛", 0) + item("壬", 99)
    body = etree.fromstring(f'<w:body xmlns:w="{WORD}">{xml}</w:body>')
    lines = docx.read(package(list(body), etree.fromstring(LISTS))).lines
    assert [line.text for line in lines] == [
        "九、甲", "十、乙", "十.1.丙", "十.2.\t3.20", "十二、丁", "戊", "二十、己", "二十一、庚", "辛", "壬",
    ]  # fmt: skip


def test_a_style_can_number_its_paragraphs() -> None:
    styles = (
        f'<w:styles xmlns:w="{WORD}"><w:style w:styleId="a"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
        '</w:pPr></w:style><w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
    )
    xml = '<w:p><w:pPr><w:pStyle w:val="b"/></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>'
    document = f'<w:document xmlns:w="{WORD}"><w:body>{xml}</w:body></w:document>'
    parts = {"document": document, "numbering": LISTS, "styles": styles}
    data = {"[Content_Types].xml": b"<Types/>"} | {f"word/{n}.xml": x.encode() for n, x in parts.items()}
    assert [line.text for line in docx.read(zipped(data)).lines] == ["九、甲"]


# -- tables ---------------------------------------------------------------------------------------


def test_rows_that_begin_further_right() -> None:
    late = tr("1.00", "2.00", properties='<w:gridBefore w:val="2"/>')
    (grid,) = page_of(tbl(tr("项目", "名称", "合计", "其中"), late)).grids
    assert texts(grid)[1, 2] == "1.00" and texts(grid)[1, 3] == "2.00"


def test_a_merge_that_continues_nothing_begins_a_cell() -> None:
    (grid,) = page_of(tbl(tr("甲", "1.00"), tr(tc("乙", "<w:vMerge/>"), "2.00"))).grids
    assert texts(grid)[1, 0] == "乙"


def test_what_a_merged_cell_hides_is_reported() -> None:
    reading = read_body(tbl(tr(tc("甲", '<w:vMerge w:val="restart"/>'), "1.00"),
                            tr(tc("8.88", "<w:vMerge/>"), "2.00")))  # fmt: skip
    (grid,) = reading.pages[0].grids
    assert "8.88" not in texts(grid).values()
    assert [problem.code for problem in reading.problems] == ["hidden_text"]


def test_cells_merged_across_in_the_old_way() -> None:
    (grid,) = page_of(tbl(
        tr(tc("项目", '<w:hMerge w:val="restart"/>'), tc("", "<w:hMerge/>"), "合计"), tr("201", "甲", "1.00"),
    )).grids  # fmt: skip
    assert [(cell.column, cell.column_span) for cell in grid.cells if cell.row == 0] == [(0, 2), (2, 1)]


def test_paragraphs_of_a_cell_are_one_text_but_never_one_number() -> None:
    rows = tbl(tr("科目", "金额"), tr(tc(p("社会保障") + p("和就业支出")), tc(p("12") + p("34.50"))))
    (grid,) = page_of(rows).grids
    assert texts(grid)[1, 0] == "社会保障和就业支出"
    assert texts(grid)[1, 1] == "12;34.50"


def test_a_table_in_a_layout_table_stands_at_its_place() -> None:
    inner = tbl(tr("甲", "1.00"), tr("乙", "2.00"))
    article = tc(p("收入决算表") + inner + p("注：说明。"))
    page = page_of(tbl(tr("本页标题"), tr("通知", article), tr("版权所有")))
    assert [line.text for line in page.lines] == [
        "本页标题", "通知", "收入决算表", "甲\t1.00", "乙\t2.00", "注：说明。", "版权所有",
    ]  # fmt: skip
    (grid,) = page.grids
    assert (grid.first_line, grid.last_line) == (4, 5)


def test_a_table_in_a_row_with_amounts_leaves_the_row_whole() -> None:
    inner = tbl(tr("车辆", "2"), tr("接待", "3"))
    page = page_of(tbl(tr("项目", "金额"), tr(tc(p("三公") + inner + p("")), "5.00"), tr("其他", "6.00")))
    outer, nested = page.grids
    assert [texts(outer)[row, 1] for row in range(3)] == ["金额", "5.00", "6.00"]
    assert texts(outer)[1, 0] == "三公"
    assert texts(nested) == {(0, 0): "车辆", (0, 1): "2", (1, 0): "接待", (1, 1): "3"}
    assert nested.first_line == outer.last_line + 1


def test_an_amount_in_a_frame_of_its_own_stays_in_its_cell() -> None:
    page = page_of(tbl(tr("项目", "金额"), tr("甲", tc(tbl(tr("5.00")) + p("")))))
    (grid,) = page.grids
    assert texts(grid)[1, 1] == "5.00"


def test_a_strip_of_department_and_unit_is_no_table() -> None:
    strip, table = tbl(tr("部门：甲局", "单位：万元")), tbl(tr("甲", "1.00"), tr("乙", "2.00"))
    page = page_of(p("收入决算表") + strip + table)
    assert [line.text for line in page.lines[:2]] == ["收入决算表", "部门：甲局\t单位：万元"]
    assert [grid.first_line for grid in page.grids] == [3]


@given(tilings())
def test_spans_are_read_as_they_are_written(places: Places) -> None:
    def row_of(r: int) -> str:
        cells = []
        for (row, _), (height, width, text) in sorted(places.items(), key=lambda item: item[0][1]):
            if row <= r < row + height:
                merge = "" if height == 1 else '<w:vMerge w:val="restart"/>' if row == r else "<w:vMerge/>"
                cells.append(tc(text if row == r else "", f'<w:gridSpan w:val="{width}"/>{merge}'))
        return tr(*cells)

    count = max(row + height for (row, _), (height, _, _) in places.items())
    (grid,) = page_of(tbl(*[row_of(r) for r in range(count)])).grids
    assert places_of(grid) == places


# -- what is no DOCX, and what is hostile -----------------------------------------------------------


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as refusal:
        docx.read(data)
    assert " / " in refusal.value.reason
    return refusal.value.reason


def test_kinds_of_archives() -> None:
    types = b"<Types/>"
    assert kind_of_zip(render(ACCOUNTS[0])) == "docx"
    assert kind_of_zip(zipped({"[Content_Types].xml": types, "xl/workbook.xml": b"<x/>"})) == "xlsx"
    assert kind_of_zip(zipped({"a.pdf": b"", "word/document.xml": b""})) == "zip"


def test_the_main_part_may_have_another_name() -> None:
    types = (
        b'<Types xmlns="t"><Override PartName="/word/document2.xml" ContentType="application/vnd.'
        b'openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    document = f'<w:document xmlns:w="{WORD}"><w:body>{p("正文")}</w:body></w:document>'.encode()
    data = zipped({"[Content_Types].xml": types, "word/document2.xml": document})
    assert kind_of_zip(data) == "docx"
    assert [line.text for line in docx.read(data).lines] == ["正文"]


def test_other_archives_are_refused() -> None:
    assert "不是 DOCX" in refused(zipped({"a.txt": b"a"}))
    assert "不是 DOCX" in refused(zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<x/>"}))


def document_of(xml: bytes) -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": xml})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(encoding: str) -> None:
    bomb = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE w [<!ENTITY a "{"啊" * 99}">'
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">' for n in range(1, 9))
        + f'<!ENTITY f SYSTEM "file:///etc/hostname">]><w:document xmlns:w="{WORD}">&f;</w:document>'
    )
    assert refused(document_of(bomb.encode(encoding)))


@pytest.mark.parametrize("size", [0, 20, -20])
def test_damaged_archives_are_refused(size: int) -> None:
    whole = render(ACCOUNTS[0])
    refused(whole[:size] if size else whole[: len(whole) // 2])


@given(st.integers(0, 2**32))
def test_mutated_documents_are_read_or_refused(seed: int) -> None:
    random = Random(seed)
    body = f'<w:body xmlns:w="{WORD}">{p("正文")}{tbl(tr("甲", "1.00"), tr("乙", "2.00"))}</w:body>'
    data = bytearray(package(list(etree.fromstring(body))))
    for _ in range(random.randrange(1, 8)):
        data[random.randrange(len(data))] = random.randrange(256)
    try:
        docx.read(bytes(data))
    except UnreadableDocument as refusal:
        assert " / " in refusal.reason


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = document_of(b"<w>" + b" " * 30_000_000 + b"</w>")
    assert len(bomb) < 100_000
    assert "压缩比" in refused(bomb)


def test_a_bomb_that_lies_about_its_size_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    data = document_of(b"<w>" + b" " * 3_000_000 + b"</w>")
    real = zipfile.ZipFile.infolist

    def small(self: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
        return [zipfile.ZipInfo("word/document.xml") for _ in real(self)]

    monkeypatch.setattr(zipfile.ZipFile, "infolist", small)
    monkeypatch.setattr(archive, "MOST_XML_BYTES", 1_000_000)
    assert "超过" in refused(data)


def test_too_many_entries_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_ENTRIES", 3)
    refused(zipped({f"{n}.txt": b"" for n in range(4)}))


def test_a_password_is_named() -> None:
    data = bytearray(document_of(b"<w/>"))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(magic, at + 1)) >= 0:
            data[at + offset] |= 1
    assert "密码" in refused(bytes(data))


def test_deep_nesting_ends() -> None:
    deep = "<w:sdt><w:sdtContent>" * 120 + p("底") + "</w:sdtContent></w:sdt>" * 120
    assert page_of(deep).lines[0].text == "底"
    nested = p("底")
    for _ in range(80):
        nested = tbl(tr(tc(nested)))
    assert page_of(nested).lines[0].text == "底"
    open_tags = f'<w:document xmlns:w="{WORD}"><w:body>' + "<w:tbl><w:tr><w:tc>" * 500
    refused(document_of(open_tags.encode()))


def test_spans_beyond_measure_cost_nothing() -> None:
    wide = tc("甲", '<w:gridSpan w:val="999999999"/>')
    (grid,) = page_of(tbl(tr(wide, "1.00"), tr(wide, "2.00"))).grids
    assert grid.column_count == 257
    reading = read_body(tbl(*[tr(wide, "1.00")] * 2000))
    assert not reading.pages[0].grids
    assert [problem.code for problem in reading.problems] == ["table_too_large"]
    assert len(reading.lines) == 2000
