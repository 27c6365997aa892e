"""Runs statements on one database, several at a time.

DuckDB spreads one statement over the processors only where it has many rows; with few, planning takes the time, which is
one processor's work.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from graphlib import TopologicalSorter
from queue import SimpleQueue
from typing import TypeVar

import duckdb

from ingest.warehouse.compiled import Model

T = TypeVar("T")
R = TypeVar("R")


class AtOnce:
    """Connections to one database, each used by one thread at a time: ``count``, by default as many as there are processors.

    Use as a context manager. They see the catalogue ``use``; temporary tables and views of ``con`` they do not see.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, use: str, count: int | None = None) -> None:
        self._con, self._use = con, use
        self._count = count or os.cpu_count() or 1
        self._free: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()
        self._open = ExitStack()

    def __enter__(self) -> AtOnce:
        for _ in range(self._count):
            cursor = self._open.enter_context(self._con.cursor())
            cursor.execute(f"use {self._use}")
            self._free.put(cursor)
        self._pool = ThreadPoolExecutor(self._count)
        self._open.callback(
            self._pool.shutdown, cancel_futures=True
        )  # before the connections that it works with
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def each(self, work: Callable[[duckdb.DuckDBPyConnection, T], R], things: Iterable[T]) -> Iterator[R]:
        """What ``work`` gives for each thing, in their order."""
        return self._pool.map(lambda thing: self._with_connection(work, thing), things)

    def make(
        self, models: Sequence[Model], make: Callable[[duckdb.DuckDBPyConnection, Model], None]
    ) -> Iterator[tuple[Model, duckdb.Error | None]]:
        """Make each model when those of the ``models`` that it depends on are there. Gives each as it is done, with the error
        where it fails: then only the models that come before it are still made, so that the last one given with an error
        is the first that fails in their order.
        """
        number_of = {model.place: number for number, model in enumerate(models)}
        due = TopologicalSorter({model.place: number_of.keys() & model.parents for model in models})
        due.prepare()
        end = len(models)
        running: dict[Future[None], int] = {}
        while due.is_active():
            for place in sorted(due.get_ready(), key=number_of.__getitem__):
                number = number_of[place]
                if number < end:
                    running[self._pool.submit(self._with_connection, make, models[number])] = number
            if not running:
                return
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                number = running.pop(done)
                error = done.exception()
                if error is None:
                    due.done(models[number].place)
                elif not isinstance(error, duckdb.Error):
                    raise error
                elif number < end:
                    end = number
                else:
                    continue
                yield models[number], error

    def _with_connection(self, work: Callable[[duckdb.DuckDBPyConnection, T], R], thing: T) -> R:
        con = self._free.get()
        try:
            return work(con, thing)
        finally:
            self._free.put(con)
