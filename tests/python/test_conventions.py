"""The rules of the dbt project (dbt-bouncer.yml), on the manifest of a refresh."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from flows.settings import PROJECT, Settings

EXCEPTIONS = PROJECT / "tests" / "convention_exceptions.csv"


@pytest.mark.end_to_end
def test_the_project_keeps_its_rules_but_for_the_exceptions(published: Path, tmp_path: Path) -> None:
    rules = yaml.safe_load((PROJECT / "dbt-bouncer.yml").read_text(encoding="utf-8"))
    rules["dbt_artifacts_dir"] = str(Settings(warehouse=published).state / "dbt")
    config, report = tmp_path / "dbt-bouncer.yml", tmp_path / "report.json"
    config.write_text(yaml.safe_dump(rules), encoding="utf-8")
    done = subprocess.run(
        [
            Path(sys.executable).with_name("dbt-bouncer"),
            *("--config-file", config, "--output-file", report, "--output-format", "json"),
        ],
        capture_output=True,
        text=True,
    )
    assert report.is_file(), done.stdout + done.stderr
    checks = json.loads(report.read_text(encoding="utf-8"))
    assert len(checks) > 1000
    # <rule>:<number in the file>:<node>
    broken = {
        tuple(check["check_run_id"].split(":")[::2]): check["failure_message"]
        for check in checks
        if check["outcome"] != "success"
    }
    with EXCEPTIONS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    excepted = {(row["rule"], row["node"]) for row in rows}
    assert all(row["reason"] for row in rows) and len(excepted) == len(rows)
    assert {key: message for key, message in broken.items() if key not in excepted} == {}
    assert excepted - broken.keys() == set(), "no longer needed"
