"""What tables can be written as."""

from __future__ import annotations

from enum import StrEnum


class ExportFormat(StrEnum):
    """What tables are written as."""

    csv = "csv"
    parquet = "parquet"
    excel = "excel"
    package = "package"
    superset = "superset"
