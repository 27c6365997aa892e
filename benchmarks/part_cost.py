"""What a document and a part cost, in processor seconds, which do not depend on what else the machine does.

`python -m benchmarks.part_cost --documents 25 100 400` reads so many sample documents in this process, makes one part of them with one thread, and
prints what each step took, what it left on the disk, and the least squares of the parts: a fixed cost and one per document.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.config import Policy, Run
from ingest.engines.build import build
from ingest.inbox.inventory import Seen
from ingest.warehouse.dataset import Dataset, folder_of
from samples import write_samples
from tests.long.serial_engine import SerialEngine


@dataclass
class _Measured(SerialEngine):
    """Reads in this process, and sees what that costs and leaves."""

    reading_seconds: float = 0.0
    kept_bytes: int = 0

    def read(self, seen: Sequence[Seen], roots: Sequence[Path], folder: Path) -> None:
        began = time.process_time()
        super().read(seen, roots, folder)
        self.reading_seconds = time.process_time() - began
        self.kept_bytes = _size(folder)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _silent(*_: object) -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=[25, 100, 400])
    given = parser.parse_args(arguments)
    print("| documents | read, s/doc | part, s | peak MiB | kept, KiB/doc | published, KiB/doc | files |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    points = []
    with tempfile.TemporaryDirectory(prefix="mingzhang-part-") as folder:
        for count in given.documents:
            work = Path(folder) / str(count)
            write_samples(work / "documents", seed=20261121, count=count)
            engine = _Measured(jobs=0)
            run = Run(work / "w.duckdb", Policy.flag, var_dir=Path(folder) / "var")
            build([work / "documents"], run, engine, _silent, _silent, part_documents=count)
            [part] = engine.made
            points.append((part.documents, part.processor_seconds))
            version = folder_of(Dataset(run.warehouse).warehouse)
            assert version
            print(
                f"| {part.documents} | {engine.reading_seconds / count:.3f} | {part.processor_seconds:.1f} |"
                f" {part.peak_bytes / 2**20:.0f} | {engine.kept_bytes / count / 1024:.0f} |"
                f" {_size(version) / count / 1024:.0f} | {len(part.files)} |",
                flush=True,
            )
    if len(points) > 1:
        slope, fixed = _line(points)
        print(f"a part costs {fixed:.1f} s and {slope:.3f} s per document")
    return 0


def _line(points: Sequence[tuple[int, float]]) -> tuple[float, float]:
    """The slope and the beginning of the line of least squares."""
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
    return slope, mean_y - slope * mean_x


if __name__ == "__main__":
    sys.exit(main())
