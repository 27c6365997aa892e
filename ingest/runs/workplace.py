"""What a run works with: where it reads and writes, and whom it tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ingest.inbox.inventory import Inventory
from ingest.outcomes import Outcome, Stage
from ingest.releases.extracts import ExtractStore
from ingest.warehouse.load import Totals

Notify = Callable[[Stage, str], None]
"""Told of each step: (stage, what happens)."""
Progress = Callable[[Outcome, Totals, int], None]
"""Told of each file: its outcome, what has come of the files so far, how many there are."""


class CheckError(Exception):
    """The warehouse is not fit to be published; the message names what is broken."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a run looks (``look``) and keeps what it reads (``extracts``), how many processes read, and whom it tells.

    ``started_at`` is when the run began (UTC, as ``now_text`` writes it).
    """

    run_id: str
    started_at: str
    look: Callable[[], Inventory]
    extracts: ExtractStore
    jobs: int
    progress: Progress
    notify: Notify

    @property
    def began(self) -> datetime:
        """When the run began."""
        return datetime.fromisoformat(self.started_at)
