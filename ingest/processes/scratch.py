"""Folders that a process owns while it lives; the next process removes those that a killed one has left.

A process owns a folder by a lock on it, which the kernel releases when the process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path

_TEMPORARY = "mingzhang-run-"
_AFTER_MULTIPROCESSING = -200
"""Multiprocessing removes its socket's folder, which is inside ours, with priority -100."""


@contextmanager
def owned(folder: Path, alike: str) -> Iterator[Path]:
    """Make a folder and own it; it is removed at the end.

    First removes folders beside it whose names match the pattern ``alike`` and whose owner has ended. Raises
    OSError where the folder cannot be made.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    _remove_ownerless(folder.parent, alike)
    lock = _own(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


@cache
def gather_temporary_files() -> Path:
    """Put all temporary files of this process, and of those that it starts, in one folder that is removed at its end.

    Returns the folder, the same one on every call. Raises OSError where none can be made.
    """
    parent = Path(tempfile.gettempdir())
    _remove_ownerless(parent, f"{_TEMPORARY}*")
    folder = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=parent))
    _own(folder)
    use_for_temporary_files(folder)
    Finalize(None, shutil.rmtree, args=(folder, True), exitpriority=_AFTER_MULTIPROCESSING)
    return folder


def use_for_temporary_files(folder: Path) -> None:
    """Let this process, and those that it starts from now on, write their temporary files to a folder."""
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)


def _own(folder: Path) -> int:
    """Lock a folder, made where it is missing; another process may remove it until it is locked."""
    while True:
        folder.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(lock, fcntl.LOCK_EX)
            if folder.exists() and os.path.samestat(folder.stat(), os.fstat(lock)):
                return lock
            os.close(lock)


def _remove_ownerless(parent: Path, alike: str) -> None:
    for folder in parent.glob(alike):
        with suppress(OSError):  # it belongs to another user, or another run is removing it
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
