"""dbt's own compiled statements, kept from a whole build and run again on a few documents without starting dbt.

dbt needs half a minute to start, to plan and to connect for each of some six hundred nodes, however few documents
there are. What it runs is fixed by the project, its settings and the publish policy; it is kept after a build that
passed every test, under their hash, and is valid for no other state. Models are made with the types and constraints
of their contracts, and every test that reads a document is run. Whatever is wrong with what is kept, dbt runs instead.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from ingest.config import DATABASE_MEMORY, STORAGE_VERSION
from ingest.publish import fresh_name, literal, remove_database

_DATABASE = "build"
_SHOWN_FAILURES = 20


class ReplayError(Exception):
    """A model or test failed on the documents; the message names it, ``document_ids`` whose rows fail where all say so."""

    def __init__(self, message: str, document_ids: frozenset[str] = frozenset()) -> None:
        super().__init__(message)
        self.document_ids = document_ids


@dataclass(frozen=True, slots=True)
class _Model:
    name: str
    place: str
    materialized: str
    columns: list[str] | None
    sql: str


@dataclass(frozen=True, slots=True)
class Statements:
    """What dbt runs for one state of the project: ``models`` in their order, ``tests``, and the seeds' file.

    ``document_tables`` are the published tables that depend on documents, as ``schema.table``.
    """

    models: list[_Model]
    tests: dict[str, str]
    document_tables: list[str]
    seeds: Path


def keep(target: Path, build_file: Path, folder: Path, state: str) -> None:
    """Keep what dbt compiled into its target folder, and the seeds that it loaded, in the place of an earlier state's.

    Raises OSError, duckdb.Error, or ValueError for what cannot be replayed.
    """
    fresh = fresh_name(folder)
    fresh.mkdir(parents=True)
    try:
        _write(target, build_file, fresh, state)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write(target: Path, build_file: Path, folder: Path, state: str) -> None:
    seeds = folder / "kept_seeds.duckdb"
    with duckdb.connect(str(seeds)) as con:
        con.execute(f"attach {literal(build_file)} as built (read_only)")
        con.execute("create schema seeds")
        tables = (
            "select table_name from duckdb_tables() where database_name = 'built' and schema_name = 'seeds'"
        )
        for (table,) in con.execute(tables).fetchall():
            con.execute(f'create table seeds."{table}" as select * from built.seeds."{table}"')
    nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    body = json.dumps(_compile(nodes) | {"state": state, "seeds": _hash(seeds)}, ensure_ascii=False)
    (folder / "statements.json").write_text(
        hashlib.sha256(body.encode()).hexdigest() + "\n" + body, encoding="utf-8"
    )


def recall(folder: Path, state: str) -> Statements | None:
    """What is kept for a state of the project; None where that is nothing, or not what was written."""
    try:
        digest, _, body = (folder / "statements.json").read_text(encoding="utf-8").partition("\n")
        seeds = folder / "kept_seeds.duckdb"
        if hashlib.sha256(body.encode()).hexdigest() != digest:
            return None
        found = json.loads(body)
        if found["state"] != state or found["seeds"] != _hash(seeds):
            return None
        models = [_Model(**each) for each in found["models"]]
        return Statements(models, found["tests"], found["document_tables"], seeds)
    except (OSError, ValueError, KeyError):
        return None


def replay(
    statements: Statements, build_file: Path, told: Callable[[str, float], None] = lambda *_: None
) -> int:
    """Make every model in a build file that holds the raw schema, and run the tests.

    ``told`` hears of each model and test when it is done, with the seconds that it took. Returns the number of models
    and tests. Raises ReplayError with what failed, duckdb.Error where it is the disk.
    """
    with duckdb.connect(
        config={"memory_limit": DATABASE_MEMORY, "temp_directory": f"{build_file}.tmp"}
    ) as con:
        con.execute("set timezone = 'UTC'")
        con.execute(f"attach {literal(build_file)} as {_DATABASE} (storage_version '{STORAGE_VERSION}')")
        con.execute(f"attach {literal(statements.seeds)} as kept (read_only)")
        con.execute(f"use {_DATABASE}")
        con.execute("begin")
        con.execute("create schema if not exists seeds")
        for (table,) in con.execute(
            "select table_name from duckdb_tables() where database_name = 'kept' and schema_name = 'seeds'"
        ).fetchall():
            con.execute(f'create table seeds."{table}" as select * from kept.seeds."{table}"')
        for model in statements.models:
            began = time.perf_counter()
            _make(con, model)
            told(model.name, time.perf_counter() - began)
        con.execute("commit")
        failures = []
        blamed: list[set[str]] = []
        for name, sql in statements.tests.items():
            began = time.perf_counter()
            row = con.execute(f"select count(*) from (\n{sql}\n)").fetchone()
            told(name, time.perf_counter() - began)
            if row and row[0]:
                failures.append(f"{name}: {row[0]} rows fail")
                blamed.append(_documents(con, sql))
        con.execute(f"checkpoint {_DATABASE}")
    if failures:
        ids = frozenset().union(*blamed) if all(blamed) else frozenset()
        raise ReplayError("\n".join(failures[:_SHOWN_FAILURES]), ids)
    return len(statements.models) + len(statements.tests)


def _documents(con: duckdb.DuckDBPyConnection, sql: str) -> set[str]:
    """The documents whose rows a test found; none where one of the rows does not say whose it is."""
    try:
        found = {
            value for (value,) in con.execute(f"select distinct document_id from (\n{sql}\n)").fetchall()
        }
    except duckdb.BinderException:
        return set()
    return set() if None in found else found


def _make(con: duckdb.DuckDBPyConnection, model: _Model) -> None:
    try:
        con.execute(f"create schema if not exists {model.place.split('.')[0]}")
        if model.materialized == "view":
            con.execute(f"create view {model.place} as\n{model.sql}")
        elif model.columns is None:
            con.execute(f"create table {model.place} as\n{model.sql}")
        else:
            con.execute(f"create table {model.place} ({', '.join(model.columns)})")
            con.execute(f"insert into {model.place} by name\n{model.sql}")
    except duckdb.Error as error:
        if isinstance(
            error, (duckdb.ConstraintException, duckdb.ConversionException, duckdb.ProgrammingError)
        ):
            raise ReplayError(f"{model.name}: {error}") from error
        raise


def _compile(nodes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    graph = {key: set(node["depends_on"].get("nodes", ())) for key, node in nodes.items()}
    read_documents: set[str] = set()
    models, tests, tables = [], {}, []
    for key in TopologicalSorter(graph).static_order():
        if key not in nodes:
            continue  # a source
        node = nodes[key]
        if any(parent.startswith("source.") or parent in read_documents for parent in graph[key]):
            read_documents.add(key)
        if node["resource_type"] == "model":
            models.append(asdict(_model(node)))
            if key in read_documents and node["config"]["contract"]["enforced"]:
                tables.append(f"{node['schema']}.{node['alias']}")
        elif (
            node["resource_type"] == "test"
            and node["config"]["severity"].lower() == "error"
            and key in read_documents
        ):
            if (node["config"]["fail_calc"], node["config"]["error_if"]) != ("count(*)", "!= 0"):
                raise ValueError(f"{node['name']} counts its failures in its own way")
            tests[node["name"]] = node["compiled_code"]
    return {"models": models, "tests": tests, "document_tables": tables}


def _model(node: dict[str, Any]) -> _Model:
    config = node["config"]
    if config["materialized"] not in ("table", "view") or config.get("pre-hook") or config.get("post-hook"):
        raise ValueError(f"{node['name']} is made in a way that cannot be replayed")
    columns = None
    if config["contract"]["enforced"]:
        columns = [_column(name, column) for name, column in node["columns"].items()]
    return _Model(
        node["name"],
        f'{node["schema"]}."{node["alias"]}"',
        config["materialized"],
        columns,
        node["compiled_code"],
    )


def _column(name: str, column: dict[str, Any]) -> str:
    rules = {each["type"] for each in column["constraints"]}
    if rules - {"not_null"}:
        raise ValueError(f"{name} has constraints that cannot be replayed: {', '.join(sorted(rules))}")
    return f'"{name}" {column["data_type"]}' + (" not null" if rules else "")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def discard(build_file: Path) -> None:
    """Remove a build file and what DuckDB has put beside it, before it is made anew."""
    remove_database(build_file)
    with suppress(OSError):
        shutil.rmtree(f"{build_file}.tmp")
