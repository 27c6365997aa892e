"""Reads the files of which nothing is known yet, and keeps what was read of each."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace

import pyarrow as pa

from ingest.extraction.read import READING, failed, left_out, read_rows
from ingest.extraction.tables import DocumentRows
from ingest.inbox.inventory import Inventory, Seen
from ingest.inbox.sources import Source
from ingest.outcomes import FileOutcome, Outcome, Reason
from ingest.processes.workers import Failure, run_bounded
from ingest.releases.extracts import ExtractStore
from ingest.runs.plan import ReadDocument, Reading
from ingest.runs.workplace import Workplace
from ingest.warehouse.load import Totals

Reader = Callable[
    [Workplace, Sequence[Seen], Collection[str], Totals, int], tuple[Mapping[str, ReadDocument], int]
]
"""What reads documents, as ``read_documents`` does."""


def read_files(files: list[Source], jobs: int) -> Generator[tuple[Outcome, DocumentRows | None]]:
    """What comes of each file, in their order, read by ``jobs`` processes; 0 reads in this process, without bounds.

    Raises WorkerError where no process can be started.
    """
    if jobs == 0:
        yield from map(read_rows, files)
        return
    with closing(run_bounded(read_rows, files, jobs, loaded=READING)) as answers:
        for source, answer in answers:
            yield (failed(source, answer), None) if isinstance(answer, Failure) else answer


def read_and_keep(place: Workplace, seen: Sequence[Seen]) -> Generator[tuple[Outcome, DocumentRows | None]]:
    """Read files and keep what was read: each extract is on the disk before the next file is asked for.

    Raises WorkerError where no process can be started, OSError where the disk does not take an extract.
    """
    with closing(read_seen(seen, min(place.jobs, len(seen)))) as answers:
        for outcome, rows in answers:
            place.extracts.save(outcome, rows)
            yield outcome, rows


def read_seen(seen: Sequence[Seen], jobs: int) -> Generator[tuple[Outcome, DocumentRows | None]]:
    """As ``read_files``; a file that is no longer what was looked at is not read. Raises WorkerError."""
    with closing(read_files([each.source for each in seen], jobs)) as answers:
        for each, (outcome, rows) in zip(seen, answers, strict=True):
            yield (outcome, rows) if outcome.sha256 == each.sha256 else (_changed(each, outcome), None)


def read_documents(
    place: Workplace, unread: Sequence[Seen], retried: Collection[str], totals: Totals, total: int
) -> tuple[dict[str, ReadDocument], int]:
    """What is in each file, by hash: recalled where an extract is kept, else read; and how many were read.

    ``retried`` are read in any case. Each file is told, as one of ``total``, and counted in ``totals``.
    """
    done, missing = recall(place.extracts, unread, retried)
    for read in done.values():
        tell(place, read.outcome, totals, total)
    for outcome, rows in read_and_keep(place, missing):
        assert outcome.sha256
        done[outcome.sha256] = as_read(outcome, rows)
        tell(place, outcome, totals, total)
    return done, len(missing)


def recall(
    extracts: ExtractStore, unread: Sequence[Seen], retried: Collection[str]
) -> tuple[dict[str, ReadDocument], list[Seen]]:
    """What is kept of each file, by hash, and the files of which nothing is. Writes nothing."""
    done: dict[str, ReadDocument] = {}
    missing: list[Seen] = []
    for seen in unread:
        assert seen.sha256
        found = None if seen.sha256 in retried else extracts.load(seen.sha256, seen.source.name)
        if found:
            done[seen.sha256] = as_read(*found)
        else:
            missing.append(seen)
    return done, missing


def with_refusals(reading: Reading, inventory: Inventory) -> Reading:
    """With the outcomes of what could not be read when it was looked at, and of what is left out."""
    refused = [seen for seen in inventory.seen if seen.sha256 is None or seen.source.refusal]
    return replace(
        reading,
        verdicts=tuple(map(_verdict, refused)),
        left_out=tuple(map(left_out, inventory.left_out)),
    )


def tell(place: Workplace, outcome: Outcome, totals: Totals, total: int) -> None:
    """Count what came of one of ``total`` files, and report it."""
    totals.count(outcome)
    place.progress(outcome, totals, total)


def _changed(seen: Seen, outcome: Outcome) -> Outcome:
    return _unreadable(
        seen, outcome, f"{seen.source.name}: the file changed while it was read; the next run reads it"
    )


def _verdict(seen: Seen) -> Outcome:
    """The outcome of what could not be read when it was looked at."""
    source = seen.source
    outcome = read_rows(source)[0]
    if outcome.outcome == FileOutcome.QUARANTINED:
        return replace(outcome, sha256=outcome.sha256 or seen.sha256)
    message = f"{source.name}: the file could not be read at first; the next run reads it"
    return _unreadable(Seen(source, outcome.sha256), outcome, message)


def _unreadable(seen: Seen, outcome: Outcome, message: str) -> Outcome:
    return replace(
        outcome, outcome=FileOutcome.QUARANTINED, sha256=seen.sha256, document_id=None,
        reason_code=Reason.FILE_UNREADABLE, message=message,
    )  # fmt: skip


def as_read(outcome: Outcome, rows: DocumentRows | None) -> ReadDocument:
    """What a plan needs of a document that was read."""
    if rows is None:
        return ReadDocument(outcome)
    row = pa.ipc.open_stream(rows.tables["document"]).read_all().to_pylist()[0]
    unit = _folded(row["unit_name"])
    parts = [unit, row["unit_kind"], row["fiscal_year"], row["doc_type"], row["stage"]]
    disclosure = None if None in parts else "|".join(map(str, parts))
    if disclosure and row["doc_type"] == "performance_report":  # a unit reports on each of its projects
        title = _folded(row["title"])
        disclosure = f"{disclosure}|{title}" if title else None
    return ReadDocument(outcome, unit, disclosure)


def _folded(text: str | None) -> str | None:
    return "".join(unicodedata.normalize("NFKC", text).split()) or None if text else None
