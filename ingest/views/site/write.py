"""Writes the whole site of a published file into a folder."""

from __future__ import annotations

from pathlib import Path

import duckdb

from ingest.views.site import documents, findings, overview, places, reference, units
from ingest.views.site.charts import chart_script
from ingest.views.site.data import SiteData
from ingest.views.site.pages import TEMPLATES, Pages


def write_site(warehouse: Path, folder: Path, accepts: bool = False) -> tuple[int, int]:
    """Write the site: pages that load nothing from elsewhere and work from the disk. Text of documents is escaped.

    With ``accepts`` each finding has a form to accept it, for a server of this machine (``mingzhang ui``).
    Returns how many files it has, and how many of its pages changed. Raises FileExistsError for a folder that holds something else, OSError,
    duckdb.Error.
    """
    with duckdb.connect(str(warehouse), read_only=True) as con, Pages(folder, accepts) as pages:
        found = SiteData(con)
        for name in ("site.css", "site.js"):
            pages.file(f"assets/{name}", (TEMPLATES / name).read_bytes())
        pages.file("assets/vega.js", chart_script())
        for family in (overview, places, units, documents, findings):
            family.write(pages, found)
        reference.write(pages, found, warehouse)
    return pages.count, pages.written
