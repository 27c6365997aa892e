"""Makes some models of a build file in memory: for one document, within seconds, and nothing is written.

What takes the time is DuckDB's planning of a hundred statements, whatever the number of rows, so only those are run that
what is wanted depends on, and no test: a build that publishes runs them all (``transform``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ingest.config import DATABASE_MEMORY
from ingest.files import literal
from ingest.warehouse.at_once import AtOnce
from ingest.warehouse.compiled import CATALOGUE, Model, Statements, TransformError


@contextmanager
def made_in_memory(
    statements: Statements, build_file: Path, wanted: Collection[str]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the models named in ``wanted``, and all that they depend on, made of a build file's raw schema.

    Raises TransformError for a model that cannot be made, duckdb.Error for a file that cannot be read.
    """
    with duckdb.connect(config={"memory_limit": DATABASE_MEMORY}) as con:
        con.execute("set global timezone = 'UTC'")
        con.execute(f"attach ':memory:' as {CATALOGUE}")
        for file, schema in ((statements.seeds, "seeds"), (build_file, "raw")):
            _copy(con, file, schema)
        con.execute(f"use {CATALOGUE}")
        models = statements.leading_to(wanted)
        for schema in {model.schema for model in models}:
            con.execute(f"create schema {schema}")
        with AtOnce(con, CATALOGUE) as at_once:
            for model, error in at_once.make(models, _make):
                if error:
                    raise TransformError(f"{model.name}: {error}") from error
        yield con


def _make(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    con.execute(f"create {model.materialized} {model.place} as\n{model.sql}")


def _copy(con: duckdb.DuckDBPyConnection, file: Path, schema: str) -> None:
    con.execute(f"attach {literal(file)} as given (read_only)")
    con.execute(f"create schema {CATALOGUE}.{schema}")
    tables = con.execute(
        "select table_name from duckdb_tables() where database_name = 'given' and schema_name = ?", [schema]
    ).fetchall()
    for (table,) in tables:
        con.execute(f'create table {CATALOGUE}.{schema}."{table}" as from given.{schema}."{table}"')
    con.execute("detach given")
