"""Performance forms as rows of the raw schema: what the loader writes about them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ingest.extraction.tables import FUNDING, INDICATOR
from ingest.performance.model import Joined, PerformanceForm


def performance_rows(document_id: str, forms: Iterable[PerformanceForm]) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of the three tables for one document."""
    found = list(forms)
    return {
        "performance_form": [
            (
                document_id,
                form.form_no,
                form.statement_code,
                form.kind,
                form.scope,
                form.project_no,
                form.project_name,
                form.title,
                form.unit_text,
                _text(form.total_weight),
                _text(form.total_score),
                len(form.funding),
                len(form.indicators),
                form.problem,
                form.source,
                form.source_ref,
                form.page_no,
            )
            for form in found
        ],
        "performance_funding": [
            (
                document_id,
                form.form_no,
                number,
                row.fund_line,
                row.label,
                row.unit_text,
                *(_text(row.cells.get(role)) for role in FUNDING),
                row.source_ref,
                row.page_no,
            )
            for form in found
            for number, row in enumerate(form.funding, start=1)
        ],
        "performance_indicator": [
            (
                document_id,
                form.form_no,
                number,
                row.level1_name,
                row.level2_name,
                *(_text(row.cells.get(role)) for role in INDICATOR),
                row.source_ref,
                row.page_no,
            )
            for form in found
            for number, row in enumerate(form.indicators, start=1)
        ],
    }


def _text(joined: Joined | None) -> str | None:
    return joined.text if joined else None
