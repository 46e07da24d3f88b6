"""Text dumps: encodings, line numbers, pages."""

import pytest

from flows.extract.readers import UnreadableDocument
from flows.extract.readers.text import read

TEXT = "收入决算表\n公开02表\n合计\t12.00\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_every_encoding_gives_the_same_lines(encoding):
    assert read(TEXT.encode(encoding)) == read(TEXT.encode())


def test_lines_are_numbered_through_the_file_and_form_feeds_begin_pages():
    reading = read("一\n二\f三\n四\f".encode())
    assert [(x.page, x.line_no, x.text) for x in reading.lines] == [
        (1, 1, "一"),
        (1, 2, "二"),
        (2, 2, "三"),
        (2, 3, "四"),
    ]
    assert reading.has_pages and len(reading.pages) == 2


def test_a_dump_without_form_feeds_has_no_pages():
    assert not read(TEXT.encode()).has_pages


def test_line_ends_of_other_systems_do_not_move_line_numbers():
    assert read("一\r\n二\r\n".encode()).lines == read("一\n二\n".encode()).lines


@pytest.mark.parametrize("data", [b"\x00\x01\x02", b"\xff\xff\xff\xff", "正文\x07".encode()])
def test_bytes_that_are_no_text_are_refused_with_what_to_do(data):
    with pytest.raises(UnreadableDocument, match="save it"):
        read(data)
