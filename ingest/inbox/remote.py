"""Files that a URI names (HDFS, object stores), which only an engine can list and fetch.

Where the rest of the program has the path of a file, such a file has its URI, quoted into one relative name that is no file's here:
whoever opens it all the same finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from ingest.inbox.walk import Found, Refusal, escaped, set_aside
from ingest.outcomes import Reason

FETCHED_BYTES = 256 * 2**20
"""A file that is larger is not fetched: a task has it in memory as a whole."""
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/", re.ASCII)


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file below a root: its URI, its path below the root, its size, and when it was changed."""

    uri: str
    below: str
    byte_size: int
    modified_ns: int


def given_path(text: str) -> Path:
    """What a person gives as a place of documents: a path, or a URI with ``://``."""
    return remote_path(text) if "://" in text else Path(text)


def remote_path(uri: str) -> Path:
    """What stands for a URI where a path is asked for."""
    return Path(quote(uri, safe=""))


def uri_of(path: Path) -> str | None:
    """The URI for which a path stands; None for a path of this machine."""
    if path.name != str(path):
        return None
    text = unquote(path.name)
    return text if _URI.match(text) else None


def whole_path(path: Path) -> Path:
    """The absolute path, for whoever works in another folder; what stands for a URI is left as it is."""
    return path if uri_of(path) else path.resolve()


def shown_place(path: Path) -> str:
    """A path or a URI, for people."""
    return uri_of(path) or str(path)


def find_remote(files: Iterable[RemoteFile]) -> list[Found]:
    """The files as ``find_files`` finds those of a folder: in the same order, with the same names; what lies in a hidden folder is
    that folder.
    """
    found: dict[str, Found] = {}
    for file in sorted(files, key=lambda file: file.below.split("/")):
        parts = file.below.split("/")
        hidden = next((number for number, part in enumerate(parts) if set_aside(part)), None)
        refusal = _refusal(file) if hidden is None else set_aside(parts[hidden])
        name = "/".join(map(escaped, parts if hidden is None else parts[: hidden + 1]))
        state = (file.byte_size, file.modified_ns)
        found.setdefault(name, Found(name, remote_path(file.uri), refusal, state))
    return list(found.values())


def _refusal(file: RemoteFile) -> Refusal | None:
    if file.byte_size == 0:  # Spark fetches none of these
        return Reason.FILE_EMPTY, "the file is empty (0 bytes)"
    if file.byte_size > FETCHED_BYTES:
        return Reason.FILE_TOO_LARGE, f"{file.byte_size} bytes; {FETCHED_BYTES} are fetched at most"
    return None
