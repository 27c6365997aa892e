"""Reads the pictures of several pages beside each other, in threads: the recogniser and OpenCV leave Python's lock."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, TypeVar

from ingest.processes.cores import own_cores

Result = TypeVar("Result")
_MOST_BESIDE = 4
"""Pages that are read at the same time at most: each takes up to 400 MiB."""


class Beside(Generic[Result]):
    """Calls functions beside each other, as many as the process has cores, and no more at a time than memory allows.

    With one core each is called where it is given, so that nothing is held back.
    """

    def __init__(self, cores: int | None = None) -> None:
        self._count = min(cores or own_cores(), _MOST_BESIDE)
        self._pool = ThreadPoolExecutor(self._count) if self._count > 1 else None
        self._begun: deque[Future[Result]] = deque()

    def __enter__(self) -> Beside[Result]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def begin(self, function: Callable[[], Result]) -> Future[Result]:
        """Call a function; waits first where enough others are under way."""
        if self._pool is None:
            return settled(function())
        while len(self._begun) >= self._count:
            self._begun.popleft().exception()
        self._begun.append(self._pool.submit(function))
        return self._begun[-1]


def settled(result: Result) -> Future[Result]:
    """A result that is there already."""
    done: Future[Result] = Future()
    done.set_result(result)
    return done
