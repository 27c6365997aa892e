"""What lies in an inbox, with the hash of each document's bytes; files that have not changed are not read again."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.outcomes import Reason
from ingest.publish import fresh_name
from ingest.sources import Source, find_files, find_sources

_FORMAT = 1
_SETTLED_NS = 2_000_000_000
"""A file that changed so shortly before it was hashed may have changed again unseen: it is hashed next time too."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing to read. ``place`` names it in the inbox, ``sha256`` is None where its bytes cannot be had."""

    source: Source
    place: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Inventory:
    """All there is to read, in a stable order, and how many hidden members of archives are left out."""

    seen: list[Seen]
    files_left_out: int


def take_inventory(inbox: Path, memory: Path) -> Inventory:
    """Look at every file of an inbox; hash those whose size, times or inode are not those remembered in ``memory``.

    Memory that cannot be read or written costs time and nothing else. Raises FileNotFoundError for an inbox that
    does not exist, OSError for one that cannot be listed.
    """
    os.listdir(inbox)
    remembered, kept = _recall(memory), {}
    seen: list[Seen] = []
    left_out = 0
    for path in find_files([inbox]):
        place = path.relative_to(inbox).as_posix() if path != inbox else path.name
        entry = _look(path, remembered.get(place))
        if entry is None:
            continue
        kept[place] = entry
        left_out += entry["left_out"]
        for name, members, refusal, sha256 in entry["sources"]:
            source = Source(name, path, tuple(members), (Reason(refusal[0]), refusal[1]) if refusal else None)
            seen.append(Seen(source, place + name.removeprefix(path.name), sha256))
    if kept != remembered:
        _remember(memory, kept)
    return Inventory(seen, left_out)


def _look(path: Path, known: dict[str, Any] | None) -> dict[str, Any] | None:
    """What is to be read of one file; None where it has gone in the meantime."""
    try:
        stat = path.stat()
    except OSError:
        return None
    state = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]
    if known and known["state"] == state and known["is_settled"]:
        return known
    looked_at = time.time_ns()
    left_out: list[str] = []
    try:
        sources = list(find_sources([path], left_out))
    except FileNotFoundError:
        return None
    return {
        "state": state,
        "is_settled": looked_at - max(stat.st_mtime_ns, stat.st_ctime_ns) > _SETTLED_NS,
        "sources": [[each.name, list(each.members), each.refusal, each.digest()] for each in sources],
        "left_out": len(left_out),
    }


def _recall(memory: Path) -> dict[str, dict[str, Any]]:
    try:
        found = json.loads(memory.read_bytes())
        files: dict[str, dict[str, Any]] = found["files"] if found["format"] == _FORMAT else {}
        return {
            place: entry
            for place, entry in files.items()
            if {"state", "is_settled", "sources", "left_out"} <= entry.keys()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _remember(memory: Path, files: dict[str, dict[str, Any]]) -> None:
    fresh = fresh_name(memory)
    try:
        fresh.write_text(
            json.dumps({"format": _FORMAT, "files": files}, ensure_ascii=False), encoding="utf-8"
        )
        fresh.replace(memory)
    except (OSError, ValueError):
        fresh.unlink(missing_ok=True)
