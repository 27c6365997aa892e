"""Documents: all of them in one list, and a page per document with its forms, findings and cited figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from ingest.views.site.data import Row, SiteData, batches
from ingest.views.site.pages import Pages


def write(pages: Pages, data: SiteData, pictures: Mapping[str, str]) -> None:
    """Write the list of documents and the page of each. ``pictures`` of the print are by finding."""
    findings: dict[str, list[Row]] = defaultdict(list)
    for row in data.findings:
        findings[row["document_id"]].append(row)
    for batch in batches(data.documents):
        figures = data.figures_of_documents([document["document_id"] for document in batch])
        for document in batch:
            key = document["document_id"]
            pages.page(
                f"document/{key}.html", "document.html", head=document, coverage=figures.coverage.get(key, []),
                findings=[row | {"places": figures.places.get(row["finding_key"], []), "picture": pictures.get(row["finding_key"])} for row in findings[key]],
                printed=figures.printed.get(key, []),
            )  # fmt: skip
    pages.page("documents.html", "documents.html", documents=data.documents)
