"""Writes the whole site of a published file into a folder."""

from __future__ import annotations

from pathlib import Path

import duckdb

from ingest.views.site import documents as read
from ingest.views.site import findings, overview, places, query_page, reference, units
from ingest.views.site import pictures as drawn
from ingest.views.site.charts import chart_script
from ingest.views.site.data import SiteData
from ingest.views.site.pages import TEMPLATES, Pages


def write_site(
    warehouse: Path,
    folder: Path,
    documents: Path | None = None,
    jobs: int = 1,
    accepts: bool = False,
    packages: Path | None = None,
) -> tuple[int, int]:
    """Write the site: pages that load nothing from elsewhere and work from the disk. Text of documents is escaped.

    With ``documents``, the documents or a folder with them, errors and warnings show the print, drawn by ``jobs`` processes; with ``accepts`` each finding has a form to accept it, for a server of this machine (``mingzhang ui``);
    with ``packages``, a folder where npm put DuckDB-wasm, there is a page for queries.
    Returns how many files it has, and how many of its pages changed. Raises FileExistsError for a folder that holds something else,
    FileNotFoundError for packages that are not there, OSError, duckdb.Error.
    """
    with (
        duckdb.connect(str(warehouse), read_only=True) as con,
        Pages(folder, accepts, packages is not None) as pages,
    ):
        found = SiteData(con)
        for name in ("site.css", "site.js", "ufuzzy.js", "ufuzzy.LICENSE"):
            pages.file(f"assets/{name}", (TEMPLATES / name).read_bytes())
        pages.file("assets/vega.js", chart_script())
        pictures = drawn.write(pages, con, found, documents, jobs) if documents else {}
        for family in (overview, places, units, findings):
            family.write(pages, found)
        read.write(pages, found, pictures)
        reference.write(pages, found, warehouse)
        if packages:
            query_page.write(pages, found, warehouse, packages)
    return pages.count, pages.written
