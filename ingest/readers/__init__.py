"""bytes -> Document. The bytes decide the medium, never the file's name."""

from __future__ import annotations

from importlib import import_module

from ingest.model import Document
from ingest.readers.media import Medium, detect_medium

_READERS: dict[Medium, tuple[str, str]] = {
    Medium.PDF: ("ingest.readers.pdf", "read_pdf"),
    Medium.DOCX: ("ingest.readers.docx", "read_docx"),
    Medium.XLSX: ("ingest.readers.xlsx", "read_xlsx"),
    Medium.XLS: ("ingest.readers.xls", "read_xls"),
    Medium.DOC: ("ingest.readers.doc", "read_doc"),
    Medium.TEXT: ("ingest.readers.plain", "read_text"),
}
"""Module and function of each medium's reader; a module is imported when its first file comes."""


def read_document(data: bytes) -> Document:
    """Read one file's bytes.

    Raises DocumentError with a stable code when the bytes are empty, of a medium that has no reader, or
    damaged. The message says what the bytes are, so that a mislabelled file is recognised.
    """
    module, function = _READERS[detect_medium(data)]
    document: Document = getattr(import_module(module), function)(data)
    return document
