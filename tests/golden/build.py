"""One build of small documents for every test that checks what is read of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ingest.runs.build import ingest_files
from ingest.warehouse.compiled import Statements
from ingest.warehouse.transform import transform


def build(work: Path, documents: Iterable[Path], statements: Statements) -> Path:
    """Read the documents and build and test every model on them. Returns the build file, in the folder ``work``."""
    build_file = work / "build.duckdb"
    ingest_files(documents, build_file, "golden", 0, lambda *_: None)
    made = transform(statements, build_file)
    assert not made.broken, made.broken
    return build_file
