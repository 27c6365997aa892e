"""A tiny inbox of sample texts for commands that refresh many times: two documents change between one run and the next."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from ingest.config import PROJECT_ROOT
from ingest.releases.store import ReleaseStore
from samples import write_samples

_PRESENT, _ALL = 8, 14
_PATIENCE = 5.0


class TinyInbox:
    """A folder with eight of fourteen texts, and the warehouse that refreshes make of it below ``root``."""

    def __init__(self, root: Path, seed: int) -> None:
        self.random = random.Random(seed)
        self.session = 0
        self.root, self.inbox = root, root / "inbox"
        self.store = ReleaseStore(root / "published" / "w.duckdb")
        self.inbox.mkdir(parents=True)
        self.store.warehouse.parent.mkdir()
        write_samples(root / "samples", seed=seed, count=36)
        self._pool = sorted((root / "samples").glob("*.txt"))[:_ALL]
        for path in self._pool[:_PRESENT]:
            shutil.copy(path, self.inbox)

    def change(self) -> None:
        """Add one document and remove another."""
        names = {path.name for path in self.inbox.iterdir()}
        gone = self.random.choice(sorted(names))
        come = self.random.choice([path for path in self._pool if path.name not in names])
        (self.inbox / gone).unlink()
        shutil.copy(come, self.inbox)

    def start(
        self, *arguments: str, prefix: Sequence[str] = (), before: Callable[[], None] | None = None
    ) -> subprocess.Popen[str]:
        """A refresh in a process group of its own."""
        command = [
            *prefix, sys.executable, "-m", "ingest", "refresh", "--inbox", str(self.inbox),
            "--warehouse", str(self.store.warehouse), "--jobs", "1", *arguments,
        ]  # fmt: skip
        process = subprocess.Popen(
            command, cwd=PROJECT_ROOT, env=os.environ | {"MINGZHANG_VAR": str(self.root / "var")}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=before,
        )  # fmt: skip
        self.session = process.pid
        return process

    def survivors(self) -> list[str]:
        """What still runs of the refresh that was started last, some seconds after it has ended."""
        deadline = time.monotonic() + _PATIENCE
        while (left := _running(self.session)) and time.monotonic() < deadline:
            time.sleep(0.1)
        return left

    def refresh(self, *arguments: str) -> str:
        """Run a refresh to its end. Returns its output; raises RuntimeError where it failed."""
        process = self.start(*arguments)
        said, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"exit status {process.returncode}:\n{said[-3000:]}")
        return said


def _running(session: int) -> list[str]:
    """The command lines of the processes of a session."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, ProcessLookupError):
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline()))
    return found
