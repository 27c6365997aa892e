"""The files of an inbox, with the hash of each document's bytes; unchanged files are not hashed again."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
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
_EMPTY = hashlib.sha256(b"").hexdigest()
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


Entry = dict[str, Any]
"""What is kept of a file that was looked at: its state, and what is in it."""


def look(found: Found) -> Entry | None:
    """What is to be read of one file that may be opened, with its hash; None where it has gone. Raises OSError otherwise."""
    try:
        return _look(found)
    except FileNotFoundError:
        return None


def look_through(
    listed: Sequence[Found],
    memory: Path | None,
    look_at: Callable[[Sequence[Found]], Iterable[Entry | OSError | None]],
) -> Inventory:
    """What is in the files that are listed, where ``look_at`` looks at many at a time: at those that are not as ``memory`` has them.

    The bounds of a run on one machine are not applied. Raises what ``look_at`` raises.
    """
    remembered = _recall(memory) if memory else {}
    known = {found.name: entry for found in listed if (entry := _unchanged(found, remembered))}
    unseen = [found for found in listed if not found.refusal and found.name not in known]
    looked = {found.name: entry for found, entry in zip(unseen, look_at(unseen), strict=True)}
    inventory, kept = Inventory([], []), {}
    for found in listed:
        said = known.get(found.name) or looked.get(found.name)
        if isinstance(said, OSError):
            found = _refused(found, said)
        entry = None if isinstance(said, OSError) else said
        if entry:
            kept[found.name] = entry
            _add(inventory, found, entry)
        elif found.refusal:
            _add_refused(inventory, found)
    if memory and kept != remembered:
        _remember(memory, kept)
    return inventory


def _unchanged(found: Found, remembered: Mapping[str, Entry]) -> Entry | None:
    """What is remembered of a file that is still as it was."""
    entry = remembered.get(found.name)
    if found.refusal or not entry or not entry["is_settled"]:
        return None
    with suppress(OSError):
        return entry if entry["state"] == _state(found) else None
    return None


def _add(inventory: Inventory, found: Found, entry: Entry) -> None:
    inventory.seen.extend(Seen(_unpacked(found, each), sha256) for *each, sha256 in entry["sources"])
    inventory.left_out.extend(_unpacked(found, each) for each in entry["left_out"])


def _add_refused(inventory: Inventory, found: Found) -> None:
    contents = look_into(found)
    inventory.seen.extend(
        Seen(source, _EMPTY if found.state[:1] == (0,) else None) for source in contents.sources
    )
    inventory.left_out.extend(contents.left_out)


def _look_at(paths: Iterable[Path], remembered: Mapping[str, Entry]) -> tuple[Inventory, dict[str, Entry]]:
    kept: dict[str, Entry] = {}
    inventory = Inventory([], [])
    bounds = RunBounds()
    for found in map(bounds.admit, find_files(paths)):
        entry = None
        if not found.refusal:
            try:
                entry = _unchanged(found, remembered) or _look(found)
            except FileNotFoundError:
                continue  # it was removed in the meantime
            except OSError as error:
                found = _refused(found, error)
        if entry is None:
            _add_refused(inventory, found)
            continue
        kept[found.name] = entry
        bounds.count(len(entry["sources"]), entry["byte_size"])
        _add(inventory, found, entry)
    return inventory, kept


def _refused(found: Found, error: OSError) -> Found:
    return replace(found, refusal=(Reason.FILE_UNREADABLE, f"the file cannot be looked at: {error.strerror}"))


def _look(found: Found) -> Entry:
    """What is to be read of one file. Raises OSError where it cannot be looked at."""
    state = _state(found)
    looked_at = time.time_ns()
    contents = look_into(found)
    sources = [[*_packed(each), each.digest()] for each in contents.sources]
    is_old = looked_at - max(state[1:3]) > _SETTLED_NS
    return {
        "state": state,
        "is_settled": is_old and all(sha256 or refusal for *_, refusal, sha256 in sources),
        "sources": sources,
        "left_out": list(map(_packed, contents.left_out)),
        "byte_size": contents.byte_size,
    }


def _state(found: Found) -> list[int]:
    """Size, times and inode."""
    if found.state:
        return list(found.state)
    stat = found.path.stat()
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]


def _packed(source: Source) -> list[Any]:
    return [source.name, list(source.members), source.refusal]


def _unpacked(found: Found, packed: list[Any]) -> Source:
    name, members, refusal = packed
    return Source(name, found.path, tuple(members), (Reason(refusal[0]), refusal[1]) if refusal else None)


def _recall(memory: Path) -> dict[str, Entry]:
    try:
        found = json.loads(memory.read_bytes())
        files: dict[str, Entry] = found["files"] if found["format"] == _FORMAT else {}
        return {place: entry for place, entry in files.items() if entry.keys() >= _KEYS}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _remember(memory: Path, files: dict[str, Entry]) -> None:
    fresh = fresh_name(memory)
    try:
        fresh.write_text(
            json.dumps({"format": _FORMAT, "files": files}, ensure_ascii=False), encoding="utf-8"
        )
        fresh.replace(memory)
    except (OSError, ValueError):
        fresh.unlink(missing_ok=True)
