"""Runs a command that ends, with all that it begins, together with the process that asked for it, whatever ends that.

`python -m ingest.processes.group PARENT COMMAND...`; ``command`` writes it. It is started in a session of its own.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from ingest.processes import child


def command(*arguments: str) -> list[str]:
    """The command line that runs another one so, as a child of this process; to start with ``start_new_session``."""
    return [sys.executable, "-m", "ingest.processes.group", str(os.getpid()), *arguments]


def _kill_group(*_: object) -> None:
    os.killpg(0, signal.SIGKILL)


def main() -> int:
    """Command line. The kernel's signal kills this process's group: a command alone would leave what it has begun."""
    parent, *arguments = sys.argv[1:]
    signal.signal(signal.SIGTERM, _kill_group)
    child.end_with(int(parent), signal.SIGTERM)
    return subprocess.run(arguments, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
