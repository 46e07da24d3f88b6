"""The report's own words in Chinese and English, from words.yml beside the page's template."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
LANGUAGES = ("zh", "en")


@cache
def words() -> dict[str, Any]:
    """`categories`, `severities`, `verdicts`, … : name → {zh, en}; see the file."""
    return yaml.safe_load((TEMPLATES / "words.yml").read_text(encoding="utf-8"))


def word(kind: str, name: str | None, language: str) -> str:
    """What a name is called; itself where nobody has given it a word yet."""
    return words()[kind].get(name or "", {}).get(language) or (name or "")
