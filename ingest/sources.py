"""Finds what to read: files, and the members of archives. Names and folders mean nothing; the same bytes are the same document."""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, cast
from zipfile import ZipFile, ZipInfo

from ingest.config import LIMITS
from ingest.outcomes import DocumentError, Reason
from ingest.readers.charset import decode_names
from ingest.readers.containers import open_zip, read_head, read_member
from ingest.readers.media import Medium, may_be_archive, zip_medium

_HEAD_BYTES = 64
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read: a file, or a member of an archive.

    ``name`` is what people see (``bundle.zip!/2024/部门决算.pdf``). ``members`` leads from the file at ``path`` to
    the member by places in the archives' directories. ``refusal`` says why it cannot be read where that is known
    before reading it.
    """

    name: str
    path: Path
    members: tuple[int, ...] = ()
    refusal: tuple[Reason, str] | None = None

    def read(self) -> bytes:
        """The bytes; nothing is written to disk. Raises DocumentError, or OSError from the file system."""
        if self.refusal:
            raise DocumentError(*self.refusal)
        return _read(self.path, self.members)

    def digest(self) -> str | None:
        """The SHA-256 of the bytes, also of those that are refused; None where they cannot be had."""
        with suppress(OSError, DocumentError):
            if self.members:
                return hashlib.sha256(_read(self.path, self.members)).hexdigest()
            with self.path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        return None


def find_sources(paths: Iterable[Path], left_out: list[str] | None = None) -> Iterator[Source]:
    """What is to be read at and below the paths, each file once, in a stable order; hidden files are left out.

    An archive stands for its members, and an archive among them for its own; one that cannot be opened, holds
    nothing, or goes beyond LIMITS with what it holds, stands for itself with the reason. ``left_out`` takes the
    names of hidden files in archives.

    Raises FileNotFoundError for a path that does not exist.
    """
    for path in find_files(paths):
        yield from _expand(Source(path.name, path), _Bounds([] if left_out is None else left_out))


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files at and below the paths, each once, in a stable order; hidden files are left out.

    Raises FileNotFoundError for a path that does not exist.
    """
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"no such file or folder: {path}")
        for found in sorted(path.rglob("*")) if path.is_dir() else [path]:
            hidden = _is_hidden(found.relative_to(path).parts) if found != path else False
            if found.is_file() and not hidden and found.resolve() not in seen:
                seen.add(found.resolve())
                yield found


def _is_hidden(parts: Iterable[str]) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in parts)


class _Bounds:
    """What the archives in one file may still hold together: an archive in an archive shares its bounds."""

    def __init__(self, left_out: list[str]) -> None:
        self.left_out = left_out
        self._members, self._bytes = LIMITS.members, LIMITS.expanded_bytes

    def take(self, entries: list[ZipInfo]) -> None:
        """Count an archive's members. Raises DocumentError(ARCHIVE_UNSAFE) where they are too many or too large."""
        members = self._members - len(entries)
        left = self._bytes - sum(entry.file_size for entry in entries)
        if members < 0 or left < 0:
            raise DocumentError(
                Reason.ARCHIVE_UNSAFE,
                f"with this archive its file has more than {LIMITS.members} members or {LIMITS.expanded_bytes} bytes",
            )
        self._members, self._bytes = members, left


def _expand(source: Source, bounds: _Bounds) -> Iterator[Source]:
    """A source as what is to be read of it."""
    try:
        found = _listing(source, bounds)
    except DocumentError as error:
        found = None
        source = replace(source, refusal=(error.reason, str(error)))
    except OSError:
        found = None  # reading it will say why
    if found is None:
        yield source
    elif not found:
        yield replace(source, refusal=(Reason.NO_CONTENT, "the archive holds no files"))
    for member, holds_members in found or ():
        if holds_members:
            yield from _expand(member, bounds)
        else:
            yield member


def _listing(source: Source, bounds: _Bounds) -> list[tuple[Source, bool]] | None:
    """The members of the archive that a source is; None where it is a document.

    Raises DocumentError, or OSError from the file system.
    """
    if not source.members and not may_be_archive(_file_head(source.path)):
        return None
    archive = _archive(source.path, source.members)
    if not _is_archive(archive):
        return None
    if len(source.members) >= LIMITS.archive_depth:
        raise DocumentError(
            Reason.ARCHIVE_UNSAFE, f"archives are nested more than {LIMITS.archive_depth} deep"
        )
    bounds.take(archive.infolist())
    return list(_members(source, archive, bounds.left_out))


def _is_archive(archive: ZipFile) -> bool:
    try:
        return zip_medium(archive.namelist()) is Medium.ARCHIVE
    except DocumentError:
        return False  # a document, though not one that is read


def _members(source: Source, archive: ZipFile, left_out: list[str]) -> Iterator[tuple[Source, bool]]:
    """An archive's files, and whether each may be an archive itself; folders and hidden files are left out."""
    entries = archive.infolist()
    for place, (entry, name) in enumerate(zip(entries, _names(entries), strict=True)):
        name = name.replace("\\", "/")
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if name.endswith("/") or not parts:
            continue
        shown = "/".join("".join(char if char.isprintable() else "\ufffd" for char in part) for part in parts)
        shown = f"{source.name}!/{shown}"
        if _is_hidden(part for part in parts if part != ".."):
            left_out.append(shown)
            continue
        refusal = _refusal(entry, name, parts)
        member = Source(shown, source.path, (*source.members, place), refusal)
        yield member, not refusal and may_be_archive(read_head(archive, entry, _HEAD_BYTES))


def _refusal(entry: ZipInfo, name: str, parts: list[str]) -> tuple[Reason, str] | None:
    """Why a member is not read whatever it holds, or None."""
    if name.startswith("/") or ".." in parts or _DRIVE.match(name):
        return Reason.ARCHIVE_UNSAFE, "the member's path leads out of the archive"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return Reason.ARCHIVE_UNSAFE, "the member is a link"
    return None


def _names(entries: list[ZipInfo]) -> list[str]:
    """The members' names. What no entry marks as UTF-8 was written in one encoding, which they show together."""
    unmarked = [entry for entry in entries if not entry.flag_bits & 0x800]
    decoded = decode_names([entry.orig_filename.encode("cp437") for entry in unmarked])
    named = {id(entry): name for entry, name in zip(unmarked, decoded or (), strict=False)}
    return [named.get(id(entry), entry.filename) for entry in entries]


def _file_head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)


def _read(path: Path, members: tuple[int, ...]) -> bytes:
    if not members:
        size = path.stat().st_size
        if size > LIMITS.file_bytes:
            raise DocumentError(Reason.FILE_TOO_LARGE, f"{size} bytes; {LIMITS.file_bytes} are read at most")
        return path.read_bytes()
    archive = _archive(path, members[:-1])
    entries = archive.infolist()
    if members[-1] >= len(entries):
        raise DocumentError(Reason.ARCHIVE_DAMAGED, "the archive has changed since it was listed")
    return read_member(archive, entries[members[-1]])


def _archive(path: Path, members: tuple[int, ...]) -> ZipFile:
    """The open archive at a path, or in the archive there. Raises DocumentError, or OSError from the file system."""
    found = path.stat()
    return _open(path, members, (found.st_mtime_ns, found.st_size, os.getpid()))


@lru_cache(maxsize=1 + LIMITS.archive_depth)
def _open(path: Path, members: tuple[int, ...], _kept_for: tuple[int, int, int]) -> ZipFile:
    """An archive, kept open for its next member, so that its directory is read once.

    It is kept for one version of the file, and for one process: two would move one place in the file.
    """
    if members:
        return open_zip(io.BytesIO(_read(path, members)))
    return open_zip(cast(BinaryIO, path.open("rb", buffering=0)))
