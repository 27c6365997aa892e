"""Runs a module in a process that never outlives the process that started it, however that ends.

Such a process is short and keeps nearly all that it makes: it collects no garbage.

`python -m ingest.processes.child PARENT MODULE ARGUMENTS...` runs `python -m MODULE ARGUMENTS...`; ``command`` builds this command line.
"""

from __future__ import annotations

import ctypes
import gc
import os
import runpy
import signal
import sys

_PR_SET_PDEATHSIG = 1


def command(module: str, *arguments: str) -> list[str]:
    """The command line that runs a module as a child of this process."""
    return [sys.executable, "-m", "ingest.processes.child", str(os.getpid()), module, *arguments]


def end_with(parent: int, by: signal.Signals = signal.SIGKILL) -> None:
    """Have the kernel end this process when its parent ends, also where it is stuck or out of memory.

    Linux only. A change of the process's rights or namespaces undoes it. Exits where the parent has already ended.
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, by)
    if os.getppid() != parent:  # the parent ended before that
        sys.exit(f"process {parent} has ended")


def main() -> None:
    """Command line."""
    parent, module, *arguments = sys.argv[1:]
    end_with(int(parent))
    gc.disable()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
