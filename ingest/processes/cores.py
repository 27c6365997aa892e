"""How many cores this process may use: all of them, or a worker's share."""

from __future__ import annotations

import os

_share: int | None = None


def all_cores() -> int:
    """The cores that this machine gives to the process."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        return os.cpu_count() or 1


def use_share(jobs: int) -> None:
    """Have this process use its share of the cores, as one of so many."""
    global _share
    _share = max(1, all_cores() // max(1, jobs))


def own_cores() -> int:
    """The cores that this process may use."""
    return _share or all_cores()
