"""What stands around a table: its unit above it, the words below it that declare it empty."""

from __future__ import annotations

import re

from flows.extract.normalise import squeeze

_UNIT = re.compile(r"单位:(?:人民币)?(亿元|百万元|万元|千元|百元|元)")
_EMPTY = re.compile(r"(本表|此表|该表)(无数据|为空|为空表)|(无|没有)[^,。;]{0,24}(收入|支出|收支|数据|安排)")


def unit_in(text: str) -> str:
    """The unit of money that a table's heading prints (万元, 元, …); empty where none is printed."""
    match = _UNIT.search(squeeze(text))
    return match[1] if match else ""


def declares_empty(text: str) -> bool:
    """Whether the notes under a table say in words that the department has nothing to put into it.

    The form's own instruction (无…的，仍保留该表格式) tells what to do and declares nothing.
    """
    text = re.sub(r"无[^。]{0,40}的,仍?(应)?保留[^。:]*[。:]?", "", squeeze(text))
    return _EMPTY.search(text) is not None
