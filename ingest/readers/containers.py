"""The contents of ZIP and OLE2 containers by their directories: names and declared sizes, checked before expansion."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise

import olefile

from ingest.config import LIMITS
from ingest.outcomes import DocumentError, Reason

_ENTRY_BYTES = 512
"""More than a directory needs for one member; a directory that claims more holds something else."""
_SMALL = 2**20
"""Members up to this size may expand at any ratio."""
_LOCAL_HEADER = 30
_CHUNK = 2**18
_DAMAGED = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
    struct.error,
)
"""What the library raises for bytes that are not an undamaged archive."""


class _BoundedFile(io.BufferedReader):
    """A file that refuses single reads larger than a directory of the allowed size."""

    def read(self, size: int | None = -1, /) -> bytes:
        most = max(LIMITS.members * _ENTRY_BYTES, 2**16 + 22)
        if size is not None and size > most:
            raise DocumentError(Reason.ARCHIVE_UNSAFE, f"the archive's directory claims {size} bytes")
        return super().read(size)


def open_zip(file: io.BytesIO | io.FileIO) -> zipfile.ZipFile:
    """Open a ZIP container; its directory is read and checked. The file is closed when nothing refers to the container.

    Raises DocumentError: ARCHIVE_DAMAGED, or ARCHIVE_UNSAFE where members are too many.
    """
    bounded = _BoundedFile(file)
    try:
        archive = zipfile.ZipFile(bounded)
    except _DAMAGED as error:
        bounded.close()
        raise DocumentError(Reason.ARCHIVE_DAMAGED, f"the ZIP directory cannot be read: {error}") from error
    except DocumentError:
        bounded.close()
        raise
    members = len(archive.infolist())
    if members > LIMITS.members:
        bounded.close()
        raise DocumentError(
            Reason.ARCHIVE_UNSAFE, f"the archive has {members} members; {LIMITS.members} are read at most"
        )
    return archive


def overlapping(entries: list[zipfile.ZipInfo]) -> set[int]:
    """The positions of members whose bytes overlap those of another: without these, no two members share a byte."""
    places = sorted(
        range(len(entries)), key=lambda place: (entries[place].header_offset, entries[place].compress_size)
    )
    return {
        place
        for place, following in pairwise(places)
        if entries[place].header_offset + _LOCAL_HEADER + entries[place].compress_size
        > entries[following].header_offset
    }


def check_member(entry: zipfile.ZipInfo) -> None:
    """Check by its directory entry that a member may be expanded.

    Raises DocumentError: ARCHIVE_ENCRYPTED, FILE_TOO_LARGE, ARCHIVE_UNSAFE where it expands beyond
    LIMITS.expansion_ratio, ARCHIVE_UNSUPPORTED where its compression method is not supported.
    """
    if entry.flag_bits & 1:
        raise DocumentError(Reason.ARCHIVE_ENCRYPTED, "the archive's member is encrypted")
    if entry.file_size > LIMITS.file_bytes:
        raise DocumentError(
            Reason.FILE_TOO_LARGE, f"{entry.file_size} bytes; {LIMITS.file_bytes} are read at most"
        )
    if entry.file_size > max(_SMALL, LIMITS.expansion_ratio * entry.compress_size):
        raise DocumentError(
            Reason.ARCHIVE_UNSAFE, f"{entry.compress_size} bytes would expand to {entry.file_size}"
        )
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DocumentError(
            Reason.ARCHIVE_UNSUPPORTED,
            f"the member is compressed by method {entry.compress_type}, which is not supported",
        )


def read_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of one member, never more than its directory entry declares.

    Raises DocumentError: what ``check_member`` raises, or ARCHIVE_DAMAGED.
    """
    check_member(entry)
    return expand(archive, entry, entry.file_size)


def read_head(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, size: int) -> bytes:
    """The first bytes of a member; none where they cannot be read."""
    if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return b""
    try:
        return expand(archive, entry, min(size, entry.file_size))
    except DocumentError:
        return b""


def expand(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, size: int) -> bytes:
    """The first ``size`` bytes of a member, expanded piece by piece, so that a false declared size does no harm.

    Raises DocumentError(ARCHIVE_DAMAGED).
    """
    return b"".join(_chunks(archive, entry, size))


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, size: int) -> Iterator[bytes]:
    try:
        with archive.open(entry) as file:
            while size > 0 and (chunk := file.read(min(size, _CHUNK))):
                size -= len(chunk)
                yield chunk
            if size > 0:
                raise DocumentError(Reason.ARCHIVE_DAMAGED, "the archive's member ends too soon")
            if size == 0:
                file.read(1)  # the checksum is compared at the member's end
    except (*_DAMAGED, zlib.error) as error:
        raise DocumentError(
            Reason.ARCHIVE_DAMAGED, f"the archive's member cannot be expanded: {error}"
        ) from error


def ole_paths(data: bytes) -> list[tuple[str, ...]]:
    """The streams and storages of an OLE2 container, each by the names that lead to it from the root.

    Names are in upper case: the format compares them without regard to case. Raises DocumentError(OFFICE_DAMAGED).
    """
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            listed = container.listdir(streams=True, storages=True)
            return [tuple(name.upper() for name in path) for path in listed]
    except Exception as error:  # a damaged directory raises many kinds of errors
        raise DocumentError(Reason.OFFICE_DAMAGED, f"the OLE2 directory cannot be read: {error!r}") from error
