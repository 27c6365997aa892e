"""Finds what to read: files, and the members of archives. Names and folders mean nothing; the same bytes are the same document."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, cast
from zipfile import ZipFile, ZipInfo

from ingest.config import LIMITS
from ingest.outcomes import DocumentError, Reason
from ingest.readers.charset import decode_names
from ingest.readers.containers import open_zip, read_head, read_member
from ingest.readers.media import Medium, zip_medium

_ZIP_START = b"PK"
_OFFICE_FIRST = (b"[Content_Types].xml", b"_rels/.rels", b"mimetype", b"OFD.xml", b"docProps/")
"""First members by which a container shows that it is a document and no archive."""
_HEAD_BYTES = 64
_MOST_NESTED = 2


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read: a file, or a member of an archive.

    ``name`` is what people see (``bundle.zip/部门决算.pdf``). ``members`` leads from the file at ``path`` to the
    member by places in the archives' directories. ``refusal`` says why it cannot be read where its archive tells.
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


def find_sources(paths: Iterable[Path]) -> Iterator[Source]:
    """What is to be read at and below the paths, each file once, in a stable order; hidden files are left out.

    An archive stands for its members, and an archive among them for its own; one that cannot be opened, or
    holds nothing, or lies deeper, stands for itself with the reason.

    Raises FileNotFoundError for a path that does not exist.
    """
    for path in find_files(paths):
        yield from _expand(Source(path.name, path))


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


def _expand(source: Source) -> Iterator[Source]:
    """A source as what is to be read of it."""
    try:
        found = _listing(source)
    except DocumentError as error:
        found = None
        source = replace(source, refusal=(error.reason, str(error)))
    except OSError:
        found = None  # reading it will say why
    if found is None:
        yield source
    elif not found:
        yield replace(source, refusal=(Reason.NO_CONTENT, "the archive holds no files"))
    for member, may_be_archive in found or ():
        if may_be_archive:
            yield from _expand(member)
        else:
            yield member


def _listing(source: Source) -> list[tuple[Source, bool]] | None:
    """The members of the archive that a source is; None where it is a document.

    Raises DocumentError, or OSError from the file system.
    """
    if not source.members and not _may_be_archive(_file_head(source.path)):
        return None
    with open_zip(_open(source.path, source.members)) as archive:
        if not _is_archive(archive):
            return None
        if len(source.members) >= _MOST_NESTED:
            raise DocumentError(Reason.ARCHIVE_UNSAFE, f"archives are nested more than {_MOST_NESTED} deep")
        return list(_members(source, archive))


def _is_archive(archive: ZipFile) -> bool:
    try:
        return zip_medium(archive.namelist()) is Medium.ARCHIVE
    except DocumentError:
        return False  # a document, though not one that is read


def _members(source: Source, archive: ZipFile) -> Iterator[tuple[Source, bool]]:
    """An archive's files, and whether each may be an archive itself; folders and hidden files are left out."""
    entries = archive.infolist()
    for place, (entry, name) in enumerate(zip(entries, _names(entries), strict=True)):
        parts = [part for part in name.replace("\\", "/").split("/") if part]
        if name.endswith(("/", "\\")) or not parts or _is_hidden(part for part in parts if part.strip(".")):
            continue
        shown = "/".join("".join(char if char.isprintable() else "\ufffd" for char in part) for part in parts)
        member = Source(f"{source.name}/{shown}", source.path, (*source.members, place))
        yield member, _may_be_archive(read_head(archive, entry, _HEAD_BYTES))


def _may_be_archive(head: bytes) -> bool:
    return head.startswith(_ZIP_START) and not head[30:].startswith(_OFFICE_FIRST)


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
    with open_zip(_open(path, members[:-1])) as archive:
        entries = archive.infolist()
        if members[-1] >= len(entries):
            raise DocumentError(Reason.ARCHIVE_DAMAGED, "the archive has changed since it was listed")
        return read_member(archive, entries[members[-1]])


def _open(path: Path, members: tuple[int, ...]) -> BinaryIO:
    return (
        io.BytesIO(_read_nested(path, members)) if members else cast(BinaryIO, path.open("rb", buffering=0))
    )


@lru_cache(maxsize=1)
def _read_nested(path: Path, members: tuple[int, ...]) -> bytes:
    """The bytes of an archive in an archive, kept for its next member."""
    return _read(path, members)
