"""What several tests share."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flows.settings import PROJECT, SAMPLES

_REAL_DOCUMENTS = Path(__file__).parents[3] / "shared" / "documents"


class RealDocuments:
    """Published documents that lie beside the repository and are not part of it."""

    def __init__(self, folder: Path) -> None:
        self.paths = sorted(folder.iterdir())

    def bytes_of(self, part_of_name: str) -> bytes:
        """The bytes of the one document whose file name contains `part_of_name`."""
        (path,) = [path for path in self.paths if part_of_name in path.name]
        return path.read_bytes()


@pytest.fixture(scope="session")
def real_documents() -> RealDocuments:
    """The real documents; the test is skipped, and says so, where they are absent."""
    if not _REAL_DOCUMENTS.is_dir():
        pytest.skip("the real documents (../shared/documents) are not here")
    return RealDocuments(_REAL_DOCUMENTS)


def juesuan(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    command = [sys.executable, "-c", "from flows.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)


def _git_status() -> str:
    done = subprocess.run(["git", "status", "--porcelain"], cwd=PROJECT, capture_output=True, text=True)
    return done.stdout


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples, with bad documents beside them, refreshed into a warehouse of their own."""
    folder = tmp_path_factory.mktemp("refresh")
    bad = folder / "bad documents"
    bad.mkdir()
    (bad / "损坏 corrupt.pdf").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 8)
    (bad / "empty.txt").write_bytes(b"")
    (bad / "unrelated.txt").write_text("A letter about the weather, with 12.34 in it.\n" * 20)
    sample = min(path for path in SAMPLES.iterdir() if path.suffix == ".txt")
    (bad / f"z copy of {sample.name}").write_bytes(sample.read_bytes())
    before = _git_status()
    done = juesuan("refresh", SAMPLES, bad, "--warehouse", folder / "test.duckdb")
    assert done.returncode == 0, done.stderr
    assert "nothing new" not in done.stdout
    assert _git_status() == before
    return folder / "test.duckdb"
