"""A build or a refresh on an engine: the driver's side. Looks, reads and makes parts through the engine, and says what concerns the whole run.

What is read, planned, transformed, checked and told is what ``ingest.runs`` does on one machine, by the same functions.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ingest.config import RUN_FOLDERS, Run
from ingest.engines.groups import Placed, assigned, place_documents
from ingest.engines.parts import OF_THE_RUN, Asked, Given, Part, take_in, write_part
from ingest.extraction.tables import DocumentRows
from ingest.files import fresh_name, remove_database
from ingest.inbox.catalogue import Entry
from ingest.inbox.inventory import Entry as Looked
from ingest.inbox.inventory import Inventory, Seen, look_through
from ingest.inbox.remote import uri_of, whole_path
from ingest.inbox.walk import Found, find_files
from ingest.outcomes import Outcome, Reason, RunOutcome, Stage
from ingest.processes.scratch import owned
from ingest.releases.extracts import PASSING, ExtractStore, rename
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
from ingest.warehouse.dataset import SHARED, TABLES, Dataset, MadePart, Version, part_of, write_views
from ingest.warehouse.load import RawLoader, Totals
from ingest.warehouse.publish import ABOUT_RUNS, HISTORY, Digest, Release, combine
from ingest.warehouse.transform import discard, transform

INDEX_TABLES = ("document", "form", "member_unit")
"""The raw tables that the driver has of every document: enough to plan, and to find the groups."""
PART_DOCUMENTS = 400
"""A part has so many documents at most, unless they are of one group: what a part costs is then mostly what its documents cost, and it fits into a
gigabyte."""
KEPT_VERSIONS = 3
_APPENDED = tuple(table for table in ABOUT_RUNS if table not in OF_THE_RUN)
"""Tables of parts that only grow: a version has the rows of those before it."""
Read = tuple[Outcome, DocumentRows | None]


def indexed(rows: DocumentRows | None) -> DocumentRows | None:
    """What the driver needs of a document's rows: those of ``INDEX_TABLES``."""
    return rows and DocumentRows(
        rows.document_id, {name: rows.tables[name] for name in INDEX_TABLES if name in rows.tables}
    )


@dataclass(frozen=True, slots=True)
class Task:
    """A document that belongs in a part: where it is in the plan, the catalogue's entry, and whether the run tells of it."""

    document: KnownDocument
    entry: Entry | None = None
    is_told: bool = True

    def given(self, outcome: Outcome, rows: DocumentRows) -> Given:
        """The document for its part, with what is kept of it."""
        outcome, named = rename(outcome, rows, self.document.file_name)
        assert named
        return Given(outcome, named, self.document.superseded_by, self.entry, self.is_told)


class Engine(Protocol):
    """What looks, reads and makes parts, on one machine or on many.

    What was read of a document stays in a folder of extracts, below the name of the run that read it.
    """

    @property
    def cores(self) -> int:
        """How many parts can be made at a time."""

    def find(self, uri: str) -> list[Found]:
        """The files at and below a URI. Raises FileNotFoundError where there is none, CheckError where it cannot be listed."""

    def look(self, found: Sequence[Found], roots: Sequence[Path]) -> list[Looked | OSError | None]:
        """What is in each file, None where it has gone. Raises CheckError where a root cannot be seen."""

    def read(self, seen: Sequence[Seen], roots: Sequence[Path], folder: Path) -> None:
        """Read each file, and keep what was read in a new folder."""

    def index(self, folders: Sequence[Path]) -> Iterator[Read]:
        """The outcomes that are kept in folders, in any order, each with its rows of ``INDEX_TABLES``."""

    def make(
        self,
        asked: Asked,
        statements: Statements,
        parts: Mapping[int, Sequence[Task]],
        folders: Sequence[Path],
    ) -> list[Part]:
        """Make parts, by number, of what is kept in folders, and take their files in."""


@dataclass(frozen=True, slots=True)
class Driver:
    """Looks and reads through an engine. ``roots`` are paths of this machine, or stand for URIs; ``extracts`` is the folder of what was
    read, ``memory`` of what was looked at.
    """

    engine: Engine
    roots: list[Path]
    extracts: Path
    run_id: str
    memory: Path | None = None

    @property
    def folders(self) -> list[Path]:
        """The folders with what was read, by runs that finished reading."""
        return sorted(path.parent for path in self.extracts.glob("*/_SUCCESS"))

    def look(self) -> Inventory:
        """Everything there is to read."""
        here = [root for root in self.roots if not uri_of(root)]
        listed = list(find_files(here))
        for uri in filter(None, map(uri_of, self.roots)):
            listed += self.engine.find(uri)
        return look_through(listed, self.memory, self._look)

    def _look(self, found: Sequence[Found]) -> Iterator[Looked | OSError | None]:
        for each, looked in zip(found, self.engine.look(found, self.roots), strict=True):
            if not isinstance(looked, dict):
                _check_gone(each.path)
            yield looked

    def read(
        self, place: Workplace, unread: Sequence[Seen], retried: Collection[str], totals: Totals, total: int
    ) -> tuple[Mapping[str, ReadDocument], int]:
        """As ``read_documents``: what is kept is recalled, the rest read by the engine."""
        at = {str(seen.sha256): seen for seen in unread}
        documents: dict[str, ReadDocument] = {}
        wanted = at.keys() - set(retried)
        if wanted:
            self._recall(self.folders, wanted, at, documents)
        missing = [seen for seen in unread if seen.sha256 not in documents]
        if missing:
            folder = self.extracts / self.run_id
            self.engine.read(missing, self.roots, folder)
            self._recall([folder], at.keys() - documents.keys(), at, documents)
        for seen in unread:
            outcome = documents[str(seen.sha256)].outcome
            if outcome.reason_code == Reason.FILE_UNREADABLE:
                _check_gone(seen.source.path)
            tell(place, outcome, totals, total)
        return {str(seen.sha256): documents[str(seen.sha256)] for seen in unread}, len(missing)

    def _recall(
        self,
        folders: Sequence[Path],
        wanted: Collection[str],
        at: Mapping[str, Seen],
        documents: dict[str, ReadDocument],
    ) -> None:
        is_new = folders == [self.extracts / self.run_id]
        for outcome, rows in self.engine.index(folders) if folders else ():
            sha = str(outcome.sha256)
            if sha in wanted and (is_new or outcome.reason_code not in PASSING):
                documents[sha] = as_read(*rename(outcome, rows, at[sha].source.name))

    def write_index(self, place: Workplace, plan: Plan, index_file: Path) -> None:
        """Write what is known of a plan's documents into a build file; those of which nothing is kept are read.

        Raises CheckError where their bytes are gone too.
        """
        missing = {each.sha256 for each in plan.loaded} - self._write_kept(place, plan, index_file)
        if not missing:
            return
        at = {
            seen.sha256: seen
            for seen in place.look().seen
            if seen.sha256 in missing and not seen.source.refusal
        }
        lost = [plan.documents[sha].file_name for sha in sorted(missing - at.keys())]
        if lost:
            raise CheckError(
                f"their extracts are lost and their files have gone meanwhile or cannot be read, run again: {', '.join(lost)}"
            )
        place.notify(Stage.INGEST, f"{len(missing)} extracts are lost or damaged and made anew")
        self.engine.read(list(at.values()), self.roots, self.extracts / f"{self.run_id}-again")
        self._write_kept(place, plan, index_file)

    def _write_kept(self, place: Workplace, plan: Plan, index_file: Path) -> set[str]:
        """Returns the hashes of the documents of which rows are kept."""
        names = {each.sha256: each.file_name for each in plan.loaded}
        there: set[str] = set()

        def found() -> Iterator[Read]:
            for outcome, rows in self.engine.index(self.folders):
                sha = str(outcome.sha256)
                if rows and sha in names:
                    there.add(sha)
                    yield rename(outcome, rows, names[sha])

        discard(index_file)
        with RawLoader(index_file, place.run_id, place.began) as loader:
            for _ in loader.load(found()):
                pass
        return there


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of a plan, in the folder of a version: its parts, the digests of their tables, how many documents are anew."""

    plan: Plan
    version: Version
    digests: dict[str, Digest]
    rebuilt: int


@dataclass(frozen=True, slots=True)
class PartMaker:
    """Makes the parts of a plan in the folder ``making``, and what the whole run says in ``run.build_file``.

    ``before`` is the version whose history is carried on and, unless everything is made anew (``is_whole``), whose parts are,
    where they are made of the same.
    """

    place: Workplace
    run: Run
    statements: Statements
    driver: Driver
    dataset: Dataset
    making: Path
    before: Version | None = None
    is_whole: bool = False
    part_documents: int = 0

    @property
    def _parts_before(self) -> dict[int, MadePart]:
        return self.before.parts if self.before and not self.is_whole else {}

    def make(self, plan: Plan, catalogue: Sequence[Entry] = ()) -> Made:
        """Make every part that is not as it was. Raises CheckError with what no document explains."""
        made: dict[int, MadePart] = {}
        while True:
            parts = self._parts(plan, catalogue)
            made_of = {number: _made_of(tasks) for number, tasks in parts.items()}
            old = self._parts_before
            carried = {
                number: old[number]
                for number in parts
                if number in old
                and old[number].made_of == made_of[number]
                and not _has_expired(plan, parts[number])
            }
            due = {
                number: tasks
                for number, tasks in parts.items()
                if number not in carried and not (number in made and made[number].made_of == made_of[number])
            }
            for number in [number for number in made if number not in parts or number in due]:
                del made[number]
                _remove_part(self.making, number)
            known = len(plan.loaded)
            for part in self._made(due):
                plan = _accounted(plan, due[part.number], part)
                rest = [task for task in due[part.number] if plan.documents[task.document.sha256].is_loaded]
                made[part.number] = MadePart(_made_of(rest), part.documents, part.digests)
            if len(plan.loaded) == known:
                break
        if self.before:
            self.dataset.carry(self.before.run_id, self.making, carried.keys(), _APPENDED)
        return self._of_all(plan, made, carried, parts)

    def _parts(self, plan: Plan, catalogue: Sequence[Entry]) -> dict[int, list[Task]]:
        index_file = self.run.work_dir / "index.duckdb"
        self.driver.write_index(self.place, plan, index_file)
        documents = {each.document_id: each for each in plan.loaded}
        placed = {each.document_id: each for each in place_documents(self.statements, index_file, catalogue)}
        for document_id in documents.keys() - placed.keys():  # its rows are refused, and will be in its part
            placed[document_id] = Placed(document_id, f"document {document_id}", "")
        cores, size = max(self.driver.engine.cores, 1), self.part_documents or PART_DOCUMENTS
        homes = self.before.homes if self.before and not self.is_whole else {}
        told = plan.touched | {sha for sha, each in plan.documents.items() if sha not in plan.before}
        return {
            number: [
                Task(documents[each.document_id], each.entry, documents[each.document_id].sha256 in told)
                for each in part
            ]
            for number, part in assigned(placed.values(), homes, size, cores).items()
        }

    def _made(self, due: Mapping[int, Sequence[Task]]) -> list[Part]:
        if not due:
            return []
        self.place.notify(
            Stage.TRANSFORM,
            f"{sum(map(len, due.values()))} documents in {len(due)} parts, each with its checks",
        )
        asked = Asked(self.place.run_id, self.place.started_at, self.run.publish_policy, self.making)
        made = self.driver.engine.make(asked, self.statements, due, self.driver.folders)
        if sorted(part.number for part in made) != sorted(due):
            raise CheckError("the engine did not give every part once")
        problems = [f"part {part.number}: {part.problem}" for part in made if part.problem]
        if problems:
            raise CheckError("\n".join(problems))
        self.place.notify(Stage.TRANSFORM, _costs(made))
        return made

    def _of_all(
        self,
        plan: Plan,
        made: Mapping[int, MadePart],
        carried: Mapping[int, MadePart],
        parts: Mapping[int, Sequence[Task]],
    ) -> Made:
        """With the rows that the whole run has in the tables of the parts."""
        discard(self.run.build_file)
        load(self.place, plan, [], self.run.build_file)
        transform(self.statements, self.run.build_file)
        number = max([*parts, *self._parts_before], default=-1) + 1
        attempt = f"attempts/{number:06}-run"
        digests, files = write_part(
            self.run.build_file, self.statements, self.making / attempt, number, self.run.run_id
        )
        take_in(
            self.making,
            Part(number, 0, attempt, digests, [name for name in files if not name.startswith(SHARED)]),
        )
        tables = [table for table in self.statements.document_tables if table not in {*OF_THE_RUN, *SHARED}]
        of_parts = [part.digests for part in (*made.values(), *carried.values())]
        total = {
            table: sum((Digest.parse(each[table]) for each in (*of_parts, digests)), Digest())
            for table in tables
        }
        if self.before:
            for table in _APPENDED:
                new = (Digest.parse(each.digests[table]) for each in made.values())
                total[table] = sum(new, Digest.parse(digests[table])) + Digest.parse(
                    self.before.tables[table]
                )
        version = Version(
            self.run.run_id,
            {table: str(digest) for table, digest in sorted(total.items())},
            {**carried, **made},
            {
                task.document.document_id: number
                for number, tasks in parts.items()
                for task in tasks
                if plan.documents[task.document.sha256].is_loaded
            },
        )
        return Made(plan, version, total, sum(part.documents for part in made.values()))


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

    ``part_documents`` is how many documents a part has at most, by default ``PART_DOCUMENTS``. What is
    published has the content of a build on one machine. Raises FileNotFoundError, WorkerError, TransformError or
    CheckError; what is published is then untouched.
    """
    dataset = Dataset(run.warehouse)
    with owned(run.work_dir, RUN_FOLDERS), dataset.making(run.run_id) as making:
        driver = Driver(engine, list(map(whole_path, paths)), making / "extracts", run.run_id)
        unused = ExtractStore(run.work_dir / "extracts", extractor_version())
        place = Workplace(run.run_id, now_text(), driver.look, unused, 1, progress, notify)
        plan, totals = read_all(place, driver.read)
        if not plan.loaded:
            raise CheckError(f"no document could be loaded from {totals.seen} files; nothing is published")
        notify(
            Stage.INGEST,
            f"{totals.seen} files, {totals.quarantined} quarantined, {totals.left_out} left out; {totals.rate}",
        )
        maker = PartMaker(
            place, run, compiled_statements(run), driver, dataset, making, part_documents=part_documents
        )
        loaded = len(plan.loaded)
        made = maker.make(plan, catalogue)
        refused = loaded - len(made.plan.loaded)
        totals.loaded, totals.quarantined = totals.loaded - refused, totals.quarantined + refused
        notify(Stage.PUBLISH, str(run.warehouse))
        with alone(run):
            return _publish(run, dataset, making, place, totals, made)


def _publish(
    run: Run, dataset: Dataset, making: Path, place: Workplace, totals: Totals, made: Made
) -> Release:
    """Make a version of what was made and, unless the same content is published already, point readers to it."""
    before = dataset.content_hash()
    version = dataset.finish(making, made.version)
    fresh = fresh_name(dataset.warehouse)
    try:
        copied = write_views(run.build_file, version, fresh, made.digests)
        carry_findings_on(fresh, run.warehouse, run.run_id, place.started_at)
        add_history(fresh, None, None, [_run_row(place, totals)])
        digests = content_digests(made, copied)
        check_tables(digests)
        content = combine(digests)
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


def content_digests(made: Made, copied: Mapping[str, Digest]) -> dict[str, Digest]:
    """The digests of all that is content: of the tables of parts, and of those ``copied``."""
    return {table: digest for table, digest in {**made.digests, **copied}.items() if table not in HISTORY}


def _made_of(tasks: Iterable[Task]) -> str:
    """A hash of what a part is made of, besides the code."""
    told = sorted(
        repr((task.document.sha256, task.document.file_name, task.document.superseded_by, task.entry))
        for task in tasks
    )
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:32]


def _has_expired(plan: Plan, tasks: Iterable[Task]) -> bool:
    return any(task.document.document_id in plan.expired for task in tasks)


def _accounted(plan: Plan, tasks: Sequence[Task], part: Part) -> Plan:
    """The plan without the documents that the database refuses. Raises CheckError where a document is lost or there twice."""
    if part.documents + len(part.refused) != len(tasks):
        raise CheckError(f"part {part.number} has {part.documents} of {len(tasks)} documents")
    for refused in part.refused:
        plan = plan.refused(refused["sha256"], refused["reason_code"], refused["message"] or "")
    return plan


def _costs(made: Sequence[Part]) -> str:
    """What parts took, the slowest beside the mean: how evenly the work lay."""
    seconds = [sum(part.seconds.values()) for part in made]
    return (
        f"{len(made)} parts took {sum(seconds) / len(made):.1f} s each, the slowest {max(seconds):.1f} s,"
        f" the largest had {max(part.documents for part in made)} documents"
        f" and {max(part.peak_bytes for part in made) // 2**20} MiB"
    )


def _remove_part(making: Path, number: int) -> None:
    for file in (making / TABLES).glob("*/*/*/*.parquet"):
        if part_of(file) == number:
            file.unlink()


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
