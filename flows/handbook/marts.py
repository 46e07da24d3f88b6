"""What the project says of its marts: the YAML beside each model of models/marts, as records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from flows.settings import PROJECT

MODELS = PROJECT / "models" / "marts"
# Folder of models/marts → schema in the published file, in the order in which they are shown.
SCHEMAS = {
    "core": "marts",
    "function": "marts",
    "department_year": "marts",
    "quality": "quality",
    "zh": "zh",
}
_ALIAS = re.compile(r"alias='([^']+)'")
_REF = re.compile(r"ref\('(\w+)'\)")


@dataclass(frozen=True)
class Column:
    """One column; `refers_to` is the model whose key it holds, by the relationships test, or empty."""

    name: str
    data_type: str
    zh: str
    en: str
    refers_to: str


@dataclass(frozen=True)
class Mart:
    """One table or view of the published file. `name` is its name there, `model` the one in the project."""

    model: str
    folder: str
    name: str
    zh: str
    en: str
    grain: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def schema(self) -> str:
        """Its schema in the published file."""
        return SCHEMAS[self.folder]


def marts() -> list[Mart]:
    """All marts: by folder in the order of SCHEMAS, then by name."""
    paths = sorted(MODELS.rglob("*.yml"), key=lambda path: (list(SCHEMAS).index(path.parent.name), path.stem))
    return [mart for path in paths for mart in _of_file(path)]


def _of_file(path: Path) -> Iterator[Mart]:
    for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
        alias = _ALIAS.search(path.with_suffix(".sql").read_text(encoding="utf-8"))
        meta = model["config"]["meta"]
        yield Mart(
            model=model["name"],
            folder=path.parent.name,
            name=alias[1] if alias else model["name"],
            zh=meta.get("zh", ""),
            en=_one_line(model["description"]),
            grain=tuple(meta["grain"]),
            columns=tuple(map(_column, model["columns"])),
        )


def _column(column: dict) -> Column:
    return Column(
        name=column["name"],
        data_type=column["data_type"],
        zh=column.get("config", {}).get("meta", {}).get("zh", ""),
        en=_one_line(column["description"]),
        refers_to=_refers_to(column.get("data_tests", [])),
    )


def _refers_to(tests: list) -> str:
    for test in tests:
        if isinstance(test, dict) and "relationships" in test:
            return _REF.fullmatch(test["relationships"]["arguments"]["to"])[1]
    return ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
