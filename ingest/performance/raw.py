"""Performance forms as rows of the raw schema: what the loader writes about them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ingest.performance.model import Joined, PerformanceForm

_FUNDING = ("initial", "adjusted", "executed", "weight", "rate", "score")
_INDICATOR = (
    "name", "operator", "target", "target_unit", "basis", "prior", "weight", "rule", "evidence", "actual",
    "completion", "score", "deviation",
)  # fmt: skip
TABLES: dict[str, str] = {
    "performance_form": "document_id VARCHAR, performance_no INTEGER, statement_code VARCHAR, kind VARCHAR, scope VARCHAR,"
    " project_no INTEGER, project_name VARCHAR, title VARCHAR, unit_text VARCHAR,"
    " total_weight_text VARCHAR, total_score_text VARCHAR, funding_count INTEGER, indicator_count INTEGER, problem VARCHAR, source VARCHAR, source_ref VARCHAR, page_no INTEGER",
    "performance_funding": "document_id VARCHAR, performance_no INTEGER, line_no INTEGER, fund_line VARCHAR, label VARCHAR,"
    " unit_text VARCHAR, "
    + "".join(f"{role}_text VARCHAR, " for role in _FUNDING)
    + "source_ref VARCHAR, page_no INTEGER",
    "performance_indicator": "document_id VARCHAR, performance_no INTEGER, indicator_no INTEGER, level1_name VARCHAR,"
    " level2_name VARCHAR, "
    + "".join(f"{role}_text VARCHAR, " for role in _INDICATOR)
    + "source_ref VARCHAR, page_no INTEGER",
}
"""The tables' columns. A text is null where the form has no such column or the cell is empty or lost."""


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
                *(_text(row.cells.get(role)) for role in _FUNDING),
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
                *(_text(row.cells.get(role)) for role in _INDICATOR),
                row.source_ref,
                row.page_no,
            )
            for form in found
            for number, row in enumerate(form.indicators, start=1)
        ],
    }


def _text(joined: Joined | None) -> str | None:
    return joined.text if joined else None
