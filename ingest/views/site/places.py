"""Places: all of them in one list, and a page per place with its units."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict

from ingest.views.site.charts import bars
from ingest.views.site.data import Row, SiteData
from ingest.views.site.pages import Pages

_MOST_BARS = 20


def write(pages: Pages, data: SiteData) -> None:
    """Write the list of places and the page of each."""
    units: dict[tuple[str | None, ...], list[Row]] = defaultdict(list)
    for unit in data.units:
        units[unit["province_name"], unit["city_name"], unit["region_name"]].append(unit)
    documents = Counter(row["unit_id"] for row in data.documents)
    findings = Counter(row["unit_id"] for row in data.findings if row["severity"] != "info")
    listed = []
    for (province, city, region), members in sorted(
        units.items(), key=lambda item: [name or "" for name in item[0]]
    ):
        rows = [row for unit in members for row in data.profile.get(unit["unit_id"], ())]
        budgets = [
            row
            for row in rows
            if row["stage"] == "budget" and row["counts_in_region"] and row["spending_yuan"]
        ]
        latest = max((row["fiscal_year"] for row in budgets), default=None)
        current = sorted(
            (row for row in budgets if row["fiscal_year"] == latest), key=lambda row: -row["spending_yuan"]
        )
        place: Row = {
            "province_name": province, "city_name": city, "region_name": region, "units": len(members),
            "documents": sum(documents[unit["unit_id"]] for unit in members),
            "findings": sum(findings[unit["unit_id"]] for unit in members),
            "latest_year": latest,
            "spending_yuan": sum(row["spending_yuan"] for row in current) if current else None,
            "page": hashlib.sha256(repr((province, city, region)).encode()).hexdigest()[:12],
        }  # fmt: skip
        listed.append(place)
        pages.page(
            f"place/{place['page']}.html", "place.html", place=place, rows=rows,
            spending=bars(((row["unit_name"], row["unit_name"]), row["spending_yuan"]) for row in current[:_MOST_BARS]),
        )  # fmt: skip
    pages.page("places.html", "places.html", places=listed)
