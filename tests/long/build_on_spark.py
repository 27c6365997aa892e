"""A build on Spark has the content of a build on one machine, also where executors and tasks die.

`python -m tests.long.build_on_spark` builds sample documents, broken files among them, on one machine and then on a
`local-cluster[2,1,2048]`: with small parts and with large ones, and once more while an executor is killed in the middle of
reading, a task dies of memory in the middle of a part, and another is killed as the kernel kills what takes too much. The
digest of every table must be that of the one machine, computed of the Parquet itself; so it must be after a refresh of one document in a
hundred. Commands are run on what was published. Where pyspark or Java is missing, parts are made one after another in one process, and
it says that Spark was skipped.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import psutil

from ingest.config import Policy, Run
from ingest.engines.build import Engine
from ingest.engines.build import build as build_parts
from ingest.engines.needed import MissingError, require_spark
from ingest.engines.refresh import refresh_parts
from ingest.inbox.remote import remote_path
from ingest.runs.build import build as build_here
from ingest.runs.refresh import Options, refresh
from ingest.warehouse.dataset import Dataset, folder_of
from ingest.warehouse.publish import HISTORY, Release, table_digests
from samples import write_broken_samples, write_places, write_planted_samples, write_samples
from tests.conftest import run_mingzhang
from tests.long.serial_engine import SerialEngine

_MASTER = "local-cluster[2,1,2048]"
_EXECUTOR, _WORKER = "CoarseGrainedExecutorBackend", "pyspark"
_POLL_SECONDS = 0.1
_TOO_LITTLE_BYTES = 16 * 2**20
"""More memory than this a task does not get whose memory is cut."""
FAULTS = 3
_URI = "viewfs://cluster/disclosures"
_COMMANDS = (
    ("findings", "--format", "json"),
    ("sql", "select count(*) from marts.dim_document"),
)


@dataclass
class Faults:
    """What goes wrong while a version is made, each once; ``done`` says what has."""

    dataset: Dataset
    done: list[str] = field(default_factory=list)
    _is_over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Faults:
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        due: list[tuple[str, str, Callable[[], bool]]] = [
            ("an executor is killed while it reads", "extracts/*/_temporary/*/*/*", _kill_executor),
            ("a task dies of memory", "attempts", _cut_memory),
            ("a task is killed", "attempts", _kill_worker),
        ]
        while due and not self._is_over.wait(_POLL_SECONDS):
            name, sign, act = due[0]
            if any(self.dataset.folder.glob(f".making-*/{sign}")) or (sign == "attempts" and _parts_begun()):
                with suppress(psutil.Error):
                    if act():
                        self.done.append(name)
                        due.pop(0)


def _descendants(word: str) -> list[psutil.Process]:
    found = []
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if word in " ".join(process.cmdline()):
                found.append(process)
    return found


def _parts_begun() -> bool:
    return any(_busy_workers())


def _busy_workers() -> list[psutil.Process]:
    """The Python processes of executors that have a part's build file open."""
    busy = []
    for process in _descendants(_WORKER):
        with suppress(psutil.Error):
            if any("/part-" in file.path and "build.duckdb" in file.path for file in process.open_files()):
                busy.append(process)
    return busy


def _kill_executor() -> bool:
    executors = _descendants(_EXECUTOR)
    if len(executors) < 2:
        return False
    executors[0].kill()
    return True


def _cut_memory() -> bool:
    """Leave a process that makes a part almost no memory more, so that what it asks for next is refused."""
    for process in _busy_workers():
        limit = process.memory_info().vms + _TOO_LITTLE_BYTES
        process.rlimit(psutil.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
        process.wait(120)
        return True
    return False


def _kill_worker() -> bool:
    for process in _busy_workers():
        process.kill()
        return True
    return False


def _differing(one: Path, other: Path) -> list[str]:
    """The tables that two warehouses have not alike; the digests are computed of the rows."""
    here, there = table_digests(one), table_digests(other)
    return sorted(
        f"{table}: {here.get(table)} and {there.get(table)}"
        for table in here.keys() | there.keys()
        if here.get(table) != there.get(table)
    )


def _history_differs(one: Path, other: Path) -> list[str]:
    """What runs say of files and findings, without the runs' names and times."""
    told = {
        "audit.document_outcome": "file_name, sha256, document_id, stage, outcome, reason_code, message",
        "audit.fct_finding_history": "finding_key, document_id, state",
        "audit.ingest_run": "files_seen, documents_loaded, files_same_bytes, files_quarantined, files_left_out, outcome",
    }
    assert told.keys() == set(HISTORY)

    def rows(file: Path, table: str) -> list[Any]:
        with duckdb.connect(str(file), read_only=True) as con:
            return con.execute(f"select {told[table]} from {table} order by all").fetchall()

    return [table for table in told if rows(one, table) != rows(other, table)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the check. Returns 1 where anything is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=60, help="how many sample documents")
    parser.add_argument("--folder", type=Path, help="documents of one's own, instead of samples")
    given = parser.parse_args(arguments)
    try:
        require_spark()
        is_with_spark = True
    except MissingError as error:
        print(f"what concerns Spark is skipped: {error}", flush=True)
        is_with_spark = False
    with tempfile.TemporaryDirectory(prefix="mingzhang-spark-") as folder:
        return _check(Path(folder), given.documents, given.folder, is_with_spark)


@contextmanager
def _on_spark(settings: dict[str, str] | None = None) -> Iterator[Engine]:
    from ingest.engines.spark import started

    with started(_MASTER, settings) as spark:
        yield spark


def _mounted(folder: Path) -> dict[str, str]:
    """Settings under which a folder is at ``_URI`` for the cluster, and nowhere for who opens files by their paths."""
    return {"spark.hadoop.fs.viewfs.mounttable.cluster.link./disclosures": folder.resolve().as_uri()}


def _in_this_process() -> AbstractContextManager[Engine]:
    return nullcontext(SerialEngine(jobs=os.cpu_count() or 1))


def _silent(*_: object) -> None:
    pass


def _write_documents(folder: Path, count: int) -> None:
    """Samples, other places' layouts, planted errors, broken files and a second copy of a file."""
    write_samples(folder, seed=20261121, count=count)
    write_places(folder)
    write_planted_samples(folder / "planted")
    write_broken_samples(folder / "broken")
    first = next(path for path in sorted(folder.iterdir()) if path.is_file())
    (folder / f"copy_{first.name}").write_bytes(first.read_bytes())


def _check(work: Path, count: int, documents: Path | None, is_with_spark: bool) -> int:
    if documents is None:
        documents = work / "documents"
        _write_documents(documents, count)

    def run(name: str) -> Run:
        return Run(work / name / "w.duckdb", Policy.flag, var_dir=work / "var")

    here = build_here([documents], run("here"), os.cpu_count() or 1, _silent, _silent)
    failed = _build_differs(here, documents, run("parts"), _in_this_process, "in one process", 12, False)
    failed += _refreshes_differ(work / "serial", documents, _in_this_process, "in one process")
    failed += _commands_differ(work, here.warehouse, run("parts").warehouse)
    if not is_with_spark:
        return 1 if failed else 0
    for name, size, has_faults in (("small", 12, False), ("large", 1000, False), ("faults", 12, True)):
        failed += _build_differs(here, documents, run(name), _on_spark, name, size, has_faults)
    failed += _refreshes_differ(work / "spark", documents, _on_spark, "on Spark")
    mounted = partial(_on_spark, _mounted(documents))
    failed += _build_differs(here, remote_path(_URI), run("remote"), mounted, f"from {_URI}", 12, False)
    return 1 if failed else 0


def _build_differs(
    here: Release,
    documents: Path,
    asked: Run,
    start: Callable[[], AbstractContextManager[Engine]],
    name: str,
    size: int,
    has_faults: bool,
) -> list[str]:
    """In what a build in parts of a size is not what the build on one machine is."""
    faults = Faults(Dataset(asked.warehouse))
    began = time.monotonic()
    with start() as engine, faults if has_faults else nullcontext():
        there = build_parts([documents], asked, engine, _silent, _silent, part_documents=size)
    problems = _differing(here.warehouse, there.warehouse) + _history_differs(here.warehouse, there.warehouse)
    if there.content_hash != here.content_hash:
        problems.append(f"content {there.content_hash}, and {here.content_hash} on one machine")
    if has_faults and len(faults.done) != FAULTS:
        problems.append(f"only these faults came about: {faults.done}")
    version = folder_of(there.warehouse)
    left = [path.name for path in Dataset(asked.warehouse).folder.iterdir()]
    if version is None or sorted(left) != sorted([version.name, "published.json"]):
        problems.append(f"left in the dataset: {left}")
    print(
        f"build, {name}: {_count(there.warehouse)} documents, parts of {size}, {time.monotonic() - began:.0f} s;"
        f" {'; '.join([*faults.done, *(problems or ['equal'])])}",
        flush=True,
    )
    return problems


def _refreshes_differ(
    work: Path, documents: Path, start: Callable[[], AbstractContextManager[Engine]], name: str
) -> list[str]:
    """A refresh of everything, then one of one document in a hundred, and at least two: one is new, one has gone."""
    inbox = work / "inbox"
    shutil.copytree(documents, inbox)
    files = [path for path in sorted(inbox.iterdir()) if path.is_file()]
    count = max(1, len(files) // 200)
    coming, going = files[:count], files[-count:]
    aside = work / "aside"
    aside.mkdir()
    for path in coming:
        path.rename(aside / path.name)

    def options(name: str) -> tuple[Options, Run]:
        warehouse = work / name / "w.duckdb"
        run = Run(warehouse, Policy.flag, var_dir=work.parent / "var")
        return Options(inbox, warehouse, os.cpu_count() or 1, Policy.flag, accept_regression=True), run

    failed = []
    for what in ("everything", "little"):
        if what == "little":
            for path in coming:
                (aside / path.name).rename(path)
            for path in going:
                path.unlink()
        refresh(*options("refreshed-here"), _silent, _silent)
        began = time.monotonic()
        with start() as engine:
            result = refresh_parts(*options("refreshed"), engine, _silent, _silent, part_documents=12)
        one, other = (work / name / "w.duckdb" for name in ("refreshed-here", "refreshed"))
        problems = _differing(one, other) + _history_differs(one, other)
        version = Dataset(other).version(result.release_id)
        is_part_untouched = version is not None and len(version.parts) > len(coming) + len(going)
        if what == "little" and is_part_untouched and not result.is_incremental:
            problems.append("everything was made anew")
        print(
            f"refresh {name} of {what}: {result.rebuilt} of {result.documents} documents made anew,"
            f" {time.monotonic() - began:.0f} s; {'; '.join(problems or ['equal'])}",
            flush=True,
        )
        failed += problems
    return failed


def _count(warehouse: Path) -> int:
    with duckdb.connect(str(warehouse), read_only=True) as con:
        return int(con.execute("select count(*) from marts.dim_document").fetchall()[0][0])


def _commands_differ(work: Path, here: Path, there: Path) -> list[str]:
    """The commands that do not say of the dataset what they say of the one file."""
    with duckdb.connect(str(here), read_only=True) as con:
        [(finding,)] = con.execute("select min(finding_key) from audit.fct_finding").fetchall()
    different = []
    for command in (*_COMMANDS, ("explain", str(finding))):
        said = [
            run_mingzhang(*command, "--warehouse", file, var_dir=work / "var").stdout
            for file in (here, there)
        ]
        if said[0] != said[1] or not said[0].strip():
            different.append(" ".join(command))
    for command in ("export", "site"):
        written = []
        for number, file in enumerate((here, there)):
            target = work / f"{command}-{number}"
            place = ("--output", target) if command == "export" else (target,)
            run_mingzhang(command, *place, "--warehouse", file, var_dir=work / "var")
            written.append(
                sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file())
            )
        if written[0] != written[1] or not written[0]:
            different.append(command)
    print(f"commands on the dataset: {'; '.join(different) or 'as on one file'}", flush=True)
    return different


if __name__ == "__main__":
    sys.exit(main())
