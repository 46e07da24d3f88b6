"""Where one warehouse and everything that belongs to it lie."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from pathlib import Path

from flows.errors import UsageError

PROJECT = Path(__file__).resolve().parents[1]
SAMPLES = PROJECT / "documents" / "samples"
SAMPLES_LANDING = PROJECT / "seeds" / "landing"
DEFAULT_WAREHOUSE = PROJECT / "warehouse" / "juesuan.duckdb"
POLICIES = ("quarantine", "flag", "strict")


@dataclass(frozen=True)
class Settings:
    """One refresh: the documents to read, the warehouse to publish, the policy to hold documents to.

    `documents` are folders, files, or text files of paths (see `split_documents`). All that a refresh
    writes lies beside the warehouse under its name: nothing in the home directory, nothing tracked by git.
    """

    documents: tuple[Path, ...] = (SAMPLES,)
    warehouse: Path = DEFAULT_WAREHOUSE
    policy: str = "quarantine"
    landing: Path = field(default=Path())
    workers: int = 0  # documents read at the same time; 0: as many as there are cores

    def __post_init__(self) -> None:
        if self.policy not in POLICIES:
            raise UsageError(f"no such policy: {self.policy} (choose one of {', '.join(POLICIES)})")
        warehouse = Path(self.warehouse).expanduser().absolute()
        if warehouse.is_dir():
            raise UsageError(f"the warehouse is a file, and {warehouse} is a folder; name it like x.duckdb")
        if not warehouse.suffix:
            warehouse = warehouse.with_suffix(".duckdb")
        object.__setattr__(self, "warehouse", warehouse)
        if self.landing == Path():
            object.__setattr__(self, "landing", self._beside(".landing"))

    def _beside(self, ending: str) -> Path:
        return self.warehouse.with_name(self.warehouse.stem + ending)

    @property
    def parquet(self) -> Path:
        """Folder of one Parquet file per mart, by schema."""
        return self._beside(".parquet")

    @property
    def metrics(self) -> Path:
        """The definitions of the metrics that the warehouse can be asked for (see flows/metrics.py)."""
        return self._beside(".metrics.json")

    @property
    def audit(self) -> Path:
        """Folder of the audit's results and Data Docs."""
        return self._beside(".audit")

    @property
    def state(self) -> Path:
        """Folder of the machine's own notes; deleting it only makes the next refresh read all again."""
        return self._beside(".state")

    @property
    def candidate(self) -> Path:
        """The file that dbt builds and the audit judges, before anyone else sees it."""
        return self.state / "candidate.duckdb"


def split_documents(text: str) -> tuple[Path, ...]:
    """The paths in one DOCUMENTS value.

    The whole value if that is a path that exists (so that blanks in names need no quotes), else a list
    separated as the shell separates words. `@paths.txt` stands for the paths in that file, one a line.
    """
    text = text.strip()
    if not text:
        return (SAMPLES,)
    if Path(text).expanduser().exists():
        return (Path(text).expanduser(),)
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError(f"DOCUMENTS cannot be split into paths ({error}): {text}") from None
    paths: list[Path] = []
    for word in words:
        if word.startswith("@"):
            listing = Path(word[1:]).expanduser()
            if not listing.is_file():
                raise UsageError(f"no such list of documents: {listing}")
            lines = listing.read_text(encoding="utf-8-sig").splitlines()
            paths += [Path(line.strip()).expanduser() for line in lines if line.strip()]
        else:
            paths.append(Path(word).expanduser())
    return tuple(paths)
