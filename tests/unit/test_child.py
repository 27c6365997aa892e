"""A process that a run starts does not outlive the run, however the run ends."""

from __future__ import annotations

import subprocess
import sys
import time

import psutil
import pytest

from ingest.processes import child

_PARENT = """
import subprocess, sys, time
from ingest.processes import child
process = subprocess.Popen(child.command("code"), stdin=sys.stdin)  # waits for its standard input
print(process.pid, flush=True)
time.sleep(60)
"""


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends a process with its parent")
@pytest.mark.parametrize("head_start", [0.0, 1.0])
def test_a_child_ends_with_a_parent_that_is_killed(head_start: float) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert parent.stdout
    assert parent.stdin
    pid = int(parent.stdout.readline())
    time.sleep(head_start)
    assert _runs(pid)
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 20
    while _runs(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(pid)
    parent.stdin.close()
    parent.stdout.close()


def test_a_module_gets_its_arguments_and_its_exit_status_is_the_childs() -> None:
    done = subprocess.run(child.command("calendar", "2024", "2"), capture_output=True, text=True, check=False)
    assert (done.returncode, "February 2024" in done.stdout) == (0, True)
    assert subprocess.run(child.command("calendar", "x"), capture_output=True, check=False).returncode == 2
