"""Tables as one CSV or Parquet file each."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from ingest.files import fresh_name, swap_in
from ingest.views.export.tables import Selection, Table
from ingest.views.listings import harmless


def write_csv(selection: Selection, folder: Path, encoding: str = "utf-8-sig") -> list[Path]:
    """One CSV file per table, by default with the byte-order mark by which spreadsheets know UTF-8. Returns the files.

    An apostrophe precedes a text that a spreadsheet would run as a formula; an empty cell is a null. Raises OSError, duckdb.Error.
    """

    def write(table: Table, path: Path) -> None:
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file)
            writer.writerow(column.name for column in table.columns)
            for row in selection.rows_of(table):
                writer.writerow(map(_text, row))

    return _one_file_each(selection, folder, ".csv", write)


def write_parquet(selection: Selection, folder: Path) -> list[Path]:
    """One Parquet file per table, with the types of the warehouse. Returns the files. Raises OSError, duckdb.Error."""

    def write(table: Table, path: Path) -> None:
        batches = selection.arrow_of(table)
        with pq.ParquetWriter(path, batches.schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_batch(batch)

    return _one_file_each(selection, folder, ".parquet", write)


def _one_file_each(
    selection: Selection, folder: Path, ending: str, write: Callable[[Table, Path], None]
) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for table in selection.tables:
        path = folder / f"{table.name}{ending}"
        fresh = fresh_name(path)
        try:
            write(table, fresh)
            swap_in(fresh, path)
        finally:
            fresh.unlink(missing_ok=True)
        paths.append(path)
    return paths


def _text(value: Any) -> Any:
    """A value as CSV has it: lower-case booleans, moments and days as ISO 8601, and no text that is a formula."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return harmless(value)
