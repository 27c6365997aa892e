"""The steps of a build and how they follow each other: ingest, transform, check, publish."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from ingest.extract import extract
from ingest.load import RawLoader
from ingest.outcomes import DocumentError, Outcome, Reason
from ingest.sources import find_files

Progress = Callable[[Outcome], None]


def ingest_files(paths: Iterable[Path], build_file: Path, run_id: str, progress: Progress) -> list[Outcome]:
    """Read every file at and below the paths into the raw schema of a build file.

    One outcome a file, whatever happened: files seen = loaded + same bytes + quarantined. A file that
    cannot be read is quarantined and never stops the others.
    """
    outcomes = []
    with RawLoader(build_file, run_id) as loader:
        for path in find_files(paths):
            outcome = _ingest_file(path, loader)
            outcomes.append(outcome)
            progress(outcome)
    return outcomes


def _ingest_file(path: Path, loader: RawLoader) -> Outcome:
    started = time.perf_counter()
    sha256 = None
    try:
        data = path.read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        extraction = extract(data)
    except Exception as error:
        reason = Reason.FILE_UNREADABLE if isinstance(error, OSError) else Reason.EXTRACTION_FAILED
        outcome = Outcome(
            file_name=path.name,
            stage="extract",
            outcome="quarantined",
            sha256=sha256,
            reason_code=error.reason if isinstance(error, DocumentError) else reason,
            message=str(error) if isinstance(error, DocumentError) else repr(error),
            seconds=time.perf_counter() - started,
        )
        loader.quarantine(outcome)
        return outcome
    return loader.load(
        extraction,
        Outcome(path.name, "extract", "loaded", sha256, extraction.document_id, seconds=time.perf_counter() - started),
    )
