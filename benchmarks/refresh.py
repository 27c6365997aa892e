"""The cost of a nightly refresh compared with a whole build: time, processor time, memory, and their ratio.

`python -m benchmarks.refresh --documents 2000` builds sample documents by `mingzhang build`, then publishes them by a first
refresh, then changes, adds and withdraws one document in a hundred and refreshes `--rounds` times, then once more without
any change. Processor time is that of all processes of a run, sampled; on a busy machine it is more reliable than elapsed time.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from ingest.config import PROJECT_ROOT
from samples import write_samples

_INTERVAL = 0.1
MIB = 2**20


@dataclass(frozen=True)
class Cost:
    """One run: elapsed seconds, processor seconds, largest resident size of all its processes together."""

    what: str
    seconds: float
    processor_seconds: float
    memory_bytes: int


def measure(what: str, root: Path, *arguments: str) -> Cost:
    """Run the command and watch its processes. Raises RuntimeError with its output where it failed."""
    began = time.perf_counter()
    with (root / "log").open("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ingest", *arguments],
            cwd=PROJECT_ROOT, env=os.environ | {"MINGZHANG_VAR": str(root / "var")},
            stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        spent: dict[tuple[int, float], float] = {}
        memory = 0
        while process.poll() is None:
            memory = max(memory, _look(psutil.Process(process.pid), spent))
            time.sleep(_INTERVAL)
        if process.returncode:
            log.seek(0)
            raise RuntimeError(log.read()[-4000:])
    return Cost(what, time.perf_counter() - began, sum(spent.values()), memory)


def _look(process: psutil.Process, spent: dict[tuple[int, float], float]) -> int:
    """Record the processor time of a process and its children, each once; returns their resident size."""
    resident = 0
    with suppress(psutil.Error):
        for each in (process, *process.children(recursive=True)):
            with suppress(psutil.Error):
                times = each.cpu_times()
                spent[each.pid, each.create_time()] = times.user + times.system
                resident += each.memory_info().rss
    return resident


def change(inbox: Path, spare: list[Path], share: float, chance: random.Random) -> int:
    """Change, withdraw and add a third each of a share of the documents. Returns how many are not as they were."""
    files = sorted(inbox.iterdir())
    third = max(1, round(len(files) * share / 3))
    texts = [path for path in files if path.suffix == ".html"]
    changed = chance.sample(texts, min(third, len(texts)))
    for path in changed:
        path.write_bytes(path.read_bytes() + b"\n")
    gone = chance.sample([path for path in files if path not in changed], third)
    for path in gone:
        path.unlink()
    come = [spare.pop() for _ in range(third)]
    for path in come:
        os.link(path, inbox / path.name)
    return len(changed) + len(gone) + len(come)


def main() -> int:
    """Command line: build, refresh, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.refresh", description=__doc__)
    parser.add_argument("--documents", type=int, default=2000, help="number of sample documents")
    parser.add_argument(
        "--share", type=float, default=0.01, help="fraction of the documents that change between refreshes"
    )
    parser.add_argument("--rounds", type=int, default=3, help="number of refreshes after a change")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes that read documents")
    parser.add_argument("--seed", type=int, default=7, help="random seed of the samples and the changes")
    given = parser.parse_args()
    console = Console(width=140)
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory(prefix="refresh-") as folder:
        root = Path(folder)
        spare_count = given.rounds * max(1, round(given.documents * given.share / 3))
        write_samples(root / "samples", given.seed, given.documents + spare_count)
        samples = sorted((root / "samples").iterdir())
        inbox = root / "inbox"
        inbox.mkdir()
        for path in samples[: given.documents]:
            (inbox / path.name).write_bytes(path.read_bytes())
        spare = samples[given.documents :]
        jobs = ("--jobs", str(given.jobs))
        refresh = ("refresh", "--inbox", str(inbox), "--warehouse", str(root / "w.duckdb"), *jobs)
        costs = [measure("build", root, "build", str(inbox), "--warehouse", str(root / "b.duckdb"), *jobs)]
        costs.append(measure("first refresh", root, *refresh))
        for _ in range(given.rounds):
            count = change(inbox, spare, given.share, chance)
            costs.append(measure(f"refresh, {count} documents other", root, *refresh))
        costs.append(measure("refresh, nothing changed", root, *refresh))
    table = Table("", "s", "% of build", "processor s", "% of build", "memory, MiB", show_edge=False)
    for cost in costs:
        table.add_row(
            cost.what,
            f"{cost.seconds:,.1f}",
            f"{100 * cost.seconds / costs[0].seconds:.1f}",
            f"{cost.processor_seconds:,.1f}",
            f"{100 * cost.processor_seconds / costs[0].processor_seconds:.1f}",
            f"{cost.memory_bytes / MIB:,.0f}",
        )
    console.print(f"{given.documents:,} documents, {given.jobs} processes that read")
    console.print(table)
    middle = statistics.median(cost.seconds for cost in costs[2:-1])
    console.print(
        f"a refresh takes {100 * middle / costs[0].seconds:.1f} % of a whole build (median of {given.rounds})"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
