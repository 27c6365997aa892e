"""The generated pages say what a warehouse built today says."""

from __future__ import annotations

import duckdb

from ingest.config import PROJECT_ROOT
from ingest.dictionary import identities_page, tables_page


def test_the_data_dictionary_is_current(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert (PROJECT_ROOT / "docs" / "tables.md").read_text(encoding="utf-8") == tables_page(warehouse)


def test_the_identity_catalogue_is_current(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert (PROJECT_ROOT / "docs" / "identities.md").read_text(encoding="utf-8") == identities_page(warehouse)
