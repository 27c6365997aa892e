"""Publishing: what analysts see is copied out of the checked build file and replaces the published file as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest.config import COPY_MEMORY, STORAGE_VERSION, Run, database_settings
from ingest.files import fresh_name, literal, remove_database, swap_in

PUBLISHED_SCHEMAS = ("marts", "audit")
PUBLISHED_SQL = f"""
select schema_name, table_name, comment
from (
    select database_name, schema_name, table_name, comment from duckdb_tables()
    union all
    select database_name, schema_name, view_name, comment from duckdb_views()
)
where database_name = current_database() and schema_name in {PUBLISHED_SCHEMAS}
"""
"""What is published in the database in use, tables and views alike, with their comments."""
RUNS = "audit.ingest_run"
ABOUT_RUNS = (RUNS, "audit.document_outcome")
"""Tables that record what runs did and when: history, not content."""
FINDING_HISTORY = "audit.fct_finding_history"
HISTORY = (*ABOUT_RUNS, FINDING_HISTORY)
"""Tables that a release carries on from the one before: they are no part of its content."""
_CLOCK_COLUMNS = ("first_seen_at",)
_MODULUS = 2**128


@dataclass(frozen=True, slots=True)
class Digest:
    """A table's content, whatever the order of its rows: their number, and the sum of their MD5s modulo 2**128.

    Digests can be added: the digest of two tables together is the sum of theirs.
    """

    rows: int = 0
    total: int = 0

    def __add__(self, other: Digest) -> Digest:
        return Digest(self.rows + other.rows, (self.total + other.total) % _MODULUS)

    def __sub__(self, other: Digest) -> Digest:
        return Digest(self.rows - other.rows, (self.total - other.total) % _MODULUS)

    def __str__(self) -> str:
        return f"{self.rows}:{self.total:032x}"

    @classmethod
    def parse(cls, text: str) -> Digest:
        """The digest from the text that ``str`` gave. Raises ValueError for any other text."""
        rows, total = text.split(":")
        return cls(int(rows), int(total, 16))


@dataclass(frozen=True, slots=True)
class Release:
    """What publishing did: ``is_new`` is False where the published file already held the same content."""

    warehouse: Path
    content_hash: str
    is_new: bool


def publish(run: Run, build_file: Path, finish: Callable[[Path], None] = lambda _: None) -> Release:
    """Copy marts and audit into a new file beside the warehouse and rename it over the published one.

    Readers that have the old file open continue with it. Where the published file already holds the same
    content (apart from history), it stays as it is. The file is never absent and never partial. ``finish`` is
    called with the new file before it is compared and put in the place of the other.
    """
    run.warehouse.parent.mkdir(parents=True, exist_ok=True)
    fresh = fresh_name(run.warehouse)
    try:
        write_release(build_file, fresh)
        finish(fresh)
        content = content_hash(fresh)
        if run.warehouse.exists() and _same_content(run.warehouse, fresh, content):
            return Release(run.warehouse, content, is_new=False)
        swap_in(fresh, run.warehouse)
        return Release(run.warehouse, content, is_new=True)
    finally:
        remove_database(fresh)


def write_release(build_file: Path, fresh: Path) -> None:
    """Copy what analysts see of a build file, with its comments, into a new file. Raises duckdb.Error."""
    remove_database(fresh)
    with duckdb.connect(config=database_settings(build_file)) as con:
        con.execute(f"attach {literal(build_file)} as build (read_only)")
        con.execute(f"attach {literal(fresh)} as release (storage_version '{STORAGE_VERSION}')")
        con.execute("copy from database build to release (schema)")
        unseen = "select schema_name from duckdb_schemas() where database_name = 'release' and not list_contains(?, schema_name)"
        for (schema,) in con.execute(unseen, [[*PUBLISHED_SCHEMAS, "main"]]).fetchall():
            con.execute(f"drop schema release.{schema} cascade")
        for table in published_tables(con, "release"):
            con.execute(f"insert into release.{table} select * from build.{table}")
        con.execute("checkpoint release")
        con.execute("detach release")


def published_tables(con: duckdb.DuckDBPyConnection, database: str) -> dict[str, list[str]]:
    """The columns of every published table of an attached database, by ``schema.table``."""
    found: dict[str, list[str]] = {}
    for table, column in con.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns()"
        " where database_name = ? and list_contains(?, schema_name) order by schema_name, table_name, column_index",
        [database, list(PUBLISHED_SCHEMAS)],
    ).fetchall():
        found.setdefault(table, []).append(column)
    return found


def table_digest(
    con: duckdb.DuckDBPyConnection, place: str, columns: list[str], condition: str = "true"
) -> Digest:
    """The digest of the rows of one table that meet a condition; timestamps are left out."""
    kept = ", ".join(f'"{name}"' for name in columns if name not in _CLOCK_COLUMNS)
    row = con.execute(
        "select count(*), coalesce(sum(cast(digest & 18446744073709551615::uhugeint as ubigint)), 0),"
        " coalesce(sum(cast(digest >> 64 as ubigint)), 0)"
        f" from (select md5_number(cast(t as varchar)) as digest from (select {kept} from {place} where {condition}) as t)"
    ).fetchone()
    assert row is not None
    return Digest(int(row[0]), (int(row[1]) + (int(row[2]) << 64)) % _MODULUS)


def row_counts(warehouse: Path) -> dict[str, int]:
    """The number of rows of every published table except history. Raises duckdb.Error."""
    with duckdb.connect() as con:
        con.execute(f"attach {literal(warehouse)} as w (read_only)")
        return {
            table: con.execute(f"select count(*) from w.{table}").fetchall()[0][0]
            for table in published_tables(con, "w")
            if table not in HISTORY
        }


def table_digests(warehouse: Path) -> dict[str, Digest]:
    """The digest of every published table except history. Raises duckdb.Error where the file cannot be read."""
    with duckdb.connect(config={"memory_limit": COPY_MEMORY}) as con:
        con.execute(f"attach {literal(warehouse)} as w (read_only)")
        tables = published_tables(con, "w")
        return {
            table: table_digest(con, f"w.{table}", columns)
            for table, columns in tables.items()
            if table not in HISTORY
        }


def combine(digests: Mapping[str, Digest]) -> str:
    """One hash of all tables: the same for the same input on any machine and for any number of workers."""
    return hashlib.md5(
        "\n".join(f"{table}:{digests[table]}" for table in sorted(digests)).encode()
    ).hexdigest()


def content_hash(warehouse: Path) -> str:
    """One hash of everything published except history."""
    return combine(table_digests(warehouse))


def _same_content(warehouse: Path, fresh: Path, content: str) -> bool:
    """Whether a published file has the content of a new one, and its tables."""
    try:
        return content_hash(warehouse) == content and _tables(warehouse) == _tables(fresh)
    except duckdb.Error:
        return False


def _tables(warehouse: Path) -> dict[str, list[str]]:
    with duckdb.connect() as con:
        con.execute(f"attach {literal(warehouse)} as w (read_only)")
        return published_tables(con, "w")
