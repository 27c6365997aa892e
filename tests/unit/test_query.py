"""``mingzhang sql``: it reads the published file, nothing else, writes nothing, and ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from click.testing import Result
from typer.testing import CliRunner

from ingest.cli import app
from ingest.config import PROJECT_ROOT
from ingest.views.query import BoundError, Question, RefusedError

ENDLESS = "select count(*) from range(1000000000000)"
DEAF = "select levenshtein(repeat('a', 1000000), repeat('b', 1000000))"
"""One call of a function, which does not look whether it is interrupted."""


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """A small database."""
    path = tmp_path / "w.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create table t as select 1 as n, '明' as name")
    return path


@pytest.fixture
def folder(warehouse: Path) -> Iterator[Path]:
    """The folder of the database with a file beside it; nothing in it may change."""
    (warehouse.parent / "secret.csv").write_text("a\nsecret\n")

    def state() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in warehouse.parent.iterdir()}

    before = state()
    yield warehouse.parent
    assert state() == before


def _ask(warehouse: Path, query: str, *options: str) -> Result:
    return CliRunner().invoke(app, ["sql", query, "--warehouse", str(warehouse), *options])


@pytest.mark.parametrize(
    "query",
    [
        "select n from t", "from t", "with a as (select n from t) select * from a", "values (1)", "table t",
        "describe t", "show tables", "summarize t", "explain select n from t", "select 1;",
        "explain analyze select n from t", "/* 说明 */ explain (format json) /* ; */ select '一', n from t -- ;",
        "pivot t on n in (1) using count(*)",
    ],
)  # fmt: skip
def test_what_only_reads_is_answered(folder: Path, query: str) -> None:
    done = _ask(folder / "w.duckdb", query)
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    "query",
    [
        "delete from t", "create table u as select 1", "create temp table u as select 1", "drop table t",
        "insert into t values (2, 'b')", "update t set n = 2", "alter table t add column m int", "checkpoint",
        "copy t to '{folder}/out.csv'", "copy t to '{folder}/w.duckdb.wal'",
        "copy t to '{folder}/w.duckdb' (use_tmp_file false)",
        "explain analyze copy t to '{folder}/w.duckdb.wal'",
        "explain (analyze) copy t to '{folder}/w.duckdb.wal'",
        "explain/**/analyze--\n copy (select 1) to '{folder}/w.duckdb' (use_tmp_file false)",
        "export database '{folder}/out'", "import database '{folder}/out'", "attach '{folder}/new.duckdb' as n",
        "attach '{folder}/w.duckdb' as n", "detach w", "use w", "install httpfs", "load httpfs",
        "update extensions", "set memory_limit = '9GB'", "reset memory_limit", "set variable a = 1",
        "pragma database_list", "pragma enable_profiling", "call pragma_version()", "begin", "vacuum", "analyze",
        "prepare a as select 1", "execute a", "select 1; select 2", "select 1; drop table t", "", "/* nothing */",
    ],
)  # fmt: skip
def test_every_other_kind_of_statement_is_refused(folder: Path, query: str) -> None:
    with pytest.raises(RefusedError), Question(folder / "w.duckdb", query.format(folder=folder), None):
        pass
    done = _ask(folder / "w.duckdb", query.format(folder=folder))
    assert done.exit_code == 1
    assert "failed RefusedError" in done.output


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_text('{folder}/secret.csv')", "select * from read_csv('{folder}/secret.csv')",
        "select * from '{folder}/secret.csv'", "select * from read_blob('{folder}/*')", "select * from glob('{folder}/*')",
        "select * from sniff_csv('{folder}/secret.csv')", "select * from query('copy t to ''{folder}/w.duckdb.wal''')",
        "with a as (insert into t values (2, 'b') returning n) select * from a", "select getenv('HOME')",
        "select * from read_csv('http://127.0.0.1:1/a.csv')", "select * from enable_logging()",
        "select * from duckdb_extensions()",
    ],
)  # fmt: skip
def test_what_reaches_beyond_the_warehouse_fails(folder: Path, query: str) -> None:
    done = _ask(folder / "w.duckdb", query.format(folder=folder))
    assert done.exit_code == 1, done.output
    assert "secret" not in done.output.replace("secret.csv", "")


def test_variables_of_the_program_are_no_tables(folder: Path) -> None:
    with pytest.raises(duckdb.CatalogException), Question(folder / "w.duckdb", "from _SETTINGS", None):
        pass


def test_the_settings_are_bounded_and_cannot_be_changed(folder: Path) -> None:
    names = "memory_limit", "temp_directory", "lock_configuration", "enable_external_access"
    asked = ", ".join(f"current_setting('{name}')" for name in names)
    with Question(folder / "w.duckdb", f"select {asked}", None) as answer:
        assert list(answer.rows) == [("2.0 GiB", "", True, False)]


def test_wrong_sql_is_said_with_its_place(folder: Path) -> None:
    done = _ask(folder / "w.duckdb", "select n from nowhere")
    assert done.exit_code == 1
    assert "Table with name nowhere does not exist" in done.output
    assert "LINE 1: select n from nowhere\n                      ^" in done.output


def test_a_file_that_is_no_database_is_said(folder: Path) -> None:
    done = _ask(folder / "secret.csv", "select 1")
    assert done.exit_code == 1
    assert "not a valid DuckDB database" in done.output


def test_a_query_ends_in_its_time(folder: Path) -> None:
    began = time.monotonic()
    done = _ask(folder / "w.duckdb", ENDLESS, "--timeout", "0.3")
    assert (done.exit_code, "no answer within 0.3 seconds" in done.output) == (1, True)
    assert time.monotonic() - began < 30


def test_the_time_is_that_of_the_whole_answer(folder: Path) -> None:
    query = "select count(*) from range(20000000000) group by range // 2000000000 union all select 1"
    with pytest.raises(BoundError), Question(folder / "w.duckdb", query, 0.3) as answer:
        list(answer.rows)


def test_the_first_rows_of_a_long_table_are_shown_and_csv_has_them_all(folder: Path) -> None:
    shown = _ask(folder / "w.duckdb", "select * from range(20001)")
    assert "the first 1,000 rows" in shown.output
    assert shown.output.count("\n") < 1_020
    whole = _ask(folder / "w.duckdb", "select * from range(20001)", "--format", "csv")
    assert whole.output.splitlines()[1:] == [str(number) for number in range(20_001)]


@pytest.mark.whole
@pytest.mark.parametrize("query", [ENDLESS, DEAF])
@pytest.mark.parametrize("how", ["time", "Ctrl-C"])
def test_a_process_ends_whatever_the_database_does(folder: Path, query: str, how: str) -> None:
    script = (
        "import signal, sys; from ingest import cli; from ingest.views import query; entered = query.Question.__enter__\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell's background job ignores it
        "def enter(self): print('asking', flush=True); return entered(self)\n"
        "query.Question.__enter__ = enter; cli.main()"
    )
    timeout = "1" if how == "time" else "60"
    process = subprocess.Popen(
        [sys.executable, "-c", script, "sql", query, "--warehouse", folder / "w.duckdb", "--timeout", timeout],
        cwd=PROJECT_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == "asking\n"
    if how == "Ctrl-C":
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    if how == "Ctrl-C":
        assert (process.returncode, said) == (130, "the query was interrupted\n")
    else:
        assert (process.returncode, "no answer within 1 seconds" in said) == (1, True)


def test_queries_are_answered_while_another_process_publishes(warehouse: Path) -> None:
    copies = [warehouse.with_name(f"copy{number}") for number in range(50)]
    for copy in copies:
        copy.write_bytes(warehouse.read_bytes())
    with duckdb.connect(str(warehouse), read_only=True):  # a reader that stays
        for copy in copies:
            os.replace(copy, warehouse)
            done = _ask(warehouse, "select n, name from t", "--format", "json")
            assert (done.exit_code, json.loads(done.output)) == (0, [{"n": 1, "name": "明"}])
