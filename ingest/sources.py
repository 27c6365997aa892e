"""Finds the files to read. Names and folders mean nothing; the same bytes are the same document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files at and below the paths, each once, in a stable order; hidden files are left out.

    Raises FileNotFoundError for a path that does not exist.
    """
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"no such file or folder: {path}")
        for found in sorted(path.rglob("*")) if path.is_dir() else [path]:
            hidden = (
                any(part.startswith(".") for part in found.relative_to(path).parts)
                if found != path
                else False
            )
            if found.is_file() and not hidden and found.resolve() not in seen:
                seen.add(found.resolve())
                yield found
