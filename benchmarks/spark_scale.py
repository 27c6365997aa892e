"""What a build costs on Spark, beside the same build on one machine: by stage, elapsed, processor and gigabyte-seconds per document.

`python -m benchmarks.spark_scale --documents 100 1000 --executors 1 2` runs `mingzhang build` once per number of sample documents on one machine
(with as many processes as there are executors) and once per number of executors of one core on a `local-cluster`, and watches all
its processes from outside. Processor seconds do not depend on what else the machine does, elapsed ones do: `load` is the mean number of
other processes that wanted a core meanwhile. Memory is resident memory; pages that processes share count for each of them, so that the
gigabyte-seconds are an upper bound.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

from ingest.config import PROJECT_ROOT, Run
from ingest.warehouse.compiled import compiled_statements
from samples import write_samples

STAGES = ("read", "transform", "publish")
_PARTS = re.compile(
    r"(\d+) parts took ([\d.]+) s each, the slowest ([\d.]+) s, the largest had (\d+) documents and (\d+) MiB"
)
_INTERVAL = 0.25
_GIB = 2**30


@dataclass
class Sample:
    """All processes of a run at one moment: the processor seconds that they have used so far, and their size."""

    at: float
    processor_seconds: float
    size_bytes: int


@dataclass
class Measured:
    """One build: by stage the elapsed, processor and gigabyte-seconds; ``load`` is that of the machine without it."""

    documents: int
    engine: str
    cores: int
    elapsed: dict[str, float]
    processor: dict[str, float]
    gigabyte: dict[str, float]
    peak_gigabytes: float
    published_bytes: int
    load: float
    parts: int = 0
    part_mean: float = 0.0
    part_slowest: float = 0.0
    part_largest: int = 0
    part_mebibytes: int = 0

    @property
    def skew(self) -> float:
        """How much longer the slowest part took than the mean."""
        return self.part_slowest / self.part_mean if self.part_mean else 1.0


class _Used:
    """Processor seconds of a process and all that it starts, those that have ended among them, as last seen."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._seconds: dict[tuple[int, float], float] = {}

    def sample(self) -> Sample:
        size = 0
        with suppress(psutil.Error):
            for each in (self._process, *self._process.children(recursive=True)):
                with suppress(psutil.Error), each.oneshot():
                    times = each.cpu_times()
                    self._seconds[each.pid, each.create_time()] = times.user + times.system
                    size += each.memory_info().rss
        return Sample(time.time(), sum(self._seconds.values()), size)


def measure(documents: Path, work: Path, engine: str, cores: int, count: int) -> Measured:
    """Build a folder with the command itself and watch it. Raises RuntimeError with the command's output where it failed."""
    work.mkdir()
    warehouse = work / "w.duckdb"
    options = (
        ["--engine", "spark", "--master", f"local-cluster[{cores},1,2048]"]
        if engine == "spark"
        else ["--jobs", str(cores)]
    )
    command = [
        sys.executable,
        "-m",
        "ingest",
        "build",
        str(documents),
        "--warehouse",
        str(warehouse),
        *options,
    ]
    environment = os.environ | {"MINGZHANG_VAR": str(work.parent / "var"), "LANG": "C.UTF-8"}
    samples: list[Sample] = []
    loads: list[float] = []
    with (work / "events").open("w+", encoding="utf-8") as events:
        began = time.time()
        process = subprocess.Popen(
            command, cwd=PROJECT_ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=events
        )
        used = _Used(psutil.Process(process.pid))
        while process.poll() is None:
            samples.append(used.sample())
            loads.append(os.getloadavg()[0])
            time.sleep(_INTERVAL)
        ended = time.time()
        events.seek(0)
        said = events.read()
    if process.returncode != 0:
        raise RuntimeError(said[-3000:])
    ends = [*_ends(said), ended]
    elapsed, processor, gigabyte = {}, {}, {}
    before, used_before = began, 0.0
    for stage, end in zip(STAGES, ends, strict=True):
        within = [sample for sample in samples if before <= sample.at < end]
        used_now = max([sample.processor_seconds for sample in within], default=used_before)
        elapsed[stage], processor[stage] = end - before, used_now - used_before
        gigabyte[stage] = (
            sum(sample.size_bytes for sample in within) / max(len(within), 1) * (end - before) / _GIB
        )
        before, used_before = end, used_now
    total = sum(processor.values()) / (ended - began)
    published = [path for path in (warehouse, *work.rglob("*.parquet")) if path.is_file()]
    return Measured(
        count, engine, cores, elapsed, processor, gigabyte, max(sample.size_bytes for sample in samples) / _GIB,
        sum(path.stat().st_size for path in published), max(sum(loads) / len(loads) - total, 0.0), *_parts(said),
    )  # fmt: skip


def _ends(said: str) -> list[float]:
    """When reading and transforming ended, as the events of a run say."""
    ends: dict[str, float] = {}
    for line in said.splitlines():
        if not line.startswith("{"):
            continue
        event = json.loads(line)
        if "message" in event and "outcome" not in event and event["stage"] in ("ingest", "publish"):
            ends[event["stage"]] = datetime.fromisoformat(event["at"]).timestamp()
    return [ends["ingest"], ends["publish"]]


def _parts(said: str) -> list[Any]:
    """How many parts were made, what they took on average and the slowest, and the most documents and MiB of one; all 0 on one machine."""
    found = _PARTS.search(said)
    return (
        [kind(text) for kind, text in zip((int, float, float, int, int), found.groups(), strict=True)]
        if found
        else []
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--executors", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--out", type=Path, help="JSON lines of what was measured, added as it comes")
    given = parser.parse_args(arguments)
    print(
        "| documents | engine | cores | elapsed s | read, transform, publish: processor s/doc | GB-s/doc | peak GB | published MB | parts | slowest part to mean | load |"
    )
    print("| ---: | --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory(prefix="mingzhang-scale-") as folder:
        compiled_statements(Run(var_dir=Path(folder) / "var"))  # what dbt does once, no build has to pay
        for count in given.documents:
            documents = Path(folder) / f"documents-{count}"
            write_samples(documents, seed=20261121, count=count)
            for engine in ("duckdb", "spark"):
                for cores in given.executors:
                    measured = measure(
                        documents, Path(folder) / f"{engine}-{cores}-{count}", engine, cores, count
                    )
                    _report(measured)
                    if given.out:
                        with given.out.open("a", encoding="utf-8") as file:
                            file.write(json.dumps(asdict(measured)) + "\n")
    return 0


def _report(measured: Measured) -> None:
    count = measured.documents
    stages = ", ".join(f"{measured.processor[stage] / count:.3f}" for stage in STAGES)
    print(
        f"| {count:,} | {measured.engine} | {measured.cores} | {sum(measured.elapsed.values()):.0f} | {stages} |"
        f" {sum(measured.gigabyte.values()) / count:.2f} | {measured.peak_gigabytes:.1f} |"
        f" {measured.published_bytes / 1e6:.0f} | {measured.parts} | {measured.skew:.2f} | {measured.load:.1f} |",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
