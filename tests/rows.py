"""The rows of a document in a warehouse, read once per table, however many lines of an answer key look for one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import duckdb

OF_THE_WHOLE_DOCUMENT = ("budget_unit_name", "budget_part")
"""A line that does not name one of these columns means the document's own row, not that of one of its units or parts."""


class Rows:
    """The rows of one document, read once per table and found by the columns that a line names."""

    def __init__(self, con: duckdb.DuckDBPyConnection, document_id: str, facts_where: str = "true") -> None:
        self._con, self._document_id, self._facts_where = con, document_id, facts_where
        self._read: dict[str, list[dict[str, Any]]] = {}
        self._found: dict[tuple[str, ...], dict[tuple[str | None, ...], list[dict[str, Any]]]] = {}

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table, by column, with their rowid."""
        if table not in self._read:
            schema = "audit" if table == "extraction_coverage" else "marts"
            unit = "unit_id = (select unit_id from marts.dim_document where document_id = ?)"
            about = unit if table == "dim_unit" else "document_id = ?"
            which = self._facts_where if table.startswith("fct_") else "true"
            query = f"select rowid, * from {schema}.{table} where {about} and {which} order by rowid"
            rows = self._con.execute(query, [self._document_id])
            names = [each[0] for each in rows.description]
            self._read[table] = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
        return self._read[table]

    def pick(self, table: str, where: Mapping[str, Any], columns: Iterable[str]) -> list[tuple[Any, ...]]:
        """Of each row with these values, its rowid and the columns asked for."""
        rows = self.rows(table)
        absent = dict.fromkeys(name for name in OF_THE_WHOLE_DOCUMENT if rows and name in rows[0])
        sought = absent | dict(where)
        key = (table, *sought)
        if key not in self._found:
            index = self._found[key] = {}
            for row in rows:
                index.setdefault(tuple(_text(row[name]) for name in sought), []).append(row)
        texts = {name for name in sought if any(isinstance(row[name], str) for row in rows)}
        wanted = (_text(value, is_text=name in texts) for name, value in sought.items())
        found = self._found[key].get(tuple(wanted), [])
        return [(row["rowid"], *(row[name] for name in columns)) for row in found]


def _text(value: Any, is_text: bool | None = None) -> str | None:
    """A value so that equal numbers are written alike; of a column of texts (by default: of a text) every character counts."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) if is_text is None else is_text:
        return str(value)
    try:
        return format(Decimal(str(value)).normalize(), "f")
    except InvalidOperation:  # a day
        return str(value)
