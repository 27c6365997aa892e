"""One part of a build: the documents of some groups -> checked tables as Parquet, with what the driver must know of them.

A part is made as a whole build is, by the same functions; a task of any engine runs ``make_part``. What is said of the whole
run (runs, quarantine) is left to the driver.
"""

from __future__ import annotations

import resource
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb

from ingest.config import Policy, Run, database_settings
from ingest.extraction.tables import DocumentRows
from ingest.files import literal
from ingest.inbox.catalogue import Entry
from ingest.outcomes import FileOutcome, Outcome
from ingest.runs.checking import CheckHere, make_and_check
from ingest.runs.workplace import CheckError
from ingest.warehouse.compiled import CATALOGUE, Statements, TransformError
from ingest.warehouse.dataset import ATTEMPTS, TABLES, file_pattern
from ingest.warehouse.identify import complete
from ingest.warehouse.load import RawLoader
from ingest.warehouse.publish import FINDING_HISTORY, table_digest

OF_THE_RUN = ("audit.ingest_run", "audit.quarantine", FINDING_HISTORY)
"""Tables that depend on documents and are made by the driver: they say of the whole run, or of more than one run."""
REGION, YEAR = "region", "year"
"""By what the tables of a part are partitioned: the province (two digits of GB/T 2260) and the fiscal year; ``none`` where unknown."""
_UNKNOWN = "none"
STEPS = ("load", "transform", "write")
"""What making a part consists of, in this order; the checks belong to the transform."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What makes a part, besides its documents: the run, and the folder in which the version is made."""

    run_id: str
    started_at: str
    publish_policy: Policy
    folder: Path


@dataclass(frozen=True, slots=True)
class Given:
    """One document of a part: what was read of it, the newer version that supersedes it, and the catalogue's entry.

    ``is_told`` where the run says what became of it: it is new, or not as it was.
    """

    outcome: Outcome
    rows: DocumentRows
    superseded_by: str | None = None
    entry: Entry | None = None
    is_told: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """What became of a part.

    ``digests`` are by table, as text; ``files`` are below ``attempt``, a folder of the part's own; ``refused`` are the documents whose rows the
    database does not take. ``problem`` says what no document explains: the part has no files then, and the run cannot go on.
    ``seconds`` are by step, ``processor_seconds`` of all; ``peak_bytes`` is the largest size of the process so far.
    """

    number: int
    documents: int
    attempt: str = ""
    digests: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    problem: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    processor_seconds: float = 0.0
    peak_bytes: int = 0


def make_part(asked: Asked, statements: Statements, number: int, given: Iterable[Given]) -> Part:
    """Make, check and write one part, in this process, with one thread. Raises OSError or duckdb.Error for lack of disk or memory."""
    work = Path(tempfile.mkdtemp(prefix="part-"))
    steps, used = [time.perf_counter()], time.process_time()
    try:
        run = Run(work / "none.duckdb", asked.publish_policy, asked.run_id, work)
        count, refused = _load(asked, run.build_file, given)
        steps.append(time.perf_counter())
        try:
            make_and_check(run, statements, run.build_file, lambda *_: None, CheckHere, threads=1)
        except (TransformError, CheckError) as error:
            return Part(number, count, refused=refused, problem=str(error))
        steps.append(time.perf_counter())
        attempt = f"{ATTEMPTS}/{number:06}-{secrets.token_hex(6)}"
        digests, files = write_part(run.build_file, statements, asked.folder / attempt, number, asked.run_id)
        steps.append(time.perf_counter())
        return Part(
            number, count, attempt, digests, files, refused,
            seconds={name: after - before for name, (before, after) in zip(STEPS, pairwise(steps), strict=True)},
            processor_seconds=time.process_time() - used,
            peak_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        )  # fmt: skip
    finally:
        shutil.rmtree(work, ignore_errors=True)


def take_in(folder: Path, part: Part) -> None:
    """Move a finished part's files to those of the version that is made in a folder. Raises OSError."""
    for name in part.files:
        target = folder / TABLES / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (folder / part.attempt / name).replace(target)


def _load(asked: Asked, build_file: Path, given: Iterable[Given]) -> tuple[int, list[dict[str, Any]]]:
    """Write the documents into a build file. Returns how many there are, and the outcomes of those that are refused."""
    entries: list[Entry] = []
    superseded: list[tuple[str, str]] = []
    refused: list[Outcome] = []
    untold: list[str] = []
    count = 0

    def rows() -> Iterable[tuple[Outcome, DocumentRows]]:
        for each in given:
            if each.entry:
                entries.append(each.entry)
            if not each.is_told:
                untold.append(each.rows.document_id)
            if each.superseded_by:
                superseded.append((each.rows.document_id, each.superseded_by))
            yield each.outcome, each.rows

    with RawLoader(build_file, asked.run_id, datetime.fromisoformat(asked.started_at)) as loader:
        for outcome in loader.load(rows()):
            if outcome.outcome == FileOutcome.QUARANTINED:
                refused.append(outcome)
            else:
                count += 1
    complete(build_file, entries)
    with duckdb.connect(str(build_file)) as con:
        con.execute("delete from raw.quarantine")
        con.execute(
            "delete from raw.outcome where outcome = ? or list_contains(?, document_id)",
            [FileOutcome.QUARANTINED, untold],
        )
        for pair in superseded:
            con.execute(
                "insert into raw.supersession select document_id, ? from raw.document where document_id = ?",
                [pair[1], pair[0]],
            )
    return count, [asdict(outcome) for outcome in refused]


def write_part(
    build_file: Path, statements: Statements, folder: Path, number: int, run_id: str
) -> tuple[dict[str, str], list[str]]:
    """Write the published tables of a build file that depend on documents as Parquet, by region and year.

    Returns the digest of each as text, and the files (below ``folder``). Raises OSError or duckdb.Error.
    """
    digests = {}
    with duckdb.connect(config=database_settings(build_file) | {"threads": 1}) as con:
        con.execute(f"attach {literal(build_file)} as {CATALOGUE} (read_only)")
        con.execute(f"use {CATALOGUE}")
        for table in statements.document_tables:
            if table in OF_THE_RUN:
                continue
            columns = [name for name, *_ in con.execute(f"describe {table}").fetchall()]
            digest = table_digest(con, table, columns)
            digests[table] = str(digest)
            if digest.rows:
                (folder / table).mkdir(parents=True, exist_ok=True)
                con.execute(
                    f"copy ({_partitioned(table, columns)}) to {literal(folder / table)} (format parquet, compression zstd,"
                    f" partition_by ({REGION}, {YEAR}), filename_pattern {literal(file_pattern(number, run_id))}, overwrite_or_ignore)"
                )
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.parquet"))
    return digests, files


def _partitioned(table: str, columns: Sequence[str]) -> str:
    """SQL: the rows of a table with the region and the year of their document, else of their unit."""
    if "document_id" in columns:
        source = (
            f"{table} as t left join intermediate.int_document__unit_identified as whose using (document_id)"
        )
    elif "unit_id" in columns:
        source = f"{table} as t left join marts.dim_unit as whose using (unit_id)"
    else:
        source, columns = f"{table} as t", []
    region = "left(whose.region_code, 2)" if columns else "null"
    if "fiscal_year" in columns:
        year = "t.fiscal_year"
    else:
        year = "whose.fiscal_year" if "document_id" in columns else "null"
    return (
        f"select t.*, coalesce({region}, '{_UNKNOWN}') as {REGION}, coalesce(cast({year} as varchar), '{_UNKNOWN}') as {YEAR}"
        f" from {source}"
    )
