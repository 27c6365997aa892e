"""How long it takes to evaluate every identity, and to build the other models, for growing numbers of documents.

`python -m benchmarks.identities --documents 1000 10000` reads some sample documents once, loads their rows as often as
needed for that many documents, each copy under its own unit, and runs the compiled models and tests on them. It prints
seconds by kind of model, the slowest models, checks and findings, and the largest resident size of the process. Each number
of documents has its own process.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import pickle
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from rich.console import Console
from rich.table import Table

from ingest.config import PROJECT_ROOT, Run
from ingest.extraction.tables import DocumentRows, with_values
from ingest.inbox.sources import find_sources
from ingest.outcomes import Outcome
from ingest.runs.reading import read_files
from ingest.warehouse.compiled import compiled_statements
from ingest.warehouse.load import RawLoader
from ingest.warehouse.transform import transform
from samples import write_samples

KINDS = ("identities", "other models", "tests")
_IDENTITY_MODELS = (
    "int_identity__",
    "int_finding__",
    "fct_identity_check",
    "fct_finding",
    "rpt_identity_rate",
)
_SLOWEST = 5
_READ = "read.pickle"
MIB = 2**20

Read = tuple[Outcome, DocumentRows | None]


def copies(read: list[Read], count: int) -> Iterator[Read]:
    """Load ``count`` documents made from those that were read: the same rows under other ids, names and units."""
    loaded = [(outcome, rows) for outcome, rows in read if rows]
    for number in range(count):
        outcome, rows = loaded[number % len(loaded)]
        sha256 = hashlib.sha256(f"{number} {outcome.sha256}".encode()).hexdigest()
        key, name = sha256[:16], f"{number:06} {outcome.file_name}"
        tables = {table: with_values(stream, {"document_id": key}) for table, stream in rows.tables.items()}
        [document] = pa.ipc.open_stream(tables["document"]).read_all().to_pylist()
        unit_name = document["unit_name"] and f"{document['unit_name']}{number}"
        changed = {"sha256": sha256, "file_name": name, "unit_name": unit_name}
        tables["document"] = with_values(tables["document"], changed)
        yield replace(outcome, sha256=sha256, document_id=key, file_name=name), DocumentRows(key, tables)


def prepare(folder: Path, seed: int, different: int) -> None:
    """Write samples into a folder, read them and compile the models; both are kept there."""
    write_samples(folder / "samples", seed, different)
    read = list(read_files(list(find_sources([folder / "samples"])), os.cpu_count() or 1))
    (folder / _READ).write_bytes(pickle.dumps(read))
    compiled_statements(_run(folder))


def measure(folder: Path, count: int) -> dict[str, Any]:
    """Seconds by kind and of the slowest models, with the numbers of checks and findings, for one number of documents."""
    run = _run(folder)
    statements = compiled_statements(run)
    read = pickle.loads((folder / _READ).read_bytes())
    began = time.perf_counter()
    build_file = _load(folder / str(count) / "build.duckdb", run, copies(read, count))
    loading = time.perf_counter() - began
    models = {model.name for model in statements.models}
    seconds = dict.fromkeys(KINDS, 0.0)
    slowest: list[tuple[float, str]] = []

    def told(name: str, took: float) -> None:
        kind = "tests" if name not in models else KINDS[not name.startswith(_IDENTITY_MODELS)]
        seconds[kind] += took
        slowest.append((took, name))

    transform(statements, build_file, told)
    with duckdb.connect(str(build_file), read_only=True) as con:
        checks, findings = con.execute(
            "select (select count(*) from audit.fct_identity_check), (select count(*) from audit.fct_finding)"
        ).fetchall()[0]
    return {
        "loading": loading, **seconds, "slowest": sorted(slowest, reverse=True)[:_SLOWEST],
        "checks": checks, "findings": findings, "file": build_file.stat().st_size,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }  # fmt: skip


def _run(folder: Path) -> Run:
    return Run(warehouse=folder / "none.duckdb", var_dir=folder / "var")


def _load(build_file: Path, run: Run, read: Iterator[Read] | list[Read]) -> Path:
    with RawLoader(build_file, run.run_id) as loader:
        for _ in loader.load(read):
            pass
    return build_file


def main() -> int:
    """Command line: each number of documents in its own process, then the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identities", description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=[1000, 10000], metavar="N")
    parser.add_argument("--different", type=int, default=100, help="number of different sample documents")
    parser.add_argument("--seed", type=int, default=7, help="random seed of the samples")
    parser.add_argument("--in", dest="folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.folder:
        print(json.dumps(measure(given.folder, *given.documents)))
        return 0
    console = Console(width=140)
    found = {}
    with tempfile.TemporaryDirectory(prefix="identities-") as folder:
        prepare(Path(folder), given.seed, given.different)
        for count in given.documents:
            command = [
                sys.executable,
                "-m",
                "benchmarks.identities",
                "--in",
                folder,
                "--documents",
                str(count),
            ]
            done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
            if done.returncode:
                console.print(done.stderr, markup=False, highlight=False)
                return 1
            found[count] = json.loads(done.stdout.splitlines()[-1])
            shutil.rmtree(Path(folder) / str(count))
    table = Table("", *(f"{count:,} documents" for count in found), show_edge=False)
    for kind in ("loading", *KINDS):
        table.add_row(f"{kind}, s", *(f"{each[kind]:,.1f}" for each in found.values()))
    for what in ("checks", "findings"):
        table.add_row(what, *(f"{each[what]:,}" for each in found.values()))
    for what in ("memory", "file"):
        table.add_row(f"{what}, MiB", *(f"{each[what] / MIB:,.0f}" for each in found.values()))
    for place in range(_SLOWEST):
        table.add_row(
            "slowest" if not place else "",
            *("{1} {0:.1f} s".format(*each["slowest"][place]) for each in found.values()),
        )
    console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
