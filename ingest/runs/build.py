"""A build: a refresh with nothing published before, of paths instead of an inbox, that keeps no extracts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from glob import escape
from pathlib import Path

from ingest.config import RUN_FOLDERS, Run
from ingest.inbox.catalogue import Entry
from ingest.inbox.inventory import list_files
from ingest.outcomes import Stage
from ingest.processes.scratch import owned
from ingest.releases.extracts import ExtractStore
from ingest.releases.findings import carry_findings_on
from ingest.releases.store import ReleaseStore, now_text
from ingest.runs.checking import make_and_check
from ingest.runs.loading import load
from ingest.runs.plan import Plan, Reading, Rules
from ingest.runs.planner import distinct, make_plan
from ingest.runs.reading import Reader, read_documents, tell, with_refusals
from ingest.runs.workplace import CheckError, Notify, Progress, Workplace
from ingest.version import extractor_version, project_version
from ingest.warehouse.compiled import compiled_statements
from ingest.warehouse.load import Totals
from ingest.warehouse.publish import Release, publish

_WAIT_SECONDS = 600.0
"""How long a build waits for a refresh of the same warehouse."""
_EXTRACTS = ".extracts"
"""What the folder for extracts has after the name of its build file."""


def build(
    paths: list[Path],
    run: Run,
    jobs: int,
    progress: Progress,
    notify: Notify,
    catalogue: Sequence[Entry] = (),
) -> Release:
    """Read the files, build the models, check them, publish. ``catalogue`` says what files do not print of themselves.

    Raises FileNotFoundError, WorkerError, TransformError or CheckError; the published file is then untouched.
    """
    with owned(run.work_dir, RUN_FOLDERS):
        totals = ingest_files(paths, run.build_file, run.run_id, jobs, progress, catalogue)
        if not totals.loaded:
            raise CheckError(f"no document could be loaded from {totals.seen} files; nothing is published")
        notify(
            Stage.INGEST,
            f"{totals.seen} files, {totals.quarantined} quarantined, {totals.left_out} left out; {totals.rate}",
        )
        notify(Stage.TRANSFORM, "staging, intermediate, marts, audit")
        make_and_check(run, compiled_statements(run), run.build_file, notify)
        notify(Stage.PUBLISH, str(run.warehouse))
        return publish_alone(run, run.build_file)


def publish_alone(run: Run, build_file: Path) -> Release:
    """Publish; where refreshes write the same warehouse, when none of them does.

    Raises BusyError where one goes on for too long, and what ``publish`` raises.
    """
    at = now_text()

    def finish(fresh: Path) -> None:
        carry_findings_on(fresh, run.warehouse, run.run_id, at)

    with alone(run):
        return publish(run, build_file, finish)


@contextmanager
def alone(run: Run) -> Iterator[None]:
    """Be the only writer of the run's warehouse, where refreshes write it. Raises BusyError."""
    store = ReleaseStore(run.warehouse)
    if not store.folder.exists():
        yield
        return
    with store.locked(_WAIT_SECONDS, f"build {run.run_id}"):
        yield


def ingest_files(
    paths: Iterable[Path],
    build_file: Path,
    run_id: str,
    jobs: int,
    progress: Progress,
    catalogue: Sequence[Entry] = (),
) -> Totals:
    """Read every file at and below the paths into the raw schema of a build file.

    ``jobs`` processes read, each within the bounds of ``config.LIMITS``; 0 reads in this process, without bounds
    of time and memory. Whatever happens to a file, files seen = loaded + same bytes + quarantined, and the others
    are read. What is left out is reported first, then each file that is read, in their order, then the others.
    """
    roots = list(paths)
    folder = build_file.with_name(build_file.name + _EXTRACTS)
    with owned(folder, escape(folder.name)):
        place = Workplace(
            run_id, now_text(), lambda: list_files(roots), ExtractStore(folder, extractor_version()), jobs,
            progress, lambda *_: None,
        )  # fmt: skip
        plan, told = read_all(place)
        _, totals = load(place, plan, plan.loaded, build_file, catalogue)
    totals.began = told.began
    return totals


def read_all(place: Workplace, read: Reader = read_documents) -> tuple[Plan, Totals]:
    """Read everything, with nothing published before. Returns the plan, and what was reported."""
    inventory, totals = place.look(), Totals()
    reading = with_refusals(Reading(place.started_at), inventory)
    total = len(inventory.seen)
    for outcome in reading.left_out:
        tell(place, outcome, totals, total)
    documents, _ = read(place, list(distinct(inventory).values()), (), totals, total)
    rules = Rules(extractor_version(), project_version())
    plan = make_plan(None, inventory, replace(reading, documents=documents), rules, place.began.date())
    for outcome in (*reading.verdicts, *plan.other_outcomes(documents)):
        tell(place, outcome, totals, total)
    return plan, totals
