"""Finds what to read: files, and the members of archives. Names and folders mean nothing; equal bytes are one document."""

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
from zipfile import ZipFile, ZipInfo

from ingest.config import LIMITS
from ingest.inbox.walk import Found, Refusal, escaped, find_files, open_file, set_aside
from ingest.outcomes import LEFT_OUT, NEVER_OPENED, DocumentError, Reason
from ingest.readers.containers import check_member, open_zip, overlapping, read_head, read_member
from ingest.readers.media import Medium, may_be_archive, zip_medium
from ingest.readers.plain.charset import decode_names

_HEAD_BYTES = 64
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read: a file, or a member of an archive.

    ``name`` is what people see: the path below the folder given, and in the archive (``2024/公开.zip!/部门决算.pdf``).
    ``members`` are the positions in the archives' directories that lead from the file at ``path`` to the member.
    ``refusal`` says why it cannot be read, where that is known beforehand.
    """

    name: str
    path: Path
    members: tuple[int, ...] = ()
    refusal: Refusal | None = None

    @property
    def is_left_out(self) -> bool:
        """Whether it cannot be a document, whatever its bytes (a hidden file, a FIFO …)."""
        return self.refusal is not None and self.refusal[0] in LEFT_OUT

    def read(self) -> bytes:
        """The bytes; nothing is written to disk. Raises DocumentError, or OSError from the file system."""
        if self.refusal:
            raise DocumentError(*self.refusal)
        return _read(self.path, self.members)

    def digest(self) -> str | None:
        """The SHA-256 of the bytes, also of refused ones; None where they cannot be read, or need not be."""
        if self.refusal and self.refusal[0] in NEVER_OPENED:
            return None
        with suppress(OSError, DocumentError):
            if self.members:
                return hashlib.sha256(_read(self.path, self.members)).hexdigest()
            with open_file(self.path) as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        return None


@dataclass(frozen=True, slots=True)
class Contents:
    """The content of one file: what is to be read, what is left out, and the number of bytes after expansion."""

    sources: list[Source]
    left_out: list[Source]
    byte_size: int = 0


class RunBounds:
    """How many files and bytes a run may still take."""

    def __init__(self) -> None:
        self._files, self._bytes = LIMITS.run_files, LIMITS.run_bytes

    def admit(self, found: Found) -> Found:
        """The file, refused where the run has reached its limit."""
        if found.refusal or (self._files > 0 and self._bytes > 0):
            return found
        why = f"the run has {LIMITS.run_files} files or {LIMITS.run_bytes} bytes already, and takes no more"
        return replace(found, refusal=(Reason.RUN_TOO_LARGE, why))

    def count(self, files: int, byte_size: int) -> None:
        """Count the content of an admitted file."""
        self._files -= files
        self._bytes -= byte_size


def find_sources(paths: Iterable[Path], left_out: list[Source] | None = None) -> Iterator[Source]:
    """What is to be read at and below the paths, each file once, in a stable order.

    An archive is replaced by its members, also an archive in an archive; one that cannot be opened, or is empty,
    is listed itself with the reason. What cannot be read or exceeds LIMITS is listed with the reason. ``left_out``
    receives what cannot be a document (hidden files, FIFOs), with the reason too.

    Raises FileNotFoundError for a path that does not exist.
    """
    bounds = RunBounds()
    for found in find_files(paths):
        contents = look_into(bounds.admit(found))
        bounds.count(len(contents.sources), contents.byte_size)
        if left_out is not None:
            left_out += contents.left_out
        yield from contents.sources


def look_into(found: Found) -> Contents:
    """The content of a file: the file itself, or the members of an archive. Raises nothing: errors appear when it is read."""
    file = Source(found.name, found.path, (), found.refusal)
    if file.refusal:
        return Contents([], [file]) if file.is_left_out else Contents([file], [])
    bounds = _Bounds()
    sources = list(_expand(file, bounds))
    try:
        byte_size = file.path.stat().st_size
    except OSError:
        byte_size = 0  # reading it will say why
    return Contents(sources, bounds.left_out, max(byte_size, bounds.byte_size))


class _Bounds:
    """What all archives in one file may still contain together: an archive in an archive shares the limits."""

    def __init__(self) -> None:
        self.left_out: list[Source] = []
        self.byte_size = 0
        self._members = LIMITS.members

    def take_archive(self, members: int) -> None:
        """Count an archive's members. Raises DocumentError(ARCHIVE_UNSAFE) where they are too many."""
        if members > self._members:
            raise DocumentError(
                Reason.ARCHIVE_UNSAFE, f"with this archive its file has more than {LIMITS.members} members"
            )
        self._members -= members

    def take(self, entry: ZipInfo) -> None:
        """Count a member's bytes. Raises DocumentError(ARCHIVE_UNSAFE) where they are too many."""
        if self.byte_size + entry.file_size > LIMITS.expanded_bytes:
            raise DocumentError(
                Reason.ARCHIVE_UNSAFE,
                f"with this member its file expands to more than {LIMITS.expanded_bytes} bytes",
            )
        self.byte_size += entry.file_size


def _expand(source: Source, bounds: _Bounds) -> Iterator[Source]:
    """A source as the content to be read."""
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
    """The members of an archive; None where the source is a document.

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
    bounds.take_archive(len(archive.infolist()))
    return list(_members(source, archive, bounds))


def _is_archive(archive: ZipFile) -> bool:
    try:
        return zip_medium(archive.namelist()) is Medium.ARCHIVE
    except DocumentError:
        return False  # a document, though one that cannot be read


def _members(source: Source, archive: ZipFile, bounds: _Bounds) -> Iterator[tuple[Source, bool]]:
    """An archive's files, and whether each may be an archive itself; folders and hidden files are left out."""
    entries = archive.infolist()
    shared = overlapping(entries)
    for place, (entry, name) in enumerate(zip(entries, _names(entries), strict=True)):
        name = name.replace("\\", "/")
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if name.endswith("/") or not parts:
            continue
        shown = f"{source.name}!/{'/'.join(map(escaped, parts))}"
        member = Source(shown, source.path, (*source.members, place))
        aside = next(filter(None, (set_aside(part) for part in parts if part != "..")), None)
        if aside:
            bounds.left_out.append(replace(member, refusal=aside))
            continue
        try:
            _check(entry, name, parts, place in shared)
            bounds.take(entry)
        except DocumentError as error:
            yield replace(member, refusal=(error.reason, str(error))), False
        else:
            yield member, may_be_archive(read_head(archive, entry, _HEAD_BYTES))


def _check(entry: ZipInfo, name: str, parts: list[str], shares_bytes: bool) -> None:
    """Check that a member may be read, whatever it contains. Raises DocumentError: ARCHIVE_UNSAFE, or as ``check_member``."""
    if name.startswith("/") or ".." in parts or _DRIVE.match(name):
        raise DocumentError(Reason.ARCHIVE_UNSAFE, "the member's path leads out of the archive")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise DocumentError(Reason.ARCHIVE_UNSAFE, "the member is a link")
    if shares_bytes:
        raise DocumentError(Reason.ARCHIVE_UNSAFE, "the member shares bytes with another")
    check_member(entry)


def _names(entries: list[ZipInfo]) -> list[str]:
    """The members' names. Names not marked as UTF-8 are in one encoding, which is found from all of them together."""
    unmarked = [entry for entry in entries if not entry.flag_bits & 0x800]
    decoded = decode_names([entry.orig_filename.encode("cp437") for entry in unmarked])
    named = {id(entry): name for entry, name in zip(unmarked, decoded or (), strict=False)}
    return [named.get(id(entry), entry.filename) for entry in entries]


def _file_head(path: Path) -> bytes:
    with open_file(path) as file:
        return file.read(_HEAD_BYTES)


def _read(path: Path, members: tuple[int, ...]) -> bytes:
    if not members:
        with open_file(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size > LIMITS.file_bytes:
                raise DocumentError(
                    Reason.FILE_TOO_LARGE, f"{size} bytes; {LIMITS.file_bytes} are read at most"
                )
            return file.read()
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

    It is kept per version of the file and per process: two processes would share one position in the file.
    """
    if members:
        return open_zip(io.BytesIO(_read(path, members)))
    return open_zip(open_file(path))
