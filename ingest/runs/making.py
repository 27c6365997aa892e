"""Makes what a plan asks for: the changed part of the last release, or everything anew."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from ingest.config import Run
from ingest.outcomes import Stage
from ingest.releases.merge import UnmergeableError, add_history, carry_over, merge
from ingest.releases.store import KnownDocument, Manifest, ReleaseStore
from ingest.runs.checking import PartCheck, make_and_check, said
from ingest.runs.loading import load
from ingest.runs.plan import Plan
from ingest.runs.planner import most_are_concerned, tied, to_rebuild, touched_units
from ingest.runs.workplace import CheckError, Workplace
from ingest.warehouse.compiled import Statements
from ingest.warehouse.holds import HoldReason
from ingest.warehouse.publish import Digest, row_counts, table_digests, write_release
from ingest.warehouse.transform import discard, transform

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Made:
    """A release that is not published yet: its file, and the plan as it came out."""

    plan: Plan
    file: Path
    digests: dict[str, Digest]
    rebuilt: int
    is_incremental: bool


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes releases in the store's work folder. ``is_guarded`` stops where a document that used to load no longer does."""

    place: Workplace
    store: ReleaseStore
    run: Run
    statements: Statements
    is_guarded: bool

    @property
    def _build_file(self) -> Path:
        return self.store.work_dir / "build.duckdb"

    @property
    def _target(self) -> Path:
        return self.store.work_dir / "release.duckdb"

    def make(self, plan: Plan) -> Made:
        """The part of the release that the plan concerns where that can be, else everything.

        Raises RegressionError, TransformError, CheckError, OSError or duckdb.Error.
        """
        made = None
        if plan.base and plan.whole is None:
            with PartCheck(self.run) as part_check:
                made = self._part(plan, plan.base, part_check)
        return self.carried_over(made or self._whole(plan))

    def _whole(self, plan: Plan) -> Made:
        while True:
            plan = self._load(plan, plan.loaded)
            make_and_check(self.run, self.statements, self._build_file, self.place.notify)
            changed, _ = self.keep_versions(plan, self._build_file)
            if changed is None:
                break
            plan = changed
        write_release(self._build_file, self._target)
        if plan.base:
            with suppress(duckdb.Error):  # a base that cannot be read has lost its history
                add_history(self._target, base_file(self.store, plan.base), None, [])
        return Made(plan, self._target, table_digests(self._target), len(plan.loaded), is_incremental=False)

    def _part(self, plan: Plan, base: Manifest, part_check: PartCheck) -> Made | None:
        """A copy of the base with the rows of what is concerned made anew; None where everything must be."""
        try:
            return self._merged(plan, base, part_check)
        except (UnmergeableError, CheckError) as error:
            why = str(error)
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            why = f"the last release cannot be continued ({error})"
        self.place.notify(Stage.TRANSFORM, f"{why}: everything is built anew")
        return None

    def _merged(self, plan: Plan, base: Manifest, part_check: PartCheck) -> Made | None:
        notify, of_base = self.place.notify, base_file(self.store, base)
        part = self._make_concerned(plan, of_base)
        if part is None:
            return None
        plan, chosen, units = part
        gone = {each.document_id for each in chosen} | {sha[:16] for sha in plan.touched}
        with ThreadPoolExecutor(1) as beside:
            checked = beside.submit(part_check.judge, self._build_file)
            try:
                digests = merge(
                    of_base, self._build_file, self._target, gone, units,
                    self.statements.document_tables, base.digests,
                )  # fmt: skip
                is_sound_base = self._is_merged(base, of_base, digests)
            except BaseException:
                part_check.stop()
                raise
            notify(Stage.CHECK, checked.result())
        if not is_sound_base:
            notify(Stage.CHECK, "the last release is not what its manifest says: everything is built anew")
            return None
        add_history(self._target, None, self._build_file, [])
        return Made(plan, self._target, digests, len(chosen), is_incremental=True)

    def _make_concerned(self, plan: Plan, of_base: Path) -> tuple[Plan, list[KnownDocument], set[str]] | None:
        """Make the models for what is concerned, until no more units are; None where that is most of all."""
        notify = self.place.notify
        unit_of, ties = units_of(of_base), ties_of(of_base)
        units = touched_units(plan, unit_of, ties)
        while True:
            chosen = [plan.documents[sha] for sha in to_rebuild(plan, unit_of, units)]
            most = most_are_concerned(plan, chosen)
            if most:
                notify(Stage.TRANSFORM, f"{most}: everything is built anew")
                return None
            notify(Stage.TRANSFORM, f"{len(chosen)} documents of the units concerned")
            plan, chosen = self._make_documents(plan, chosen)
            ties |= ties_of(self._build_file)
            units = tied(units | set(units_of(self._build_file).values()), ties)
            ids = {each.document_id for each in chosen}
            if all(
                unit_of.get(each.document_id) not in units or each.document_id in ids for each in plan.loaded
            ):
                return plan, chosen, units
            notify(Stage.TRANSFORM, "more units are concerned")

    def _make_documents(self, plan: Plan, documents: list[KnownDocument]) -> tuple[Plan, list[KnownDocument]]:
        """Make the models for some documents; returns those that are in the build file.

        Raises TransformError where no document is to blame for what fails.
        """
        while True:
            plan = self._load(plan, documents)
            documents = [each for each in documents if plan.documents[each.sha256].is_loaded]
            made = transform(self.statements, self._build_file)
            changed, back = self.keep_versions(plan, self._build_file)
            if changed is None:
                self.place.notify(Stage.TRANSFORM, said(made))
                return plan, documents
            plan, documents = changed, [*documents, *back]

    def _load(self, plan: Plan, documents: Sequence[KnownDocument]) -> Plan:
        discard(self._build_file)
        loaded, _ = load(self.place, plan, documents, self._build_file)
        if loaded is not plan and self.is_guarded:
            loaded.guard()
        return loaded

    def keep_versions(self, plan: Plan, file: Path) -> tuple[Plan | None, list[KnownDocument]]:
        """What was published of a document before stays where its new version is held for what it is, not for its figures.

        ``file`` is what was made of the plan. Returns the plan with the documents that came back; None where the plan is as it was.
        """
        held_ids = _held(file)
        held = [sha for sha, each in plan.documents.items() if each.document_id in held_ids]
        back = [each for each in plan.returning(held) if self.place.extracts.adopt(each.sha256)]
        changed = plan.without(held, back)
        for each in back:
            self.place.notify(
                Stage.PLAN, f"{each.file_name}: the new version is held, the one published before stays"
            )
        return changed, back

    def _is_merged(self, base: Manifest, of_base: Path, digests: dict[str, Digest]) -> bool:
        """Whether a merged file has the digests that it must have.

        Where the base is the very file that was released, DuckDB's own check of each block that it read has to do,
        and the number of rows of every table.
        """
        if not self.store.is_untouched(base, of_base):
            return table_digests(self._target) == digests
        return row_counts(self._target) == {table: digest.rows for table, digest in digests.items()}

    def carried_over(self, made: Made) -> Made:
        """What was published of a document stays where the same bytes are held now, since code or seeds have changed."""
        base = made.plan.base
        if base is None:
            return made
        of_base = base_file(self.store, base)
        try:
            held = sorted(_held(made.file) & _with_figures(of_base))
            if not held:
                return made
            carry_over(of_base, made.file, held)
        except (UnmergeableError, duckdb.Error) as error:
            self.place.notify(
                Stage.PUBLISH, f"held documents lose what was published of them before: {error}"
            )
            return made
        what = f"{len(held)} documents that are held now stay as they were published"
        self.place.notify(Stage.PUBLISH, f"{what}: {', '.join(held[:_SHOWN])}")
        return replace(made, digests=table_digests(made.file))


def base_file(store: ReleaseStore, base: Manifest) -> Path:
    """The kept release, or the published file where that is what is left of it."""
    kept = store.release_file(base.release_id)
    if store.is_untouched(base, kept) or not store.is_untouched(base, store.warehouse):
        return kept
    return store.warehouse


def units_of(file: Path) -> dict[str, str]:
    """The unit of each document of a release or build file, by document id. Raises duckdb.Error."""
    with duckdb.connect(str(file), read_only=True) as con:
        return dict(con.execute("select document_id, unit_id from marts.dim_document").fetchall())


def ties_of(file: Path) -> set[tuple[str, str]]:
    """Departments with the units that their documents list and with their own offices: each is checked against the others.

    Raises duckdb.Error.
    """
    with duckdb.connect(str(file), read_only=True) as con:
        return ties(con)


def ties(con: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """``ties_of`` the database of a connection."""
    return set(
        con.execute(
            "select department_id, unit_id from marts.bridge_member_unit"
            " where unit_id is not null and unit_id != department_id"
            " union select regexp_replace(unit_id, '-unit$', ''), unit_id from marts.dim_unit where unit_id like '%-unit'"
        ).fetchall()
    )


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
