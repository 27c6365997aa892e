"""Worker processes with limits: one item at a time each, with limited time and memory; results in the items' order.

Each worker has its own pipe, so that when one is killed, even in the middle of an answer, only its own item is lost;
a pool whose workers share one pipe and its lock cannot promise that. Workers are forked from a
server process without threads: a fork of the caller would copy the locks of DuckDB's and Arrow's threads.
"""

from __future__ import annotations

import contextlib
import fcntl
import multiprocessing
import os
import pickle
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Generic, TypeVar

from ingest.config import LIMITS, Limits
from ingest.outcomes import Reason
from ingest.processes.cores import use_share
from ingest.processes.isolation import leave_network
from ingest.processes.scratch import use_for_temporary_files

Item = TypeVar("Item")
Result = TypeVar("Result")

_WINDOW = 256
_WINDOW_BYTES = 256 * 2**20
"""How many results, and how many bytes, may wait for an earlier one, so that a slow item does not stop the others."""
_SPENT_SHARE = 0.5
"""A worker that has ever used this share of its memory limit is replaced, so that the next item has all of it."""
_START_SECONDS = 120.0
_FAILED_STARTS = 3
_GRACE_SECONDS = 30.0
"""Seconds after its time limit at which the kernel ends a worker that survived its parent."""
_REMOVAL_TRIES, _REMOVAL_SECONDS = 20, 0.05
_READY = b"ready"
_CONTEXT = multiprocessing.get_context("forkserver")


class WorkerError(Exception):
    """Workers cannot be started at all; the message says how they ended."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an item has no result: TIME_EXCEEDED, MEMORY_EXCEEDED, WORKER_DIED, or EXTRACTION_FAILED for an exception."""

    reason: Reason
    message: str
    seconds: float = 0.0


def run_bounded(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    jobs: int,
    limits: Limits = LIMITS,
    loaded: Sequence[str] = (),
) -> Generator[tuple[Item, Result | Failure]]:
    """Call an importable function on every item in ``jobs`` processes; yield each item with its result or failure.

    The order is that of the items, which are taken one by one as there is room. An item that takes longer than
    ``limits.seconds`` has its process group killed; one that asks for more than ``limits.memory_bytes`` is refused
    the memory. No other item is affected. The workers find the module of the function loaded, and the modules ``loaded``.

    Raises WorkerError where workers do not start. Closing the iterator ends the workers.
    """
    pool: _Pool[Item, Result] = _Pool(function, jobs, limits, loaded)
    numbered = enumerate(items)
    done: dict[int, _Ended[Item, Result]] = {}
    taken, turn, held_bytes = 0, 0, 0
    try:
        while True:
            while pool.has_room and taken - turn < _WINDOW and (held_bytes < _WINDOW_BYTES or taken == turn):
                following = next(numbered, None)
                if following is None:
                    break
                pool.give(_Task(*following))
                taken += 1
            if turn == taken:
                return
            for ended in pool.collect(at_once=turn in done):
                done[ended.task.number] = ended
                held_bytes += ended.byte_size
            if turn in done:
                ended = done.pop(turn)
                held_bytes -= ended.byte_size
                turn += 1
                yield ended.task.item, ended.value
    finally:
        pool.stop()


@dataclass(frozen=True, slots=True)
class _Task(Generic[Item]):
    number: int
    item: Item


@dataclass(frozen=True, slots=True)
class _Ended(Generic[Item, Result]):
    """A task and its result or failure."""

    task: _Task[Item]
    value: Result | Failure
    byte_size: int = 0


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a worker sends for an item: a result or a failure, and whether it uses too much memory to continue."""

    value: Any
    is_spent: bool

    @property
    def is_out_of_memory(self) -> bool:
        """Whether the item was refused memory."""
        return isinstance(self.value, Failure) and self.value.reason is Reason.MEMORY_EXCEEDED


class _Pool(Generic[Item, Result]):
    """The workers and their current tasks."""

    def __init__(
        self, function: Callable[[Item], Result], jobs: int, limits: Limits, loaded: Sequence[str]
    ) -> None:
        self._function, self._jobs, self._limits = function, jobs, limits
        self._idle: list[_Worker[Item]] = []
        self._busy: list[_Worker[Item]] = []
        self._again: list[_Task[Item]] = []
        self._failed_starts = 0
        _CONTEXT.set_forkserver_preload([function.__module__, *loaded])

    @property
    def has_room(self) -> bool:
        """Whether another task can be started."""
        return len(self._busy) + len(self._again) < self._jobs

    def give(self, task: _Task[Item]) -> None:
        """Hand a task to an idle worker, or to a new one."""
        worker = self._idle.pop() if self._idle else _Worker(self._function, self._limits, self._jobs)
        self._busy.append(worker)
        worker.begin(task)

    def collect(self, at_once: bool) -> list[_Ended[Item, Result]]:
        """The tasks that have ended by now; unless ``at_once``, waits until something happens."""
        if self._again:
            self._retire(self._idle)  # a task that is tried again gets a fresh worker
        while self._again:
            self.give(self._again.pop())
        if not at_once:
            left = min((worker.deadline for worker in self._busy), default=0.0) - time.monotonic()
            wait([worker.connection for worker in self._busy], max(left, 0.0))
        return [ended for worker in list(self._busy) for ended in self._look_at(worker)]

    def stop(self) -> None:
        """End every worker."""
        self._retire(self._busy)
        self._retire(self._idle)

    def _retire(self, workers: list[_Worker[Item]]) -> None:
        while workers:
            workers.pop().stop()

    def _look_at(self, worker: _Worker[Item]) -> Iterator[_Ended[Item, Result]]:
        """A worker's task if it has ended; None while it runs, or where it will be tried again."""
        try:
            payload = worker.receive()
        except (EOFError, OSError):
            yield from self._dead(worker)
            return
        if payload is None:
            if time.monotonic() >= worker.deadline:
                yield self._late(worker)
            return
        answer: _Answer = pickle.loads(payload)
        self._busy.remove(worker)
        self._failed_starts = 0
        was_fresh, worker.is_fresh = worker.is_fresh, False
        if answer.is_spent:
            worker.stop()
        else:
            self._idle.append(worker)
        if answer.is_out_of_memory and not was_fresh:
            self._again.append(worker.task)
        else:
            yield _Ended(worker.task, answer.value, len(payload))

    def _late(self, worker: _Worker[Item]) -> _Ended[Item, Result]:
        self._busy.remove(worker)
        worker.stop()
        if not worker.is_ready:
            raise WorkerError(f"a worker did not start within {_START_SECONDS:g} s")
        message = f"not done within {self._limits.seconds:g} s"
        return _Ended(worker.task, Failure(Reason.TIME_EXCEEDED, message, worker.seconds))

    def _dead(self, worker: _Worker[Item]) -> Iterator[_Ended[Item, Result]]:
        self._busy.remove(worker)
        how = worker.stop(patience=1.0)
        if worker.is_ready and worker.is_fresh:
            message = f"the worker process ended with {how}"
            yield _Ended(worker.task, Failure(Reason.WORKER_DIED, message, worker.seconds))
            return
        if not worker.is_ready:
            self._failed_starts += 1
            if self._failed_starts >= _FAILED_STARTS:
                raise WorkerError(f"workers do not start: {_FAILED_STARTS} in a row ended with {how}")
        self._again.append(worker.task)


class _Worker(Generic[Item]):
    """One process and the pipe to it. ``is_fresh`` until it has answered once."""

    def __init__(self, function: Callable[[Item], Any], limits: Limits, jobs: int) -> None:
        self.connection, theirs = _CONTEXT.Pipe()
        self.is_ready, self.is_fresh = False, True
        self._limits = limits
        self._folder = Path(tempfile.mkdtemp(prefix="worker-"))
        arguments = (theirs, function, limits, jobs, self._folder)
        self._process = _CONTEXT.Process(target=_serve, args=arguments, daemon=True)
        self._process.start()
        theirs.close()

    def begin(self, task: _Task[Item]) -> None:
        """Send it a task. Whether it still lives shows when it should answer."""
        self.task = task
        self._began = time.monotonic()
        with contextlib.suppress(OSError):
            self.connection.send(task.item)

    @property
    def seconds(self) -> float:
        """Seconds since its task was started."""
        return time.monotonic() - self._began

    @property
    def deadline(self) -> float:
        """The time by which it must answer, on the monotonic clock."""
        return self._began + (self._limits.seconds if self.is_ready else _START_SECONDS)

    def receive(self) -> bytes | None:
        """Its answer, or None while there is none. Raises EOFError or OSError where it is dead."""
        while self.connection.poll():
            payload = self.connection.recv_bytes()
            if payload != _READY:
                return payload
            self.is_ready, self._began = True, time.monotonic()
        return None

    def stop(self, patience: float = 0.0) -> str:
        """Kill it and the processes that it has started, where they still run; remove its files. Returns how it ended."""
        assert self._process.pid
        self.connection.close()
        self._process.join(patience)
        with contextlib.suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.join()
        self._remove_folder()
        code = self._process.exitcode or 0
        return signal.Signals(-code).name if code < 0 else f"exit status {code}"

    def _remove_folder(self) -> None:
        """Processes that the worker started end a moment after it, and may write until then."""
        for _ in range(_REMOVAL_TRIES):
            shutil.rmtree(self._folder, ignore_errors=True)
            if not self._folder.exists():
                return
            time.sleep(_REMOVAL_SECONDS)


def _serve(
    connection: Connection, function: Callable[[Any], Any], limits: Limits, jobs: int, folder: Path
) -> None:
    """The worker process: reports that it is ready, then answers item by item until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.setpgid(0, 0)
    leave_network()
    _end_with_caller()
    use_for_temporary_files(folder)
    use_share(jobs)
    for bound, value in ((resource.RLIMIT_DATA, limits.memory_bytes), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(bound)[1]
        resource.setrlimit(bound, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        connection.send_bytes(_READY)
        _say_nothing()
        while True:
            item = connection.recv()
            signal.setitimer(signal.ITIMER_REAL, limits.seconds + _GRACE_SECONDS)
            connection.send_bytes(_answer(function, item, limits))
            signal.setitimer(signal.ITIMER_REAL, 0)


def _say_nothing() -> None:
    """Keep what libraries print about a document, also from C, out of the run's log."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    for printed in (1, 2):
        os.dup2(nowhere, printed)


def _end_with_caller() -> None:
    """Have the kernel end this process when the caller's end of a pipe is closed, by the signal for events on a pipe.

    The worker's parent cannot be watched instead: it is the server, which lives as long as any worker does.
    """
    caller = multiprocessing.parent_process()
    assert caller
    pipe = caller.sentinel
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    if not caller.is_alive():
        sys.exit("the caller has ended")


def _answer(function: Callable[[Any], Any], item: Any, limits: Limits) -> bytes:
    try:
        value = function(item)
        peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        return pickle.dumps(_Answer(value, is_spent=peak_bytes > limits.memory_bytes * _SPENT_SHARE))
    except MemoryError:
        message = f"needs more than {limits.memory_bytes // 2**20} MiB of memory"
        return pickle.dumps(_Answer(Failure(Reason.MEMORY_EXCEEDED, message), is_spent=True))
    except Exception as error:
        return pickle.dumps(_Answer(Failure(Reason.EXTRACTION_FAILED, repr(error)), is_spent=False))
