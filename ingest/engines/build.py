"""A build on an engine: the driver's side. Looks, reads and makes parts through the engine, and says what concerns the whole run.

What is read, planned, transformed, checked and told is what ``ingest.runs.build`` does, by the same functions.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ingest.config import RUN_FOLDERS, Run
from ingest.engines.groups import Placed, packed, place_documents
from ingest.engines.parts import OF_THE_RUN, Asked, Part, take_in, write_part
from ingest.extraction.tables import DocumentRows
from ingest.files import fresh_name, remove_database
from ingest.inbox.catalogue import Entry
from ingest.inbox.inventory import Inventory, Seen
from ingest.inbox.walk import Found, find_files
from ingest.outcomes import Outcome, Reason, RunOutcome, Stage
from ingest.processes.scratch import owned
from ingest.releases.extracts import ExtractStore
from ingest.releases.findings import carry_findings_on
from ingest.releases.merge import add_history
from ingest.releases.store import KnownDocument, now_text
from ingest.runs.build import alone, read_all
from ingest.runs.loading import load
from ingest.runs.plan import Plan, ReadDocument
from ingest.runs.publishing import check_tables
from ingest.runs.reading import as_read, tell
from ingest.runs.workplace import CheckError, Notify, Progress, Workplace
from ingest.version import extractor_version
from ingest.warehouse.compiled import Statements, compiled_statements
from ingest.warehouse.dataset import SHARED, Dataset, write_views
from ingest.warehouse.load import RawLoader, Totals
from ingest.warehouse.publish import HISTORY, Digest, Release, combine
from ingest.warehouse.transform import transform

INDEX_TABLES = ("document", "form", "member_unit")
"""The raw tables that the driver has of every document: enough to plan, and to find the groups."""
PART_DOCUMENTS = 400
"""A part has about so many documents at most: what a part costs is then mostly what its documents cost, and it fits into a
gigabyte."""
_LEAST_DOCUMENTS = 50
"""Smaller parts cost more than the cores save that they keep busy."""
KEPT_VERSIONS = 3
Read = tuple[Outcome, DocumentRows | None]


@dataclass(frozen=True, slots=True)
class Task:
    """A document that belongs in a part: where it is in the plan, and the catalogue's entry."""

    document: KnownDocument
    entry: Entry | None


class Engine(Protocol):
    """What looks, reads and makes parts, on one machine or on many.

    What was read stays with the engine until the run ends; the driver sees its ``INDEX_TABLES`` only.
    """

    @property
    def cores(self) -> int:
        """How many parts can be made at a time."""

    def look(self, found: Sequence[Found], roots: Sequence[Path]) -> list[Inventory | None]:
        """What is to be read of each file, None where it has gone. Raises CheckError where a root cannot be seen."""

    def read(self, seen: Sequence[Seen], roots: Sequence[Path], making: Path) -> Iterable[Read]:
        """Read and keep each file; the outcomes come in any order."""

    def make(self, asked: Asked, statements: Statements, parts: Sequence[Sequence[Task]]) -> list[Part]:
        """Make each part of what was read, and take its files in."""


@dataclass
class _Reading:
    """Has the engine read, and keeps the index."""

    engine: Engine
    roots: list[Path]
    making: Path
    index_file: Path
    seconds: dict[str, float] = field(default_factory=dict)

    def look(self) -> Inventory:
        found = list(find_files(self.roots))
        inventory = Inventory([], [])
        for each, looked in zip(found, self.engine.look(found, self.roots), strict=True):
            if looked is None:
                _check_gone(each.path)
                continue
            inventory.seen.extend(looked.seen)
            inventory.left_out.extend(looked.left_out)
        return inventory

    def read(
        self, place: Workplace, unread: Sequence[Seen], _retried: Collection[str], totals: Totals, total: int
    ) -> tuple[Mapping[str, ReadDocument], int]:
        path_of = {seen.sha256: seen.source.path for seen in unread}
        documents: dict[str, ReadDocument] = {}
        read = self.engine.read(unread, self.roots, self.making)

        def indexed() -> Iterable[Read]:
            for outcome, rows in read:
                assert outcome.sha256
                if outcome.reason_code == Reason.FILE_UNREADABLE:
                    _check_gone(path_of[outcome.sha256])
                documents[outcome.sha256] = as_read(outcome, rows)
                tell(place, outcome, totals, total)
                if rows:
                    yield outcome, rows

        with RawLoader(self.index_file, place.run_id, place.began) as loader:
            for _ in loader.load(indexed()):
                pass
        return {seen.sha256: documents[seen.sha256] for seen in unread if seen.sha256}, len(unread)


def build(
    paths: Sequence[Path],
    run: Run,
    engine: Engine,
    progress: Progress,
    notify: Notify,
    catalogue: Sequence[Entry] = (),
    part_documents: int = 0,
) -> Release:
    """Read the files, make the parts, check them, publish a file of views on the new version of the dataset.

    ``part_documents`` is how many documents a part has, by default what suits their number and the engine's cores. What is
    published has the content of a build on one machine. Raises FileNotFoundError, WorkerError, TransformError or
    CheckError; what is published is then untouched.
    """
    dataset = Dataset(run.warehouse)
    roots = [path.resolve() for path in paths]
    with owned(run.work_dir, RUN_FOLDERS), dataset.making(run.run_id) as making:
        reading = _Reading(engine, roots, making, run.work_dir / "index.duckdb")
        unused = ExtractStore(run.work_dir / "extracts", extractor_version())
        place = Workplace(run.run_id, now_text(), reading.look, unused, 1, progress, lambda *_: None)
        plan, totals = read_all(place, reading.read)
        if not plan.loaded:
            raise CheckError(f"no document could be loaded from {totals.seen} files; nothing is published")
        notify(
            Stage.INGEST,
            f"{totals.seen} files, {totals.quarantined} quarantined, {totals.left_out} left out; {totals.rate}",
        )
        statements = compiled_statements(run)
        parts = _parts(statements, reading.index_file, catalogue, plan, engine.cores, part_documents)
        notify(Stage.TRANSFORM, f"{len(plan.loaded)} documents in {len(parts)} parts, each with its checks")
        asked = Asked(run.run_id, place.started_at, run.publish_policy, making)
        made = engine.make(asked, statements, parts)
        plan = _accounted(plan, parts, made, totals)
        load(place, plan, [], run.build_file)
        transform(statements, run.build_file)
        made.append(_of_the_run(run, statements, making, len(parts)))
        digests = _added(made, statements)
        notify(Stage.PUBLISH, str(run.warehouse))
        with alone(run):
            return _publish(run, dataset, making, place, totals, digests)


def _parts(
    statements: Statements,
    index_file: Path,
    catalogue: Sequence[Entry],
    plan: Plan,
    cores: int,
    part_documents: int,
) -> list[list[Task]]:
    documents = {each.document_id: each for each in plan.loaded}
    placed = {each.document_id: each for each in place_documents(statements, index_file, catalogue)}
    for document_id in documents.keys() - placed.keys():  # its rows are refused, and will be in its part
        placed[document_id] = Placed(document_id, f"document {document_id}", "")
    size = part_documents or min(max(-(-len(documents) // max(cores, 1)), _LEAST_DOCUMENTS), PART_DOCUMENTS)
    return [
        [Task(documents[each.document_id], each.entry) for each in part]
        for part in packed(placed.values(), size)
    ]


def _accounted(plan: Plan, parts: Sequence[Sequence[Task]], made: Sequence[Part], totals: Totals) -> Plan:
    """The plan without the documents that the database refuses. Raises CheckError where a part failed, is lost or is there twice."""
    problems = [f"part {part.number}: {part.problem}" for part in made if part.problem]
    if problems:
        raise CheckError("\n".join(problems))
    if sorted(part.number for part in made) != list(range(len(parts))):
        raise CheckError("the engine did not give every part once")
    for part in made:
        if part.documents + len(part.refused) != len(parts[part.number]):
            raise CheckError(
                f"part {part.number} has {part.documents} of {len(parts[part.number])} documents"
            )
        for refused in part.refused:
            plan = plan.refused(refused["sha256"], refused["reason_code"], refused["message"] or "")
            totals.loaded -= 1
            totals.quarantined += 1
    return plan


def _of_the_run(run: Run, statements: Statements, making: Path, number: int) -> Part:
    """The rows that the whole run has in the tables of the parts."""
    attempt = f"attempts/{number:06}-run"
    digests, files = write_part(run.build_file, statements, making / attempt, number)
    part = Part(number, 0, attempt, digests, [name for name in files if not name.startswith(SHARED)])
    take_in(making, part)
    return part


def _added(made: Iterable[Part], statements: Statements) -> dict[str, Digest]:
    """The digest of each table of the parts."""
    tables = [table for table in statements.document_tables if table not in {*OF_THE_RUN, *SHARED}]
    return {table: sum((Digest.parse(part.digests[table]) for part in made), Digest()) for table in tables}


def _publish(
    run: Run,
    dataset: Dataset,
    making: Path,
    place: Workplace,
    totals: Totals,
    partitioned: Mapping[str, Digest],
) -> Release:
    """Make a version of what was made and, unless the same content is published already, point readers to it."""
    before = dataset.content_hash()
    version = dataset.finish(making, run.run_id, partitioned)
    fresh = fresh_name(dataset.warehouse)
    try:
        copied = write_views(run.build_file, version, fresh, partitioned)
        carry_findings_on(fresh, run.warehouse, run.run_id, place.started_at)
        add_history(fresh, None, None, [_run_row(place, totals)])
        digests = {**partitioned, **copied}
        content = combine({table: digest for table, digest in digests.items() if table not in HISTORY})
        check_tables(digests)
        if content == before:
            dataset.drop(version)
            return Release(run.warehouse, content, is_new=False)
        dataset.publish(fresh, run.run_id, content, KEPT_VERSIONS)
        return Release(run.warehouse, content, is_new=True)
    except BaseException:
        dataset.drop(version)
        raise
    finally:
        remove_database(fresh)


def _run_row(place: Workplace, totals: Totals) -> list[object]:
    return [
        place.run_id, place.started_at, now_text(), extractor_version(), totals.seen, totals.loaded, totals.same_bytes,
        totals.quarantined, totals.left_out, RunOutcome.PUBLISHED, None,
    ]  # fmt: skip


def _check_gone(path: Path) -> None:
    """Raise CheckError where a file that the engine could not find or read is there and can be read: it does not see what the driver sees."""
    if os.access(path, os.R_OK):
        raise CheckError(
            f"an executor cannot read {path}, and the driver can: every executor must see the documents at the same path"
        )
