"""Runs a module in a process that never outlives the one that began it, whatever ends that.

`python -m ingest.processes.child PARENT MODULE ARGUMENTS...` is `python -m MODULE ARGUMENTS...`; ``command`` writes it.
"""

from __future__ import annotations

import ctypes
import os
import runpy
import signal
import sys

_PR_SET_PDEATHSIG = 1


def command(module: str, *arguments: str) -> list[str]:
    """The command line that runs a module as a child of this process."""
    return [sys.executable, "-m", "ingest.processes.child", str(os.getpid()), module, *arguments]


def end_with(parent: int, by: signal.Signals = signal.SIGKILL) -> None:
    """Have this process ended by a signal when its parent ends, also where it is stuck or starved of memory.

    Only Linux has that. A change of the process's rights or namespaces takes it back. Exits where the parent has ended.
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, by)
    if os.getppid() != parent:  # it ended before that
        sys.exit(f"process {parent} has ended")


def main() -> None:
    """Command line."""
    parent, module, *arguments = sys.argv[1:]
    end_with(int(parent))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
