"""What a build of a handful of documents costs, step by step: nearly all of it is the same whatever the documents are.

`python -m benchmarks.small_build` builds ten sample documents by `mingzhang build`: cold, when dbt has to compile the
models, and warm, when what it compiled is kept. A step lasts from the event that begins it to the next; `start` is what
comes before the first file is read. Processor time is that of all processes of a run; it tells more than the clock on a
busy machine.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from ingest.config import PROJECT_ROOT
from samples import write_samples

_INTERVAL = 0.05
STEPS = ("start", "read", "transform", "check", "publish")


@dataclass
class Cost:
    """Seconds on the clock and of processors, by step."""

    elapsed: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    processor: dict[str, float] = field(default_factory=lambda: defaultdict(float))


def measure(documents: Path, root: Path, warehouse: Path) -> Cost:
    """Build the documents and watch the processes. Raises RuntimeError with what the run said where it failed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ingest", "build", documents, "--warehouse", warehouse],
        cwd=PROJECT_ROOT, env=os.environ | {"MINGZHANG_VAR": str(root / "var")},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    cost, said, step = Cost(), [], "start"

    def watch() -> None:
        seen: dict[tuple[int, float], float] = {}
        before = time.perf_counter()
        while process.poll() is None:
            spent = _spent(process.pid, seen)
            now = time.perf_counter()
            cost.elapsed[step] += now - before
            cost.processor[step] += spent
            before = now
            time.sleep(_INTERVAL)

    watcher = threading.Thread(target=watch)
    watcher.start()
    assert process.stderr
    for line in process.stderr:
        said.append(line)
        step = _step_of(line, step)
    watcher.join()
    if process.returncode:
        raise RuntimeError("".join(said)[-4000:])
    return cost


def _step_of(line: str, step: str) -> str:
    """The step that an event begins; the event that ends the reading begins nothing."""
    try:
        stage = json.loads(line)["stage"]
    except (json.JSONDecodeError, KeyError):
        return step
    return {"extract": "read", "ingest": "read"}.get(stage, stage)


def _spent(root: int, seen: dict[tuple[int, float], float]) -> float:
    """Seconds of processors that a process and those below it have spent since they were last looked at."""
    spent = 0.0
    with suppress(psutil.Error):
        parent = psutil.Process(root)
        for process in (parent, *parent.children(recursive=True)):
            with suppress(psutil.Error):
                key, times = (process.pid, process.create_time()), process.cpu_times()
                total = times.user + times.system
                spent += total - seen.get(key, 0.0)
                seen[key] = total
    return spent


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10)
    parser.add_argument(
        "--rounds", type=int, default=3, help="warm builds; the fastest of each step is shown"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_samples(root / "documents", count=given.documents)
        costs = [
            measure(root / "documents", root, root / f"{number}" / "w.duckdb")
            for number in range(1 + given.rounds)
        ]
    table = Table(title=f"{given.documents} documents: seconds (of processors)")
    for heading in ("step", "cold", "warm"):
        table.add_column(heading, justify="left" if heading == "step" else "right")
    cold, *warm = costs
    for step in STEPS:
        fastest = min(warm, key=lambda cost: cost.processor[step])
        table.add_row(step, _shown(cold, step), _shown(fastest, step))
    fastest = min(warm, key=lambda cost: sum(cost.processor.values()))
    table.add_row("all", _shown(cold, *STEPS), _shown(fastest, *STEPS))
    Console().print(table)


def _shown(cost: Cost, *steps: str) -> str:
    elapsed, processor = (sum(by[step] for step in steps) for by in (cost.elapsed, cost.processor))
    return f"{elapsed:.1f} ({processor:.1f})"


if __name__ == "__main__":
    main()
