"""The nightly job: reads what is new in an inbox, rebuilds what depends on it, checks, publishes. Run it again at will.

What a release depends on is kept with it (its manifest) or can be made again (extracts, compiled statements). A run
that is killed at any moment leaves the published file as it was or as it should become, and the next run goes on.
What will be done is a plan (``plan``, ``planner``); this module carries it out, and ``preview`` shows it instead.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

import duckdb

from ingest.config import REGISTRY_DIR, Policy, Run
from ingest.inbox.inventory import Inventory, take_inventory
from ingest.outcomes import RefreshOutcome, RunOutcome, Stage
from ingest.releases.extracts import ExtractStore
from ingest.releases.guard import RegressionError
from ingest.releases.store import Manifest, ReleaseStore, is_sound, now_text
from ingest.runs.making import Made, Maker
from ingest.runs.plan import Plan, Reading, Rules, Waived, Whole
from ingest.runs.planner import files_to_read, make_plan, overwritten, retried
from ingest.runs.publishing import Publisher
from ingest.runs.reading import Reader, read_documents, with_refusals
from ingest.runs.workplace import CheckError, Notify, Progress, Workplace
from ingest.seeds import seed_rows
from ingest.version import extractor_version, project_version
from ingest.warehouse.compiled import Statements, compiled_statements
from ingest.warehouse.load import Totals


@dataclass(frozen=True, slots=True)
class Options:
    """What a refresh is asked to do. ``is_full`` builds everything anew, ``retry`` reads quarantined files again."""

    inbox: Path
    warehouse: Path
    jobs: int
    publish_policy: Policy = Policy.hold
    keep: int = 3
    wait_seconds: float = 0.0
    accept_regression: bool = False
    is_full: bool = False
    retry: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What a refresh did; names of files by what came of them."""

    outcome: RefreshOutcome
    release_id: str
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    documents: int = 0
    rebuilt: int = 0
    is_incremental: bool = False


class Making(Protocol):
    """What makes a release of a plan, as ``Maker`` does."""

    def make(self, plan: Plan) -> Made:
        """A release that is not published yet."""


def workplace(
    options: Options, run: Run, store: ReleaseStore, progress: Progress, notify: Notify
) -> Workplace:
    """Where a refresh looks and what it keeps: the inbox, and the extracts of the store."""
    return Workplace(
        run.run_id, now_text(), lambda: take_inventory(options.inbox, store.memory_file),
        ExtractStore(store.extracts_dir, extractor_version()), options.jobs, progress, notify,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Means:
    """How a refresh looks, reads and makes; by default on this machine."""

    place: Callable[[Options, Run, ReleaseStore, Progress, Notify], Workplace] = workplace
    read: Reader = read_documents
    maker: Callable[[Workplace, ReleaseStore, Run, Statements, bool], Making] = Maker


HERE = Means()


def refresh(options: Options, run: Run, progress: Progress, notify: Notify, means: Means = HERE) -> Result:
    """Bring the warehouse to what the inbox holds.

    Raises BusyError where another run writes, RegressionError where documents or totals are lost without new input,
    and what ``build`` raises; the published file is then untouched.
    """
    store = ReleaseStore(options.warehouse)
    with store.locked(options.wait_seconds, f"refresh {run.run_id}"):
        left = store.clean()
        if left:
            notify(Stage.RECOVER, f"removed what an earlier run has left: {', '.join(left)}")
        store.note(run.run_id, "start")
        try:
            result = carry_out(options, run, store, progress, notify, means)
        except BaseException as error:
            outcome = RunOutcome.STOPPED if isinstance(error, RegressionError) else RunOutcome.FAILED
            store.note(run.run_id, "end", outcome=outcome, message=f"{type(error).__name__}: {error}"[:2000])
            raise
        finally:
            shutil.rmtree(store.work_dir, ignore_errors=True)
        is_new = result.outcome == RefreshOutcome.PUBLISHED
        store.note(run.run_id, "end", outcome=RunOutcome.PUBLISHED if is_new else RunOutcome.UNCHANGED)
        return result


def carry_out(
    options: Options,
    run: Run,
    store: ReleaseStore,
    progress: Progress,
    notify: Notify,
    means: Means = HERE,
) -> Result:
    """One refresh, under the lock: look, read, plan, make, publish."""
    place = means.place(options, run, store, progress, notify)
    rules, base = rules_of(options), store.published()
    plan = read_and_plan(place, base, place.look(), rules, means.read)
    if base and plan.is_same:
        found = published_state(store, base)
        if found:
            _put_back(store, base, found, notify)
            return Result(found, base.release_id, documents=len(base.loaded))
        plan = replace(plan, whole=Whole.DAMAGED)
    if not options.accept_regression:
        plan.guard()
    if not plan.loaded:
        raise CheckError(f"no document could be loaded from {len(plan.files)} files; nothing is published")
    notify(Stage.PLAN, plan.summary)
    store.work_dir.mkdir(parents=True, exist_ok=True)
    run_here = replace(run, var_dir=store.work_dir)  # its scratch files are where the next run clears
    statements = compiled_statements(run_here, run.compiled_dir)
    is_guarded = not options.accept_regression
    made = means.maker(place, store, run, statements, is_guarded).make(plan)
    held = _held_names(made)  # publishing moves the file
    outcome, release_id = Publisher(place, store, rules, options.keep, is_guarded).publish(made)
    return _result(made, held, outcome, release_id)


def rules_of(options: Options) -> Rules:
    """What determines the release that is asked for, besides the files."""
    return Rules(
        extractor_version(), project_version(), options.publish_policy, options.is_full, options.retry
    )


def read_and_plan(
    place: Workplace,
    base: Manifest | None,
    inventory: Inventory,
    rules: Rules,
    read: Reader = read_documents,
) -> Plan:
    """Read what is new, and plan."""
    totals, unread = Totals(), files_to_read(base, inventory, rules)
    documents, count = read(place, unread, retried(base, rules), totals, len(unread))
    if count:
        place.notify(Stage.INGEST, f"{count} files read; {totals.rate}")
    adopted = frozenset(sha for sha in overwritten(base, inventory) if place.extracts.adopt(sha))
    reading = with_refusals(Reading(place.started_at, documents, adopted=adopted), inventory)
    plan = make_plan(base, inventory, reading, rules, today(), waivers())
    for sha in plan.unseen:
        place.extracts.adopt(sha)
    for remark in plan.remarks:
        place.notify(Stage.PLAN, remark)
    return plan


def waivers() -> list[Waived]:
    """The waivers that are declared. Raises OSError or ValueError."""
    return [
        Waived(row["document_id"], date.fromisoformat(row["valid_until"]))
        for row in seed_rows(REGISTRY_DIR / "waivers.csv")
    ]


def today() -> date:
    """Today, UTC."""
    return datetime.now(UTC).date()


def published_state(store: ReleaseStore, base: Manifest) -> RefreshOutcome | None:
    """What a refresh without anything to build comes to: unchanged; restored where the published file is not what was
    published, and its release is; None where both are damaged. Writes nothing.
    """
    if store.is_untouched(base, store.warehouse) or is_sound(store.warehouse, base):
        return RefreshOutcome.UNCHANGED
    return RefreshOutcome.RESTORED if is_sound(store.release_file(base.release_id), base) else None


def _put_back(store: ReleaseStore, base: Manifest, found: RefreshOutcome, notify: Notify) -> None:
    if found == RefreshOutcome.RESTORED:
        notify(Stage.RECOVER, "the published file is not what was published; its release is put back")
        store.publish(base)
    elif not store.is_untouched(base, store.warehouse):
        store.mark(base, is_sound(store.release_file(base.release_id), base))


def _held_names(made: Made) -> list[str]:
    """The names of the documents concerned that are held."""
    with duckdb.connect(str(made.file), read_only=True) as con:
        held = con.execute(
            "select file_name from marts.dim_document where audit_status = 'held'"
            " and list_contains(?, sha256) order by all",
            [sorted(made.plan.touched)],
        ).fetchall()
    return [name for (name,) in held]


def _result(made: Made, held: list[str], outcome: RefreshOutcome, release_id: str) -> Result:
    plan = made.plan
    return Result(
        outcome,
        release_id,
        new=plan.new_files,
        changed=plan.changed_files,
        withdrawn=plan.withdrawn_files,
        quarantined=plan.quarantined,
        held=held,
        left_out=[str(each.message) for each in plan.left_out],
        documents=len(plan.loaded),
        rebuilt=made.rebuilt,
        is_incremental=made.is_incremental,
    )
