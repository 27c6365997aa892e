"""The steps of a build and how they follow each other: ingest, transform, check, publish."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

from ingest.config import PROJECT_ROOT, Run
from ingest.extract import Extraction, extract
from ingest.load import RawLoader
from ingest.outcomes import DocumentError, Outcome, Reason
from ingest.publish import Release, publish
from ingest.sources import Source, find_sources
from ingest.transform import transform

Notify = Callable[[str, str], None]
"""Told of each step: (stage, what happens)."""
Progress = Callable[[Outcome, int, int], None]
"""Told of each file: its outcome, how many are done, how many there are."""


_WINDOW = 8
"""Files in flight for each worker, so that memory does not grow with their number."""


class CheckError(Exception):
    """The warehouse is not fit to be published; the message names what is broken."""


def build(paths: list[Path], run: Run, jobs: int, progress: Progress, notify: Notify) -> Release:
    """Read the files, build the models, check them, publish.

    Raises FileNotFoundError, TransformError or CheckError; the published file is then untouched.
    """
    try:
        outcomes = ingest_files(paths, run.build_file, run.run_id, jobs, progress)
        if not any(outcome.outcome == "loaded" for outcome in outcomes):
            raise CheckError(f"no document could be loaded from {len(outcomes)} files; nothing is published")
        notify("transform", "dbt: staging, intermediate, marts, audit")
        count = transform(run, run.build_file)
        notify("transform", f"{count} models, seeds and tests")
        notify("check", "Great Expectations: contract and identities")
        notify("check", check(run, run.build_file))
        notify("publish", str(run.warehouse))
        return publish(run, run.build_file)
    finally:
        shutil.rmtree(run.work_dir, ignore_errors=True)


def ingest_files(
    paths: Iterable[Path], build_file: Path, run_id: str, jobs: int, progress: Progress
) -> list[Outcome]:
    """Read every file at and below the paths into the raw schema of a build file, in ``jobs`` processes.

    One outcome a file, whatever happened: files seen = loaded + same bytes + quarantined. A file that
    cannot be read is quarantined and never stops the others. The order of loading is that of the files.
    """
    left_out: list[str] = []
    files = list(find_sources(paths, left_out))
    outcomes: list[Outcome] = []
    with RawLoader(build_file, run_id) as loader:
        loader.files_left_out = len(left_out)
        for outcome, extraction in _read_files(files, jobs):
            written = loader.load(extraction, outcome) if extraction else loader.quarantine(outcome)
            outcomes.append(written)
            progress(written, len(outcomes), len(files))
    return outcomes


def _read_files(files: list[Source], jobs: int) -> Iterator[tuple[Outcome, Extraction | None]]:
    if jobs == 1 or len(files) == 1:
        yield from map(read_file, files)
        return
    with ProcessPoolExecutor(jobs) as pool:
        waiting: deque[Future[tuple[Outcome, Extraction | None]]] = deque()
        for source in files:
            waiting.append(pool.submit(read_file, source))
            if len(waiting) >= _WINDOW * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def read_file(source: Source) -> tuple[Outcome, Extraction | None]:
    """Read one file. Returns its outcome and, unless it must be quarantined, what was read. Never raises."""
    started = time.perf_counter()
    sha256 = None
    try:
        data = source.read()
        sha256 = hashlib.sha256(data).hexdigest()
        extraction = extract(data)
    except Exception as error:
        reason = Reason.FILE_UNREADABLE if isinstance(error, OSError) else Reason.EXTRACTION_FAILED
        is_known = isinstance(error, DocumentError)
        return (
            Outcome(
                file_name=source.name,
                stage="extract",
                outcome="quarantined",
                sha256=sha256 or source.digest(),
                reason_code=error.reason if isinstance(error, DocumentError) else reason,
                message=f"{source.name}: {error if is_known else repr(error)}",
                seconds=time.perf_counter() - started,
            ),
            None,
        )
    seconds = time.perf_counter() - started
    return Outcome(
        source.name, "extract", "loaded", sha256, extraction.document_id, seconds=seconds
    ), extraction


def check(run: Run, build_file: Path) -> str:
    """Run the expectation suites on a build file, in a process of their own.

    Returns a line that says how many expectations held. Raises CheckError with those that did not.
    """
    command = [
        sys.executable, "-m", "expectations.run", str(build_file.resolve()),
        "--data-docs", str(run.data_docs_dir.resolve()), "--policy", run.publish_policy,
    ]  # fmt: skip
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    try:
        verdict = json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, json.JSONDecodeError) as error:
        raise CheckError(f"the checkpoint did not run:\n{done.stderr.strip()[-2000:]}") from error
    if not verdict["passed"]:
        raise CheckError("\n".join(verdict["failed"]))
    return f"{verdict['evaluated']} expectations hold; pages in {run.data_docs_dir}"
