"""Units: all of them in one list, and a page per unit with its years, functions, classes, projects and findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from ingest.seeds import named_codes
from ingest.views.site.charts import Label, bars, columns
from ingest.views.site.data import Row, SiteData, UnitFigures, batches
from ingest.views.site.pages import Pages


def write(pages: Pages, data: SiteData) -> None:
    """Write the list of units and the page of each."""
    documents: dict[str, list[Row]] = {unit["unit_id"]: [] for unit in data.units}
    findings: dict[str, list[Row]] = {unit["unit_id"]: [] for unit in data.units}
    for row in data.documents:
        documents[row["unit_id"]].append(row)
    for row in data.findings:
        findings[row["unit_id"]].append(row)
    listed = []
    for batch in batches(data.units):
        figures = data.figures_of_units([unit["unit_id"] for unit in batch])
        for unit in batch:
            key = unit["unit_id"]
            listed.append(unit | _counts(documents[key], findings[key]))
            pages.page(
                f"unit/{key}.html", "unit.html", unit=unit, documents=documents[key], findings=findings[key],
                **_figures(data.profile.get(key, []), figures, key),
            )  # fmt: skip
    pages.page("units.html", "units.html", units=listed)


def _counts(documents: Sequence[Row], findings: Sequence[Row]) -> Row:
    years = sorted({row["fiscal_year"] for row in documents if row["fiscal_year"]})
    return {
        "years": "–".join(map(str, dict.fromkeys((years[0], years[-1])))) if years else "",
        "documents": len(documents),
        "findings": sum(row["severity"] != "info" for row in findings),
    }


def _figures(profile: Sequence[Row], figures: UnitFigures, key: str) -> dict[str, Any]:
    functions = figures.functions.get(key, [])
    three_public = figures.three_public.get(key, [])
    totals = {_year(row): row for row in functions if row["is_unit_total"]}
    three_public_totals = {_year(row): row for row in three_public if row["item"] == "total"}
    stages = named_codes("stage")
    spent = [
        (row["fiscal_year"], stages[row["stage"]], row["spending_yuan"] or 0)
        for row in sorted(profile, key=lambda row: (row["stage"], row["fiscal_year"]))
    ]
    return {
        "profile": [
            row
            | {
                "spending_from": totals.get(_year(row)),
                "three_public_from": three_public_totals.get(_year(row)),
            }
            for row in profile
        ],
        "trend": columns(spent) if len(spent) > 1 else None,
        "functions": [_part(list(rows)) for _, rows in groupby(functions, key=_year)],
        "economic": figures.economic.get(key, []),
        "revenue": figures.revenue.get(key, []),
        "three_public": three_public,
        "projects": figures.projects.get(key, []),
    }


def _year(row: Row) -> tuple[int | None, str]:
    return row["fiscal_year"], row["stage"]


def _part(rows: Sequence[Row]) -> Row:
    """One year and stage of a unit's spending by function, with the chart of its classes."""
    classes: dict[Label, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["is_leaf"] and row["class_name_zh"]:
            classes[row["class_name_zh"], row["class_name_en"] or row["class_name_zh"]] += (
                row["amount_yuan"] or 0
            )
    year, stage = _year(rows[0])
    largest_first = sorted(classes.items(), key=lambda item: -item[1])
    return {"fiscal_year": year or "", "stage": stage, "rows": rows, "chart": bars(largest_first)}
