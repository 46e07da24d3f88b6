"""The data dictionary: every table and view of the published file, in Chinese and English."""

from __future__ import annotations

from itertools import groupby

from flows.handbook.markdown import table
from flows.handbook.marts import Column, Mart, marts
from flows.settings import PROJECT

PAGE = PROJECT / "docs" / "data-dictionary.md"
_HEAD = """# Data dictionary 数据字典

<!-- Made by `make docs` from the YAML beside each model in models/marts. -->

每张表先说明一行是什么，再列出主键和各列，名称即库中的名称。
金额以元为单位，`zh` 视图以万元为单位；没有公开的数为空，不是零。

For each table what a row is, its key and its columns, under the name that it has in the published file.
Amounts are in 元, those of the views in `zh` in 万元. What is not published is null and never zero.
How the tables join: [diagram](diagram.md). The same texts are comments in the database.
"""
_SCHEMAS = {
    "marts": "marts: dimensions and facts 维度表与事实表",
    "quality": "quality: checks, findings, grades 核对、问题与等级",
    "zh": "zh: the everyday views in Chinese 中文视图",
}


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    for schema, found in groupby(marts(), key=lambda mart: mart.schema):
        in_schema = list(found)
        parts.append(f"## {_SCHEMAS[schema]}\n")
        parts.append(table(["table 表", "what a row is 一行是什么"], [_line(mart) for mart in in_schema]))
        parts += [_entry(mart) for mart in in_schema]
    return "\n".join(parts)


def _line(mart: Mart) -> tuple[str, str]:
    return f"[{mart.name}](#{_anchor(mart)})", mart.zh.partition("：")[0].partition("。")[0]


def _anchor(mart: Mart) -> str:
    # as GitHub makes them of a heading: the dot goes, letters of any script stay
    return f"{mart.schema}{mart.name}"


def _entry(mart: Mart) -> str:
    key = ", ".join(f"`{name}`" for name in mart.grain)
    columns = table(["column 列", "type 类型", "中文", "English"], [_row(column) for column in mart.columns])
    return f"### {mart.schema}.{mart.name}\n{mart.zh}\n\n{mart.en}\n\n主键 key: {key}\n\n{columns}"


def _row(column: Column) -> tuple[str, str, str, str]:
    return f"`{column.name}`", column.data_type, column.zh, column.en
