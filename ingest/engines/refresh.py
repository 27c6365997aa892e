"""A refresh on an engine: ``ingest.runs.refresh``, with parts made by the engine and carried on where nothing in them has changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import duckdb

from ingest.config import Run
from ingest.engines.build import Driver, Engine, PartMaker, content_digests
from ingest.inbox.remote import uri_of, whole_path
from ingest.outcomes import RefreshOutcome
from ingest.releases.extracts import ExtractStore
from ingest.releases.merge import add_history
from ingest.releases.store import ReleaseStore, now_text
from ingest.runs.making import Made, Maker, base_file
from ingest.runs.plan import Plan
from ingest.runs.refresh import Means, Options, Result, refresh
from ingest.runs.workplace import Notify, Progress, Workplace
from ingest.version import extractor_version
from ingest.warehouse.compiled import Statements
from ingest.warehouse.dataset import Dataset, clear_tables, folder_of, write_views
from ingest.warehouse.publish import RUNS


def refresh_parts(
    options: Options, run: Run, engine: Engine, progress: Progress, notify: Notify, part_documents: int = 0
) -> Result:
    """Bring the warehouse to what the inbox holds, as ``refresh``, by the engine. A release is a file of views on a version.

    Raises what ``refresh`` raises; what is published is then untouched.
    """
    dataset, store = Dataset(options.warehouse), ReleaseStore(options.warehouse)
    if not uri_of(options.inbox):
        os.listdir(options.inbox)
    version = folder_of(dataset.warehouse)
    if (
        version and not version.exists()
    ):  # the file of views is as it was published, and what they are on is lost
        options = replace(options, is_full=True)
    with dataset.making(run.run_id) as making:

        def place(
            _options: Options, run: Run, _store: ReleaseStore, progress: Progress, notify: Notify
        ) -> Workplace:
            return Workplace(run.run_id, now_text(), driver.look, extracts, 1, progress, notify)

        def maker(
            place: Workplace, store: ReleaseStore, run: Run, statements: Statements, is_guarded: bool
        ) -> _Maker:
            return _Maker(place, store, run, statements, is_guarded, driver, dataset, making, part_documents)

        root = dataset.folder / "extracts" / extractor_version()
        driver = Driver(engine, [whole_path(options.inbox)], root, run.run_id, store.memory_file)
        extracts = _Extracts(driver)
        try:
            result = refresh(options, run, progress, notify, Means(place, driver.read, maker))
        except BaseException:
            dataset.drop(dataset.folder / run.run_id)
            raise
    if result.outcome == RefreshOutcome.PUBLISHED:
        published = store.manifest(result.release_id)
        dataset.point(result.release_id, published.content_hash if published else "")
    dataset.prune({each.release_id for each in store.manifests()})
    return result


class _Extracts(ExtractStore):
    """What is kept of documents in the folders of extracts, as a refresh asks for it: by hash, of this version of the extractor only."""

    def __init__(self, driver: Driver) -> None:
        super().__init__(driver.extracts.parent, driver.extracts.name)
        self._driver = driver

    def adopt(self, sha256: str) -> bool:
        """Whether what was read of a document is kept."""
        return sha256 in self._hashes

    @cached_property
    def _hashes(self) -> set[str]:
        """The documents of which rows are kept."""
        return {
            str(outcome.sha256) for outcome, rows in self._driver.engine.index(self._driver.folders) if rows
        }

    def prune(self, kept: Iterable[str]) -> None:
        """Drop the folders in which nothing is of a document that is ``kept``, and those of other versions of the extractor."""
        wanted = set(kept)
        for other in self._driver.extracts.parent.iterdir():
            if other != self._driver.extracts:
                shutil.rmtree(other, ignore_errors=True)
        sound = self._driver.folders
        for folder in self._driver.extracts.iterdir():
            if folder not in sound or not any(
                outcome.sha256 in wanted for outcome, _ in self._driver.engine.index([folder])
            ):
                shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class _Maker(Maker):
    """Makes a release as ``Maker``, in parts."""

    driver: Driver
    dataset: Dataset
    making: Path
    part_documents: int = 0

    def make(self, plan: Plan) -> Made:
        """A file of views on a version of what the plan says. Raises CheckError with what no document explains."""
        run = replace(self.run, var_dir=self.store.work_dir)
        before = self.dataset.version(plan.base.release_id) if plan.base else None
        views = self.store.work_dir / "release.duckdb"
        while True:
            maker = PartMaker(
                self.place, run, self.statements, self.driver, self.dataset, self.making, before,
                is_whole=plan.whole is not None, part_documents=self.part_documents,
            )  # fmt: skip
            made = maker.make(plan)
            if made.plan is not plan and self.is_guarded:
                made.plan.guard()
            write_views(run.build_file, self.making, views, made.digests)
            changed, _ = self.keep_versions(made.plan, views)
            if changed is None:
                break
            plan = changed
            clear_tables(self.making)
        version = self.dataset.finish(self.making, made.version)
        digests = content_digests(made, write_views(run.build_file, version, views, made.digests))
        if plan.base:
            with suppress(duckdb.Error):  # a base that cannot be read has lost its history
                add_history(views, base_file(self.store, plan.base), None, [], (RUNS,))
        is_incremental = plan.whole is None and made.rebuilt < len(made.plan.loaded)
        return self.carried_over(Made(made.plan, views, digests, made.rebuilt, is_incremental))
