"""Runs a command that ends, with all processes it starts, together with the process that asked for it, however that ends.

`python -m ingest.processes.group PARENT COMMAND...`; ``command`` builds this command line. Start it in its own session.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from ingest.processes import child


def command(*arguments: str) -> list[str]:
    """The command line that runs another command this way; start it with ``start_new_session``."""
    return [sys.executable, "-m", "ingest.processes.group", str(os.getpid()), *arguments]


def _kill_group(*_: object) -> None:
    os.killpg(0, signal.SIGKILL)


def main() -> int:
    """Command line. The kernel's signal kills this whole process group: killing the command alone would leave its children."""
    parent, *arguments = sys.argv[1:]
    signal.signal(signal.SIGTERM, _kill_group)
    child.end_with(int(parent), signal.SIGTERM)
    return subprocess.run(arguments, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
