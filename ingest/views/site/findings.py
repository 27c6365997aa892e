"""Findings by kind, and identities with how often they hold; a page per identity."""

from __future__ import annotations

from collections import defaultdict

from ingest.views.html_report import SEVERITIES
from ingest.views.site.data import Row, SiteData
from ingest.views.site.pages import Pages

_MOST_LISTED = 500


def write(pages: Pages, data: SiteData) -> None:
    """Write the findings by kind, the list of identities and the page of each."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in data.findings:
        found[row["identity_id"]].append(row)
    for identity in data.identities:
        rows = found[identity["identity_id"]]
        pages.page(
            f"identity/{identity['identity_id']}.html", "identity.html", identity=identity,
            findings=rows[:_MOST_LISTED], more=max(len(rows) - _MOST_LISTED, 0),
        )  # fmt: skip
    broken = sorted(
        (row for row in data.identities if row["findings"]),
        key=lambda row: (list(SEVERITIES).index(row["severity"]), -row["findings"], row["identity_id"]),
    )
    pages.page("findings.html", "findings.html", title=("问题", "Findings"), identities=broken)
    pages.page(
        "identities.html", "findings.html", title=("勾稽关系", "Identities"), identities=data.identities
    )
