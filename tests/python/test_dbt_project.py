"""The dbt project's own rules: what every model and seed file must say of itself."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from flows.land import LANDING

PROJECT = Path(__file__).resolve().parents[2]
MODELS = sorted((PROJECT / "models").rglob("*.sql"))
SEEDS = sorted(path for path in (PROJECT / "seeds").rglob("*.csv") if path.parent.name != "landing")


def _described(kind: str, folder: str) -> dict[str, dict]:
    files = sorted((PROJECT / folder).rglob("*.yml"))
    return {
        entry["name"]: entry
        for file in files
        for entry in yaml.safe_load(file.read_text(encoding="utf-8")).get(kind, [])
    }


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_model_has_its_yaml_beside_it_with_grain_and_descriptions(path):
    models = yaml.safe_load(path.with_suffix(".yml").read_text(encoding="utf-8"))["models"]
    assert [model["name"] for model in models] == [path.stem]
    (model,) = models
    assert model["description"].startswith("One row per ")
    assert "grain" in model["config"]["meta"]
    assert [column["name"] for column in model["columns"] if not column.get("description", "").strip()] == []


@pytest.mark.parametrize("path", [p for p in MODELS if "marts" in p.parts], ids=lambda path: path.stem)
def test_a_mart_has_a_type_for_every_column(path):
    (model,) = yaml.safe_load(path.with_suffix(".yml").read_text(encoding="utf-8"))["models"]
    assert [column["name"] for column in model["columns"] if not column.get("data_type")] == []


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_a_seed_has_a_type_and_a_description_for_every_column(path):
    seed = _described("seeds", "seeds")[path.stem]
    header = _header(path)
    assert seed["description"].startswith("One row per ")
    assert sorted(seed["config"]["column_types"]) == sorted(header)
    assert [column["name"] for column in seed["columns"]] == header
    assert [column["name"] for column in seed["columns"] if not column.get("description", "").strip()] == []


@pytest.mark.parametrize("name", LANDING)
def test_the_landing_contract_is_the_landing(name):
    seed = _described("seeds", "models/landing")[name]
    columns = list(LANDING[name])
    assert [column["name"] for column in seed["columns"]] == columns
    assert seed["config"]["column_types"] == dict.fromkeys(columns, "varchar")
    rules = {column["name"]: column["config"]["meta"] for column in seed["columns"]}
    assert [name for name, rule in rules.items() if not rule.keys() & {"pattern", "accepted"}] == []


def test_no_two_rows_of_a_code_list_share_their_code():
    for name, key in (("functional_codes", "functional_code"), ("economic_codes", "economic_code")):
        with (PROJECT / "seeds" / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            codes = [row[key] for row in csv.DictReader(file)]
        assert len(codes) == len(set(codes))
        assert all(code.isdigit() or code in ("total", "personnel", "public") for code in codes)


def test_dbt_build_alone_builds_and_tests_the_committed_landing(tmp_path):
    """Unit tests among them, which a refresh leaves out; and dbt has no deprecation to complain of."""
    done = subprocess.run(
        [
            Path(sys.executable).with_name("dbt"),
            *("build", "--no-use-colors"),
            *("--target-path", tmp_path / "target", "--log-path", tmp_path / "logs"),
        ],
        cwd=PROJECT,
        env=os.environ | {"JUESUAN_WAREHOUSE": str(tmp_path / "candidate.duckdb")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert "unit_test" in done.stdout
    assert " WARN=0 " in done.stdout and " ERROR=0 " in done.stdout
    assert "eprecat" not in done.stdout
