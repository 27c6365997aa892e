"""The data dictionary, the downloads and the search."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest.terminal import json_text
from ingest.views.export.plain import write_csv
from ingest.views.export.tables import Selection
from ingest.views.site.data import SiteData
from ingest.views.site.pages import Pages


def write(pages: Pages, data: SiteData, warehouse: Path) -> None:
    """Write the dictionary, the downloads with their files, and the search with what it finds."""
    with Selection(warehouse, ["all"], None) as everything:
        pages.page("dictionary.html", "dictionary.html", tables=everything.tables)
    with Selection(warehouse, [], None) as reports:
        pages.adopt("downloads", lambda folder: write_csv(reports, folder))
        pages.page("downloads.html", "downloads.html", tables=reports.tables)
    entries = json_text([list(entry) for entry in _entries(data)])
    pages.file("assets/search.js", f"window.mingzhangSearch = {entries};\n".encode())
    pages.page("search.html", "search.html")


def _entries(data: SiteData) -> Iterator[tuple[str, str, str, str]]:
    """What is found: kind, title, what else is searched and shown, page."""
    for unit in data.units:
        place = " ".join(filter(None, (unit["province_name"], unit["city_name"], unit["region_name"])))
        yield "单位 unit", unit["unit_name"], place, f"unit/{unit['unit_id']}.html"
    names = {unit["unit_id"]: unit["unit_name"] for unit in data.units}
    for unit_id, number, project in data.projects():
        yield "项目 project", project, names[unit_id], f"unit/{unit_id}.html#project-{number}"
    for row in data.findings:
        page = f"document/{row['document_id']}.html#f-{row['finding_key'][:8]}"
        yield (
            "问题 finding",
            row["message_zh"],
            f"{row['unit_name']} {row['identity_id']} {row['message_en']}",
            page,
        )
