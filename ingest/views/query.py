"""``mingzhang sql``: one query on the published file; it can read nothing else, write nothing, and its time is limited."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import duckdb

from ingest.config import DATABASE_MEMORY
from ingest.files import literal
from ingest.warehouse.dataset import Dataset, folder_in

_T = TypeVar("_T")
_SETTINGS: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_persistent_secrets": False,
    "python_enable_replacements": False,
    "memory_limit": DATABASE_MEMORY,
    "temp_directory": "",
}
_LOCKS = "set enable_external_access = false; set lock_configuration = true"
"""Switches off extensions, secrets, this program's variables and spilling to disk; then files and the network; then locks
the configuration."""
_ALLOWED = "SELECT, FROM, WITH, VALUES, DESCRIBE, SHOW, SUMMARIZE, and EXPLAIN of these"
_DOCUMENT_SQL = """
select document.*, unit.unit_name, unit.region_name
from marts.dim_document as document
inner join marts.dim_unit as unit on document.unit_id = unit.unit_id
where document.document_id = $1 or ends_with('/' || document.file_name, '/' || $1)
"""
_ROWS_AT_ONCE = 10_000
_GRACE_SECONDS = 2.0
"""Seconds that an interrupted query may take to end. Inside a single long function it does not notice the interrupt."""


class RefusedError(Exception):
    """The text is not a single statement that only reads; the message says what is allowed."""


class BoundError(Exception):
    """A query exceeded its time or its memory."""


@dataclass(slots=True)
class Answer:
    """The names of a query's columns, and its rows as they come (once)."""

    names: list[str]
    rows: Iterator[tuple[Any, ...]]


def locked_connection(warehouse: Path) -> duckdb.DuckDBPyConnection:
    """A connection that can read the published file, and the dataset that it has views on, and nothing else. Raises duckdb.Error for what is not a database."""
    con = duckdb.connect(config=_SETTINGS)
    try:
        name = '"' + warehouse.stem.replace('"', '""') + '"'
        con.execute(f"attach {literal(warehouse)} as {name} (type duckdb, read_only); use {name}")
        con.execute(f"set allowed_directories = {_readable(con, warehouse)}; {_LOCKS}")
    except BaseException:
        con.close()
        raise
    return con


def _readable(con: duckdb.DuckDBPyConnection, warehouse: Path) -> str:
    """SQL: the folders that a published file has views on: the version of its own dataset, which lies beside it, or none."""
    folder = folder_in(con)
    is_own = folder is not None and folder.parent == Dataset(warehouse).folder
    return f"[{literal(folder)}]" if is_own else "[]::varchar[]"


def records(con: duckdb.DuckDBPyConnection, query: str, *parameters: Any) -> list[dict[str, Any]]:
    """The rows of a query, each by the names of its columns. Raises duckdb.Error."""
    cursor = con.execute(query, list(parameters))
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def named_document(con: duckdb.DuckDBPyConnection, name: str, warehouse: Path) -> dict[str, Any]:
    """The row of ``dim_document``, with its unit's name and place, of the document with this id or file name, or of this file.

    Raises LookupError where the warehouse has no such document, or several; OSError where the file cannot be read.
    """
    file = Path(name)
    key = hashlib.sha256(file.read_bytes()).hexdigest()[:16] if file.is_file() else name
    found = records(con, _DOCUMENT_SQL, key)
    if len(found) != 1:
        few, many = f"no document {name} in {warehouse}", f"more than one document {name} in {warehouse}"
        raise LookupError(many if found else few)
    return found[0]


def published_run(con: duckdb.DuckDBPyConnection) -> tuple[str, datetime] | None:
    """The run that made a published file, and when it ended (UTC); None where no run of it was published."""
    found: tuple[str, datetime] | None = con.execute(
        "select run_id, finished_at from audit.ingest_run where outcome = 'published'"
        " order by started_at desc, run_id desc limit 1"
    ).fetchone()
    return found


class Question:
    """One query on the published file, within a number of seconds of the database's time (None: without limit).

    Use as a context manager. The database works in its own thread, so that the caller can leave at any moment;
    ``is_stuck``: it did not end when it was interrupted, and only ``os._exit`` ends it.
    """

    def __init__(self, warehouse: Path, query: str, seconds: float | None) -> None:
        self._warehouse, self._query = warehouse, query
        self._seconds = self._left = seconds
        self.is_stuck = False

    def __enter__(self) -> Answer:
        """Run the query. Raises RefusedError, BoundError, and duckdb.Error for wrong SQL or a file that is not a database."""
        self._con = locked_connection(self._warehouse)
        try:
            cursor = self._bounded(lambda: self._con.execute(reading_statement(self._con, self._query)))
        except BaseException:
            self.__exit__()
            raise
        return Answer([column[0] for column in cursor.description or []], self._rows(cursor))

    def __exit__(self, *_: object) -> None:
        if not self.is_stuck:
            self._con.close()

    def _rows(self, cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
        while rows := self._bounded(lambda: cursor.fetchmany(_ROWS_AT_ONCE)):
            yield from rows

    def _bounded(self, call: Callable[[], _T]) -> _T:
        """What a call returns or raises. Raises BoundError for lack of memory, or of time (of all calls together)."""
        done: Future[_T] = Future()
        began = time.monotonic()
        Thread(target=_fulfil, args=(done, call), daemon=True).start()
        try:
            return done.result(self._left)
        except TimeoutError as error:
            self._stop(done)
            raise BoundError(f"no answer within {self._seconds:g} seconds; --timeout allows more") from error
        except duckdb.OutOfMemoryException as error:
            raise BoundError(f"the query needs more than {DATABASE_MEMORY} of memory") from error
        except KeyboardInterrupt:
            self._stop(done)
            raise
        finally:
            if self._left is not None:
                self._left = max(self._left - (time.monotonic() - began), 0.0)

    def _stop(self, done: Future[_T]) -> None:
        self.is_stuck = True  # also where nobody waits for the end of this
        self._con.interrupt()
        self.is_stuck = bool(wait([done], _GRACE_SECONDS).not_done)


def _fulfil(done: Future[_T], call: Callable[[], _T]) -> None:
    try:
        done.set_result(call())
    except BaseException as error:
        done.set_exception(error)


def reading_statement(con: duckdb.DuckDBPyConnection, query: str) -> duckdb.Statement:
    """The one statement of a text that only reads, by DuckDB's own parser. Raises RefusedError for any other text."""
    statements = con.extract_statements(query)
    if len(statements) != 1:
        raise RefusedError(f"{len(statements)} statements: give one statement at a time")
    [statement] = statements
    kind = _kind(statement)
    if kind is duckdb.StatementType.EXPLAIN:
        kind = _explained(con, query)
    if kind is not duckdb.StatementType.SELECT:
        raise RefusedError(f"only statements that read the warehouse are allowed: {_ALLOWED}")
    return statement


def _kind(statement: duckdb.Statement) -> duckdb.StatementType | None:
    try:
        return statement.type
    except ValueError:  # a kind that duckdb's Python package does not know
        return None


def _explained(con: duckdb.DuckDBPyConnection, query: str) -> duckdb.StatementType | None:
    """The kind of the statement that an EXPLAIN explains (with ANALYZE: runs), found as the first rest that parses alone."""
    for offset, _ in duckdb.tokenize(query):
        rest = query.encode()[offset:].decode(errors="replace")
        try:
            [found] = con.extract_statements(rest)
        except duckdb.ParserException:
            continue
        if (kind := _kind(found)) is not duckdb.StatementType.EXPLAIN:  # itself, without a leading comment
            return kind
    return None
