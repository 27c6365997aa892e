"""Reads every file below a folder as a build does, and shows the outcomes: for public corpora of test files.

    python -m tests.long.read_corpus FOLDER [--jobs 2] [--seconds 60]

Files are read by the real worker processes; the members of archives are files of their own. Any file may be loaded
or quarantined with a code that is true of it. Exit status 1 where a file is quarantined with the code for
unexpected errors (EXTRACTION_FAILED), takes longer than ``--seconds``, or ends its worker.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.config import LIMITS
from ingest.extraction.read import failed, read_rows
from ingest.inbox.sources import Source, find_sources
from ingest.outcomes import DocumentError, Outcome, Reason
from ingest.processes.scratch import gather_temporary_files
from ingest.processes.workers import Failure, run_bounded
from ingest.readers.media import detect_medium
from ingest.views.listings import visible

_WIDTH = 80
_SLOWEST = 10
_TOLD_EVERY = 100
_FAILURES = (Reason.EXTRACTION_FAILED, Reason.TIME_EXCEEDED, Reason.MEMORY_EXCEEDED, Reason.WORKER_DIED)
_NOT_TOLD = "not told"
"""The medium of what took its worker down."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of one file in a worker: its outcome, its medium, and the maximum memory of the worker so far."""

    outcome: Outcome
    medium: str
    megabytes: int = 0

    @property
    def result(self) -> str:
        """The reason code, or that it is loaded."""
        return str(self.outcome.reason_code or self.outcome.outcome)


def read(source: Source) -> Reading:
    """Read one file: what a worker does."""
    outcome, _ = read_rows(source)
    try:
        medium = str(detect_medium(source.read()))
    except (DocumentError, OSError):
        medium = "none"
    return Reading(outcome, medium, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def main() -> int:
    """Read and show. Returns the exit status."""
    options = _options()
    gather_temporary_files()
    sources = list(find_sources([options.folder]))
    readings: list[Reading] = []
    began = time.monotonic()
    limits = replace(LIMITS, seconds=options.seconds)
    with closing(run_bounded(read, sources, options.jobs, limits)) as answers:
        for source, answer in answers:
            reading = Reading(failed(source, answer), _NOT_TOLD) if isinstance(answer, Failure) else answer
            readings.append(reading)
            if reading.result in _FAILURES:
                _show(reading)
            if len(readings) % _TOLD_EVERY == 0:
                seconds = time.monotonic() - began
                print(f"{len(readings)} of {len(sources)} files, {seconds:.0f} s", flush=True)
    _summarise(readings, time.monotonic() - began)
    return 1 if any(reading.result in _FAILURES for reading in readings) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=60, help="time limit per file")
    return parser.parse_args()


def _summarise(readings: list[Reading], seconds: float) -> None:
    print(f"\n{len(readings)} files in {seconds:.0f} s")
    by_result = Counter(reading.result for reading in readings)
    of_media = Counter((reading.result, reading.medium) for reading in readings)
    for result, count in by_result.most_common():
        media = [(medium, n) for (each, medium), n in of_media.most_common() if each == result]
        print(_cut(f"{count:6} {result:20} {', '.join(f'{medium} {n}' for medium, n in media)}"))
    print(f"largest worker: {max((reading.megabytes for reading in readings), default=0)} MiB")
    print("slowest:")
    for reading in sorted(readings, key=lambda each: -each.outcome.seconds)[:_SLOWEST]:
        print(
            _cut(f"{reading.outcome.seconds:6.1f} s {reading.result:20} {visible(reading.outcome.file_name)}")
        )
    bad = [reading for reading in readings if reading.result in _FAILURES]
    print(f"{len(bad)} failures{':' if bad else ''}")
    for reading in bad:
        _show(reading)


def _show(reading: Reading) -> None:
    name, message = visible(reading.outcome.file_name), visible(reading.outcome.message or "")
    print(_cut(f"{reading.result} {name}"))
    print(f"    {message.removeprefix(f'{name}: ')}", flush=True)


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


if __name__ == "__main__":
    sys.exit(main())
