"""Writes the raw rows of a plan's documents, and what became of every other file, into a build file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import duckdb

from ingest.extraction.tables import DocumentRows
from ingest.inbox.catalogue import Entry
from ingest.outcomes import FileOutcome, FileStage, Outcome, Reason, Stage
from ingest.releases.store import KnownDocument
from ingest.runs.plan import Plan
from ingest.runs.reading import read_and_keep
from ingest.runs.workplace import CheckError, Workplace
from ingest.warehouse.identify import complete
from ingest.warehouse.load import RawLoader, Totals


def load(
    place: Workplace,
    plan: Plan,
    documents: Sequence[KnownDocument],
    build_file: Path,
    catalogue: Sequence[Entry] = (),
) -> tuple[Plan, Totals]:
    """Write some documents, every quarantined file and what is new about the others; complete what documents do not print.

    Returns the plan as it is then (a document whose rows the database refuses is quarantined), and what was written.
    Raises CheckError where an extract is lost and its file too, OSError or duckdb.Error.
    """
    _ensure_extracts(place, documents)
    refused: set[str] = set()
    with RawLoader(build_file, place.run_id, place.began) as loader:
        for outcome in loader.load(_rows(place, documents)):
            if outcome.outcome == FileOutcome.QUARANTINED and outcome.sha256 and outcome.reason_code:
                plan = plan.refused(outcome.sha256, outcome.reason_code, outcome.message or "")
                refused.add(outcome.sha256)
        others = [*plan.reading.verdicts, *plan.other_outcomes(refused), *plan.left_out]
        for _ in loader.load((outcome, None) for outcome in others):
            pass
    complete(build_file, catalogue)
    if plan.base:
        _annotate(place, plan, build_file)
    return plan, loader.totals


def _rows(
    place: Workplace, documents: Iterable[KnownDocument]
) -> Iterator[tuple[Outcome, DocumentRows | None]]:
    for document in documents:
        found = place.extracts.load(document.sha256, document.file_name)
        if found is None:
            raise CheckError(f"what was read of {document.file_name} cannot be read back from the disk")
        yield found


def _ensure_extracts(place: Workplace, documents: Iterable[KnownDocument]) -> None:
    """Read again the documents whose extract is lost or damaged. Raises CheckError where the bytes are gone too."""
    missing = [each for each in documents if place.extracts.load(each.sha256, each.file_name) is None]
    if not missing:
        return
    at = {seen.sha256: seen for seen in place.look().seen if not seen.source.refusal}
    lost = [document for document in missing if document.sha256 not in at]
    if lost:
        names = ", ".join(document.file_name for document in lost)
        raise CheckError(
            f"their extracts are lost and their files have gone meanwhile or cannot be read, run again: {names}"
        )
    place.notify(Stage.INGEST, f"{len(missing)} extracts are lost or damaged and made anew")
    for outcome, _ in read_and_keep(place, [at[each.sha256] for each in missing]):
        if outcome.reason_code == Reason.FILE_UNREADABLE:
            raise CheckError(f"{outcome.message}; run again")


def _annotate(place: Workplace, plan: Plan, build_file: Path) -> None:
    """Add what only the history knows: supersession, withdrawals, first sight; outcomes stay of what is new."""
    before = plan.before
    concerned = plan.touched | {
        sha
        for sha, each in plan.documents.items()
        if sha not in before or before[sha].outcome != each.outcome
    }
    old_files = {tuple(each) for each in plan.base.files} if plan.base else set()
    new_names = [str(each[1]) for each in plan.files if tuple(each) not in old_files]
    with duckdb.connect(str(build_file)) as con:
        con.execute(
            "delete from raw.outcome where not (list_contains(?, sha256) or sha256 is null and list_contains(?, file_name)"
            " or list_contains(?, outcome))",
            [sorted(concerned), new_names, [FileOutcome.SAME_BYTES, FileOutcome.LEFT_OUT]],
        )
        for each in plan.superseded:
            con.execute(
                "insert into raw.supersession select document_id, ? from raw.document where document_id = ?",
                [each.superseded_by, each.document_id],
            )
        for row in _history(place, plan):
            con.execute("insert into raw.outcome values (?, ?, ?, ?, ?, ?, null, null, null)", row)
        for sha, each in plan.documents.items():
            if not each.is_loaded:
                con.execute(
                    "update raw.quarantine set first_seen_at = ? where sha256 = ?", [each.seen_at, sha]
                )


def _history(place: Workplace, plan: Plan) -> Iterator[list[object]]:
    """Rows of ``raw.outcome`` for what was published and is withdrawn or superseded now."""
    before = plan.before
    gone = [before[sha] for sha in sorted(plan.removed)]
    newly_superseded = [
        each
        for each in plan.superseded
        if each.sha256 not in before or before[each.sha256].superseded_by != each.superseded_by
    ]
    for found, outcome in ((gone, FileOutcome.WITHDRAWN), (newly_superseded, FileOutcome.SUPERSEDED)):
        for each in found:
            yield [
                place.run_id, each.file_name, each.sha256, each.document_id, FileStage.PUBLISH, outcome,
            ]  # fmt: skip
