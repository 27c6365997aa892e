"""The nightly job: reads what is new in an inbox, rebuilds what depends on it, checks, publishes. Run it again at will.

What a release depends on is kept with it (its manifest) or can be made again (extracts, compiled statements). A run
that is killed at any moment leaves the published file as it was or as it should become, and the next run goes on.
"""

from __future__ import annotations

import csv
import shutil
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ingest.config import REGISTRY_DIR, Run
from ingest.extraction.raw_rows import DocumentRows
from ingest.extraction.read import left_out, read_rows
from ingest.inbox.inventory import Inventory, Seen, take_inventory
from ingest.inbox.sources import Source
from ingest.outcomes import Outcome, Reason
from ingest.releases.extracts import PASSING, ExtractStore, rename
from ingest.releases.guard import RegressionError, lost_documents, moved_totals, withdrawn_at_once
from ingest.releases.merge import UnmergeableError, add_history, carry_over, merge
from ingest.releases.store import KnownDocument, Manifest, ReleaseStore, is_sound, now_text
from ingest.runs.build import CheckError, Notify, PartCheck, Progress, make_and_check, read_files, said
from ingest.version import extractor_version, project_version
from ingest.warehouse.compiled import Statements, compiled_statements
from ingest.warehouse.holds import HoldReason
from ingest.warehouse.load import RawLoader, Totals
from ingest.warehouse.publish import (
    Digest,
    combine,
    literal,
    published_tables,
    row_counts,
    table_digests,
    write_release,
)
from ingest.warehouse.transform import discard, transform

_LARGEST_SHARE = 0.5
"""Where more of the documents than this are concerned, everything is built anew."""
_EXTRACTED = "extract"
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Options:
    """What a refresh is asked to do. ``is_full`` builds everything anew, ``retry`` reads quarantined files again."""

    inbox: Path
    warehouse: Path
    jobs: int
    publish_policy: str = "hold"
    keep: int = 3
    wait_seconds: float = 0.0
    accept_regression: bool = False
    is_full: bool = False
    retry: bool = False


@dataclass(slots=True)
class Result:
    """What a refresh did: ``outcome`` is published, unchanged or restored; names of files by what came of them."""

    outcome: str
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


def refresh(options: Options, run: Run, progress: Progress, notify: Notify) -> Result:
    """Bring the warehouse to what the inbox holds.

    Raises BusyError where another run writes, RegressionError where documents or totals are lost without new input,
    and what ``pipeline.build`` raises; the published file is then untouched.
    """
    store = ReleaseStore(options.warehouse)
    with store.locked(options.wait_seconds, f"refresh {run.run_id}"):
        left = store.clean()
        if left:
            notify("recover", f"removed what an earlier run has left: {', '.join(left)}")
        store.note(run.run_id, "start")
        try:
            result = _Refresh(options, run, store, progress, notify).run()
        except BaseException as error:
            outcome = "stopped" if isinstance(error, RegressionError) else "failed"
            store.note(run.run_id, "end", outcome=outcome, message=f"{type(error).__name__}: {error}"[:2000])
            raise
        finally:
            shutil.rmtree(store.work_dir, ignore_errors=True)
        store.note(run.run_id, "end", outcome="published" if result.outcome == "published" else "unchanged")
        return result


@dataclass(slots=True)
class _Plan:
    """What there is now (``documents`` by hash, in their order) and how it differs from the base.

    ``left_out`` has what was not left out before, ``dark`` the places where something lies that cannot be read.
    """

    documents: dict[str, KnownDocument]
    files: list[list[str | None]]
    verdicts: list[Outcome]
    left_out: list[Outcome]
    dark: set[str]
    added: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    altered: set[str] = field(default_factory=set)

    @property
    def loaded(self) -> list[KnownDocument]:
        """The documents that belong in the warehouse."""
        return [each for each in self.documents.values() if each.is_loaded]

    @property
    def touched(self) -> set[str]:
        """Hashes of the documents that are not as they were."""
        return self.added | self.removed | self.altered


class _Refresh:
    """One run, under the lock."""

    def __init__(
        self, options: Options, run: Run, store: ReleaseStore, progress: Progress, notify: Notify
    ) -> None:
        self._options, self._run, self._store = options, run, store
        self._progress, self._notify = progress, notify
        self._extracts = ExtractStore(store.extracts_dir, extractor_version())
        self._started_at = now_text()
        self._base: Manifest | None = None
        self._totals = Totals()

    def run(self) -> Result:
        inventory = take_inventory(self._options.inbox, self._store.memory_file)
        base = self._base = self._store.published()
        plan = self._plan(inventory)
        is_current = base is not None and self._is_current(base) and not self._options.is_full
        is_same = (
            is_current and base is not None and plan.documents == base.documents and plan.files == base.files
        )
        if base and is_same and not self._expired(base):
            found = self._confirmed(base)
            if found:
                return Result(found, base.release_id, documents=len(base.loaded))
            is_current = False
        self._guard_documents(plan)
        if not plan.loaded:
            raise CheckError(
                f"no document could be loaded from {len(plan.files)} files; nothing is published"
            )
        self._notify("plan", self._said(plan))
        self._store.work_dir.mkdir(parents=True, exist_ok=True)
        statements = compiled_statements(self._run_here(), self._run.compiled_dir)
        built = None
        if is_current:
            with PartCheck(self._run) as part_check:
                built = self._incremental(plan, statements, part_check)
        built = self._carried_over(built or self._full(plan, statements))
        return self._publish(plan, inventory, *built)

    def _confirmed(self, base: Manifest) -> str | None:
        """Whether the published file is what was published, or can be put back: unchanged, restored or None."""
        store, kept = self._store, self._store.release_file(base.release_id)
        if store.is_untouched(base, store.warehouse):
            return "unchanged"
        is_kept_sound = is_sound(kept, base)
        if is_sound(store.warehouse, base):
            store.mark(base, is_kept_sound)
            return "unchanged"
        if is_kept_sound:
            self._notify("recover", "the published file is not what was published; its release is put back")
            store.publish(base)
            return "restored"
        return None

    # what there is

    def _plan(self, inventory: Inventory) -> _Plan:
        base = self._base
        known = dict(base.documents) if base and base.extractor_version == extractor_version() else {}
        seen_at = {sha: each for sha, each in (base.documents if base else {}).items() if not each.is_kept}
        first: dict[str, Seen] = {}
        refused: list[Seen] = []
        for seen in inventory.seen:
            if seen.sha256 is None or seen.source.refusal:
                refused.append(seen)
            else:
                first.setdefault(seen.sha256, seen)
        unread = [seen for sha, seen in first.items() if not self._is_read(known.get(sha))]
        outcomes = self._read(unread)
        documents: dict[str, KnownDocument] = {}
        for sha, seen in first.items():
            arrived = seen_at[sha].seen_at if sha in seen_at else self._started_at
            names: dict[str, Any] = {"file_name": seen.source.name, "place": seen.place, "seen_at": arrived}
            document = known.get(sha)
            if sha in outcomes:
                document = _known(sha, *outcomes[sha], **names)
            assert document is not None
            documents[sha] = replace(document, **names, is_kept=False, superseded_by=None)
        verdicts, files = [], []
        for seen in inventory.seen:
            if seen.sha256 is None or seen.source.refusal:
                verdict = _verdict(seen.source)
                verdicts.append(verdict)
                files.append([seen.place, seen.source.name, verdict.sha256, str(verdict.reason_code)])
            else:
                files.append([seen.place, seen.source.name, seen.sha256, None])
        dark = _dark(inventory, documents)
        documents |= self._unseen(documents, dark)
        documents |= self._kept(documents, {seen.place: seen.sha256 for seen in inventory.seen})
        known_aside = {tuple(each) for each in base.left_out} if base else set()
        aside = [each for each in map(left_out, inventory.left_out) if _aside(each) not in known_aside]
        if aside:
            self._notify("plan", f"left out: {'; '.join(str(each.message) for each in aside)}")
        plan = _Plan(_with_supersession(documents), files, verdicts, aside, dark)
        self._compare(plan)
        return plan

    def _is_read(self, document: KnownDocument | None) -> bool:
        if document is None or document.is_kept or document.reason_code in PASSING:
            return False
        if document.is_refused and self._base and self._base.project_version != project_version():
            return False
        return document.is_loaded or not self._options.retry

    def _unseen(self, documents: dict[str, KnownDocument], dark: Collection[str]) -> dict[str, KnownDocument]:
        """Documents that lie where something cannot be read: they stay as they were."""
        unseen = {
            sha: document
            for sha, document in (self._base.documents if self._base else {}).items()
            if sha not in documents and document.is_loaded and _is_within(document.place, dark)
        }
        for sha in unseen:
            self._extracts.adopt(sha)
        if unseen:
            names = ", ".join(document.file_name for document in unseen.values())
            self._notify("plan", f"{len(unseen)} documents cannot be seen and stay published: {names}")
        return unseen

    def _kept(
        self, documents: dict[str, KnownDocument], at: dict[str, str | None]
    ) -> dict[str, KnownDocument]:
        """Documents whose file was overwritten: by a newer version of the same disclosure, or by what cannot be read."""
        kept = {}
        for sha, document in (self._base.documents if self._base else {}).items():
            now = documents.get(at.get(document.place) or "")
            if sha in documents or not document.is_loaded or now is None:
                continue
            if now.is_loaded and (now.disclosure is None or now.disclosure != document.disclosure):
                continue
            if self._extracts.adopt(sha):
                kept[sha] = replace(document, is_kept=True, superseded_by=None)
            else:
                self._notify("plan", f"{document.file_name}: the earlier version can no longer be rebuilt")
        return kept

    def _compare(self, plan: _Plan) -> None:
        base = {
            sha: each for sha, each in (self._base.documents if self._base else {}).items() if each.is_loaded
        }
        now = {sha: each for sha, each in plan.documents.items() if each.is_loaded}
        plan.added, plan.removed = now.keys() - base.keys(), base.keys() - now.keys()
        plan.altered = {
            sha
            for sha in now.keys() & base.keys()
            if (now[sha].file_name, now[sha].superseded_by) != (base[sha].file_name, base[sha].superseded_by)
        }
        expired = set(self._expired(self._base)) if self._base else set()
        plan.altered |= {sha for sha in now.keys() & base.keys() if sha[:16] in expired}

    def _expired(self, base: Manifest) -> list[str]:
        """Documents with a waiver that was in force when the base was made and is no longer."""
        made, today = date.fromisoformat(base.created_at[:10]), datetime.now(UTC).date()
        with (REGISTRY_DIR / "waivers.csv").open(encoding="utf-8", newline="") as file:
            return [
                row["document_id"]
                for row in csv.DictReader(file)
                if made <= date.fromisoformat(row["valid_until"]) < today
            ]

    def _is_current(self, base: Manifest) -> bool:
        return (base.extractor_version, base.project_version, base.publish_policy) == (
            extractor_version(),
            project_version(),
            self._options.publish_policy,
        )

    def _said(self, plan: _Plan) -> str:
        return (
            f"{len(plan.files)} files; documents: {len(plan.added)} new, {len(plan.removed)} gone,"
            f" {len(plan.altered)} otherwise concerned, {len(plan.loaded)} in all"
        )

    # reading

    def _read(self, unread: list[Seen]) -> dict[str, tuple[Outcome, DocumentRows | None]]:
        """Read what no extract is kept of, and keep it. Every extract is on the disk before the next file is asked for."""
        done: dict[str, tuple[Outcome, DocumentRows | None]] = {}
        missing: list[Seen] = []
        for seen in unread:
            assert seen.sha256
            found = (
                None if self._is_retried(seen.sha256) else self._extracts.load(seen.sha256, seen.source.name)
            )
            if found:
                done[seen.sha256] = (found[0], _only_document(found[1]))
                self._tell(found[0], len(unread))
            else:
                missing.append(seen)
        for seen, (outcome, rows) in zip(missing, self._read_files(missing), strict=True):
            assert seen.sha256
            if outcome.sha256 != seen.sha256:
                message = f"{seen.source.name}: the file changed while it was read; the next run reads it"
                outcome = replace(
                    outcome, outcome="quarantined", sha256=seen.sha256, document_id=None,
                    reason_code=Reason.FILE_UNREADABLE, message=message,
                )  # fmt: skip
                rows = None
            self._extracts.save(outcome, rows)
            done[seen.sha256] = (outcome, _only_document(rows))
            self._tell(outcome, len(unread))
        if missing:
            self._notify("ingest", f"{len(missing)} files read; {self._totals.rate}")
        return done

    def _is_retried(self, sha: str) -> bool:
        document = self._base.documents.get(sha) if self._base else None
        return self._options.retry and document is not None and not document.is_loaded

    def _tell(self, outcome: Outcome, total: int) -> None:
        self._totals.count(outcome)
        self._progress(outcome, self._totals, total)

    def _read_files(self, missing: list[Seen]) -> Iterator[tuple[Outcome, DocumentRows | None]]:
        jobs = min(self._options.jobs, len(missing))
        return read_files([seen.source for seen in missing], jobs)

    # building

    def _incremental(
        self, plan: _Plan, statements: Statements, part_check: PartCheck
    ) -> tuple[Path, dict[str, Digest], int, bool] | None:
        """A copy of the base with the rows of what is concerned made anew; None where everything must be."""
        base = self._base
        assert base is not None
        base_file = self._base_file(base)
        build_file, target = self._store.work_dir / "build.duckdb", self._store.work_dir / "release.duckdb"
        try:
            unit_of, ties = _units(base_file), _ties(base_file)
            units = _tied({unit_of[sha[:16]] for sha in plan.touched if sha[:16] in unit_of}, ties)
            keys = {plan.documents[sha].unit_key for sha in plan.added}
            while True:
                chosen = [
                    each
                    for each in plan.loaded
                    if each.sha256 in plan.touched
                    or unit_of.get(each.document_id) in units
                    or each.unit_key in keys
                ]
                if len(chosen) > _LARGEST_SHARE * len(plan.loaded):
                    said = f"{len(chosen)} of {len(plan.loaded)} documents are concerned"
                    self._notify("transform", f"{said}: everything is built anew")
                    return None
                self._notify("transform", f"{len(chosen)} documents of the units concerned")
                chosen = self._make(plan, chosen, build_file, statements)
                ties |= _ties(build_file)
                units = _tied(units | set(_units(build_file).values()), ties)
                ids = {each.document_id for each in chosen}
                if all(
                    unit_of.get(each.document_id) not in units or each.document_id in ids
                    for each in plan.loaded
                ):
                    break
                self._notify("transform", "more units are concerned")
            gone = ids | {sha[:16] for sha in plan.touched}
            with ThreadPoolExecutor(1) as beside:
                checked = beside.submit(part_check.judge, build_file)
                try:
                    digests = merge(
                        base_file, build_file, target, gone, units, statements.document_tables, base.digests
                    )
                    is_sound_base = self._is_merged(base, base_file, target, digests)
                except BaseException:
                    part_check.stop()
                    raise
                self._notify("check", checked.result())
        except (UnmergeableError, CheckError) as error:
            self._notify("transform", f"{error}: everything is built anew")
            return None
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            self._notify(
                "transform", f"the last release cannot be continued ({error}): everything is built anew"
            )
            return None
        if not is_sound_base:
            self._notify("check", "the last release is not what its manifest says: everything is built anew")
            return None
        add_history(target, None, build_file, [])
        return target, digests, len(chosen), True

    def _carried_over(
        self, built: tuple[Path, dict[str, Digest], int, bool]
    ) -> tuple[Path, dict[str, Digest], int, bool]:
        """What was published of a document stays where the same bytes are held now, since code or seeds have changed."""
        base, target = self._base, built[0]
        if base is None:
            return built
        try:
            held = sorted(_held(target) & _with_figures(self._base_file(base)))
            if not held:
                return built
            carry_over(self._base_file(base), target, held)
        except (UnmergeableError, duckdb.Error) as error:
            self._notify("publish", f"held documents lose what was published of them before: {error}")
            return built
        said = f"{len(held)} documents that are held now stay as they were published"
        self._notify("publish", f"{said}: {', '.join(held[:_SHOWN])}")
        return target, table_digests(target), *built[2:]

    def _is_merged(self, base: Manifest, base_file: Path, target: Path, digests: dict[str, Digest]) -> bool:
        """Whether a merged file has the digests that it must have.

        Where the base is the very file that was released, DuckDB's own check of each block that it read has to do,
        and the number of rows of every table.
        """
        if not self._store.is_untouched(base, base_file):
            return table_digests(target) == digests
        return row_counts(target) == {table: digest.rows for table, digest in digests.items()}

    def _full(self, plan: _Plan, statements: Statements) -> tuple[Path, dict[str, Digest], int, bool]:
        """Everything anew."""
        build_file, target = self._store.work_dir / "build.duckdb", self._store.work_dir / "release.duckdb"
        while True:
            self._load(plan, plan.loaded, build_file)
            make_and_check(self._run, statements, build_file, self._notify)
            if self._keep_versions(plan, build_file) is None:
                break
        write_release(build_file, target)
        if self._base:
            with suppress(duckdb.Error):  # a base that cannot be read has lost its history
                add_history(target, self._base_file(self._base), None, [])
        return target, table_digests(target), len(plan.loaded), False

    def _make(
        self, plan: _Plan, documents: list[KnownDocument], build_file: Path, statements: Statements
    ) -> list[KnownDocument]:
        """Make the models for some documents; returns those that are in the build file.

        Raises TransformError where no document is to blame for what fails.
        """
        while True:
            self._load(plan, documents, build_file)
            documents = [each for each in documents if plan.documents[each.sha256].is_loaded]
            made = transform(statements, build_file)
            back = self._keep_versions(plan, build_file)
            if back is None:
                self._notify("transform", said(made))
                return documents
            documents = [*documents, *back]

    def _keep_versions(self, plan: _Plan, build_file: Path) -> list[KnownDocument] | None:
        """What was published of a document before stays where its new version is held for what it is, not for its figures.

        The earlier version comes back into the plan, and the one that is held supersedes none. Returns the documents
        that came back; None where the plan is as it was.
        """
        held = {sha for sha, each in plan.documents.items() if each.document_id in _held(build_file)}
        newer = {each.superseded_by for each in plan.documents.values()}
        superseding = {sha for sha in held if plan.documents[sha].document_id in newer}
        at = {plan.documents[sha].place for sha in held if not plan.documents[sha].is_kept}
        base = self._base.documents if self._base else {}
        back = [
            replace(each, is_kept=True, superseded_by=None)
            for sha, each in base.items()
            if each.place in at and each.is_loaded and sha not in plan.documents and self._extracts.adopt(sha)
        ]
        if not back and not superseding:
            return None
        for sha in superseding:
            plan.documents[sha] = replace(plan.documents[sha], disclosure=None)
        for each in back:
            plan.documents[each.sha256] = each
            self._notify("plan", f"{each.file_name}: the new version is held, the one published before stays")
        plan.documents = _with_supersession(plan.documents)
        self._compare(plan)
        return back

    def _base_file(self, base: Manifest) -> Path:
        """The kept release, or the published file where that is what is left of it."""
        kept = self._store.release_file(base.release_id)
        if self._store.is_untouched(base, kept) or not self._store.is_untouched(
            base, self._options.warehouse
        ):
            return kept
        return self._options.warehouse

    def _run_here(self) -> Run:
        """The run with all its scratch files in the folder that the next run clears."""
        return replace(self._run, var_dir=self._store.work_dir)

    def _load(self, plan: _Plan, documents: list[KnownDocument], build_file: Path) -> None:
        """Write the raw rows of some documents, and every quarantined file, into a new build file."""
        discard(build_file)
        old_files = {tuple(each) for each in self._base.files} if self._base else set()
        self._ensure_extracts(documents)
        with RawLoader(build_file, self._run.run_id) as loader:
            for outcome in loader.load(self._rows(documents)):
                if outcome.outcome == "quarantined" and outcome.sha256 and outcome.reason_code:
                    self._refuse(plan, outcome.sha256, outcome.reason_code, outcome.message or "")
            others = [*plan.verdicts, *self._other_files(plan, old_files), *plan.left_out]
            for _ in loader.load((outcome, None) for outcome in others):
                pass
        self._annotate(plan, build_file, old_files)

    def _ensure_extracts(self, documents: list[KnownDocument]) -> None:
        """Read again the documents whose extract is lost or damaged. Raises CheckError where the bytes are gone too."""
        missing = [each for each in documents if self._extracts.load(each.sha256, each.file_name) is None]
        if not missing:
            return
        inventory = take_inventory(self._options.inbox, self._store.memory_file)
        at = {seen.sha256: seen for seen in inventory.seen if not seen.source.refusal}
        lost = [document for document in missing if document.sha256 not in at]
        if lost:
            names = ", ".join(document.file_name for document in lost)
            raise CheckError(
                f"their extracts are lost and their files have gone meanwhile or cannot be read, run again: {names}"
            )
        self._notify("ingest", f"{len(missing)} extracts are lost or damaged and made anew")
        seen = [at[document.sha256] for document in missing]
        for each, (outcome, rows) in zip(seen, self._read_files(seen), strict=True):
            if outcome.sha256 != each.sha256:
                raise CheckError(f"{outcome.file_name} changed while it was read, run again")
            self._extracts.save(outcome, rows)

    def _rows(self, documents: Iterable[KnownDocument]) -> Iterator[tuple[Outcome, DocumentRows | None]]:
        for document in documents:
            found = self._extracts.load(document.sha256, document.file_name)
            if found is None:
                raise CheckError(f"{document.file_name} cannot be read back from {self._store.extracts_dir}")
            yield found

    def _refuse(self, plan: _Plan, sha: str, reason: str, message: str) -> None:
        """A document was read, and the database does not take its rows: it is quarantined."""
        plan.documents[sha] = replace(
            plan.documents[sha], outcome="quarantined", reason_code=reason, message=message, is_refused=True
        )
        plan.documents = _with_supersession(plan.documents)
        self._compare(plan)
        self._guard_documents(plan)

    def _other_files(self, plan: _Plan, old_files: Collection[tuple[str | None, ...]]) -> Iterator[Outcome]:
        """Outcomes of the files that are quarantined, and of new files with the bytes of a document."""
        first: set[str] = set()
        for place, name, sha, reason in plan.files:
            if reason or not sha or not name:
                continue
            document = plan.documents[sha]
            if not document.is_loaded:
                outcome = Outcome(
                    document.file_name, _EXTRACTED, "quarantined", sha,
                    reason_code=document.reason_code, message=document.message,
                )  # fmt: skip
                yield rename(outcome, None, name)[0]
            elif sha in first and (place, name, sha, reason) not in old_files:
                message = "the same bytes as a file already loaded"
                yield Outcome(name, _EXTRACTED, "same_bytes", sha, sha[:16], message=message)
            first.add(sha)

    def _annotate(self, plan: _Plan, build_file: Path, old_files: Collection[tuple[str | None, ...]]) -> None:
        """Add what only the history knows: supersession, withdrawals, first sight; outcomes stay of what is new."""
        base = self._base.documents if self._base else {}
        concerned = {
            sha
            for sha in plan.documents
            if sha not in base or base[sha].outcome != plan.documents[sha].outcome
        }
        concerned |= plan.touched
        new_names = [str(each[1]) for each in plan.files if tuple(each) not in old_files]
        superseded = [each for each in plan.documents.values() if each.is_loaded and each.superseded_by]
        history = [
            (self._run.run_id, base[sha].file_name, sha, sha[:16], "publish", "withdrawn")
            for sha in sorted(plan.removed)
            if sha in base
        ]
        history += [
            (self._run.run_id, each.file_name, each.sha256, each.document_id, "publish", "superseded")
            for each in superseded
            if each.sha256 not in base or base[each.sha256].superseded_by != each.superseded_by
        ]
        with duckdb.connect(str(build_file)) as con:
            con.execute(
                "delete from raw.outcome where not (list_contains(?, sha256) or sha256 is null and list_contains(?, file_name)"
                " or outcome in ('same_bytes', 'left_out'))",
                [sorted(concerned), new_names],
            )
            for each in superseded:
                con.execute(
                    "insert into raw.supersession select document_id, ? from raw.document where document_id = ?",
                    [each.superseded_by, each.document_id],
                )
            for row in history:
                con.execute("insert into raw.outcome values (?, ?, ?, ?, ?, ?, null, null, null)", list(row))
            for sha, each in plan.documents.items():
                if not each.is_loaded:
                    con.execute(
                        "update raw.quarantine set first_seen_at = ? where sha256 = ?", [each.seen_at, sha]
                    )

    # publishing

    def _guard_documents(self, plan: _Plan) -> None:
        if self._base and not self._options.accept_regression:
            lost_documents(self._base, plan.documents)
            withdrawn_at_once(self._base, plan.removed)

    def _publish(
        self,
        plan: _Plan,
        inventory: Inventory,
        built: Path,
        digests: dict[str, Digest],
        rebuilt: int,
        is_incremental: bool,
    ) -> Result:
        base, store = self._base, self._store
        self._check_tables(digests)
        add_history(built, None, None, self._runs(plan, inventory))
        manifest = Manifest(
            release_id=self._run.run_id,
            created_at=self._started_at,
            extractor_version=extractor_version(),
            project_version=project_version(),
            publish_policy=self._options.publish_policy,
            is_incremental=is_incremental,
            content_hash=combine(digests),
            tables={table: str(digest) for table, digest in sorted(digests.items())},
            totals=_totals(built),
            files=plan.files,
            left_out=[list(_aside(left_out(each))) for each in inventory.left_out],
            documents=plan.documents,
        )
        if base and base.extractor_version == extractor_version() and not self._options.accept_regression:
            base_file = self._base_file(base)
            if self._store.is_untouched(base, base_file) or is_sound(base_file, base):
                moved_totals(base_file, built, self._untouched(plan, base))
            else:
                self._notify("check", "the last release is damaged: figures are not compared with it")
        result = self._result(plan, built, rebuilt, is_incremental)
        if base and base.content_hash == manifest.content_hash and self._holds(base):
            store.write(
                store.folder / f"{base.release_id}.json",
                replace(
                    manifest,
                    release_id=base.release_id,
                    is_incremental=base.is_incremental,
                    left_out=base.left_out,
                ).to_json(),
            )
            self._extracts.prune(plan.documents)
            return replace(result, outcome="unchanged", release_id=base.release_id)
        self._notify("publish", str(self._options.warehouse))
        store.add(built, manifest)
        store.publish(manifest)
        store.prune(self._options.keep, manifest)
        self._extracts.prune(plan.documents)
        return result

    def _holds(self, base: Manifest) -> bool:
        """Whether the published file and the kept release are there and hold what the base's manifest says."""
        return is_sound(self._options.warehouse, base) and is_sound(
            self._store.release_file(base.release_id), base
        )

    def _check_tables(self, digests: dict[str, Digest]) -> None:
        """No table that must not be empty is. Raises CheckError."""
        from expectations.contract import read_contract

        empty = [
            table
            for table, spec in read_contract()["tables"].items()
            if spec.get("not_empty") and table in digests and not digests[table].rows
        ]
        if empty:
            raise CheckError(f"empty: {', '.join(empty)}")

    def _untouched(self, plan: _Plan, base: Manifest) -> list[str]:
        """Documents that are as they were."""
        return [
            each.document_id
            for sha, each in plan.documents.items()
            if each.is_loaded
            and sha in base.documents
            and base.documents[sha].is_loaded
            and sha not in plan.touched
        ]

    def _runs(self, plan: _Plan, inventory: Inventory) -> list[list[object]]:
        """Rows of ``audit.ingest_run``: this run, and those since the base that published nothing."""
        states = [
            "quarantined" if reason or not sha or not plan.documents[sha].is_loaded else "loaded"
            for _, _, sha, reason in plan.files
        ]
        quarantined = states.count("quarantined")
        loaded = len(
            {sha for _, _, sha, reason in plan.files if sha and not reason and plan.documents[sha].is_loaded}
        )
        rows: list[list[object]] = [
            [run["run_id"], run["started_at"], run.get("finished_at"), None, 0, 0, 0, 0, 0, run["outcome"], run.get("message")]
            for run in self._store.runs()
            if run["run_id"] != self._run.run_id and run["outcome"] not in ("published",)
        ]  # fmt: skip
        rows.append(
            [
                self._run.run_id, self._started_at, now_text(), extractor_version(), len(plan.files), loaded,
                len(plan.files) - loaded - quarantined, quarantined, len(inventory.left_out), "published", None,
            ]
        )  # fmt: skip
        return rows

    def _result(self, plan: _Plan, built: Path, rebuilt: int, is_incremental: bool) -> Result:
        base = self._base
        before = {str(place): sha for place, _, sha, _ in base.files} if base else {}
        after = {str(place): sha for place, _, sha, _ in plan.files}
        old = base.documents if base else {}
        with duckdb.connect(str(built), read_only=True) as con:
            held = con.execute(
                "select file_name from marts.dim_document where audit_status = 'held'"
                " and list_contains(?, sha256) order by all",
                [sorted(plan.touched)],
            ).fetchall()
        return Result(
            "published",
            self._run.run_id,
            new=sorted(after.keys() - before.keys()),
            changed=sorted(place for place in after.keys() & before.keys() if after[place] != before[place]),
            withdrawn=sorted(
                place for place in before.keys() - after.keys() if not _is_within(place, plan.dark)
            ),
            quarantined=[
                f"{each.file_name}: {each.reason_code}"
                for sha, each in plan.documents.items()
                if not each.is_loaded and (sha not in old or old[sha].is_loaded)
            ]
            + [f"{verdict.file_name}: {verdict.reason_code}" for verdict in plan.verdicts],
            held=[name for (name,) in held],
            left_out=[str(each.message) for each in plan.left_out],
            documents=len(plan.loaded),
            rebuilt=rebuilt,
            is_incremental=is_incremental,
        )


def _verdict(source: Source) -> Outcome:
    """The outcome of what could not be read when it was looked at."""
    outcome = read_rows(source)[0]
    if outcome.outcome == "quarantined":
        return outcome
    message = f"{source.name}: the file could not be read at first; the next run reads it"
    return replace(
        outcome, outcome="quarantined", document_id=None, reason_code=Reason.FILE_UNREADABLE, message=message
    )


def _aside(outcome: Outcome) -> tuple[str, str]:
    return outcome.file_name, str(outcome.reason_code)


def _dark(inventory: Inventory, documents: dict[str, KnownDocument]) -> set[str]:
    """The places where something lies that cannot be read; what lay below one of them may still be there."""
    dark = {source.name for source in inventory.left_out}
    for seen in inventory.seen:
        if seen.sha256 is None or seen.source.refusal:
            dark.add(seen.place)
        elif not documents[seen.sha256].is_loaded:
            dark.add(f"{seen.place}!")  # it may have been an archive; the file itself is known to be another
    return dark


def _is_within(place: str, places: Collection[str]) -> bool:
    """Whether a place, a folder above it, or an archive that holds it is among the places."""
    above = place
    while above not in places and above.removesuffix("!") not in places:
        above, slash, _ = above.rpartition("/")
        if not slash:
            return False
    return True


def _known(sha: str, outcome: Outcome, rows: DocumentRows | None, **names: Any) -> KnownDocument:
    """What a release knows of a document that was read."""
    document = KnownDocument(sha, outcome=outcome.outcome, **names)
    if rows is None:
        return replace(document, reason_code=outcome.reason_code, message=outcome.message)
    row = pa.ipc.open_stream(rows.tables["document"]).read_all().to_pylist()[0]
    unit = _folded(row["unit_name"])
    parts = [unit, row["unit_kind"], row["fiscal_year"], row["doc_type"], row["stage"]]
    disclosure = None if None in parts else "|".join(map(str, parts))
    if disclosure and row["doc_type"] == "performance_report":  # a unit reports on each of its projects
        title = _folded(row["title"])
        disclosure = f"{disclosure}|{title}" if title else None
    return replace(document, unit_key=unit, disclosure=disclosure)


def _folded(text: str | None) -> str | None:
    return "".join(unicodedata.normalize("NFKC", text).split()) or None if text else None


def _only_document(rows: DocumentRows | None) -> DocumentRows | None:
    """A document's row of the table of documents: all that a plan needs."""
    return rows and DocumentRows(rows.document_id, {"document": rows.tables["document"]})


def _with_supersession(documents: dict[str, KnownDocument]) -> dict[str, KnownDocument]:
    """Of several versions of one disclosure the one that arrived last supersedes the others; of a tie, none does."""
    versions: dict[str, list[KnownDocument]] = {}
    for document in documents.values():
        if document.is_loaded and document.disclosure:
            versions.setdefault(document.disclosure, []).append(document)
    newer: dict[str, str] = {}
    for found in versions.values():
        last = max(each.seen_at for each in found)
        newest = [each for each in found if each.seen_at == last]
        if len(newest) == 1:
            newer |= {each.sha256: newest[0].document_id for each in found if each is not newest[0]}
    return {sha: replace(each, superseded_by=newer.get(sha)) for sha, each in documents.items()}


def _held(file: Path) -> set[str]:
    """The documents that are held for a rule of the warehouse or because nothing says whose they are."""
    with duckdb.connect(str(file), read_only=True) as con:
        rows = con.execute(
            "select document_id from marts.dim_document where list_contains(?, hold_code)", [list(HoldReason)]
        ).fetchall()
    return {document_id for (document_id,) in rows}


def _with_figures(file: Path) -> set[str]:
    """The documents of a release that are not held."""
    with duckdb.connect(str(file), read_only=True) as con:
        rows = con.execute(
            "select document_id from marts.dim_document where audit_status != 'held'"
        ).fetchall()
    return {document_id for (document_id,) in rows}


def _units(file: Path) -> dict[str, str]:
    with duckdb.connect(str(file), read_only=True) as con:
        return dict(con.execute("select document_id, unit_id from marts.dim_document").fetchall())


def _ties(file: Path) -> set[tuple[str, str]]:
    """Departments with the units that their documents list: each is checked against the others."""
    with duckdb.connect(str(file), read_only=True) as con:
        return set(
            con.execute(
                "select department_id, unit_id from marts.bridge_member_unit"
                " where unit_id is not null and unit_id != department_id"
            ).fetchall()
        )


def _tied(units: set[str], ties: set[tuple[str, str]]) -> set[str]:
    """The units and all that they are tied with, however far."""
    found = set(units)
    while more := {unit for tie in ties if not found.isdisjoint(tie) for unit in tie} - found:
        found |= more
    return found


def _totals(release: Path) -> dict[str, list[str]]:
    """Rows and sum of the amounts, of every table of money."""
    with duckdb.connect() as con:
        con.execute(f"attach {literal(release)} as w (read_only)")
        return {
            table: [str(value) for value in con.execute(
                f"select count(*), coalesce(sum(amount_yuan), 0) from w.{table}"
            ).fetchall()[0]]
            for table, columns in published_tables(con, "w").items()
            if "amount_yuan" in columns
        }  # fmt: skip
