"""Breaks refreshes in many ways and checks the published file after each: it must be the old or the new one, complete.

`python -m tests.long.break_refreshes --times 200`. Each time one document is added and another removed; a refresh is
started and broken: its processes are killed at a moment spread over its whole duration, terminated, or run out of disk or
memory, the disk is read-only, or a file of its folder is damaged. Then the published file must open, be the old or the new
release by its content hash, and have no log beside it; no process of the broken run may continue; and the next refresh
must publish the new one. Exit status 1 where any of this fails.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import duckdb

from ingest.warehouse.publish import content_hash
from tests.long.tiny_inbox import TinyInbox

KINDS = ("kill",) * 12 + ("end",) * 2 + ("disk",) * 2 + ("memory",) + ("read_only",) + ("damage",) * 2
_MIB = 2**20


class Breaker:
    """Breaks one refresh after the other and counts the outcomes."""

    def __init__(self, world: TinyInbox) -> None:
        self.world = world
        self.ended: Counter[tuple[str, str]] = Counter()
        self.wrong: list[str] = []
        self.seconds = 20.0

    def once(self, number: int, kind: str, moment: float) -> None:
        """Break a refresh at a fraction ``moment`` of its duration, check the file, then let the next refresh repair it."""
        world, warehouse = self.world, self.world.store.warehouse
        old = content_hash(warehouse)
        world.change()
        how = getattr(self, f"_{kind}")(moment)
        if left := world.survivors():
            self.wrong.append(f"{number} {kind}: a process of the broken run goes on: {left}")
        found = self._look(f"{number} {kind}")
        began = time.perf_counter()
        try:
            world.refresh()
        except RuntimeError as error:
            self.wrong.append(f"{number} {kind}: the next refresh failed: {error}")
            return
        new = content_hash(warehouse)
        if found == old and found != new:
            self.seconds = 0.8 * self.seconds + 0.2 * (time.perf_counter() - began)
        release = world.store.published()
        if release is None or release.content_hash != new or new == old:
            self.wrong.append(f"{number} {kind}: after healing the file is not the new release")
        state = "old" if found == old else "new" if found == new else "neither"
        if state == "neither":
            self.wrong.append(f"{number} {kind}: the published file was neither the old nor the new release")
        if world.store.work_dir.exists() or self._strays():
            self.wrong.append(f"{number} {kind}: a healed folder holds what a broken run has left")
        self.ended[f"{kind}: {how}", state] += 1

    def _look(self, what: str) -> str | None:
        warehouse = self.world.store.warehouse
        if warehouse.with_name(warehouse.name + ".wal").exists():
            self.wrong.append(f"{what}: a log lies beside the published file")
        try:
            return content_hash(warehouse)
        except (duckdb.Error, OSError) as error:
            self.wrong.append(f"{what}: the published file cannot be read: {error}")
            return None

    def _strays(self) -> list[Path]:
        warehouse = self.world.store.warehouse
        return [*warehouse.parent.glob(f".{warehouse.name}*"), *self.world.store.folder.glob(".*")]

    def _kill(self, moment: float) -> str:
        return self._signal(moment, signal.SIGKILL)

    def _end(self, moment: float) -> str:
        return self._signal(moment, signal.SIGTERM)

    def _signal(self, moment: float, what: signal.Signals) -> str:
        process = self.world.start()
        with suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=moment * self.seconds)
            return "had ended"
        with suppress(ProcessLookupError):
            if what is signal.SIGKILL:
                os.killpg(process.pid, what)
            else:
                process.send_signal(what)
        process.communicate()
        return what.name

    def _disk(self, moment: float) -> str:
        largest = int(64 * 1024 + moment * 16 * _MIB)
        return self._starve(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest)))

    def _memory(self, moment: float) -> str:
        largest = int((150 + moment * 900) * _MIB)
        return self._starve(lambda: resource.setrlimit(resource.RLIMIT_DATA, (largest, largest)))

    def _starve(self, bound: Callable[[], None]) -> str:
        process = self.world.start(before=bound)
        process.communicate()
        return f"exit status {process.returncode}"

    def _read_only(self, _: float) -> str:
        place = self.world.store.warehouse.parent
        script = f"mount --bind '{place}' '{place}' && mount -o remount,ro,bind '{place}' && exec \"$@\""
        process = self.world.start(prefix=["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh"])
        said, _ = process.communicate()
        if "ead-only file system" not in said:
            return f"could not be tried: exit status {process.returncode}"
        return f"exit status {process.returncode}"

    def _damage(self, moment: float) -> str:
        """A file beside the warehouse is cut or changed; the refresh runs to its end."""
        folder, chance = self.world.store.folder, self.world.random
        files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "lock")
        path = chance.choice(files)
        data = bytearray(path.read_bytes())
        place = int(moment * max(len(data) - 1, 0))
        if chance.random() < 0.5 or not data:
            path.write_bytes(data[:place])
        else:
            data[place] ^= 0xFF
            path.write_bytes(data)
        process = self.world.start()
        process.communicate()
        return f"exit status {process.returncode}"


def main() -> int:
    """Command line: break, count, report."""
    parser = argparse.ArgumentParser(prog="python -m tests.long.break_refreshes", description=__doc__)
    parser.add_argument("--times", type=int, default=200, help="number of refreshes to break")
    parser.add_argument("--seed", type=int, default=1, help="random seed of documents, kinds and moments")
    given = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="break-") as folder:
        world = TinyInbox(Path(folder), given.seed)
        world.refresh()
        world.change()
        breaker = Breaker(world)
        started = time.perf_counter()
        world.refresh()
        breaker.seconds = time.perf_counter() - started
        print(f"a refresh takes {breaker.seconds:.1f} s", flush=True)
        kinds = [KINDS[number % len(KINDS)] for number in range(given.times)]
        world.random.shuffle(kinds)
        for number, kind in enumerate(kinds, start=1):
            breaker.once(number, kind, (number * 0.618033988749895) % 1)
            if number % 10 == 0:
                print(
                    f"{number} of {given.times}, {len(breaker.wrong)} wrong, {time.monotonic() - began:,.0f} s",
                    flush=True,
                )
    for (how, state), count in sorted(breaker.ended.items()):
        print(f"{count:5} {how}: the published file was the {state} one")
    print(f"{given.times} refreshes broken, {len(breaker.wrong)} wrong, {time.monotonic() - began:,.0f} s")
    print("\n".join(breaker.wrong))
    return 1 if breaker.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
