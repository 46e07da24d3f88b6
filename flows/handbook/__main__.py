"""`python -m flows.handbook WAREHOUSE` writes the pages; the cookbook's answers are that warehouse's."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from flows.handbook import cookbook, diagram, dictionary
from flows.settings import PROJECT


def main(warehouse: Path) -> None:
    """Write the three pages and say where."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        pages = {cookbook.PAGE: cookbook.page(connection)}
    pages |= {dictionary.PAGE: dictionary.page(), diagram.PAGE: diagram.page()}
    for path, text in pages.items():
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"  {path.relative_to(PROJECT)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
