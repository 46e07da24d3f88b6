"""The entity diagram: which table joins to which by what key, from the relationships tests of the models."""

from __future__ import annotations

from flows.handbook.marts import Column, Mart, marts
from flows.settings import PROJECT

PAGE = PROJECT / "docs" / "diagram.md"
_HEAD = """# Entity diagram 实体关系图

<!-- Made by `make docs` from the relationships tests beside each model in models/marts. -->

Every line is a key that `dbt build` and each refresh test: no fact points at a row that is not there. Of each
table only its keys are shown; [data dictionary](data-dictionary.md) has the rest.
每条连线都是经检验的外键。图中只列键，其余各列见[数据字典](data-dictionary.md)。
"""
_DIAGRAMS = {
    "function": "By functional and economic code 按功能分类与经济分类",
    "department_year": "By department and year 按部门与年度",
    "quality": "Checks and findings 核对与问题",
    "core": "Between dimensions 维度之间",
}


def page() -> str:
    """The whole page: one diagram for the facts of each folder, with the tables that they refer to."""
    known = {mart.model: mart for mart in marts()}
    parts = [_HEAD]
    for folder, title in _DIAGRAMS.items():
        drawn = [mart for mart in known.values() if mart.folder == folder and _references(mart)]
        parts.append(f"## {title}\n\n```mermaid\n{_diagram(drawn, known)}\n```\n")
    return "\n".join(parts)


def _references(mart: Mart) -> list[Column]:
    return [column for column in mart.columns if column.refers_to]


def _diagram(drawn: list[Mart], known: dict[str, Mart]) -> str:
    edges = [
        f"    {column.refers_to} ||--o{{ {mart.model} : {column.name}"
        for mart in drawn
        for column in _references(mart)
    ]
    shown = {mart.model for mart in drawn} | {
        column.refers_to for mart in drawn for column in _references(mart)
    }
    boxes = [_box(known[model]) for model in known if model in shown]
    return "\n".join(["erDiagram", *edges, *boxes])


def _box(mart: Mart) -> str:
    lines = []
    for column in mart.columns:
        keys = ["PK"] * (column.name in mart.grain) + ["FK"] * bool(column.refers_to)
        if keys:
            # mermaid takes no brackets in a type
            lines.append(f"        {column.data_type.partition('(')[0]} {column.name} {', '.join(keys)}")
    return "\n".join([f"    {mart.model} {{", *lines, "    }"])
