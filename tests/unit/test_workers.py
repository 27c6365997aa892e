"""Worker processes: an item that hangs, uses up memory, kills its process or raises affects no other item."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from ingest.config import LIMITS
from ingest.outcomes import Reason
from ingest.processes.workers import Failure, WorkerError, run_bounded

pytestmark = pytest.mark.whole

MIB = 2**20
BOUNDS = replace(LIMITS, seconds=2.0, memory_bytes=400 * MIB)
_LEFT: list[bytes] = []


def work(task: str) -> str:
    """What a task's name says; its name, where it comes to an end."""
    word, _, detail = task.partition(" ")
    if word == "hang":
        time.sleep(60)
    elif word == "spin":
        sum(range(10**12))  # holds the interpreter's lock and never looks at a signal
    elif word == "eat":
        _LEFT.extend(bytes(MIB) for _ in range(int(detail)))
    elif word == "kill":
        os.kill(os.getpid(), int(detail))
    elif word == "leave":
        os._exit(7)
    elif word == "raise":
        raise ValueError("no such thing")
    elif word == "helper":
        subprocess.run(["sleep", detail], check=True)
    elif word == "sleep":
        time.sleep(float(detail))
    elif word == "large":
        return "x" * int(detail) * MIB
    return task


def poisoned(task: str) -> str:
    """A task that leaves the worker in a state in which the next one dies, however harmless."""
    if _LEFT:
        os.kill(os.getpid(), signal.SIGSEGV)
    if task == "poison":
        _LEFT.append(b"")
    return task


class _Unreadable:
    """Ends the process in which it is unpickled."""

    __module__ = __name__

    def __call__(self, _: str) -> str:
        raise AssertionError

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (9,)


def reason(value: str | Failure) -> str:
    return value.reason if isinstance(value, Failure) else value


def test_a_bad_task_takes_nothing_along_and_the_order_stays() -> None:
    tasks = [
        "a", "kill 9", "b", "hang", "c", "eat 1000", "d", "kill 11", "e", "raise", "f", "leave", "g", "spin", "h",
    ]  # fmt: skip
    expected = {
        "kill 9": Reason.WORKER_DIED,
        "hang": Reason.TIME_EXCEEDED,
        "eat 1000": Reason.MEMORY_EXCEEDED,
        "kill 11": Reason.WORKER_DIED,
        "raise": Reason.EXTRACTION_FAILED,
        "leave": Reason.WORKER_DIED,
        "spin": Reason.TIME_EXCEEDED,
    }
    answers = list(run_bounded(work, tasks, 3, BOUNDS))
    assert [item for item, _ in answers] == tasks
    assert [reason(value) for _, value in answers] == [expected.get(task, task) for task in tasks]
    messages = {item: value.message for item, value in answers if isinstance(value, Failure)}
    assert "SIGSEGV" in messages["kill 11"]
    assert "exit status 7" in messages["leave"]
    assert "400 MiB" in messages["eat 1000"]
    assert "no such thing" in messages["raise"]


def test_a_slow_task_does_not_stop_the_others() -> None:
    began = time.monotonic()
    answers = list(run_bounded(work, ["sleep 1.5", *(f"sleep 0.1{n}" for n in range(10))], 2, BOUNDS))
    assert len(answers) == 11
    assert time.monotonic() - began < 6


def test_what_an_earlier_task_left_behind_is_not_laid_on_the_next() -> None:
    tasks = ["a", "poison", "b", "c"]
    assert [value for _, value in run_bounded(poisoned, tasks, 1, BOUNDS)] == tasks
    memory = ["eat 150", "eat 150", "eat 150", "eat 150"]
    assert [value for _, value in run_bounded(work, memory, 1, BOUNDS)] == memory


def test_results_larger_than_a_pipe_come_through_and_tasks_are_taken_as_there_is_room() -> None:
    taken: list[int] = []

    def tasks() -> Iterator[str]:
        for number in range(24):
            taken.append(number)
            yield "large 16"

    ahead = 0
    for done, (_, value) in enumerate(run_bounded(work, tasks(), 2, LIMITS)):
        assert not isinstance(value, Failure)
        assert len(value) == 16 * MIB
        ahead = max(ahead, len(taken) - done)
        time.sleep(0.01)
    assert len(taken) == 24
    assert ahead <= 20, "more results wait than their bound of bytes allows"


def test_a_killed_worker_takes_its_helpers_along_and_closing_ends_all() -> None:
    answers = list(run_bounded(work, ["helper 61.5"], 1, replace(BOUNDS, seconds=1.0)))
    assert [reason(value) for _, value in answers] == [Reason.TIME_EXCEEDED]
    with closing(run_bounded(work, ["a", "helper 61.5", "hang"], 3, LIMITS)) as running:
        assert next(running) == ("a", "a")
    time.sleep(0.2)
    left = [
        process
        for process in psutil.process_iter(["cmdline"])
        if process.info["cmdline"] == ["sleep", "61.5"]
    ]
    assert not left


def test_workers_that_do_not_start_are_an_error_and_no_verdict_on_the_tasks() -> None:
    with pytest.raises(WorkerError, match="exit status 9"):
        list(run_bounded(_Unreadable(), ["a", "b"], 2, BOUNDS))


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = (
        "import os\nfrom ingest.processes.workers import run_bounded\nfrom test_workers import where\n"
        "if __name__ == '__main__':\n for item, pid in run_bounded(where, ['a', 'b'], 1):\n"
        "  print(pid, flush=True)\n  os.kill(os.getpid(), 9)\n"
    )
    (tmp_path / "parent.py").write_text(script)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "parent.py")], env=os.environ | {"PYTHONPATH": os.pathsep.join([os.getcwd(), str(Path(__file__).parent)])},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == -9, done.stderr
    worker = int(done.stdout.split()[0])
    for _ in range(50):
        if not psutil.pid_exists(worker):
            break
        time.sleep(0.1)
    assert not psutil.pid_exists(worker)


def busy(path: str) -> None:
    """Say which process this is, and hold the interpreter's lock for longer than anybody waits."""
    Path(path).write_text(str(os.getpid()))
    sum(range(10**12))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends a process with its parent")
def test_a_busy_worker_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    script, told = tmp_path / "parent.py", tmp_path / "told"
    script.write_text(
        "import sys\nfrom ingest.processes.workers import run_bounded\nfrom test_workers import busy\n"
        "if __name__ == '__main__':\n list(run_bounded(busy, sys.argv[1:], 1))\n"
    )
    path = os.pathsep.join([os.getcwd(), str(Path(__file__).parent)])
    parent = subprocess.Popen([sys.executable, str(script), str(told)], env=os.environ | {"PYTHONPATH": path})
    while not told.exists() or not told.read_text():
        assert parent.poll() is None
        time.sleep(0.05)
    worker = psutil.Process(int(told.read_text()))
    parent.kill()
    parent.wait()
    with contextlib.suppress(psutil.NoSuchProcess):
        worker.wait(timeout=10)


def chatter(task: str) -> str:
    """Print as libraries do."""
    print("to standard output")
    os.write(2, b"to standard error")
    return task


def test_what_libraries_print_is_not_in_the_log(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "from ingest.processes.workers import run_bounded\nfrom test_workers import chatter\n"
        "if __name__ == '__main__':\n print(list(run_bounded(chatter, ['a'], 1)))\n"
    )
    path = os.pathsep.join([os.getcwd(), str(Path(__file__).parent)])
    done = subprocess.run(
        [sys.executable, str(script)], env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("[('a', 'a')]\n", "")


def reach(port: str) -> bool:
    """Whether this process can reach a port of this machine."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", int(port)), timeout=2):
        return True
    return False


def test_workers_have_no_network_where_the_machine_allows_that() -> None:
    allowed = subprocess.run(
        [sys.executable, "-m", "ingest.processes.isolation"], capture_output=True, text=True, check=False
    )
    assert allowed.stdout
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        assert reach(port)
        assert [value for _, value in run_bounded(reach, [port], 1, BOUNDS)] == [allowed.returncode != 0]


def where(_: str) -> int:
    """The worker's process id."""
    return os.getpid()
