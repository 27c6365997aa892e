"""Publishes what a refresh has made: the last checks, the history, the manifest, the swap."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from ingest.files import literal
from ingest.outcomes import RefreshOutcome, RunOutcome, Stage
from ingest.releases.findings import carry_findings_on
from ingest.releases.guard import moved_totals
from ingest.releases.merge import add_history
from ingest.releases.store import Manifest, ReleaseStore, is_sound, now_text
from ingest.runs.making import Made, base_file
from ingest.runs.plan import Plan, Rules
from ingest.runs.planner import aside
from ingest.runs.workplace import CheckError, Workplace
from ingest.warehouse.publish import Digest, combine, published_tables


@dataclass(frozen=True, slots=True)
class Publisher:
    """Publishes a run's release in its store, which keeps the last ``keep``. ``is_guarded`` stops where figures have moved."""

    place: Workplace
    store: ReleaseStore
    rules: Rules
    keep: int
    is_guarded: bool

    def publish(self, made: Made) -> tuple[RefreshOutcome, str]:
        """Publish, unless the published file holds the same already. Returns what was done, and the release's id.

        Raises CheckError, RegressionError, OSError or duckdb.Error; the published file is then untouched.
        """
        base, store = made.plan.base, self.store
        check_tables(made.digests)
        add_history(made.file, None, None, self._runs(made.plan))
        before = base_file(store, base) if base else None
        carry_findings_on(made.file, before, self.place.run_id, self.place.started_at)
        manifest = self._manifest(made)
        self._guard(made)
        if base and base.content_hash == manifest.content_hash and self._holds(base):
            same = replace(
                manifest,
                release_id=base.release_id, is_incremental=base.is_incremental, left_out=base.left_out,
            )  # fmt: skip
            store.write(store.folder / f"{base.release_id}.json", same.to_json())
            self.place.extracts.prune(made.plan.documents)
            return RefreshOutcome.UNCHANGED, base.release_id
        self.place.notify(Stage.PUBLISH, str(store.warehouse))
        store.add(made.file, manifest)
        store.publish(manifest)
        store.prune(self.keep, manifest)
        self.place.extracts.prune(made.plan.documents)
        return RefreshOutcome.PUBLISHED, manifest.release_id

    def _manifest(self, made: Made) -> Manifest:
        return Manifest(
            release_id=self.place.run_id,
            created_at=self.place.started_at,
            extractor_version=self.rules.extractor_version,
            project_version=self.rules.project_version,
            publish_policy=self.rules.publish_policy,
            is_incremental=made.is_incremental,
            content_hash=combine(made.digests),
            tables={table: str(digest) for table, digest in sorted(made.digests.items())},
            totals=_totals(made.file),
            files=made.plan.files,
            left_out=[list(aside(each)) for each in made.plan.reading.left_out],
            documents=made.plan.documents,
        )

    def _guard(self, made: Made) -> None:
        base = made.plan.base
        if not base or not self.is_guarded or base.extractor_version != self.rules.extractor_version:
            return
        of_base = base_file(self.store, base)
        if self.store.is_untouched(base, of_base) or is_sound(of_base, base):
            moved_totals(of_base, made.file, made.plan.untouched)
        else:
            self.place.notify(Stage.CHECK, "the last release is damaged: figures are not compared with it")

    def _holds(self, base: Manifest) -> bool:
        """Whether the published file and the kept release are there and hold what the base's manifest says."""
        store = self.store
        return is_sound(store.warehouse, base) and is_sound(store.release_file(base.release_id), base)

    def _runs(self, plan: Plan) -> list[list[object]]:
        """Rows of ``audit.ingest_run``: this run, and those since the base that published nothing."""
        is_loaded = [
            bool(sha) and not reason and plan.documents[str(sha)].is_loaded
            for _, _, sha, reason in plan.files
        ]
        quarantined = is_loaded.count(False)
        loaded = len({file[2] for file, is_in in zip(plan.files, is_loaded, strict=True) if is_in})
        rows: list[list[object]] = [
            [run["run_id"], run["started_at"], run.get("finished_at"), None, 0, 0, 0, 0, 0, run["outcome"], run.get("message")]
            for run in self.store.runs()
            if run["run_id"] != self.place.run_id and run["outcome"] != RunOutcome.PUBLISHED
        ]  # fmt: skip
        rows.append(
            [
                self.place.run_id, self.place.started_at, now_text(), self.rules.extractor_version, len(plan.files),
                loaded, len(plan.files) - loaded - quarantined, quarantined, len(plan.reading.left_out),
                RunOutcome.PUBLISHED, None,
            ]
        )  # fmt: skip
        return rows


def check_tables(digests: dict[str, Digest]) -> None:
    """No table that must not be empty is. Raises CheckError."""
    from expectations.contract import read_contract

    empty = [
        table
        for table, spec in read_contract()["tables"].items()
        if spec.get("not_empty") and table in digests and not digests[table].rows
    ]
    if empty:
        raise CheckError(f"empty: {', '.join(empty)}")


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
