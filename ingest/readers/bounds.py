"""Limits that the readers of tables share."""

from __future__ import annotations

from ingest.config import LIMITS
from ingest.outcomes import DocumentError, Reason


def check_cells(count: int) -> None:
    """Raise DocumentError(CONTENT_TOO_LARGE) where ``count`` cells, empty ones included, are too many for a document."""
    if count > LIMITS.cells:
        raise DocumentError(
            Reason.CONTENT_TOO_LARGE,
            f"the tables have {count} cells or more; {LIMITS.cells} are read at most",
        )
