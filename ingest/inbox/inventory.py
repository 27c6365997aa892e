"""The files of an inbox, with the hash of each document's bytes; unchanged files are not hashed again."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ingest.files import fresh_name
from ingest.inbox.sources import RunBounds, Source, look_into
from ingest.inbox.walk import Found, find_files
from ingest.outcomes import Reason

_FORMAT = 2
_SETTLED_NS = 2_000_000_000
"""A file that changed within this time before it was hashed may have changed again unnoticed: it is hashed next time too."""
_KEYS = {"state", "is_settled", "sources", "left_out", "byte_size"}


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing to read. ``sha256`` is None where its bytes cannot be read."""

    source: Source
    sha256: str | None

    @property
    def place(self) -> str:
        """Its place in the inbox, which is its name."""
        return self.source.name


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything there is to read, in a stable order, and what is left out, with the reason."""

    seen: list[Seen]
    left_out: list[Source]


def take_inventory(inbox: Path, memory: Path, is_remembered: bool = True) -> Inventory:
    """Look at every file of an inbox; hash those whose size, times or inode differ from those kept in ``memory``.

    A memory file that cannot be read or written only costs time; it is left as it is unless ``is_remembered``. Raises
    FileNotFoundError for an inbox that does not exist, OSError for one that cannot be listed.
    """
    os.listdir(inbox)
    remembered = _recall(memory)
    inventory, kept = _look_at([inbox], remembered)
    if is_remembered and kept != remembered:
        _remember(memory, kept)
    return inventory


def list_files(paths: Iterable[Path]) -> Inventory:
    """Look at every file at and below the paths, and hash it. Raises FileNotFoundError for a path that does not exist."""
    return _look_at(paths, {})[0]


def look_at(found: Found) -> Inventory:
    """What is to be read of one file, with its hash. Raises FileNotFoundError where it has gone."""
    if not found.refusal:
        try:
            found.path.stat()
        except FileNotFoundError:
            raise
        except OSError as error:
            found = _refused(found, error)
    contents = look_into(found)
    return Inventory([Seen(source, source.digest()) for source in contents.sources], contents.left_out)


def _look_at(
    paths: Iterable[Path], remembered: Mapping[str, dict[str, Any]]
) -> tuple[Inventory, dict[str, dict[str, Any]]]:
    kept: dict[str, dict[str, Any]] = {}
    inventory = Inventory([], [])
    bounds = RunBounds()
    for found in map(bounds.admit, find_files(paths)):
        entry = None
        if not found.refusal:
            try:
                entry = _look(found, remembered.get(found.name))
            except FileNotFoundError:
                continue  # it was removed in the meantime
            except OSError as error:
                found = _refused(found, error)
        if entry is None:
            contents = look_into(found)
            inventory.seen.extend(Seen(source, None) for source in contents.sources)
            inventory.left_out.extend(contents.left_out)
            continue
        kept[found.name] = entry
        bounds.count(len(entry["sources"]), entry["byte_size"])
        inventory.seen.extend(Seen(_unpacked(found, each), sha256) for *each, sha256 in entry["sources"])
        inventory.left_out.extend(_unpacked(found, each) for each in entry["left_out"])
    return inventory, kept


def _refused(found: Found, error: OSError) -> Found:
    return replace(found, refusal=(Reason.FILE_UNREADABLE, f"the file cannot be looked at: {error.strerror}"))


def _look(found: Found, known: dict[str, Any] | None) -> dict[str, Any]:
    """What is to be read of one file. Raises OSError where it cannot be looked at."""
    stat = found.path.stat()
    state = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]
    if known and known["state"] == state and known["is_settled"]:
        return known
    looked_at = time.time_ns()
    contents = look_into(found)
    sources = [[*_packed(each), each.digest()] for each in contents.sources]
    is_old = looked_at - max(stat.st_mtime_ns, stat.st_ctime_ns) > _SETTLED_NS
    return {
        "state": state,
        "is_settled": is_old and all(sha256 or refusal for *_, refusal, sha256 in sources),
        "sources": sources,
        "left_out": list(map(_packed, contents.left_out)),
        "byte_size": contents.byte_size,
    }


def _packed(source: Source) -> list[Any]:
    return [source.name, list(source.members), source.refusal]


def _unpacked(found: Found, packed: list[Any]) -> Source:
    name, members, refusal = packed
    return Source(name, found.path, tuple(members), (Reason(refusal[0]), refusal[1]) if refusal else None)


def _recall(memory: Path) -> dict[str, dict[str, Any]]:
    try:
        found = json.loads(memory.read_bytes())
        files: dict[str, dict[str, Any]] = found["files"] if found["format"] == _FORMAT else {}
        return {place: entry for place, entry in files.items() if entry.keys() >= _KEYS}
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
