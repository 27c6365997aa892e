"""bytes -> Document. The bytes decide the medium, never the file's name."""

from __future__ import annotations

from ingest.model import Document
from ingest.outcomes import DocumentError, Reason
from ingest.readers.pdf import read_pdf
from ingest.readers.plain import read_text

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


def read_document(data: bytes) -> Document:
    """Read one file's bytes.

    Raises DocumentError with a stable code when the bytes are empty, of a medium that has no reader, or
    damaged. The message says what the bytes are, so that a mislabelled file is recognised.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise DocumentError(Reason.FILE_EMPTY, f"the file holds nothing ({len(data)} bytes)")
    if b"%PDF-" in data[:1024]:
        return read_pdf(data)
    for magic, name in _OTHER_MEDIA.items():
        if data.startswith(magic):
            raise DocumentError(Reason.MEDIA_UNKNOWN, f"no reader for this medium: the bytes are {name}")
    return read_text(data)
