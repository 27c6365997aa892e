"""The cost of builds of growing size: time by stage, memory, file size, and how each grows.

`python -m benchmarks.build_scale --documents 100 1000 10000` runs `mingzhang build` once per number of sample
documents and watches its processes from outside. Memory is resident memory: of the largest process, and of all
together, where shared pages count once per process (so that the sum is an upper bound).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from ingest.config import PROJECT_ROOT
from samples import write_samples

STAGES = ("ingest", "transform", "check", "publish")
_ENDS = {"ingest": 1, "transform": 2, "check": 2}
"""How many lines a stage of the command writes before the next begins."""
_INTERVAL = 0.2
MIB = 2**20


@dataclass
class Measured:
    """One build: seconds and the largest resident sizes by stage, and what lies on the disk."""

    documents: int
    seconds: dict[str, float] = field(default_factory=dict)
    largest_bytes: dict[str, int] = field(default_factory=dict)
    sum_bytes: dict[str, int] = field(default_factory=dict)
    input_bytes: int = 0
    build_bytes: int = 0
    spilled_bytes: int = 0
    published_bytes: int = 0
    loaded: int = 0

    def quantities(self) -> dict[str, float]:
        """Everything that may grow, by name and unit."""
        found: dict[str, float] = {f"{stage}, s": self.seconds[stage] for stage in STAGES}
        found["all stages, s"] = sum(self.seconds.values())
        for stage in STAGES:
            found[f"{stage}, largest process, MiB"] = self.largest_bytes[stage] / MIB
        found["largest process, MiB"] = max(self.largest_bytes.values()) / MIB
        found["all processes, MiB"] = max(self.sum_bytes.values()) / MIB
        found["documents, MiB"] = self.input_bytes / MIB
        found["build file, MiB"] = self.build_bytes / MIB
        found["spilled to disk, MiB"] = self.spilled_bytes / MIB
        found["published file, MiB"] = self.published_bytes / MIB
        return found


class _Watch:
    """Samples a process, its children and its folder repeatedly, and records the values under the current stage."""

    def __init__(self, process: psutil.Process, var_dir: Path, measured: Measured) -> None:
        self.stage = STAGES[0]
        self._process, self._var_dir, self._measured = process, var_dir, measured
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._is_over.wait(_INTERVAL):
            sizes = self._sizes()
            stage, measured = self.stage, self._measured
            measured.largest_bytes[stage] = max(measured.largest_bytes.get(stage, 0), *sizes, 0)
            measured.sum_bytes[stage] = max(measured.sum_bytes.get(stage, 0), sum(sizes))
            measured.build_bytes = max(measured.build_bytes, self._on_disk("build.duckdb"))
            measured.spilled_bytes = max(measured.spilled_bytes, self._on_disk("*.tmp"))

    def _sizes(self) -> list[int]:
        sizes = [0]
        with suppress(psutil.Error):
            for process in (self._process, *self._process.children(recursive=True)):
                with suppress(psutil.Error):
                    sizes.append(process.memory_info().rss)
        return sizes

    def _on_disk(self, pattern: str) -> int:
        total = 0
        with suppress(OSError):
            for path in (self._var_dir / "builds").rglob(pattern):
                total += path.stat().st_size if path.is_file() else 0
        return total


def measure(documents: Path, count: int, work: Path, jobs: int) -> Measured:
    """Build the first ``count`` files of a folder with the command itself, in an empty folder, and watch it.

    Raises RuntimeError with the command's output where it failed.
    """
    chosen = work / "documents"
    chosen.mkdir()
    for path in sorted(documents.iterdir())[:count]:
        os.link(path, chosen / path.name)
    measured = Measured(count, input_bytes=sum(path.stat().st_size for path in chosen.iterdir()))
    warehouse, var_dir = work / "warehouse.duckdb", work / "var"
    command = [
        sys.executable, "-m", "ingest", "build", str(chosen),
        "--warehouse", str(warehouse), "--jobs", str(jobs),
    ]  # fmt: skip
    environment = os.environ | {"MINGZHANG_VAR": str(var_dir)}
    process = subprocess.Popen(
        command,
        cwd=PROJECT_ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    with _Watch(psutil.Process(process.pid), var_dir, measured) as watch:
        began, lines, said = time.perf_counter(), 0, ""
        for line in process.stderr:
            said = (said + line)[-4000:]
            event = json.loads(line) if line.startswith("{") else {}
            measured.loaded += event.get("outcome") == "loaded"
            lines += event.get("stage") == watch.stage
            if lines == _ENDS.get(watch.stage):
                now = time.perf_counter()
                measured.seconds[watch.stage] = now - began
                began, lines, watch.stage = now, 0, STAGES[STAGES.index(watch.stage) + 1]
        process.wait()
        measured.seconds[watch.stage] = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(said)
    measured.published_bytes = warehouse.stat().st_size
    return measured


def print_growth(console: Console, all_measured: Sequence[Measured]) -> None:
    """Each quantity per number of documents, and the exponent e of its growth between them: n to the e.

    0 means that it does not grow, 1 that it grows in proportion to the documents.
    """
    columns = ["", *(f"{each.documents:,}" for each in all_measured)]
    columns += [f"e {a.documents:,}-{b.documents:,}" for a, b in pairwise(all_measured)]
    table = Table(*columns, show_edge=False)
    quantities = [each.quantities() for each in all_measured]
    for name in quantities[0]:
        values = [each[name] for each in quantities]
        exponents = [
            _exponent(a.documents, b.documents, a.quantities()[name], b.quantities()[name])
            for a, b in pairwise(all_measured)
        ]
        table.add_row(name, *(f"{value:,.1f}" for value in values), *exponents)
    console.print(table)


def _exponent(few: int, many: int, before: float, after: float) -> str:
    return f"{math.log(after / before) / math.log(many / few):.2f}" if before > 0 and after > 0 else "-"


def main() -> int:
    """Command line: write the samples, build each size in turn, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.build_scale", description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=[100, 1000, 10000], metavar="N")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes that read documents")
    parser.add_argument("--seed", type=int, default=7, help="random seed of the samples")
    parser.add_argument("--samples", type=Path, help="a folder with samples, instead of writing them")
    given = parser.parse_args()
    console = Console(width=160)
    all_measured: list[Measured] = []
    with tempfile.TemporaryDirectory(prefix="scale-", dir=given.samples and given.samples.parent) as scratch:
        samples = given.samples or Path(scratch) / "samples"
        if not given.samples:
            console.print(f"writing {max(given.documents):,} samples")
            write_samples(samples, given.seed, max(given.documents))
        for count in sorted(set(given.documents)):
            work = Path(scratch) / str(count)
            work.mkdir()
            measured = measure(samples, count, work, given.jobs)
            all_measured.append(measured)
            console.print(
                f"{count:,} files, {measured.loaded:,} loaded, {given.jobs} processes:"
                f" {sum(measured.seconds.values()):,.1f} s"
            )
    print_growth(console, all_measured)
    return 0


if __name__ == "__main__":
    sys.exit(main())
