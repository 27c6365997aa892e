"""A published file of views on Parquet: it is read as any other, nothing else may be read through it, and versions go when they are old."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from ingest.views.query import locked_connection
from ingest.warehouse.dataset import (
    SHARED,
    TABLES,
    Dataset,
    MadePart,
    Version,
    file_pattern,
    folder_of,
    part_of,
    write_views,
)
from ingest.warehouse.publish import Digest, table_digests

TABLE = "marts.fct_balance"


@pytest.fixture
def run_file(tmp_path: Path) -> Path:
    """A build file of the whole run: one table of its own, two that parts have rows of."""
    path = tmp_path / "build.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute(
            "create schema marts; create schema audit; create schema raw; create table raw.cell (n int)"
        )
        con.execute(f"create table {TABLE} (document_id varchar, amount_yuan decimal(20, 2), n int)")
        con.execute(f"comment on table {TABLE} is 'one row'; comment on column {TABLE}.n is 'a number'")
        con.execute(
            f"create table {SHARED[0]} (region_code varchar); insert into {SHARED[0]} values ('110000')"
        )
        con.execute("create table audit.identity as select 'A' as identity_id")
    return path


def _version(dataset: Dataset, run_id: str, parts: list[int]) -> Path:
    with dataset.making(run_id) as making:
        for number, rows in enumerate(parts):
            for table, sql in (
                (
                    TABLE,
                    f"select 'd' as document_id, 1.50::decimal(20,2) as amount_yuan, n::int as n from range({rows}) as t(n)",
                ),
                (SHARED[0], "select unnest(['110000', 'zone']) as region_code"),
            ):
                folder = making / TABLES / table / "region=11" / "year=2024"
                folder.mkdir(parents=True, exist_ok=True)
                duckdb.execute(
                    f"copy ({sql}) to '{folder}/{file_pattern(number, run_id)}0.parquet' (format parquet)"
                )
        return dataset.finish(making, Version(run_id, {}, {}, {}))


def _publish(dataset: Dataset, run_file: Path, run_id: str, parts: list[int]) -> None:
    version = _version(dataset, run_id, parts)
    fresh = run_file.with_name(f"{run_id}.duckdb")
    write_views(run_file, version, fresh, {TABLE: Digest(sum(parts), 0)})
    dataset.publish(fresh, run_id, "hash", keep=2)


def test_views_are_read_as_tables_are(run_file: Path, tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "w.duckdb")
    _publish(dataset, run_file, "1", [2, 3])
    digests = table_digests(dataset.warehouse)
    assert {table: digest.rows for table, digest in digests.items()} == {
        TABLE: 5, SHARED[0]: 2, "audit.identity": 1,
    }  # fmt: skip
    with duckdb.connect(str(dataset.warehouse), read_only=True) as con:
        said = con.execute("select comment from duckdb_columns() where column_name = 'n'").fetchall()
        assert said == [("a number",)]
        assert con.execute(
            "select comment from duckdb_views() where view_name = 'fct_balance'"
        ).fetchall() == [("one row",)]
        assert con.execute(f"describe {TABLE}").fetchall()[1][1] == "DECIMAL(20,2)"
    assert dataset.content_hash() == "hash"


def test_an_empty_table_keeps_its_columns(run_file: Path, tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "w.duckdb")
    fresh = tmp_path / "fresh.duckdb"
    write_views(run_file, _version(dataset, "1", []), fresh, {TABLE: Digest()})
    with duckdb.connect(str(fresh), read_only=True) as con:
        assert [kind for _, kind, *_ in con.execute(f"describe {TABLE}").fetchall()] == [
            "VARCHAR", "DECIMAL(20,2)", "INTEGER",
        ]  # fmt: skip


def test_rows_that_are_lost_or_there_twice_are_not_published(run_file: Path, tmp_path: Path) -> None:
    version = _version(Dataset(tmp_path / "w.duckdb"), "1", [2, 3])
    with pytest.raises(OSError, match="has 5 rows on the disk, and 4 were made"):
        write_views(run_file, version, tmp_path / "fresh.duckdb", {TABLE: Digest(4, 0)})


def test_through_a_locked_connection_only_the_version_is_read(run_file: Path, tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "w.duckdb")
    _publish(dataset, run_file, "1", [2])
    other = tmp_path / "other.parquet"
    duckdb.execute(f"copy (select 1 as n) to '{other}' (format parquet)")
    with locked_connection(dataset.warehouse) as con:
        assert con.execute(f"select count(*) from {TABLE}").fetchall() == [(2,)]
        with pytest.raises(duckdb.PermissionException):
            con.execute(f"select * from '{other}'")


def test_a_file_that_names_a_folder_elsewhere_opens_nothing(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    duckdb.execute(f"copy (select 1 as n) to '{elsewhere}/x.parquet' (format parquet)")
    with duckdb.connect(str(tmp_path / "w.duckdb")) as con:
        con.execute(f"create table main.dataset as select '{elsewhere}' as folder")
    with locked_connection(tmp_path / "w.duckdb") as con, pytest.raises(duckdb.PermissionException):
        con.execute(f"select * from '{elsewhere}/x.parquet'")


def test_an_open_reader_keeps_its_version_and_old_versions_go(run_file: Path, tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "w.duckdb")
    _publish(dataset, run_file, "1", [1])
    with duckdb.connect(str(dataset.warehouse), read_only=True) as reader:
        _publish(dataset, run_file, "2", [2])
        assert reader.execute(f"select count(*) from {TABLE}").fetchall() == [(1,)]
    assert folder_of(dataset.warehouse) == dataset.folder / "2"
    _publish(dataset, run_file, "3", [3])
    assert sorted(path.name for path in dataset.folder.iterdir()) == ["2", "3", "published.json"]


def test_what_was_not_finished_is_removed(tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "w.duckdb")
    with pytest.raises(ZeroDivisionError), dataset.making("1"):
        raise ZeroDivisionError
    (dataset.folder / ".making-killed").mkdir()
    with dataset.making("2"):
        assert [path.name for path in dataset.folder.iterdir()] == [".making-2"]


def test_a_version_carries_on_the_parts_of_another(run_file: Path, tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "w.duckdb")
    _publish(dataset, run_file, "20261201T000000-a", [1, 2, 4])
    with dataset.making("20261201T000000-b") as making:
        dataset.carry("20261201T000000-a", making, {0, 2}, [])
        version = Version(
            "20261201T000000-b", {TABLE: "5:0"}, {2: MadePart("x", 4, {TABLE: "4:0"})}, {"d": 2}
        )
        folder = dataset.finish(making, version)
    assert {part_of(file) for file in folder.rglob("*.parquet")} == {0, 2}
    assert dataset.version("20261201T000000-b") == version
    assert dataset.version("20261201T000000-c") is None
    write_views(run_file, folder, tmp_path / "fresh.duckdb", {TABLE: Digest(5, 0)})
    dataset.prune({"20261201T000000-b"})
    assert len(list(dataset.folder.glob("*/version.json"))) == 2  # the published one stays
    assert {part_of(file) for file in folder.rglob("*.parquet")} == {0, 2}


def test_a_table_that_only_grows_is_carried_on_whole(tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "w.duckdb")
    _version(dataset, "1", [1, 2])
    with dataset.making("2") as making:
        dataset.carry("1", making, (), [TABLE])
        assert {file.parts[-4] for file in making.rglob("*.parquet")} == {TABLE}
        assert {part_of(file) for file in making.rglob("*.parquet")} == {0, 1}
