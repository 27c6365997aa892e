"""The first page: how much there is, how much of it is read, what is wrong with it."""

from __future__ import annotations

from collections import Counter

from ingest.seeds import named_codes
from ingest.views.html_report import FAMILIES
from ingest.views.site.charts import bars, columns
from ingest.views.site.data import Row, SiteData
from ingest.views.site.pages import Pages


def write(pages: Pages, data: SiteData) -> None:
    """Write the overview."""
    stages = named_codes("stage")
    by_year = Counter(
        (row["fiscal_year"], row["stage"]) for row in data.documents if row["fiscal_year"] and row["stage"]
    )
    families = _families(data)
    pages.page(
        "index.html", "index.html", release=data.release, counts=_counts(data), reading=_reading(data), families=families,
        by_year=columns([(year, stages[stage], count) for (year, stage), count in sorted(by_year.items(), key=lambda item: item[0][::-1])]),
        by_family=bars((FAMILIES[row["family"]], row["errors"] + row["warnings"]) for row in families),
    )  # fmt: skip


def _counts(data: SiteData) -> list[tuple[int, str, str]]:
    grave = [row for row in data.findings if row["severity"] != "info"]
    return [
        (len({row["region_name"] for row in data.units if row["region_name"]}), "地区", "places"),
        (len(data.units), "单位", "units"),
        (len(data.documents), "文件", "documents"),
        (len({row["fiscal_year"] for row in data.documents if row["fiscal_year"]}), "年度", "years"),
        (sum(row["figures_printed"] for row in data.documents), "所印金额", "figures printed"),
        (len(grave), "错误与警告", "errors and warnings"),
    ]


def _reading(data: SiteData) -> list[Row]:
    found: dict[str | None, Row] = {}
    for document in data.documents:
        row = found.setdefault(document["doc_type"], {"doc_type": document["doc_type"], "documents": 0})
        row["documents"] += 1
        for name in ("printed", "loaded", "set_aside", "unread"):
            row[name] = row.get(name, 0) + (document[f"figures_{name}"] or 0)
    return sorted(found.values(), key=lambda row: -row["documents"])


def _families(data: SiteData) -> list[Row]:
    counts = Counter((row["family"], row["severity"]) for row in data.findings)
    found = [
        {"family": family, "errors": counts[family, "error"], "warnings": counts[family, "warning"], "infos": counts[family, "info"]}
        for family in {family for family, _ in counts}
    ]  # fmt: skip
    return sorted(found, key=lambda row: (-row["errors"] - row["warnings"], row["family"]))
