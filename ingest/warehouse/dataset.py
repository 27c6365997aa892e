"""A warehouse as Parquet: versions of a folder, and a small DuckDB file of views on one of them, which is what is published.

``<stem>.dataset/<run>/tables/<schema.table>/region=../year=../part-*.parquet`` is a version, ``version.json`` beside ``tables`` says what is in it,
and ``published.json`` in the dataset names the published version, for readers other than DuckDB. A version is never changed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from ingest.config import STORAGE_VERSION, database_settings
from ingest.files import fresh_name, literal, swap_in, sync_folder
from ingest.processes.scratch import owned
from ingest.warehouse.publish import HISTORY, Digest, published_tables, table_digest, write_release

ATTEMPTS, TABLES = "attempts", "tables"
"""Where, in the folder of a version that is being made, a part's files lie until it is taken in, and from then on."""
SHARED = ("marts.dim_region",)
"""Tables that several parts have the same rows of: they are put together, and are no views."""
VERSION_FILE, POINTER = "version.json", "published.json"
MARK = "dataset"
"""The table, in the schema ``main`` of a file of views, that names their folder and the hash of their content."""


@dataclass(frozen=True, slots=True)
class MadePart:
    """A part of a version: a hash of all that it was made of, its number of documents, the digest of each table as text."""

    made_of: str
    documents: int
    digests: dict[str, str]


@dataclass(frozen=True, slots=True)
class Version:
    """What is in a version: the digest of each table of parts as text, its parts, and the part of each document by id."""

    run_id: str
    tables: dict[str, str]
    parts: dict[int, MadePart]
    homes: dict[str, int]


class Dataset:
    """The versions beside a warehouse."""

    def __init__(self, warehouse: Path) -> None:
        self.warehouse = warehouse.resolve()
        self.folder = self.warehouse.with_name(f"{warehouse.stem}.dataset")

    @contextmanager
    def making(self, run_id: str) -> Iterator[Path]:
        """The folder in which a version is made; what is not finished is removed, also what killed runs have left."""
        with owned(self.folder / f".making-{run_id}", ".making-*") as folder:
            (folder / TABLES).mkdir()
            yield folder

    def finish(self, making: Path, version: Version) -> Path:
        """Make what was made a version, in one step. Returns its folder. Raises OSError."""
        whole = making / "whole"
        whole.mkdir()
        (making / TABLES).rename(whole / TABLES)
        (whole / VERSION_FILE).write_text(json.dumps(asdict(version)), encoding="utf-8")
        folder = self.folder / version.run_id
        whole.rename(folder)
        sync_folder(self.folder)
        return folder

    def version(self, run_id: str) -> Version | None:
        """What a version says of itself; None where there is none, or no sound one."""
        try:
            found = json.loads((self.folder / run_id / VERSION_FILE).read_text(encoding="utf-8"))
            parts = {int(number): MadePart(**part) for number, part in found["parts"].items()}
            return Version(found["run_id"], found["tables"], parts, found["homes"])
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def carry(self, version: str, making: Path, numbers: Collection[int], always: Collection[str]) -> None:
        """Have the files of some parts of a version in one that is made, and of the tables ``always`` those of all. Raises OSError."""
        tables = self.folder / version / TABLES
        for file in tables.glob("*/*/*/*.parquet"):
            place = file.relative_to(tables)
            if place.parts[0] in always or part_of(file) in numbers:
                target = making / TABLES / place
                target.parent.mkdir(parents=True, exist_ok=True)
                try:
                    os.link(file, target)
                except OSError:  # another file system, or one without links
                    shutil.copyfile(file, target)

    def prune(self, kept: Collection[str]) -> None:
        """Remove the versions that are not in ``kept``; the published one stays."""
        published = folder_of(self.warehouse)
        for version in [path.parent for path in self.folder.glob(f"*/{VERSION_FILE}")]:
            if version.name not in kept and version != published:
                self.drop(version)

    def content_hash(self) -> str | None:
        """The hash of what is published here; None where nothing is, or no version of this dataset."""
        try:
            pointed = json.loads((self.folder / POINTER).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        is_there = folder_of(self.warehouse) == self.folder / str(pointed["version"])
        return str(pointed["content_hash"]) if is_there else None

    def point(self, run_id: str, content_hash: str) -> None:
        """Name the published version for readers other than DuckDB. Raises OSError."""
        pointer = self.folder / POINTER
        fresh = fresh_name(pointer)
        fresh.write_text(json.dumps({"version": run_id, "content_hash": content_hash}), encoding="utf-8")
        swap_in(fresh, pointer)

    def publish(self, views: Path, run_id: str, content_hash: str, keep: int) -> None:
        """Point readers to a finished version; of the others the newest stay, ``keep`` in all. Raises OSError."""
        self.point(run_id, content_hash)
        swap_in(views, self.warehouse)
        versions = sorted(path.parent for path in self.folder.glob(f"*/{VERSION_FILE}"))
        others = [each for each in versions if each.name != run_id]
        for old in others[: max(len(others) - keep + 1, 0)]:
            self.drop(old)

    def drop(self, version: Path) -> None:
        """Remove a version; what cannot be removed is left."""
        shutil.rmtree(version, ignore_errors=True)


def clear_tables(making: Path) -> None:
    """Remove what was made of a version that is not finished. Raises OSError."""
    shutil.rmtree(making / TABLES)
    (making / TABLES).mkdir()


def file_pattern(number: int, run_id: str) -> str:
    """How the files of a part are called, whatever else is in their names."""
    return f"part-{number:06}-{run_id}-"


def part_of(file: Path) -> int:
    """The number of the part that a file is of."""
    return int(file.name.split("-")[1])


def folder_of(warehouse: Path) -> Path | None:
    """The folder of the version that a published file has its views on; None for any other file."""
    try:
        with duckdb.connect(str(warehouse), read_only=True) as con:
            return folder_in(con)
    except duckdb.Error:
        return None


def folder_in(con: duckdb.DuckDBPyConnection) -> Path | None:
    """``folder_of`` the database in use."""
    found = con.execute(
        "select 1 from duckdb_tables() where database_name = current_database() and schema_name = 'main' and table_name = ?",
        [MARK],
    ).fetchone()
    if not found:
        return None
    [(folder,)] = con.execute(f"select folder from main.{MARK}").fetchall()
    return Path(folder)


def write_views(
    run_file: Path, version: Path, fresh: Path, partitioned: Mapping[str, Digest]
) -> dict[str, Digest]:
    """Write a file of views on a version: the ``partitioned`` tables are views, the others are copied from the run's build file.

    Returns the digests of those that are copied. Raises OSError where a view has not the rows that it must have, duckdb.Error.
    """
    write_release(run_file, fresh)
    with duckdb.connect(config=database_settings(fresh)) as con:
        con.execute(f"attach {literal(fresh)} as release (storage_version '{STORAGE_VERSION}')")
        con.execute("use release")
        columns = published_tables(con, "release")
        for table in SHARED:
            if list((version / TABLES / table).glob("*/*/*.parquet")):
                con.execute(
                    f"insert into {table} by name (select distinct * from {_parquet(version, table)} except select * from {table})"
                )
        for table, digest in partitioned.items():
            _make_view(con, version, table, columns[table], digest.rows)
        con.execute(f"create table main.{MARK} (folder varchar)")
        con.execute(f"insert into main.{MARK} values (?)", [str(version)])
        con.execute("checkpoint release")
        return {
            table: table_digest(con, table, columns[table])
            for table in columns
            if table not in partitioned and table not in HISTORY
        }


def _parquet(version: Path, table: str) -> str:
    return f"read_parquet({literal(version / TABLES / table / '*' / '*' / '*.parquet')}, hive_partitioning = false)"


def _make_view(
    con: duckdb.DuckDBPyConnection, version: Path, table: str, columns: list[str], rows: int
) -> None:
    """Have a view in the place of an empty table, with its columns and comments, and see that it has its rows."""
    schema, name = table.split(".")
    where = "database_name = 'release' and schema_name = ? and table_name = ?"
    [(said,)] = con.execute(f"select comment from duckdb_tables() where {where}", [schema, name]).fetchall()
    described = con.execute(
        f"select column_name, data_type, comment from duckdb_columns() where {where} order by column_index",
        [schema, name],
    ).fetchall()
    con.execute(f"drop table {table}")
    if rows:
        names = ", ".join(f'"{column}"' for column in columns)
        con.execute(f"create view {table} as select {names} from {_parquet(version, table)}")
    else:
        nulls = ", ".join(f'cast(null as {kind}) as "{column}"' for column, kind, _ in described)
        con.execute(f"create view {table} as select {nulls} where false")
    if said:
        con.execute(f"comment on view {table} is {literal(said)}")
    for column, _, comment in described:
        if comment:
            con.execute(f'comment on column {table}."{column}" is {literal(comment)}')
    [(found,)] = con.execute(f"select count(*) from {table}").fetchall()
    if found != rows:
        raise OSError(f"{table} has {found} rows on the disk, and {rows} were made")
