"""The steps of a build and how they follow each other: ingest, transform, check, publish."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Self

from ingest.config import PROJECT_ROOT, RUN_FOLDERS, Run
from ingest.extraction.raw_rows import DocumentRows
from ingest.extraction.read import failed, left_out, read_rows
from ingest.inbox.sources import Source, find_sources
from ingest.outcomes import Outcome
from ingest.processes import child
from ingest.processes.scratch import owned
from ingest.processes.workers import Failure, run_bounded
from ingest.releases.store import ReleaseStore
from ingest.warehouse.compiled import Statements, compiled_statements
from ingest.warehouse.holds import broken_at_the_gate, record
from ingest.warehouse.load import RawLoader, Totals
from ingest.warehouse.publish import Release, publish
from ingest.warehouse.transform import Transformed, transform

Notify = Callable[[str, str], None]
"""Told of each step: (stage, what happens)."""
Progress = Callable[[Outcome, Totals, int], None]
"""Told of each file: its outcome, what has come of the files so far, how many there are."""

_CHECK_ROUNDS = 3
"""So many times a warehouse is made and checked, each time without the documents that broke the gate's contract."""
_WAIT_SECONDS = 600.0
"""How long a build waits for a refresh of the same warehouse."""


class CheckError(Exception):
    """The warehouse is not fit to be published; the message names what is broken."""


def build(paths: list[Path], run: Run, jobs: int, progress: Progress, notify: Notify) -> Release:
    """Read the files, build the models, check them, publish.

    Raises FileNotFoundError, WorkerError, TransformError or CheckError; the published file is then untouched.
    """
    with owned(run.work_dir, RUN_FOLDERS):
        totals = ingest_files(paths, run.build_file, run.run_id, jobs, progress)
        if not totals.loaded:
            raise CheckError(f"no document could be loaded from {totals.seen} files; nothing is published")
        notify(
            "ingest",
            f"{totals.seen} files, {totals.quarantined} quarantined, {totals.left_out} left out; {totals.rate}",
        )
        notify("transform", "staging, intermediate, marts, audit")
        make_and_check(run, compiled_statements(run), run.build_file, notify)
        notify("publish", str(run.warehouse))
        return publish_alone(run, run.build_file)


def make_and_check(run: Run, statements: Statements, build_file: Path, notify: Notify) -> Transformed:
    """Make every model in a build file and check it; documents on which either fails are held, and it is done again.

    Raises TransformError or CheckError with what no document explains.
    """
    for _ in range(_CHECK_ROUNDS):
        with WholeCheck(run) as whole_check:
            made = transform(statements, build_file)
            notify("transform", said(made))
            notify("check", "Great Expectations: contract and identities")
            try:
                notify("check", whole_check.judge(build_file))
                return made
            except CheckError as error:
                failure = error
                broken = broken_at_the_gate(build_file, run.publish_policy)
                if not broken:
                    raise
                notify("check", f"documents that break the contract are held: {error}")
                record(build_file, broken)
    raise failure


def said(made: Transformed) -> str:
    """A line on what a transform did."""
    held = len({rule.document_id for rule in made.broken})
    return f"{made.count} models and tests" + (
        f"; {held} documents break a rule and are held" if held else ""
    )


def publish_alone(run: Run, build_file: Path) -> Release:
    """Publish; where refreshes write the same warehouse, when none of them does.

    Raises BusyError where one goes on for too long, and what ``publish`` raises.
    """
    store = ReleaseStore(run.warehouse)
    if not store.folder.exists():
        return publish(run, build_file)
    with store.locked(_WAIT_SECONDS, f"build {run.run_id}"):
        return publish(run, build_file)


def ingest_files(
    paths: Iterable[Path], build_file: Path, run_id: str, jobs: int, progress: Progress
) -> Totals:
    """Read every file at and below the paths into the raw schema of a build file.

    ``jobs`` processes read, each within the bounds of ``config.LIMITS``; 0 reads in this process, without bounds
    of time and memory. Whatever happens to a file, files seen = loaded + same bytes + quarantined, and the others
    are read. The order of loading is that of the files; what is left out comes first.
    """
    aside: list[Source] = []
    files = list(find_sources(paths, aside))
    with RawLoader(build_file, run_id) as loader, closing(read_files(files, jobs)) as read:
        for outcome in loader.load(chain(((left_out(each), None) for each in aside), read)):
            progress(outcome, loader.totals, len(files))
    return loader.totals


def read_files(files: list[Source], jobs: int) -> Generator[tuple[Outcome, DocumentRows | None]]:
    """What comes of each file, in their order, read by ``jobs`` processes; 0 reads in this process, without bounds.

    Raises WorkerError where no process can be started.
    """
    if jobs == 0:
        yield from map(read_rows, files)
        return
    with closing(run_bounded(read_rows, files, jobs)) as answers:
        for source, answer in answers:
            yield (failed(source, answer), None) if isinstance(answer, Failure) else answer


def check(run: Run, build_file: Path) -> str:
    """Run the expectation suites on a build file, in a process of their own.

    Returns a line that says how many expectations held. Raises CheckError with those that did not.
    """
    with WholeCheck(run) as whole_check:
        return whole_check.judge(build_file)


class _StartedCheck:
    """Expectation suites in a process that starts at once, so that it has loaded its libraries when it is asked.

    Use as a context manager. ``outcome`` ends the line that says how many expectations held.
    """

    def __init__(self, run: Run, outcome: str, *asked: str) -> None:
        self._outcome = outcome
        self._process = subprocess.Popen(
            child.command(_CHECK, "-", "--policy", run.publish_policy, *asked),
            cwd=PROJECT_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._process.communicate()

    def stop(self) -> None:
        """Have who waits for its judgement wait no longer."""
        self._process.kill()

    def judge(self, build_file: Path) -> str:
        """Returns a line that says what held. Raises CheckError with what did not. Once only."""
        said, problem = self._process.communicate(f"{build_file.resolve()}\n")
        return f"{_verdict(said, problem)} expectations hold{self._outcome}"


class WholeCheck(_StartedCheck):
    """The checks of a warehouse; the pages of Data Docs are written."""

    def __init__(self, run: Run) -> None:
        pages = run.data_docs_dir
        super().__init__(run, f"; pages in {pages}", "--data-docs", str(pages.resolve()))


class PartCheck(_StartedCheck):
    """The checks of a part of a warehouse whose other part was checked before: tables may be empty, no pages are written."""

    def __init__(self, run: Run) -> None:
        super().__init__(run, " over the documents concerned")


_CHECK = "expectations.run"


def _verdict(said: str, problem: str) -> int:
    try:
        verdict = json.loads(said.strip().splitlines()[-1])
    except (IndexError, json.JSONDecodeError) as error:
        raise CheckError(f"the checks did not run:\n{problem.strip()[-2000:]}") from error
    if not verdict["passed"]:
        raise CheckError("\n".join(verdict["failed"]))
    return int(verdict["evaluated"])
