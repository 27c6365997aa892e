"""The only writer of the raw schema: verbatim text, many documents per transaction, each completely or not at all."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from ingest.config import STORAGE_VERSION, database_settings
from ingest.extraction.tables import TABLES, DocumentRows, unpack_rows
from ingest.files import literal
from ingest.outcomes import FileOutcome, Outcome, Reason, RunOutcome
from ingest.version import extractor_version
from ingest.warehouse.holds import RULE_TABLE

_BATCH_DOCUMENTS = 256
_BATCH_BYTES = 32 * 2**20
_BATCH_SECONDS = 1.0
"""A batch is written at this number of documents, of bytes of rows, or of seconds that its first document has waited."""
_RUN_TABLES = """
create table if not exists raw.outcome (
    run_id varchar, file_name varchar, sha256 varchar, document_id varchar, stage varchar, outcome varchar,
    reason_code varchar, message varchar, seconds double);
create table if not exists raw.quarantine (
    file_name varchar, sha256 varchar, reason_code varchar, message varchar, first_seen_at timestamp);
create table if not exists raw.load_run (
    run_id varchar, started_at timestamp, finished_at timestamp, extractor_version varchar,
    files_seen integer, documents_loaded integer, files_same_bytes integer, files_quarantined integer, files_left_out integer,
    outcome varchar, message varchar);
create table if not exists raw.supersession (document_id varchar, superseded_by varchar);
"""


_REFUSED = (duckdb.DataError, duckdb.IntegrityError, duckdb.InvalidInputException, pa.ArrowInvalid)
"""Errors that the rows cause, not the database or its disk."""
Read = tuple[Outcome, DocumentRows | None]
"""A file's outcome and, where it is loaded, its rows."""


@dataclass(slots=True)
class Totals:
    """How many files of a run had which outcome."""

    loaded: int = 0
    same_bytes: int = 0
    quarantined: int = 0
    left_out: int = 0
    pages: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def seen(self) -> int:
        """All files except those that are left out."""
        return self.loaded + self.same_bytes + self.quarantined

    def count(self, outcome: Outcome) -> None:
        """Count one file by its outcome."""
        match outcome.outcome:
            case FileOutcome.LOADED:
                self.loaded += 1
            case FileOutcome.SAME_BYTES:
                self.same_bytes += 1
            case FileOutcome.QUARANTINED:
                self.quarantined += 1
            case FileOutcome.LEFT_OUT:
                self.left_out += 1
        self.pages += outcome.pages

    @property
    def rate(self) -> str:
        """Files per minute and pages per second, since the beginning."""
        seconds = max(time.monotonic() - self.began, 1e-3)
        return f"{60 * self.seen / seconds:,.0f} files/min, {self.pages / seconds:,.1f} pages/s"

    def progress(self, total: int) -> str:
        """The progress of a run with ``total`` files, its rate, and the time left at that rate."""
        left = (time.monotonic() - self.began) * (total - self.seen) / max(self.seen, 1)
        return (
            f"{self.seen:,} of {total:,} files, {self.quarantined:,} quarantined; {self.rate};"
            f" about {left / 60:,.0f} min left"
        )


class RawLoader:
    """Writes what one run read, and the outcomes, into the raw schema of a build file.

    A document that is already there is replaced, so that loading it again changes nothing. Use as a context
    manager; the run's totals are written when it ends. ``started_at`` is when the run began (UTC), by default now.
    """

    def __init__(self, build_file: Path, run_id: str, started_at: datetime | None = None) -> None:
        build_file.parent.mkdir(parents=True, exist_ok=True)
        self._con = duckdb.connect(config=database_settings(build_file))
        self._con.execute(f"attach {literal(build_file)} as build (storage_version '{STORAGE_VERSION}')")
        self._con.execute("use build")
        self._con.execute("create schema if not exists raw")
        for name, columns in TABLES.items():
            self._con.execute(f"create table if not exists raw.{name} ({columns})")
        self._con.execute(_RUN_TABLES)
        self._con.execute(RULE_TABLE)
        self._run_id = run_id
        self._started_at = started_at or _now()
        present = self._con.execute("select document_id from raw.document").fetchall()
        self._present = {document_id for (document_id,) in present}
        self._loaded: set[str] = set()
        self.totals = Totals()

    def __enter__(self) -> RawLoader:
        return self

    def __exit__(self, *_: object) -> None:
        totals = self.totals
        self._con.execute(
            "insert into raw.load_run values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, null)",
            [
                self._run_id,
                self._started_at,
                _now(),
                extractor_version(),
                totals.seen,
                totals.loaded,
                totals.same_bytes,
                totals.quarantined,
                totals.left_out,
                RunOutcome.PUBLISHED,
            ],
        )
        self._con.execute("checkpoint build")
        self._con.close()

    def load(self, read: Iterable[Read]) -> Iterator[Outcome]:
        """Write files as they come, batch by batch; yields the outcome of each, in their order, when it is written.

        The same bytes under another name are recorded and not written again. A document whose rows the database
        refuses is quarantined (VALUE_OUT_OF_RANGE), and the rest of its batch is written. Raises duckdb.Error
        where the rows are not the cause.
        """
        batch: list[Read] = []
        began, byte_size = 0.0, 0
        for outcome, rows in read:
            began = time.monotonic() if not batch else began
            batch.append((outcome, rows))
            byte_size += rows.byte_size if rows else 0
            is_old = time.monotonic() - began >= _BATCH_SECONDS
            if is_old or len(batch) >= _BATCH_DOCUMENTS or byte_size >= _BATCH_BYTES:
                yield from self._write(batch)
                batch, byte_size = [], 0
        yield from self._write(batch)

    def _write(self, batch: list[Read]) -> list[Outcome]:
        written = self._without_repeats(batch)
        try:
            self._insert(written)
        except _REFUSED as error:
            if len(batch) > 1:
                return [outcome for each in batch for outcome in self._write([each])]
            written = [(_refused(batch[0][0], error), None)]
            self._insert(written)
        for outcome, rows in written:
            self.totals.count(outcome)
            if rows:
                self._loaded.add(rows.document_id)
        return [outcome for outcome, _ in written]

    def _without_repeats(self, batch: list[Read]) -> list[Read]:
        written: list[Read] = []
        new: set[str] = set()
        for outcome, rows in batch:
            if rows is None:
                written.append((outcome, None))
            elif rows.document_id in self._loaded or rows.document_id in new:
                message = "the same bytes as a file already loaded"
                written.append((replace(outcome, outcome=FileOutcome.SAME_BYTES, message=message), None))
            else:
                new.add(rows.document_id)
                written.append((outcome, rows))
        return written

    def _insert(self, written: list[Read]) -> None:
        """One transaction: all of it or nothing."""
        documents = [rows for _, rows in written if rows]
        replaced = [rows.document_id for rows in documents if rows.document_id in self._present]
        self._con.execute("begin")
        try:
            for name in TABLES:
                if replaced:
                    self._con.execute(
                        f"delete from raw.{name} where list_contains(?, document_id)", [replaced]
                    )
                self._append(name, unpack_rows(name, documents))
            self._append("quarantine", self._quarantine_rows(written))
            self._append("outcome", self._outcome_rows(written))
            self._con.execute("commit")
        except BaseException:
            self._con.execute("rollback")
            raise

    def _append(self, name: str, rows: pa.Table | None) -> None:
        if rows is None or not rows.num_rows:
            return
        self._con.execute(
            f"insert into raw.{name} by name select * from rows"
        )  # DuckDB finds the argument by its name

    def _quarantine_rows(self, written: list[Read]) -> pa.Table:
        return pa.Table.from_pylist(
            [
                {
                    "file_name": outcome.file_name,
                    "sha256": outcome.sha256,
                    "reason_code": outcome.reason_code,
                    "message": outcome.message,
                    "first_seen_at": self._started_at,
                }
                for outcome, _ in written
                if outcome.outcome == FileOutcome.QUARANTINED
            ]
        )

    def _outcome_rows(self, written: list[Read]) -> pa.Table:
        return pa.Table.from_pylist(
            [
                {
                    "run_id": self._run_id,
                    "file_name": outcome.file_name,
                    "sha256": outcome.sha256,
                    "document_id": outcome.document_id,
                    "stage": outcome.stage,
                    "outcome": outcome.outcome,
                    "reason_code": outcome.reason_code,
                    "message": outcome.message,
                    "seconds": outcome.seconds,
                }
                for outcome, _ in written
            ]
        )


def _refused(outcome: Outcome, error: Exception) -> Outcome:
    return replace(
        outcome,
        outcome=FileOutcome.QUARANTINED,
        document_id=None,
        reason_code=Reason.VALUE_OUT_OF_RANGE,
        message=f"{outcome.file_name}: the database refuses its rows: {error}",
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
