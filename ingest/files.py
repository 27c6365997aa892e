"""Files that are written so that a reader never sees a part of one, and values as SQL literals."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path


def fresh_name(target: Path) -> Path:
    """A unique name for a file that will be renamed to ``target``: hidden, in the same folder."""
    return target.with_name(f".{target.name}.{secrets.token_hex(6)}")


def swap_in(fresh: Path, target: Path) -> None:
    """Rename a finished file over the target so that it survives a power failure. Raises OSError."""
    if fresh.with_name(fresh.name + ".wal").exists():
        raise OSError(f"{fresh.name} was not closed: its write-ahead log is still there")
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(target)
    sync_folder(target.parent)


def copy_in(source: Path, target: Path) -> None:
    """Replace the target by a copy of a finished file, atomically. Raises OSError."""
    fresh = fresh_name(target)
    try:
        shutil.copyfile(source, fresh)
        swap_in(fresh, target)
    finally:
        fresh.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_database(path: Path) -> None:
    """Remove a DuckDB file with its log."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)


def literal(value: object) -> str:
    """A value as a SQL string."""
    return "'" + str(value).replace("'", "''") + "'"
