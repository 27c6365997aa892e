"""The identities that the project's own documents decide: a rule that no document exercises is worse than no rule."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb

from ingest.config import PROJECT_ROOT

REGISTRY = PROJECT_ROOT / "dbt_project" / "seeds" / "registry" / "identities.csv"
IN_SAMPLES = frozenset(
    {
        "AL-N03-001", "AL-T07-003", "AL-T07-004", "METRIC-005", "METRIC-006", "METRIC-010", "NAME-004",
        "STRUCTURE-001", "STRUCTURE-008", "STRUCTURE-011", "YEAR-005",
    }
)  # fmt: skip
"""Decided on the samples and not on a golden document."""
IN_REFRESHES = frozenset({"CROSS-004"})
"""Decided only where a later run finds a newer version: `tests/pipeline/test_refresh.py` asserts it."""


def active() -> set[str]:
    """The active identities of the registry."""
    with REGISTRY.open(encoding="utf-8", newline="") as file:
        return {row["identity_id"] for row in csv.DictReader(file) if row["lifecycle"] == "active"}


def decided(warehouse: Path) -> set[str]:
    """The identities with a check in the warehouse that passed or failed."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        rows = con.execute(
            "select distinct identity_id from audit.fct_identity_check where status in ('pass', 'fail', 'waived')"
        ).fetchall()
    return {identity for (identity,) in rows}
