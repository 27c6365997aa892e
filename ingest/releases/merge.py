"""Puts the rows of a few documents into a copy of a release: what concerns them goes, what was made anew comes."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from ingest.config import DATABASE_MEMORY
from ingest.files import literal, remove_database
from ingest.warehouse.publish import ABOUT_RUNS, HISTORY, Digest, published_tables, table_digest

_WHOLE = ("audit.quarantine",)
"""Tables that are made anew in whole: they say of every file, not of documents, and the build file has all of them."""

_GROWING = {"marts.dim_region": ("region_code", "name_zh", "parent_code")}
"""Tables of which rows are added and none goes, with what tells their rows apart: the zones of all documents."""


class UnmergeableError(Exception):
    """A table cannot be merged by document or unit; the message names it."""


def merge(
    base: Path,
    build_file: Path | None,
    target: Path,
    document_ids: Collection[str],
    unit_ids: Collection[str],
    document_tables: Collection[str],
    base_digests: Mapping[str, Digest],
) -> dict[str, Digest]:
    """Copy a release to ``target`` and replace there all rows of the documents and units given by those of a build file.

    ``document_tables`` depend on documents; all others are the same for any. Tables with a ``document_id`` go by
    documents, those with a ``unit_id`` alone by units. Returns the digest that each table must have now, from
    ``base_digests`` and what went and came; whether the copy has them is for the caller to see.

    Raises UnmergeableError, OSError or duckdb.Error.
    """
    remove_database(target)
    shutil.copyfile(base, target)
    with duckdb.connect(config={"memory_limit": DATABASE_MEMORY, "temp_directory": f"{target}.tmp"}) as con:
        con.execute(f"attach {literal(target)} as release")
        con.execute("create temp table chosen_document (id varchar)")
        con.execute("create temp table chosen_unit (id varchar)")
        _fill(con, "chosen_document", document_ids)
        _fill(con, "chosen_unit", unit_ids)
        if build_file:
            con.execute(f"attach {literal(build_file)} as build (read_only)")
        tables = published_tables(con, "release")
        if build_file and published_tables(con, "build") != tables:
            raise UnmergeableError("the tables of the last release have other columns")
        digests = dict(base_digests)
        con.execute("begin")
        for table, columns in tables.items():
            if table in document_tables and table not in HISTORY:
                condition = _condition(table, columns, build_file is not None)
                place = f"release.{table}"
                gone = table_digest(con, place, columns, condition)
                con.execute(f"delete from {place} where {condition}")
                digests[table] = digests[table] - gone
                if build_file:
                    come = table_digest(con, f"build.{table}", columns)
                    con.execute(f"insert into {place} by name select * from build.{table}")
                    digests[table] = digests[table] + come
        con.execute("commit")
        con.execute("checkpoint release")
        con.execute("detach release")
    return digests


def carry_over(base: Path, target: Path, document_ids: Collection[str]) -> None:
    """Put all that a release says of some documents in the place of what another says of them, all or nothing.

    Reports by unit come along where they say nothing of the unit; what documents broke stays as the other says.

    Raises UnmergeableError where the release lacks a column, duckdb.Error.
    """
    with duckdb.connect(config={"memory_limit": DATABASE_MEMORY, "temp_directory": f"{target}.tmp"}) as con:
        con.execute(f"attach {literal(target)} as release")
        con.execute(f"attach {literal(base)} as base (read_only)")
        con.execute("create temp table chosen_document (id varchar)")
        _fill(con, "chosen_document", document_ids)
        before = published_tables(con, "base")
        con.execute("begin")
        for table, columns in published_tables(con, "release").items():
            if table in HISTORY or table in _WHOLE or table == "audit.broken_rule":
                continue
            is_by_document, is_by_unit = "document_id" in columns, "unit_id" in columns
            if not (is_by_document or is_by_unit):
                continue
            if not set(columns) <= set(before.get(table, ())):
                raise UnmergeableError(f"{table} of the last release lacks columns")
            names = ", ".join(f'"{name}"' for name in columns)
            of_documents = "document_id in (select id from chosen_document)"
            if is_by_document:
                con.execute(f"delete from release.{table} where {of_documents}")
            else:
                of_documents = (
                    "unit_id in (select unit_id from base.marts.dim_document where document_id in (select id from"
                    f" chosen_document)) and unit_id not in (select unit_id from release.{table})"
                )
            con.execute(
                f"insert into release.{table} by name select {names} from base.{table} where {of_documents}"
            )
        con.execute("commit")
        con.execute("checkpoint release")
        con.execute("detach release")


def _condition(table: str, columns: list[str], has_build: bool) -> str:
    if table in _WHOLE:
        return "true"
    if table in _GROWING:
        key = ", ".join(f"coalesce({name}, '')" for name in _GROWING[table])
        return f"({key}) in (select ({key}) from build.{table})" if has_build else "false"
    for column, chosen in (("document_id", "chosen_document"), ("unit_id", "chosen_unit")):
        if column in columns:
            return f"{column} in (select id from {chosen})"
    raise UnmergeableError(f"{table} has neither document_id nor unit_id")


def _fill(con: duckdb.DuckDBPyConnection, table: str, values: Iterable[str]) -> None:
    con.execute(f"insert into {table} select unnest(?::varchar[])", [sorted(values)])


def add_history(
    release: Path,
    base: Path | None,
    build_file: Path | None,
    runs: Sequence[Sequence[object]],
    tables: Sequence[str] = ABOUT_RUNS,
) -> None:
    """Give a release the history of its base and of a build file in ``tables``, and ``runs``: rows of ``audit.ingest_run``.

    A run that is there already is not added again. Raises duckdb.Error.
    """
    with duckdb.connect() as con:
        con.execute(f"attach {literal(release)} as release")
        for name, source in (("base", base), ("build", build_file)):
            if source is None:
                continue
            con.execute(f"attach {literal(source)} as {name} (read_only)")
            found = published_tables(con, name)
            for table in tables:
                if table in found:
                    con.execute(
                        f"insert into release.{table} by name select * from {name}.{table}"
                        f" where run_id not in (select run_id from release.{table})"
                    )
        for row in runs:
            con.execute("delete from release.audit.ingest_run where run_id = ?", [row[0]])
            con.execute(
                f"insert into release.audit.ingest_run values ({', '.join('?' * len(row))})", list(row)
            )
        con.execute("checkpoint release")
        con.execute("detach release")
