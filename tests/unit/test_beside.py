"""Pages that are read beside each other: results in order, errors where they are asked for, no more at a time than allowed."""

from __future__ import annotations

import threading
import time
from functools import partial

import pytest

from ingest.processes import cores
from ingest.readers.scan.beside import Beside


def test_results_are_those_of_the_functions_whatever_the_number_of_cores() -> None:
    for count in (1, 3):
        with Beside[int](count) as beside:
            begun = [beside.begin(partial(pow, number, 2)) for number in range(20)]
            assert [each.result() for each in begun] == [number**2 for number in range(20)]


def test_no_more_are_under_way_than_cores() -> None:
    under_way: list[int] = []
    most: list[int] = []
    lock = threading.Lock()

    def work() -> None:
        with lock:
            under_way.append(1)
            most.append(len(under_way))
        time.sleep(0.01)
        with lock:
            under_way.pop()

    with Beside[None](2) as beside:
        for _ in range(8):
            beside.begin(work)
    assert max(most) == 2


def test_one_core_reads_each_page_where_it_is_given() -> None:
    seen: list[str] = []
    with Beside[None](1) as beside:
        beside.begin(lambda: seen.append(threading.current_thread().name))
    assert seen == [threading.main_thread().name]


def test_an_error_comes_where_the_result_is_asked_for() -> None:
    def fail() -> None:
        raise MemoryError

    with Beside[None](2) as beside:
        begun = [beside.begin(fail) for _ in range(4)]
        for each in begun:
            with pytest.raises(MemoryError):
                each.result()


def test_a_worker_uses_its_share_of_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "_share", None)
    assert cores.own_cores() == cores.all_cores()
    monkeypatch.setattr(cores, "all_cores", lambda: 8)
    for jobs, share in ((1, 8), (3, 2), (8, 1), (20, 1), (0, 8)):
        cores.use_share(jobs)
        assert cores.own_cores() == share
