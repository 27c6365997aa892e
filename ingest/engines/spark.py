"""Apache Spark as the engine of a build: listing, reading and making parts run in its tasks.

A document is read by the same bounded worker process as on one machine; what comes of it is a row, so that no document fails a
task. A lost executor costs its tasks, which Spark runs again: the files of a part are taken in when Spark commits the write,
those of one attempt only. Every executor has this package in the version of the driver, and sees the documents and the dataset
at the same paths. Only this module imports pyspark.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import socket
import sys
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import reduce
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyspark
from py4j.protocol import Py4JError
from pyspark import SparkConf, SparkFiles
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.datasource import DataSource, DataSourceArrowWriter, WriterCommitMessage
from pyspark.sql.functions import broadcast

from ingest.config import PACKAGES, Policy
from ingest.engines.build import Read, Task, indexed
from ingest.engines.parts import Asked, Given, Part, make_part, take_in
from ingest.inbox.inventory import Entry as Looked
from ingest.inbox.inventory import Seen, look
from ingest.inbox.remote import RemoteFile, find_remote, uri_of
from ingest.inbox.sources import Source
from ingest.inbox.walk import Found, Refusal
from ingest.outcomes import DocumentError, Reason
from ingest.releases.extracts import decode, encode
from ingest.runs.reading import read_seen
from ingest.runs.workplace import CheckError
from ingest.version import extractor_version, project_version
from ingest.warehouse.compiled import Statements, recall
from ingest.warehouse.dataset import ATTEMPTS

_FILES_PER_TASK = 256
"""How many files a task looks into and hashes."""
_DOCUMENTS_PER_TASK = 16
"""How many documents a task reads: a lost one costs little, and starting it is little beside reading."""
_INDEX_FILES = 256
"""How many files' worth of what the driver needs comes to it at a time."""
_BROADCAST_BYTES = 256 * 2**20
_LITTLE_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""The work is done in Python, the JVM passes bytes on: to compile its code twice, and to clean up with many threads, costs more than it gives."""
_SETTINGS = {
    "spark.driver.extraJavaOptions": _LITTLE_JAVA,
    "spark.executor.extraJavaOptions": _LITTLE_JAVA,
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.adaptive.enabled": "false",  # it would merge the partitions, and a partition is a part
    "spark.sql.execution.arrow.maxRecordsPerBatch": "16",  # a row is what was read of a document: up to megabytes
    "spark.sql.execution.arrow.maxBytesPerBatch": str(64 * 2**20),
}
"""What is set unless the cluster's own configuration says otherwise."""
_ABOUT_PANDAS = "ignore:PySpark does not yet fully support pandas:FutureWarning"
"""It is not used here; Spark's own processes warn of it too."""
_MADE = "parts.pickle"
_UNFETCHED = OSError(
    None, "it was listed, and the cluster does not give it: names that begin with _ are hidden from it"
)
_READ_SCHEMA = "sha256 string, indexed binary, extract binary"
_SHOWN = 2000


@contextmanager
def started(master: str | None, settings: dict[str, str] | None = None) -> Iterator[SparkEngine]:
    """A session of Spark at a master, by default the one of its configuration, else all cores of this machine.

    ``settings`` go before those of the configuration. Raises CheckError where it does not start.
    """
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYTHONWARNINGS", _ABOUT_PANDAS)
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(PACKAGES), os.environ.get("PYTHONPATH")]))
    if (master or "").startswith("local-cluster"):
        os.environ["SPARK_HOME"] = str(_home_of_links())
    configuration = SparkConf().setAppName("mingzhang")
    for name, value in {**_SETTINGS, "spark.executorEnv.PYTHONPATH": str(PACKAGES)}.items():
        configuration.setIfMissing(name, value)
    for name, value in (settings or {}).items():
        configuration.set(name, value)
    if master:
        configuration.setMaster(master)
    configuration.setIfMissing("spark.master", "local[*]")
    try:
        session = SparkSession.builder.config(conf=configuration).getOrCreate()
    except (PySparkException, Py4JError) as error:
        raise CheckError(f"Spark does not start: {str(error)[:_SHOWN]}") from error
    try:
        yield SparkEngine(session)
    finally:
        session.stop()


class SparkEngine:
    """Looks, reads and makes parts in the tasks of a session. As ``ingest.engines.build.Engine``."""

    def __init__(self, session: SparkSession) -> None:
        self._session = session

    @property
    def cores(self) -> int:
        """How many tasks run at a time."""
        return int(self._session.sparkContext.defaultParallelism)

    def find(self, uri: str) -> list[Found]:
        """The files at and below a URI, listed by the cluster's own client of its file system. Raises FileNotFoundError, CheckError."""
        context = self._session.sparkContext
        with _problems(f"{uri} cannot be listed"):
            root = context._jvm.org.apache.hadoop.fs.Path(uri)
            files = root.getFileSystem(context._jsc.hadoopConfiguration())
            if not files.exists(root):
                raise FileNotFoundError(f"no such file or folder: {uri}")
            above = files.makeQualified(root).toString().rstrip("/") + "/"
            listed, entries = [], files.listFiles(root, True)
            while entries.hasNext():
                entry = entries.next()
                place = entry.getPath().toString()
                below = place.removeprefix(above) if place.startswith(above) else entry.getPath().getName()
                changed_ns = entry.getModificationTime() * 1_000_000
                listed.append(RemoteFile(place, below, entry.getLen(), changed_ns))
        return find_remote(listed)

    def look(self, found: Sequence[Found], roots: Sequence[Path]) -> list[Looked | OSError | None]:
        """What is in each file, None where it has gone. Raises CheckError where a root cannot be seen."""
        with _problems("files cannot be looked at"):
            here = iter(self._look_here([each for each in found if not uri_of(each.path)], roots))
            there = self._look_there([each for each in found if uri_of(each.path)])
        return [there.get(each.path, _UNFETCHED) if uri_of(each.path) else next(here) for each in found]

    def _look_here(self, found: Sequence[Found], roots: Sequence[Path]) -> list[Looked | OSError | None]:
        if not found:
            return []
        slices = max(min(len(found), self.cores), -(-len(found) // _FILES_PER_TASK))
        context = self._session.sparkContext
        looked: list[Looked | OSError | None] = (
            context.parallelize(found, slices).mapPartitions(_Look(list(roots))).collect()
        )
        return looked

    def _look_there(self, found: Sequence[Found]) -> dict[Path, Looked | OSError | None]:
        if not found:
            return {}
        frame = self._fetched({each.path: pickle.dumps(each) for each in found})
        rows = frame.mapInArrow(_look_at_fetched, "looked binary").collect()
        return dict(pickle.loads(row.looked) for row in rows)

    def _fetched(self, wanted: Mapping[Path, bytes]) -> DataFrame:
        """The bytes of files that URIs name, each with what is ``wanted`` of it; fetched by the tasks that go on with them."""
        uris = [str(uri_of(path)) for path in wanted]
        given = pa.table(
            {"path": pa.array(uris, pa.string()), "given": pa.array(wanted.values(), pa.binary())}
        )
        files = self._session.read.format("binaryFile").option("__globPaths__", "false").load(uris)
        return files.select("path", "content").join(self._given(given), "path")

    def _given(self, table: pa.Table) -> DataFrame:
        """What the driver gives of each row; sent to every executor, unless it is too much, so that what is large stays where it is."""
        frame = self._session.createDataFrame(table)
        return broadcast(frame) if table.nbytes <= _BROADCAST_BYTES else frame

    def read(self, seen: Sequence[Seen], roots: Sequence[Path], folder: Path) -> None:
        """Read each file in a task, and keep what was read in a new folder."""
        with _problems("documents cannot be read"):
            frames = [
                self._read_here([each for each in seen if not uri_of(each.source.path)], roots),
                self._read_there([each for each in seen if uri_of(each.source.path)]),
            ]
            frame = reduce(DataFrame.unionAll, filter(None, frames))
            frame.write.parquet(folder.as_uri())

    def _read_here(self, seen: Sequence[Seen], roots: Sequence[Path]) -> DataFrame | None:
        if not seen:
            return None
        size = min(_DOCUMENTS_PER_TASK, max(1, -(-len(seen) // (4 * self.cores))))
        tasks = -(-len(seen) // size)
        given = pa.table(
            {
                "task": pa.array([number % tasks for number in range(len(seen))], pa.int32()),
                "seen": pa.array([pickle.dumps(each) for each in seen], pa.binary()),
            }
        )
        frame = self._session.createDataFrame(given).repartitionById(tasks, "task")
        return frame.mapInArrow(_ReadTask(list(roots), extractor_version()), _READ_SCHEMA)

    def _read_there(self, seen: Sequence[Seen]) -> DataFrame | None:
        """Read what lies in files that URIs name: all that is in one file in one task."""
        if not seen:
            return None
        wanted: dict[Path, list[Seen]] = {}
        for each in seen:
            wanted.setdefault(each.source.path, []).append(each)
        frame = self._fetched({path: pickle.dumps(lying) for path, lying in wanted.items()})
        return frame.mapInArrow(_ReadFetched(extractor_version()), _READ_SCHEMA)

    def index(self, folders: Sequence[Path]) -> Iterator[Read]:
        """The outcomes that are kept in folders, in any order, each with the rows that the driver needs."""
        if not folders:
            return
        with _problems("what was read cannot be read back"):
            index = self._kept(folders).select("indexed")
            for (indexed,) in index.coalesce(
                max(1, index.rdd.getNumPartitions() // _INDEX_FILES)
            ).toLocalIterator():
                yield _decoded(bytes(indexed))

    def make(
        self,
        asked: Asked,
        statements: Statements,
        parts: Mapping[int, Sequence[Task]],
        folders: Sequence[Path],
    ) -> list[Part]:
        """Make each part in a task of its own, and take in what Spark commits."""
        context = self._session.sparkContext
        for file in (statements.seeds, statements.seeds.with_name("statements.json")):
            context.addFile(str(file))
        largest_first = sorted(parts.items(), key=lambda part: -len(part[1]))
        tasks = [
            (partition, number, task)
            for partition, (number, part) in enumerate(largest_first)
            for task in part
        ]
        assigned = pa.table(
            {
                "sha256": pa.array([task.document.sha256 for *_, task in tasks], pa.string()),
                "partition": pa.array([partition for partition, *_ in tasks], pa.int32()),
                "part": pa.array([number for _, number, _ in tasks], pa.int32()),
                "task": pa.array([pickle.dumps(task) for *_, task in tasks], pa.binary()),
            }
        )
        with _problems("parts cannot be made"):
            self._session.dataSource.register(PartSink)
            read = self._kept(folders).select("sha256", "extract")
            frame = read.join(self._given(assigned), "sha256")
            frame = frame.select("partition", "part", "task", "extract").repartitionById(
                len(parts), "partition"
            )
            said = {name: str(value) for name, value in asdict(asked).items()}
            frame.write.format(PartSink.name()).mode("append").option("asked", json.dumps(said)).save()
        made: list[Part] = pickle.loads((asked.folder / _MADE).read_bytes())
        return made

    def _kept(self, folders: Sequence[Path]) -> DataFrame:
        return self._session.read.parquet(*(folder.as_uri() for folder in folders))


@dataclass(frozen=True)
class _Look:
    """A task: files -> what is in each, with the hash of what is to be read."""

    roots: list[Path]

    def __call__(self, found: Iterable[Found]) -> Iterator[Looked | OSError | None]:
        _check_roots(self.roots)
        for each in found:
            try:
                yield look(each)
            except OSError as error:
                yield error


@dataclass(frozen=True)
class _ReadTask:
    """A task: files -> what was read of each, in the bounds of one machine."""

    roots: list[Path]
    extractor_version: str

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        _check_roots(self.roots)
        _check_reading(self.extractor_version)
        seen = [pickle.loads(row) for batch in batches for row in batch.column("seen").to_pylist()]
        yield from _read(seen)


@dataclass(frozen=True)
class _ReadFetched:
    """A task: fetched files -> what was read of each, as ``_ReadTask``."""

    extractor_version: str

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        _check_reading(self.extractor_version)
        with tempfile.TemporaryDirectory(prefix="fetched-") as folder:
            seen = [
                replace(each, source=replace(each.source, path=file))
                for file, lying in _put_down(batches, Path(folder))
                for each in pickle.loads(lying)
            ]
            yield from _read(seen)


def _look_at_fetched(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """A task: fetched files -> what is in each, by the path that stands for its URI."""
    with tempfile.TemporaryDirectory(prefix="fetched-") as folder:
        for file, given in _put_down(batches, Path(folder)):
            found: Found = pickle.loads(given)
            [looked] = _Look([])([replace(found, path=file)])
            if isinstance(looked, dict):
                looked["sources"] = [_with_refusal(file, *source) for source in looked["sources"]]
            file.unlink()
            yield pa.record_batch({"looked": pa.array([pickle.dumps((found.path, looked))], pa.binary())})


def _with_refusal(
    file: Path, name: str, members: list[int], refusal: Refusal | None, sha256: str | None
) -> list[Any]:
    """A source as ``look`` says it, with the reason where it has no hash: later its bytes are not here."""
    if sha256 is None and refusal is None:
        try:
            Source(name, file, tuple(members)).read()
        except DocumentError as error:
            refusal = (error.reason, str(error))
        except OSError as error:
            refusal = (Reason.FILE_UNREADABLE, repr(error))
    return [name, members, refusal, sha256]


def _put_down(batches: Iterable[pa.RecordBatch], folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Write what was fetched into files of this machine; each with what is wanted of it."""
    rows = (
        row for batch in batches for row in zip(batch.column("content"), batch.column("given"), strict=True)
    )
    for number, (content, given) in enumerate(rows):
        file = folder / str(number)
        file.write_bytes(content.as_buffer())
        yield file, given.as_py()


def _check_reading(version: str) -> None:
    if extractor_version() != version:
        raise RuntimeError(f"{socket.gethostname()} has another version of mingzhang than the driver")


def _read(seen: Sequence[Seen]) -> Iterator[pa.RecordBatch]:
    for outcome, rows in read_seen(seen, 1):
        yield pa.record_batch(
            {
                "sha256": pa.array([outcome.sha256], pa.string()),
                "indexed": pa.array([encode(outcome, indexed(rows))], pa.binary()),
                "extract": pa.array([encode(outcome, rows)], pa.binary()),
            }
        )


@dataclass
class _Made(WriterCommitMessage):
    part: Part


class _PartWriter(DataSourceArrowWriter):
    """A part from the rows of its partition; Spark says which attempt counts."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    def write(self, iterator: Iterator[pa.RecordBatch]) -> WriterCommitMessage:
        statements = recall(
            Path(SparkFiles.getRootDirectory()), project_version(), self._asked.publish_policy
        )
        if statements is None:
            raise RuntimeError(f"{socket.gethostname()} has another version of mingzhang than the driver")
        first = next(iterator)
        [number] = {*first.column("part").to_pylist()}
        return _Made(make_part(self._asked, statements, number, _given(chain([first], iterator))))

    def commit(self, messages: list[WriterCommitMessage | None]) -> None:
        made = [message.part for message in messages if isinstance(message, _Made)]
        for part in made:
            take_in(self._asked.folder, part)
        (self._asked.folder / _MADE).write_bytes(pickle.dumps(made))

    def abort(self, _messages: list[WriterCommitMessage | None]) -> None:
        shutil.rmtree(self._asked.folder / ATTEMPTS, ignore_errors=True)


class PartSink(DataSource):
    """Where Spark writes the documents of parts to: each partition is one part."""

    @classmethod
    def name(cls) -> str:
        """By which Spark knows it."""
        return "mingzhang_parts"

    def writer(self, _schema: Any, _overwrite: bool) -> _PartWriter:
        """The writer of a run, which ``asked`` describes."""
        said = json.loads(self.options["asked"])
        policy, folder = Policy(said["publish_policy"]), Path(said["folder"])
        return _PartWriter(Asked(said["run_id"], said["started_at"], policy, folder))


def _given(batches: Iterable[pa.RecordBatch]) -> Iterator[Given]:
    for batch in batches:
        for row in batch.to_pylist():
            task: Task = pickle.loads(row["task"])
            outcome, rows = _decoded(row["extract"])
            if rows:  # an earlier run may have kept that it could not be read
                yield task.given(outcome, rows)


def _decoded(data: bytes) -> Read:
    found = decode(data)
    if found is None:
        raise RuntimeError("what was read of a document cannot be read back")
    return found


def _check_roots(roots: Iterable[Path]) -> None:
    """Raise FileNotFoundError where this executor cannot see the documents at all: that is no document's fault."""
    for root in roots:
        if not uri_of(root) and not root.exists():
            raise FileNotFoundError(f"the executor on {socket.gethostname()} cannot see {root}")


@contextmanager
def _problems(what: str) -> Iterator[None]:
    """Say what Spark failed at. Raises CheckError."""
    try:
        yield
    except (PySparkException, Py4JError) as error:
        lines = [line for line in str(error).splitlines() if line.strip()]
        cause = next((line for line in reversed(lines) if "Error: " in line and "\tat " not in line), None)
        raise CheckError(f"Spark has failed, {what}: {cause or str(error)[:_SHOWN]}") from error


def _home_of_links() -> Path:
    """A home of Spark's that can be written into: executors of ``local-cluster`` keep their files there."""
    home = Path(tempfile.mkdtemp(prefix="spark-home-"))
    for entry in Path(pyspark.__file__).parent.iterdir():
        (home / entry.name).symlink_to(entry)
    return home
