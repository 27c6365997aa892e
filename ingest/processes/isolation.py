"""Takes the network away from a process that reads documents from the open web.

`python -m ingest.processes.isolation` says whether this machine allows it (exit status 0) or not (1).
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from pathlib import Path

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


def leave_network() -> bool:
    """Move this process and all processes that it starts into their own network, which has no device.

    Linux only, and only for a process without threads; without privileges the kernel must allow user namespaces.
    Returns whether it succeeded; where it did not, nothing has changed.
    """
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) == 0:
        return True
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return False
    own = Path("/proc/self")
    with suppress(OSError):  # without it files still belong to us, only the user number shown differs
        (own / "setgroups").write_text("deny")
        (own / "uid_map").write_text(f"{user} {user} 1")
        (own / "gid_map").write_text(f"{group} {group} 1")
    return True


def main() -> int:
    """Try it in this process and say so."""
    if leave_network():
        print("workers read documents without network")
        return 0
    print("this machine does not let workers give up the network: run mingzhang where it has none")
    return 1


if __name__ == "__main__":
    sys.exit(main())
