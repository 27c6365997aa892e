"""Tells a file's medium by its bytes."""

from __future__ import annotations

import io
from enum import StrEnum

import olefile

from ingest.outcomes import DocumentError, Reason


class Medium(StrEnum):
    """A medium that has a reader."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    XLS = "xls"
    DOC = "doc"
    TEXT = "text"


_OTHER_MEDIA = {
    b"PK\x03\x04": "a ZIP container (Office document or archive)",
    b"\xd0\xcf\x11\xe0": "an OLE2 container (old Office document)",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"Rar!": "a RAR archive",
}


def detect_medium(data: bytes) -> Medium:
    """The medium of a file's bytes; what is nothing else is text, which its reader may still refuse.

    Raises DocumentError: FILE_EMPTY, or MEDIA_UNKNOWN with a message that says what the bytes are.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise DocumentError(Reason.FILE_EMPTY, f"the file holds nothing ({len(data)} bytes)")
    if b"%PDF-" in data[:1024]:
        return Medium.PDF
    if office := _office(data):
        return office
    for magic, name in _OTHER_MEDIA.items():
        if data.startswith(magic):
            raise DocumentError(Reason.MEDIA_UNKNOWN, f"no reader for this medium: the bytes are {name}")
    return Medium.TEXT


def _office(data: bytes) -> Medium | None:
    """The Office medium of a container, by the names of its parts; rich text is read as DOC is."""
    if data.startswith(b"PK\x03\x04"):
        return Medium.DOCX if b"word/" in data else Medium.XLSX if b"xl/" in data else None
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _ole_medium(data)
    return Medium.DOC if data.startswith(b"{\\rtf") else None


def _ole_medium(data: bytes) -> Medium | None:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            streams = {name for path in container.listdir(storages=True) for name in path}
    except Exception as error:  # a damaged directory breaks it in many ways
        raise DocumentError(Reason.OFFICE_DAMAGED, f"the OLE2 directory cannot be read: {error!r}") from error
    if "EncryptedPackage" in streams:
        raise DocumentError(Reason.OFFICE_ENCRYPTED, "the Office file is encrypted and asks for a password")
    if {"Macros", "_VBA_PROJECT_CUR", "VBA"} & streams:
        raise DocumentError(Reason.OFFICE_MACRO, "the Office file holds macros")
    media = {"WordDocument": Medium.DOC, "Workbook": Medium.XLS, "Book": Medium.XLS}
    return next((medium for stream, medium in media.items() if stream in streams), None)
