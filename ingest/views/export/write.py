"""``mingzhang export``: published tables as CSV, Parquet, one Excel workbook, a Frictionless data package or a bundle for Superset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ingest.views.export.excel import write_workbook
from ingest.views.export.kinds import ExportFormat
from ingest.views.export.package import write_package
from ingest.views.export.plain import write_csv, write_parquet
from ingest.views.export.superset import write_bundle
from ingest.views.export.tables import Selection

_WRITERS: dict[ExportFormat, Callable[[Selection, Path], list[Path]]] = {
    ExportFormat.csv: write_csv,
    ExportFormat.parquet: write_parquet,
    ExportFormat.excel: write_workbook,
    ExportFormat.package: write_package,
    ExportFormat.superset: write_bundle,
}


def export(
    warehouse: Path, tables: Sequence[str], where: str | None, kind: ExportFormat, output: Path
) -> list[Path]:
    """Write tables, by default all reports, to ``output``: a folder, for Excel and Superset a file. Returns the files.

    ``tables`` are names with or without their schema, or ``all``; ``where`` is a SQL condition on each of them.

    Raises LookupError for a table that is not there or a condition that one of them cannot answer, OSError, duckdb.Error.
    """
    with Selection(warehouse, tables, where) as selection:
        return _WRITERS[kind](selection, output)
