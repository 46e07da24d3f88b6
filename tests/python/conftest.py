"""What several tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

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
