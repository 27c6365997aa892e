"""The tables of an export: what they are, and their rows as they come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingest.views.query import RefusedError, locked_connection, published_run, reading_statement
from ingest.warehouse.publish import PUBLISHED_SQL

ROWS_AT_ONCE = 10_000
LICENCE = "Apache-2.0"
LICENCE_URL = "https://www.apache.org/licenses/LICENSE-2.0"
_TABLES_SQL = f"""
select schema_name || '.' || table_name, comment
from ({PUBLISHED_SQL})
order by schema_name desc, table_name
"""
_COLUMNS_SQL = """
select column_name, data_type, coalesce(comment, '')
from duckdb_columns()
where database_name = current_database() and schema_name || '.' || table_name = ?
order by column_index
"""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its type in DuckDB, and what it means, in Chinese and English."""

    name: str
    kind: str
    comment: str

    @property
    def is_money(self) -> bool:
        """Whether it holds yuan."""
        return self.name.endswith("_yuan")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the export: ``place`` is its schema and name, ``rows`` how many of its rows the condition takes."""

    place: str
    comment: str
    columns: tuple[Column, ...]
    rows: int

    @property
    def name(self) -> str:
        """The name without the schema."""
        return self.place.partition(".")[2]


class Selection:
    """The chosen tables of a published file. Use as a context manager.

    Raises LookupError for a table that is not there or a condition that one of them cannot answer, duckdb.Error.
    """

    def __init__(self, warehouse: Path, tables: Sequence[str], where: str | None) -> None:
        self._con = locked_connection(warehouse)
        self.warehouse = warehouse
        self.where = where
        try:
            self.release = published_run(self._con)
            known = dict(self._con.execute(_TABLES_SQL).fetchall())
            self.tables = [self._table(place, known[place]) for place in _chosen(tables, known)]
        except BaseException:
            self._con.close()
            raise

    def __enter__(self) -> Selection:
        return self

    def __exit__(self, *_: object) -> None:
        self._con.close()

    def _table(self, place: str, comment: str | None) -> Table:
        columns = tuple(Column(*row) for row in self._con.execute(_COLUMNS_SQL, [place]).fetchall())
        try:
            counting = reading_statement(self._con, f"select count(*) from ({self._query(place)})")
            [(rows,)] = self._con.execute(counting).fetchall()
        except (RefusedError, duckdb.ProgrammingError) as error:
            raise LookupError(f"--where cannot be asked of {place}: {str(error).splitlines()[0]}") from error
        return Table(place, comment or "", columns, rows)

    def _query(self, place: str) -> str:
        return f"select * from {place}" + (f"\nwhere ({self.where}\n)" if self.where else "")

    def _ordered(self, table: Table) -> duckdb.Statement:
        return reading_statement(self._con, f"{self._query(table.place)}\norder by all")

    def rows_of(self, table: Table) -> Iterator[tuple[Any, ...]]:
        """The rows of a table, in one order for ever."""
        cursor = self._con.execute(self._ordered(table))
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield from rows

    def arrow_of(self, table: Table) -> Any:
        """The same as a reader of Arrow record batches."""
        return self._con.sql(self._ordered(table)).to_arrow_reader(ROWS_AT_ONCE)


def _chosen(asked: Sequence[str], known: dict[str, str]) -> list[str]:
    if not asked:
        return [place for place in known if place.startswith("marts.rpt_")]
    if list(asked) == ["all"]:
        return list(known)
    chosen: list[str] = []
    for name in asked:
        found = [place for place in known if name in (place, place.partition(".")[2])]
        if not found:
            raise LookupError(f"no table {name}; there are {', '.join(known)}")
        chosen += [place for place in found if place not in chosen]
    return chosen
