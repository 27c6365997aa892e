"""The release: what analysts see is copied out of the audited build file and swapped in whole."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest.config import COPY_MEMORY, STORAGE_VERSION, Run, database_settings

PUBLISHED_SCHEMAS = ("marts", "audit")
_ABOUT_THE_RUN = ("ingest_run",)
_CLOCK_COLUMNS = ("first_seen_at",)


@dataclass(frozen=True, slots=True)
class Release:
    """What publishing did: ``is_new`` is False where the published file already held the same content."""

    warehouse: Path
    content_hash: str
    is_new: bool


def publish(run: Run, build_file: Path) -> Release:
    """Copy marts and audit into a new file beside the warehouse and rename it over the published one.

    Readers that have the old file open go on with it. Where the published file already holds the same
    content (all but the run's own record) it is left alone. The file is never absent and never partial.
    """
    run.warehouse.parent.mkdir(parents=True, exist_ok=True)
    fresh = run.warehouse.with_name(f".{run.warehouse.name}.{run.run_id}")
    try:
        _copy(build_file, fresh)
        content = content_hash(fresh)
        if run.warehouse.exists() and _same_content(run.warehouse, content):
            return Release(run.warehouse, content, is_new=False)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(run.warehouse)
        return Release(run.warehouse, content, is_new=True)
    finally:
        fresh.unlink(missing_ok=True)
        fresh.with_name(fresh.name + ".wal").unlink(missing_ok=True)


def _copy(build_file: Path, fresh: Path) -> None:
    fresh.unlink(missing_ok=True)
    with duckdb.connect(config=database_settings(build_file)) as con:
        con.execute(f"attach {_literal(build_file)} as build (read_only)")
        con.execute(f"attach {_literal(fresh)} as release (storage_version '{STORAGE_VERSION}')")
        for schema in PUBLISHED_SCHEMAS:
            con.execute(f"create schema release.{schema}")
        tables = con.execute(
            "select schema_name, table_name, comment from duckdb_tables()"
            " where database_name = 'build' and list_contains(?, schema_name) order by all",
            [list(PUBLISHED_SCHEMAS)],
        ).fetchall()
        for schema, table, comment in tables:
            place = f'release.{schema}."{table}"'
            con.execute(f'create table {place} as select * from build.{schema}."{table}"')
            if comment:
                con.execute(f"comment on table {place} is {_literal(comment)}")
        columns = con.execute(
            "select schema_name, table_name, column_name, comment from duckdb_columns()"
            " where database_name = 'build' and comment is not null and list_contains(?, schema_name) order by all",
            [list(PUBLISHED_SCHEMAS)],
        ).fetchall()
        for schema, table, column, comment in columns:
            con.execute(f'comment on column release.{schema}."{table}"."{column}" is {_literal(comment)}')
        con.execute("checkpoint release")
        con.execute("detach release")


def content_hash(warehouse: Path) -> str:
    """One hash of everything published but the run's own record: the same for the same input on any machine."""
    parts = []
    with duckdb.connect(str(warehouse), read_only=True, config={"memory_limit": COPY_MEMORY}) as con:
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() where list_contains(?, schema_name) order by all",
            [list(PUBLISHED_SCHEMAS)],
        ).fetchall()
        for schema, table in tables:
            if table in _ABOUT_THE_RUN:
                continue
            clocks = con.execute(
                "select column_name from duckdb_columns() where schema_name = ? and table_name = ?"
                " and list_contains(?, column_name)",
                [schema, table, list(_CLOCK_COLUMNS)],
            ).fetchall()
            kept = f"* exclude ({', '.join(name for (name,) in clocks)})" if clocks else "*"
            found = con.execute(
                f'select count(*), bit_xor(md5_number(cast(t as varchar))) from (select {kept} from {schema}."{table}") as t'
            ).fetchone()
            parts.append(f"{schema}.{table}:{found}")
        digest = con.execute("select md5(?)", ["\n".join(parts)]).fetchone()
    assert digest is not None
    return str(digest[0])


def _same_content(warehouse: Path, content: str) -> bool:
    try:
        return content_hash(warehouse) == content
    except duckdb.Error:
        return False


def _literal(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
