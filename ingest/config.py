"""Paths and settings in one place; nothing else reads the environment."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

PACKAGES = Path(__file__).resolve().parent.parent
"""The folder with the Python packages: the top of a clone, or site-packages."""
_PACKAGED = PACKAGES / "ingest" / "_project"  # setup.py puts it into a wheel
IS_CLONE = not _PACKAGED.is_dir()
PROJECT_ROOT = PACKAGES if IS_CLONE else _PACKAGED
"""The folder with the dbt project: the top of a clone, or package data. It may be read-only."""
SEEDS_DIR = PROJECT_ROOT / "dbt_project" / "seeds"
REGISTRY_DIR = SEEDS_DIR / "registry"
CLASSIFICATION_DIR = SEEDS_DIR / "classification"
CODES_DIR = SEEDS_DIR / "codes"
STORAGE_VERSION = "v1.4.0"
"""The oldest DuckDB whose clients can open what is published."""
DATABASE_MEMORY = "2GiB"
COPY_MEMORY = "512MiB"
"""What DuckDB holds in memory where it joins and sorts, and where rows only pass through; the rest goes to disk."""
DEFAULT_WAREHOUSE = Path("warehouse/mingzhang.duckdb")


class Policy(StrEnum):
    """What happens to a document whose figures are more likely misread than misprinted."""

    hold = "hold"
    flag = "flag"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document, and one run, may cost. Documents come from the open web; beyond a bound they are quarantined.

    ``file_bytes`` of a file or archive member, ``pages``, ``cells`` of one document (empty ones that must be
    looked at included), ``expanded_bytes`` and ``expansion_ratio`` of a compressed container, ``members`` of an
    archive and ``archive_depth`` of archives in each other, ``seconds`` and ``memory_bytes`` of the process that
    reads one document (about 400 scanned pages), ``converter_seconds`` of the converter of old Office files.
    A run takes no more files when it has ``run_files`` (archives expanded) or ``run_bytes`` of them.
    """

    file_bytes: int = 256 * 2**20
    pages: int = 3_000
    cells: int = 2_000_000
    expanded_bytes: int = 1024 * 2**20
    expansion_ratio: int = 200
    members: int = 10_000
    archive_depth: int = 2
    seconds: float = 900.0
    converter_seconds: float = 150.0
    memory_bytes: int = 4 * 2**30
    run_files: int = 500_000
    run_bytes: int = 1024 * 2**30


LIMITS = Limits()


def state_dir() -> Path:
    """Where runs keep their files: ``MINGZHANG_VAR``; by default ``var`` in the clone, or for a wheel in the working folder."""
    named = os.environ.get("MINGZHANG_VAR")
    return Path(named) if named else (PACKAGES if IS_CLONE else Path.cwd()) / "var"


def parses_dir() -> Path:
    """Where dbt's parses are kept. They are valid for one place of the project; those of a clone stay in the clone."""
    return (PACKAGES / "var" if IS_CLONE else state_dir()) / "dbt"


def database_settings(build_file: Path) -> dict[str, Any]:
    """DuckDB's settings where rows pass into or out of a build file: bounded memory, and the folder for what exceeds it."""
    return {"memory_limit": COPY_MEMORY, "temp_directory": f"{build_file}.tmp"}


RUN_FOLDERS = f"{'?' * 8}T{'?' * 6}-{'?' * 6}"
"""The pattern of the names of runs' own folders: their ids."""


def _new_run_id() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"


@dataclass(frozen=True, slots=True)
class Run:
    """One run: its id, where it works, where it publishes and under which policy."""

    warehouse: Path = DEFAULT_WAREHOUSE
    publish_policy: Policy = Policy.hold
    run_id: str = field(default_factory=_new_run_id)
    var_dir: Path = field(default_factory=state_dir)

    @property
    def work_dir(self) -> Path:
        """The run's own folder; it is removed when the run has published."""
        return self.var_dir / "builds" / self.run_id

    @property
    def build_file(self) -> Path:
        """The DuckDB file that the run makes."""
        return self.work_dir / "build.duckdb"

    @property
    def data_docs_dir(self) -> Path:
        """Where the checkpoint's pages are written."""
        return self.var_dir / "data_docs"

    @property
    def compiled_dir(self) -> Path:
        """Where dbt's compiled statements are kept."""
        return self.var_dir / "compiled"

    @property
    def samples_dir(self) -> Path:
        """Where the sample documents are written when a build is given no path."""
        return self.var_dir / "samples"
