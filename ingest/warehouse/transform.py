"""Builds every model in a build file from the statements that dbt compiled, and tests each of them.

A document that breaks a rule (a contract's column, a key, a reference, a closed list, any test whose rows name their
document) is held, and the models that depend on it are built again. So is a document on whose rows a model itself
fails. A failure that no document explains stops the run.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from ingest.config import DATABASE_MEMORY, STORAGE_VERSION
from ingest.files import literal, remove_database
from ingest.warehouse.at_once import AtOnce
from ingest.warehouse.compiled import CATALOGUE, Model, Rule, Statements, TransformError
from ingest.warehouse.holds import BrokenRule, reason_of, rows_by_document, take_out

_ROUNDS = 8
"""How often models are built again because documents were held; a run that needs more rounds has a defect."""
_PROBES = 400
"""How often a failing model is tried on a part of the documents to find those on which it fails."""
_SHOWN_FAILURES = 20
_HELD = f'"{CATALOGUE}"."raw"."broken_rule"'
_ABOUT_ROWS = (
    duckdb.ConstraintException, duckdb.ConversionException, duckdb.DataError, duckdb.InvalidInputException, duckdb.OutOfRangeException,
)  # fmt: skip
"""Errors that values cause, rather than the statement, the memory or the disk."""
Told = Callable[[str, float], None]
__all__ = ["TransformError", "Transformed", "discard", "transform"]


@dataclass(frozen=True, slots=True)
class Transformed:
    """The number of models and tests, and the rules that documents broke: each such document is held."""

    count: int
    broken: list[BrokenRule]


def transform(
    statements: Statements, build_file: Path, told: Told = lambda *_: None, threads: int | None = None
) -> Transformed:
    """Build and test every model in a build file that holds the raw schema.

    ``told`` is called with each model and test when it is done, and with the seconds that it took; several run at a time,
    ``threads`` of them (by default as many as there are processors).

    Raises TransformError for failures that no document explains, duckdb.Error for lack of disk or memory.
    """
    settings: dict[str, Any] = {"memory_limit": DATABASE_MEMORY, "temp_directory": f"{build_file}.tmp"}
    with duckdb.connect(config=settings | ({"threads": threads} if threads else {})) as con:
        con.execute("set global timezone = 'UTC'")
        con.execute(f"attach {literal(build_file)} as {CATALOGUE} (storage_version '{STORAGE_VERSION}')")
        con.execute(f"attach {literal(statements.seeds)} as kept (read_only)")
        con.execute(f"use {CATALOGUE}")
        with AtOnce(con, CATALOGUE, threads) as at_once:
            broken = _Maker(con, at_once, statements, told).make()
        con.execute(f"checkpoint {CATALOGUE}")
    return Transformed(len(statements.models) + len(statements.tests), broken)


class _Maker:
    """One transform: the connections, the statements, and the rules that documents have broken so far."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, at_once: AtOnce, statements: Statements, told: Told
    ) -> None:
        self._con, self._at_once, self._statements, self._told = con, at_once, statements, told
        self._broken: list[BrokenRule] = []
        self._declared: set[str] = set()
        """The places of the tables that are there as they are declared, with their comments."""

    def make(self) -> list[BrokenRule]:
        take_out(self._con, [], [])
        known = self._con.execute("select * from raw.broken_rule order by all").fetchall()
        self._broken = [BrokenRule(*row) for row in known]
        self._load_seeds()
        due = self._statements.models
        for _ in range(_ROUNDS):
            found = self._make(due) or self._test()
            if not found:
                return self._broken
            due = self._take_out(found)
        names = ", ".join(sorted({f"{rule.table_name}: {rule.rule}" for rule in found}))
        raise TransformError(f"documents still break rules after {_ROUNDS} rounds: {names}")

    def _load_seeds(self) -> None:
        """Copy the seeds, and in a build file that has no model yet the declared tables with their comments."""
        tables = "select schema_name, table_name from duckdb_tables() where database_name = ?"
        kept = self._con.execute(tables, ["kept"]).fetchall()
        there = "select schema_name from duckdb_schemas() where database_name = ?"
        schemas = {name for (name,) in self._con.execute(there, [CATALOGUE]).fetchall()}
        if schemas.isdisjoint(schema for schema, _ in kept):
            self._con.execute(f"copy from database kept to {CATALOGUE}")
            self._declared = {f'"{CATALOGUE}"."{schema}"."{table}"' for schema, table in kept}
            return
        self._con.execute("create schema if not exists seeds")
        for schema, table in kept:
            if schema == "seeds":
                self._con.execute(
                    f'create or replace table seeds."{table}" as select * from kept.seeds."{table}"'
                )

    def _make(self, models: Sequence[Model]) -> list[BrokenRule]:
        """Build models. Where one fails on the rows of documents, returns what they broke and builds no model after it."""
        seconds: dict[str, float] = {}
        failed: tuple[Model, duckdb.Error] | None = None

        def make(con: duckdb.DuckDBPyConnection, model: Model) -> None:
            began = time.perf_counter()
            self._make_one(con, model)
            seconds[model.name] = time.perf_counter() - began

        for schema in sorted({model.schema for model in models}):
            self._con.execute(f"create schema if not exists {schema}")
        for model, error in self._at_once.make(models, make):
            if error is None:
                self._told(model.name, seconds[model.name])
            else:
                failed = model, error
        return self._explained(*failed) if failed else []

    def _explained(self, model: Model, error: duckdb.Error) -> list[BrokenRule]:
        """The documents on whose rows a model fails. Raises the error where it is not about rows."""
        if not isinstance(error, _ABOUT_ROWS):
            if isinstance(error, duckdb.ProgrammingError):
                raise TransformError(f"{model.name}: {error}") from error
            raise error
        culprits = self._culprits(model)
        if not culprits:
            raise TransformError(f"{model.name}: {error}") from error
        message = str(error).splitlines()[0]
        return [
            BrokenRule(culprit, reason_of("value"), model.name, "can be made", 1, message, is_emptied=True)
            for culprit in culprits
        ]

    def _make_one(self, con: duckdb.DuckDBPyConnection, model: Model) -> None:
        if model.columns:
            self._declare(con, model)
            con.execute(f"insert into {model.place} by name\n{model.sql}")
            return
        con.execute(f"create or replace {model.materialized} {model.place} as\n{model.sql}")
        for statement in model.commenting():
            con.execute(statement)

    def _declare(self, con: duckdb.DuckDBPyConnection, model: Model) -> None:
        """Have an empty table for a model whose columns are declared, with its comments."""
        if model.place in self._declared:
            con.execute(f"truncate {model.place}")
            return
        for statement in model.declaration():
            con.execute(statement)
        self._declared.add(model.place)

    def _test(self) -> list[BrokenRule]:
        """Run every test. Returns what documents broke. Raises TransformError for failures that no document explains."""
        found: list[BrokenRule] = []
        unexplained: list[str] = []
        tests = [*self._null_rules(), *self._statements.tests]
        for test, (count, seconds) in zip(tests, self._at_once.each(_rows_against, tests), strict=True):
            self._told(test.name, seconds)
            if not count:
                continue
            broken = rows_by_document(self._con, test.sql, reason_of(test.kind), test.table_name, test.title)
            if broken:
                found += broken
            else:
                unexplained.append(f"{test.name}: {count} rows fail")
        if unexplained:
            raise TransformError("\n".join(unexplained[:_SHOWN_FAILURES]))
        return found

    def _null_rules(self) -> list[Rule]:
        """A rule for each required column that has nulls, found in one pass over each table."""
        models = [model for model in self._statements.models if model.required]
        return [
            Rule(
                f"{model.name}.{column} is not null", "not_null", model.name, f"{column} is not null",
                f'select * from {model.place} where "{column}" is null',
            )
            for model, columns in zip(models, self._at_once.each(_with_nulls, models), strict=True)
            for column in columns
        ]  # fmt: skip

    def _take_out(self, found: list[BrokenRule]) -> list[Model]:
        """Hold documents; empty those that are held already and still break rules. Returns the models to build again."""
        held = {rule.document_id for rule in self._broken}
        emptied = {rule.document_id for rule in found if rule.is_emptied or rule.document_id in held}
        found = [replace(rule, is_emptied=rule.document_id in emptied) for rule in found]
        if not found or emptied & {rule.document_id for rule in self._broken if rule.is_emptied}:
            names = ", ".join(sorted({f"{rule.table_name}: {rule.rule}" for rule in found}))
            raise TransformError(f"documents break rules although all their rows were removed: {names}")
        take_out(self._con, found, emptied)
        self._broken += found
        return self._statements.models if emptied else self._statements.after(_HELD)

    def _culprits(self, model: Model) -> list[str]:
        """The documents on whose rows a model fails, found by trying ever smaller parts; empty where none explains it."""
        self._con.execute("create or replace temp table tried_document (document_id varchar)")
        shadowed = model.sql
        for number, parent in enumerate(model.parents):
            columns = {name for name, *_ in self._con.execute(f"describe {parent}").fetchall()}
            if "document_id" in columns:
                view = f"tried_parent_{number}"
                self._con.execute(
                    f"create or replace temp view {view} as select * from {parent}"
                    " where document_id in (select document_id from temp.tried_document)"
                )
                shadowed = shadowed.replace(parent, f"temp.{view}")
        documents = [
            name
            for (name,) in self._con.execute("select document_id from raw.document order by all").fetchall()
        ]
        probes = 0

        def fails(part: list[str]) -> bool:
            nonlocal probes
            probes += 1
            self._con.execute("delete from temp.tried_document")
            self._con.execute("insert into temp.tried_document select unnest(?::varchar[])", [part])
            try:
                self._make_one(self._con, replace(model, sql=shadowed))
            except _ABOUT_ROWS:
                return True
            return False

        def search(part: list[str]) -> list[str]:
            if probes >= _PROBES or not fails(part):
                return []
            if len(part) == 1:
                return part
            middle = len(part) // 2
            return search(part[:middle]) + search(part[middle:])

        culprits = search(documents)
        rest = [document for document in documents if document not in set(culprits)]
        return culprits if culprits and not fails(rest) else []


def _with_nulls(con: duckdb.DuckDBPyConnection, model: Model) -> list[str]:
    """The required columns that have nulls."""
    counts = ", ".join(f'count(*) filter (where "{column}" is null)' for column in model.required)
    row = con.execute(f"select {counts} from {model.place}").fetchone()
    return [column for column, count in zip(model.required, row or (), strict=True) if count]


def _rows_against(con: duckdb.DuckDBPyConnection, test: Rule) -> tuple[int, float]:
    """How many rows break a rule, and the seconds that the question took."""
    began = time.perf_counter()
    row = con.execute(f"select count(*) from (\n{test.sql}\n)").fetchone()
    return (row[0] if row else 0), time.perf_counter() - began


def discard(build_file: Path) -> None:
    """Remove a build file and the files that DuckDB keeps beside it, before it is built again."""
    remove_database(build_file)
    with suppress(OSError):
        shutil.rmtree(f"{build_file}.tmp")
