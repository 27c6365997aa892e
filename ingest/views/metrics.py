"""The metrics file of a run, as the textfile collector of Prometheus' node exporter reads it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path

import duckdb
from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from ingest.views.listings import Summary, last_success, summarise


def write_metrics(path: Path, warehouse: Path, is_success: bool, seconds: Mapping[str, float]) -> None:
    """Write what a run that has just ended, and the published warehouse, are in numbers. The file is replaced in whole.

    ``seconds`` is how long each step took. A warehouse that is not there, or cannot be read, has no numbers. Raises OSError.
    """
    now = time.time()
    summary, last = _published(warehouse)
    registry = CollectorRegistry()

    def gauge(name: str, said: str, *labels: str) -> Gauge:
        return Gauge(f"mingzhang_{name}", said, labels, registry=registry)

    gauge("last_run_success", "1 where the last run ended well, 0 where it failed.").set(is_success)
    gauge("last_run_timestamp_seconds", "When the last run ended.").set(now)
    last = now if is_success else last
    if last is not None:
        gauge("last_success_timestamp_seconds", "When a run last ended well.").set(last)
    steps = gauge("step_seconds", "How long each step of the last run took.", "step")
    for step, taken in seconds.items():
        steps.labels(step).set(taken)
    if summary is not None:
        documents = gauge("documents", "Documents in the published warehouse.", "status")
        states = Counter({"passed": 0, "flagged": 0, "held": 0})
        states.update(each["audit_status"] for each in summary.documents)
        for status, count in states.items():
            documents.labels(status).set(count)
        files = gauge("quarantined_files", "Files that could not be read.", "reason_code")
        for reason, count in Counter(reason for _, reason, _ in summary.quarantined).items():
            files.labels(reason).set(count)
        findings = gauge(
            "findings", "Findings of the published warehouse that nobody has accepted.", "severity"
        )
        for severity in ("error", "warning", "info"):
            findings.labels(severity).set(summary.findings.get(severity, 0))
        gauge("files_seen", "Files that the last publishing run saw.").set(summary.files_seen)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_to_textfile(str(path), registry)


def _published(warehouse: Path) -> tuple[Summary | None, float | None]:
    """The summary of the published warehouse, and when a run last made or confirmed it (seconds since 1970)."""
    if not warehouse.exists():
        return None, None
    try:
        return summarise(warehouse), last_success(warehouse)[2].replace(tzinfo=UTC).timestamp()
    except duckdb.Error:
        return None, None
