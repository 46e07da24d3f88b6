"""Web pages to lines and grids, and every figure of rendered ones to its place."""

from __future__ import annotations

import time
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spans import Places, places_of, tilings
from test_docx_reader import ACCOUNTS, check, texts

from flows.extract.model import Page
from flows.extract.readers import UnreadableDocument, html
from tests.corpus.accounts import Account
from tests.corpus.generate import random_account
from tests.corpus.render_html import render


def page_of(body: str) -> Page:
    (page,) = html.read(f"<html><body>{body}</body></html>".encode()).pages
    return page


def lines_of(body: str) -> list[str]:
    return [line.text for line in page_of(body).lines]


# -- whole pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", ["plain", "portal"])
@pytest.mark.parametrize("family", ["numbered", "plain"])
@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.key)
def test_every_figure_and_claim_is_read(account: Account, family: str, style: str) -> None:
    check(account, html.read(render(account, family, style)))


@pytest.mark.parametrize("seed", range(4))
def test_made_up_accounts_are_read_whole(seed: int) -> None:
    account = random_account(Random(seed), zeros=seed % 2 == 1)
    check(account, html.read(render(account, ("numbered", "plain")[seed // 2], "portal")))


# -- encodings ------------------------------------------------------------------------------------

TEXT = "<html><head>{}</head><body><p>财政拨款收入㙍</p></body></html>"


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="utf-8">', "utf-8"),
        ("", "utf-8"),
        ("", "gb18030"),
        ("", "utf-16"),
        ("", "utf-8-sig"),
        ('<meta charset="gb2312">', "gb18030"),  # rare characters are in GB18030 only
        ('<meta http-equiv="Content-Type" content="text/html; charset=GBK">', "gb18030"),
        ('<meta charset="gb2312">', "utf-8"),  # saved anew, the declaration forgotten
        ('<meta charset="utf-8">', "gb18030"),
        ('<meta charset="rot13">', "utf-8"),
    ],
)
def test_encodings(head: str, encoding: str) -> None:
    data = TEXT.format(head).encode(encoding)
    if 'charset="utf-8"' in head and encoding == "gb18030":
        with pytest.raises(UnreadableDocument):
            html.read(data)
    else:
        assert [line.text for line in html.read(data).lines] == ["财政拨款收入㙍"]
        assert html.is_html(data)


def test_big5() -> None:
    data = '<meta charset="big5"><p>財政撥款收入</p>'.encode("big5")
    assert [line.text for line in html.read(data).lines] == ["財政撥款收入"]


def test_one_bad_byte_in_a_long_page_is_reported() -> None:
    data = b'<meta charset="utf-8"><p>\xff</p>' + "<p>财政拨款收入</p>".encode() * 200
    reading = html.read(data)
    assert len(reading.lines) == 201
    assert [problem.code for problem in reading.problems] == ["undecodable_characters"]


def test_an_xhtml_declaration_and_nul_bytes_do_no_harm() -> None:
    data = b'<?xml version="1.0" encoding="gb2312"?><html><body>1\x00.00<br/>' + "收入</body></html>".encode()
    assert [line.text for line in html.read(data).lines] == ["1.00", "收入"]


# -- text -------------------------------------------------------------------------------------------


def test_what_ends_a_line_and_what_does_not() -> None:
    assert lines_of("<p>收<b>入</b>\n<font color=red>决算表</font></p>注<br>说明<ul><li>甲<li>乙</ul>尾") == [
        "收入 决算表", "注", "说明", "甲", "乙", "尾",
    ]  # fmt: skip


def test_nothing_of_scripts_styles_and_comments_is_read() -> None:
    body = "前<script>var a = '1.00<p>';</script><style>p{}</style><!-- <p>2.00</p> -->"
    body += "<noscript>3.00</noscript><template>4.00</template><del>5.00</del><iframe src='//x/'></iframe>后"
    assert lines_of(body) == ["前后"]


def test_blanks_of_all_kinds() -> None:
    table = "<table><tr><td>甲<td>&nbsp;1,093.15&nbsp;<tr><td>乙<td>2\u200b.00\ufeff</table>"
    (grid,) = page_of(table).grids
    assert texts(grid) == {(0, 0): "甲", (0, 1): "1,093.15", (1, 0): "乙", (1, 1): "2.00"}


def test_preformatted_text_keeps_its_lines() -> None:
    assert lines_of("<pre>收入决算表\n甲\t1.00\n\n乙\t2.00</pre>尾\n尾") == [
        "收入决算表", "甲\t1.00", "乙\t2.00", "尾 尾",
    ]  # fmt: skip


def test_a_footnote_mark_does_not_become_a_digit() -> None:
    assert lines_of("1,093.15<sup>1</sup>，比上年<sup>注</sup>") == ["1,093.15^1，比上年注"]


def test_hidden_figures_are_not_read_but_reported() -> None:
    body = "甲<span style='display: none'>9.99</span>乙<div hidden>说明</div><table><tr><td>丙<td>1.00"
    body += "<td style='DISPLAY:none'>8.88<tr hidden><td>丁<td>7.77<tr><td>戊<td>2.00</table>"
    reading = html.read(body.encode())
    assert [line.text for line in reading.lines] == ["甲乙", "丙\t1.00", "戊\t2.00"]
    details = [problem.detail for problem in reading.problems if problem.code == "hidden_text"]
    assert [detail.split()[-1] for detail in details] == ["9.99", "丁7.77", "8.88"]


# -- tables -----------------------------------------------------------------------------------------


def test_spans_end_tags_left_out() -> None:
    page = page_of("""<table border=1><tr><th rowspan=2 colspan="2">项目<th rowspan=2>合计<th colspan=2>其中
        <tr><td>财政<td>其他 <tr><td>208<td>社会保障<br>和就业<td>754.75<td>754.75<td></table>""")
    (grid,) = page.grids
    assert places_of(grid) == {
        (0, 0): (2, 2, "项目"), (0, 2): (2, 1, "合计"), (0, 3): (1, 2, "其中"),
        (1, 3): (1, 1, "财政"), (1, 4): (1, 1, "其他"),
        (2, 0): (1, 1, "208"), (2, 1): (1, 1, "社会保障和就业"), (2, 2): (1, 1, "754.75"),
        (2, 3): (1, 1, "754.75"), (2, 4): (1, 1, ""),
    }  # fmt: skip
    assert page.lines[0].text == "项目\t合计\t其中"


def test_rowspan_zero_reaches_the_end_of_its_row_group() -> None:
    body = "<tbody><tr><td rowspan=0>甲<td>1.00<tr><td>2.00</tbody><tbody><tr><td>乙<td>3.00</tbody>"
    (grid,) = page_of(f"<table>{body}</table>").grids
    assert places_of(grid)[0, 0] == (2, 1, "甲")
    assert texts(grid)[2, 0] == "乙"


def test_the_foot_of_a_table_comes_last() -> None:
    rows = "<tfoot><tr><td>合计<td>3.00</tfoot><thead><tr><td>项目<td>金额</thead><tbody><tr><td>甲<td>3.00"
    (grid,) = page_of(f"<table>{rows}</table>").grids
    assert [texts(grid)[row, 0] for row in range(3)] == ["项目", "甲", "合计"]


@pytest.mark.parametrize("span", ["", "abc", "-3", "1.5", "１", "99999999999999999999"])
def test_spans_that_are_no_numbers(span: str) -> None:
    (grid,) = page_of(f"<table><tr><td>甲<td colspan='{span}'>1.00<tr><td>乙<td>2.00</table>").grids
    assert grid.column_count in (2, 256)
    assert texts(grid)[1, 1] == "2.00"


def test_a_caption_stands_above_its_table() -> None:
    page = page_of("<table><caption>收入决算表</caption><tr><td>甲<td>1.00<tr><td>乙<td>2.00</table>")
    assert page.lines[0].text == "收入决算表"
    assert page.grids[0].first_line == 2


def test_a_page_made_of_one_table_gives_the_tables_in_it() -> None:
    inner = "<table><tr><td>甲<td>1.00<tr><td>乙<td>2.00</table>"
    article = f"<p>收入决算表</p>{inner}<p>注：一</p><p>支出决算表</p>{inner}"
    page = page_of(f"<table><tr><td>导航<td>{article}</table>")
    assert [line.text for line in page.lines] == [
        "导航", "收入决算表", "甲\t1.00", "乙\t2.00", "注：一", "支出决算表", "甲\t1.00", "乙\t2.00",
    ]  # fmt: skip
    assert [(grid.first_line, grid.last_line) for grid in page.grids] == [(3, 4), (7, 8)]


def test_an_article_beside_navigation_keeps_its_paragraphs() -> None:
    article = "".join(f"<p>第{n}段</p>" for n in range(30))
    body = f"<table><tr><td>徽标<td>网站名称<tr><td>导航<td>{article}<tr><td>版权<td>备案</table>"
    page = page_of(body)
    assert "第7段" in [line.text for line in page.lines]
    assert not page.grids


def test_tables_in_forms_and_in_rows_without_cells() -> None:
    inner = "<table><tr><td>甲<td>1.00<tr><td>乙<td>2.00</table>"
    for before in ("<table><form>", "<table><tr>", "<form>"):
        body = before + inner
        assert [texts(grid)[1, 1] for grid in page_of(body).grids] == ["2.00"], body


@given(tilings())
def test_spans_are_read_as_they_are_written(places: Places) -> None:
    rows: dict[int, list[str]] = {}
    for (row, _), (height, width, text) in sorted(places.items()):
        rows.setdefault(row, []).append(f"<td rowspan={height} colspan={width}>{text}</td>")
    (grid,) = page_of(f"<table>{''.join(f'<tr>{chr(10).join(r)}</tr>' for r in rows.values())}</table>").grids
    assert places_of(grid) == places


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 400), st.integers(0, 400)), max_size=40))
def test_cells_never_overlap_whatever_the_spans(cells: list[tuple[int, int, int]]) -> None:
    rows: dict[int, str] = {n: "<td>甲<td>1.00" for n in range(10)}
    for row, height, width in cells:
        rows[row] += f"<td rowspan={height} colspan={width}>乙"
    for grid in page_of(f"<table>{''.join(f'<tr>{row}' for row in rows.values())}</table>").grids:
        assert grid.row_count == 10
        assert all(0 < cell.row_span <= 10 - cell.row for cell in grid.cells)
        places = {(cell.row, cell.column) for cell in grid.cells}
        assert len(places) == len(grid.cells)
        assert max(cell.column + cell.column_span for cell in grid.cells) == grid.column_count


# -- hostile pages ----------------------------------------------------------------------------------


def test_an_empty_page_is_refused() -> None:
    with pytest.raises(UnreadableDocument):
        html.read(b"   ")


def test_nesting_beyond_measure_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match=" / "):
        html.read(b"<div>" * 5000 + "收入".encode())
    assert page_of("<table><tr><td>" * 80 + "收入").lines[0].text == "收入"


@pytest.mark.parametrize(
    "body",
    [
        "<table>" + "<tr><td rowspan=9999 colspan=9999>1.00<td>x" * 3000,
        "<table><tr>" + "<td colspan=9999>1" * 20_000 + "<tr><td>甲<td>乙",
        "<table>" + "<tr><td>1<td>2" * 30_000,
        "<table>" * 100 + "<tr><td>甲" * 100,
        "<i>" * 1_000_001,
        "<p>" + "1," * 500_000,
        "&#0;&#xD800;&#99999999;&nosuch;" * 1000,
    ],
    ids=["spans", "wide", "long", "tables", "tags", "one line", "references"],
)
def test_pages_beyond_measure_end_soon(body: str) -> None:
    started = time.process_time()
    try:
        html.read(body.encode())
    except UnreadableDocument as refusal:
        assert " / " in refusal.reason
    assert time.process_time() - started < 10


@given(st.integers(0, 2**32))
def test_mutated_pages_are_read_or_refused(seed: int) -> None:
    random = Random(seed)
    page = "<table><tr><td rowspan=2>甲<table><tr><td>1.00</table><td>2<tr><td>3</table><pre>a\nb</pre><p>尾"
    data = bytearray(page.encode())
    for _ in range(random.randrange(1, 8)):
        data[random.randrange(len(data))] = random.choice(b"<>/=&;\x00 \xff1td\n")
    try:
        html.read(bytes(data))
    except UnreadableDocument as refusal:
        assert " / " in refusal.reason
