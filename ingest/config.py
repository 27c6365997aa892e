"""Paths and settings in one place; nothing else reads the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent
REGISTRY_DIR = PROJECT_ROOT / "dbt_project" / "seeds" / "registry"
CLASSIFICATION_DIR = PROJECT_ROOT / "dbt_project" / "seeds" / "classification"
EXTRACTOR_VERSION = "1"
STORAGE_VERSION = "v1.4.0"
"""The oldest DuckDB whose clients can open what is published."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a run works and where it publishes. ``warehouse`` is the published file."""

    warehouse: Path = Path("warehouse/mingzhang.duckdb")
    var_dir: Path = field(default_factory=lambda: Path(os.environ.get("MINGZHANG_VAR", "var")))
    publish_policy: str = "hold"
    jobs: int = 1

    @property
    def builds_dir(self) -> Path:
        """Build files that are being made; one for each run."""
        return self.var_dir / "builds"
